//! Reviews in the API: their edges, and the mutations.

pub mod search;

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};

use super::{edges, node::Review, service};
use crate::{
    catalogue::{loader::item, node::CatalogueItem},
    error::Error,
    graphql::context::ContextExt,
    ids::{GlobalId, Kind},
    rejection::{UserError, answer},
    user::{edges::named, node::User},
};

#[ComplexObject]
impl Review {
    /// Who wrote it.
    async fn author(&self, ctx: &Context<'_>) -> Result<User, Error> {
        let [author, _] = self.key;
        named(ctx, author).await
    }

    /// What it is of.
    async fn item(&self, ctx: &Context<'_>) -> Result<CatalogueItem, Error> {
        let [_, reviewed] = self.key;
        item(ctx.loaders(), reviewed)
            .await?
            .ok_or_else(|| Error::internal(format!("a review of the absent item {reviewed}")))
    }

    /// Whether `reviewItem` would change it and `deleteReview` remove it for you.
    async fn viewer_can_edit(&self, ctx: &Context<'_>) -> bool {
        let [author, _] = self.key;
        ctx.viewer().id() == Some(author)
    }
}

/// A review to write, or to change.
#[derive(Debug, InputObject)]
pub struct ReviewItemInput {
    /// The catalogue item.
    item_id: ID,
    /// 1 (worst) to 5 (best).
    rating: i32,
    /// The text, up to 5,000 characters.
    #[graphql(default)]
    body: String,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What reviewing came to.
#[derive(Debug, Default, SimpleObject)]
pub struct ReviewItemPayload {
    /// Your review.
    review: Option<Review>,
    /// The item, with your rating counted.
    item: Option<CatalogueItem>,
    /// Why nothing was written.
    user_errors: Vec<UserError>,
}

/// Which review to remove.
#[derive(Debug, InputObject)]
pub struct DeleteReviewInput {
    /// The review: one of yours.
    review_id: ID,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What removing came to.
#[derive(Debug, Default, SimpleObject)]
pub struct DeleteReviewPayload {
    /// The id that names nothing now.
    deleted_review_id: Option<ID>,
    /// The item, with your rating no longer counted.
    item: Option<CatalogueItem>,
    /// Why nothing was removed.
    user_errors: Vec<UserError>,
}

/// Writing reviews.
#[derive(Debug, Default)]
pub struct ReviewMutation;

#[Object]
impl ReviewMutation {
    /// Reviews an item; changes your review where there is one.
    async fn review_item(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which item, and what you think of it.")] input: ReviewItemInput,
    ) -> Option<Result<ReviewItemPayload, Error>> {
        Some(write(ctx, input).await)
    }

    /// Removes a review of yours.
    async fn delete_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which review.")] input: DeleteReviewInput,
    ) -> Option<Result<DeleteReviewPayload, Error>> {
        Some(delete(ctx, input).await)
    }
}

async fn write(ctx: &Context<'_>, input: ReviewItemInput) -> Result<ReviewItemPayload, Error> {
    let me = ctx.member()?.id;
    let [reviewed] = GlobalId::expect(&input.item_id, Kind::CatalogueItem)?;
    let done = service::write(
        ctx.app(),
        me,
        reviewed,
        input.rating,
        &input.body,
        input.idempotency_key,
    )
    .await;
    Ok(match answer(done)? {
        Ok(()) => ReviewItemPayload {
            item: item(ctx.fresh(), reviewed).await?,
            review: edges::review(ctx, [me, reviewed]).await?,
            user_errors: Vec::new(),
        },
        Err(user_errors) => ReviewItemPayload {
            user_errors,
            ..Default::default()
        },
    })
}

async fn delete(ctx: &Context<'_>, input: DeleteReviewInput) -> Result<DeleteReviewPayload, Error> {
    let me = ctx.member()?.id;
    let key = GlobalId::expect(&input.review_id, Kind::Review)?;
    let [_, reviewed] = key;
    let done = service::delete(ctx.app(), me, key, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => DeleteReviewPayload {
            deleted_review_id: Some(input.review_id),
            item: item(ctx.fresh(), reviewed).await?,
            user_errors: Vec::new(),
        },
        Err(user_errors) => DeleteReviewPayload {
            user_errors,
            ..Default::default()
        },
    })
}
