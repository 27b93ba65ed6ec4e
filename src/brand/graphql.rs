//! Brands' pages in the API: the edges of pages and posts, queries, and the mutations.

mod following;
mod page;
mod people;
mod posts;

use async_graphql::{ComplexObject, Context, Object};

use following::{
    FollowBrandInput, FollowBrandPayload, UnfollowBrandInput, UnfollowBrandPayload, follow,
    unfollow,
};
use page::{
    CreateBrandInput, CreateBrandPayload, DeleteBrandInput, DeleteBrandPayload, UnverifyBrandInput,
    UnverifyBrandPayload, UpdateBrandInput, UpdateBrandPayload, VerifyBrandInput,
    VerifyBrandPayload, create, delete, unverify, update, verify,
};
use people::{
    AddBrandEditorInput, AddBrandEditorPayload, RemoveBrandEditorInput, RemoveBrandEditorPayload,
    TransferBrandInput, TransferBrandPayload, add_editor, remove_editor, transfer,
};
use posts::{
    DeleteBrandPostInput, DeleteBrandPostPayload, PublishBrandPostInput, PublishBrandPostPayload,
    UpdateBrandPostInput, UpdateBrandPostPayload, delete_post, publish, update_post,
};

use super::{
    edges, figures,
    loader::by_handle,
    node::{Brand, BrandConnection, BrandDay, BrandPost, BrandPostConnection, BrandRole},
};
use crate::{
    error::Error,
    graphql::{context::ContextExt, plain::Flat, scalar::Date},
    paging::PageArgs,
    user::node::User,
};

#[ComplexObject]
impl Brand {
    /// What was published on it, newest first.
    async fn posts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if neither is given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many: 1-100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Flat<BrandPostConnection>, Error> {
        let args = PageArgs {
            first,
            after,
            last,
            before,
        };
        edges::posts(ctx, &self.row, args).await
    }

    /// Whether you follow it: its posts come to `Viewer.feed`.
    async fn viewer_follows(&self, ctx: &Context<'_>) -> Result<bool, Error> {
        edges::viewer_follows(ctx, self.row.id).await
    }

    /// What you are to it; null where you do not run it.
    async fn viewer_role(&self, ctx: &Context<'_>) -> Result<Option<BrandRole>, Error> {
        edges::viewer_role(ctx, self.row.id).await
    }

    /// Whose it is, for those who run it, and for moderators and administrators; null for everybody else, and where
    /// the user is hidden from you.
    async fn owner(&self, ctx: &Context<'_>) -> Result<Option<User>, Error> {
        edges::owner(ctx, &self.row).await
    }

    /// Who writes for it beside the owner, 10 at the most, who has done so for the longest first: for those who run it,
    /// and for moderators and administrators. Nobody for everybody else.
    async fn editors(&self, ctx: &Context<'_>) -> Result<Vec<User>, Error> {
        edges::editors(ctx, self.row.id).await
    }

    /// What came to it by day, in Japan, the last day first, for those who run it; null for everybody else.
    async fn figures(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 28, desc = "How many days: 1-100.")] days: i32,
        #[graphql(desc = "The last day: today, if not given.")] until: Option<Date>,
    ) -> Result<Option<Vec<BrandDay>>, Error> {
        figures::figures(ctx, self.row.id, days, until).await
    }
}

#[ComplexObject]
impl BrandPost {
    /// On whose page.
    async fn brand(&self, ctx: &Context<'_>) -> Result<Brand, Error> {
        edges::page_of(ctx, self.row.brand_id).await
    }

    /// Who wrote it, for those who run the page, and for moderators and administrators; null for everybody else, where
    /// they are gone, and where they are hidden from you.
    async fn writer(&self, ctx: &Context<'_>) -> Result<Option<User>, Error> {
        edges::who_runs(ctx, self.row.brand_id, self.row.author_id).await
    }
}

/// Reading brands' pages.
#[derive(Debug, Default)]
pub struct BrandQuery;

#[Object]
impl BrandQuery {
    /// The page of the brand with this handle; null where there is none.
    async fn brand(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In upper or lower case.")] handle: String,
    ) -> Option<Result<Brand, Error>> {
        let found = by_handle(ctx.loaders(), &handle).await.transpose();
        found.map(|row| row.map(Brand::from))
    }

    /// Brands' pages by a piece of their handle or name, by handle. Half and full width, hiragana and katakana, upper
    /// and lower case are one.
    async fn search_brands(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "2-100 characters; one, if it is no ASCII character.")] text: String,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<BrandConnection>, Error> {
        edges::search_brands(ctx, &text, PageArgs::forward(first, after)).await
    }
}

/// Making, running and following brands' pages.
#[derive(Debug, Default)]
pub struct BrandMutation;

#[Object]
impl BrandMutation {
    /// Makes the page of a brand, which is yours. Nobody but those who run it sees that. It takes an adult, and you can
    /// run 10 pages, unless the service is set otherwise.
    async fn create_brand(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is called, and says of itself.")] input: CreateBrandInput,
    ) -> Option<Result<CreateBrandPayload, Error>> {
        Some(create(ctx, input).await)
    }

    /// Changes the page of a brand that you run. Its handle and its name only its owner changes, and it bears the mark
    /// of a verified brand no more then, until an administrator verifies it anew.
    async fn update_brand(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which page, and what to change.")] input: UpdateBrandInput,
    ) -> Option<Result<UpdateBrandPayload, Error>> {
        Some(update(ctx, input).await)
    }

    /// Removes the page of a brand that is yours, with its posts, for good. Its handle is given to nobody again.
    async fn delete_brand(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which page.")] input: DeleteBrandInput,
    ) -> Option<Result<DeleteBrandPayload, Error>> {
        Some(delete(ctx, input).await)
    }

    /// Has a friend of yours write for a page that is yours. They run it from then on, as you do, but for what only its
    /// owner does; of a page there are 10 editors at the most. It lasts when your friendship ends.
    async fn add_brand_editor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which page, and whom.")] input: AddBrandEditorInput,
    ) -> Option<Result<AddBrandEditorPayload, Error>> {
        Some(add_editor(ctx, input).await)
    }

    /// Ends that somebody writes for a page that is yours; or that you write for somebody else's.
    async fn remove_brand_editor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which page, and whom.")] input: RemoveBrandEditorInput,
    ) -> Option<Result<RemoveBrandEditorPayload, Error>> {
        Some(remove_editor(ctx, input).await)
    }

    /// Has a page that is yours be that of one of its editors. You are an editor of it from then on. (Where the owner
    /// of a page deletes their account, who has been an editor for the longest owns it; without editors it goes.)
    async fn transfer_brand(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which page, and to whom.")] input: TransferBrandInput,
    ) -> Option<Result<TransferBrandPayload, Error>> {
        Some(transfer(ctx, input).await)
    }

    /// Follows the page of a brand: its posts come to `Viewer.feed`. You can follow 1,000, unless the service is set
    /// otherwise. Nobody is told.
    async fn follow_brand(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which page.")] input: FollowBrandInput,
    ) -> Option<Result<FollowBrandPayload, Error>> {
        Some(follow(ctx, input).await)
    }

    /// Follows the page of a brand no more.
    async fn unfollow_brand(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which page.")] input: UnfollowBrandInput,
    ) -> Option<Result<UnfollowBrandPayload, Error>> {
        Some(unfollow(ctx, input).await)
    }

    /// Publishes a post on the page of a brand that you run. Its followers have it in `Viewer.feed`, and live by
    /// `brandPostPublished`.
    async fn publish_brand_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "On which page, and what.")] input: PublishBrandPostInput,
    ) -> Option<Result<PublishBrandPostPayload, Error>> {
        Some(publish(ctx, input).await)
    }

    /// Changes a post on a page that you run, whoever wrote it.
    async fn update_brand_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which post, and its new text.")] input: UpdateBrandPostInput,
    ) -> Option<Result<UpdateBrandPostPayload, Error>> {
        Some(update_post(ctx, input).await)
    }

    /// Removes a post on a page that you run, whoever wrote it.
    async fn delete_brand_post(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which post.")] input: DeleteBrandPostInput,
    ) -> Option<Result<DeleteBrandPostPayload, Error>> {
        Some(delete_post(ctx, input).await)
    }

    /// For administrators: has a page bear the mark that it is the brand's own.
    async fn verify_brand(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which page.")] input: VerifyBrandInput,
    ) -> Option<Result<VerifyBrandPayload, Error>> {
        Some(verify(ctx, input).await)
    }

    /// For administrators: has a page bear that mark no more.
    async fn unverify_brand(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which page.")] input: UnverifyBrandInput,
    ) -> Option<Result<UnverifyBrandPayload, Error>> {
        Some(unverify(ctx, input).await)
    }
}
