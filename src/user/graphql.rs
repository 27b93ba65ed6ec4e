//! Users in the API: the edges of [`User`], and queries.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, Object};
use uuid::Uuid;

use super::{
    facts::{
        self,
        node::{AgeBand, ProfileFacts},
        view::{ProfileView, SeenBy, as_seen_by},
    },
    loader::{self, whole},
    node::{User, UserConnection, UserEdge, UserKind},
    searching::Search,
    store,
};
use crate::{
    account::suspension::{edges::suspension, node::Suspension},
    block::loader::hidden,
    catalogue::node::CatalogueKind,
    diary::{edges as diary, node::DiaryConnection},
    error::Error,
    footprint::{
        edges as footprint,
        kiriban::{edges as kiriban, node::KiribanConnection},
        node::LeftFootprint,
    },
    friendship::{
        edges as friendship,
        group::{edges as groups, node::FriendGroupConnection},
        introduction::{
            edges as introduction,
            node::{Introduction, IntroductionConnection},
        },
        loader::friend_count,
        node::{FriendConnection, FriendOrder, Relation},
    },
    graphql::{context::ContextExt, plain::Flat, text::Text},
    music::{
        edges as music,
        node::{FavouriteSongConnection, ListenConnection},
    },
    paging::{PageArgs, Slice, cursor, int},
    photo::{edges as photos, node::Photo},
    rest::edges as rest,
    review::{edges as review, node::ReviewConnection},
    search::look,
};

const SEARCH_CURSOR: u8 = b's';
const TARENTO_CURSOR: u8 = b'T';

/// Reading users.
#[derive(Debug, Default)]
pub struct UserQuery;

#[Object]
impl UserQuery {
    /// The user with this name; null where there is none that you may see.
    async fn user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "In upper or lower case.")] username: String,
    ) -> Option<Result<User, Error>> {
        loader::by_username(ctx.loaders(), &username)
            .await
            .transpose()
    }

    /// Users by a piece of their user name or nickname, by user name. Half and full width,
    /// hiragana and katakana, upper and lower case are one. Nobody under 18 is found, by anybody, nor who
    /// does not wish it: who knows their user name asks for `user`.
    async fn search_users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "2-100 characters; one, if it is no ASCII character.")] text: String,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<UserConnection>, Error> {
        let page = PageArgs::forward(first, after).page::<(String, Uuid)>(SEARCH_CURSOR)?;
        let whole = ctx.any_node("whole", User::is_asked_whole);
        let Some(search) = Search::begin(ctx.loaders(), &text, whole).await? else {
            return Ok(UserConnection::new(Slice::default(), None));
        };
        let looked = look(&search, &page).await?;
        let (edges, up_to) = looked.slice(SEARCH_CURSOR, &page, |cursor, node| UserEdge {
            cursor,
            node,
        });
        let Flat(found) = UserConnection::new(edges, None);
        Ok(Flat(found.up_to(up_to)))
    }

    /// The tarento, public figures whom administrators recognised, who joined last first: everybody but who is under 18
    /// and who does not wish to be found.
    async fn tarento(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<UserConnection>, Error> {
        let page = PageArgs::forward(first, after).page(TARENTO_CURSOR)?;
        let loaders = ctx.loaders();
        let hidden = hidden(loaders).await?;
        let born_by = ctx.app().majority().born_by();
        let db = &loaders.db();
        let slice = store::tarento::page(db, born_by, hidden.ids(), &page).await?;
        let whole = ctx.any_node("whole", User::is_asked_whole);
        let mut users = loader::users(loaders, slice.rows.iter().copied(), whole).await?;
        let edges = slice.filter_map(|id| {
            Some(UserEdge {
                cursor: cursor(TARENTO_CURSOR, &id),
                node: users.remove(&id)?,
            })
        });
        Ok(UserConnection::new(edges, None))
    }
}

/// The edges of a user: one line each, into the rooms.
#[ComplexObject]
impl User {
    /// What the user says of themselves, up to 1,000 characters; empty if nothing.
    async fn bio(&self, ctx: &Context<'_>) -> Result<Text<Arc<entity::user::Model>>, Error> {
        let row = whole(ctx.loaders(), self).await?;
        Ok(Text::new(&row, |row| &row.bio))
    }

    /// The picture of the profile: of anything. Null where there is none.
    async fn photo(&self) -> Option<Photo> {
        photos::of_user(self)
    }

    /// The most friends that this user can have; null if there is no limit.
    async fn friend_limit(&self, ctx: &Context<'_>) -> Option<i32> {
        match self.kind {
            UserKind::Tarento => None,
            UserKind::Member => Some(int(ctx.app().rules.friend_limit)),
        }
    }

    /// How many friends the user has, but for those who are hidden from you: by a block, or because they are absent.
    async fn friend_count(&self, ctx: &Context<'_>) -> Result<i32, Error> {
        let row = whole(ctx.loaders(), self).await?;
        Ok(int(friend_count(ctx.loaders(), &row).await?))
    }

    /// What the user says about themselves, so far as it is for you.
    async fn facts(&self, ctx: &Context<'_>) -> Result<ProfileFacts, Error> {
        facts::edges::facts(ctx, self).await
    }

    /// How old the user is, as a band; null when you are signed out.
    async fn age_band(&self, ctx: &Context<'_>) -> Result<Option<AgeBand>, Error> {
        facts::edges::age_band(ctx, self).await
    }

    /// What others see of your profile; null of anybody else's.
    async fn as_seen_by(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which others.")] viewer: SeenBy,
    ) -> Option<ProfileView> {
        as_seen_by(ctx, self, viewer)
    }

    /// That the user is suspended; null where they are not, and for everybody but moderators and
    /// administrators.
    async fn suspension(&self, ctx: &Context<'_>) -> Option<Result<Suspension, Error>> {
        suspension(ctx, self.person.id()).await.transpose()
    }

    /// The user's friends.
    async fn friends(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if neither is given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many: 1-100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
        #[graphql(default, desc = "NEWEST_FIRST if not given.")] order_by: FriendOrder,
    ) -> Result<Flat<FriendConnection>, Error> {
        let page = PageArgs {
            first,
            after,
            last,
            before,
        };
        friendship::friends(ctx, self, page, order_by).await
    }

    /// Which of your groups of friends the user is in. Nobody else sees it, the user neither.
    async fn viewer_friend_groups(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<FriendGroupConnection>, Error> {
        let page = PageArgs::forward(first, after);
        groups::viewer_groups(ctx, self.person.id(), page).await
    }

    /// The user's friends who are yours, too; nobody when you are signed out. (Of more than 2,000 friends, which
    /// a tarento can have, your newest 2,000 are looked at.)
    async fn mutual_friends(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<UserConnection>, Error> {
        friendship::mutual_friends(ctx, self, PageArgs::forward(first, after)).await
    }

    /// What the user's friends wrote to introduce them, newest first; nothing when you are signed out.
    async fn introductions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<IntroductionConnection>, Error> {
        introduction::introductions(ctx, self, PageArgs::forward(first, after)).await
    }

    /// How you introduced this user; null if you did not. `writeIntroduction` does, where you are friends.
    async fn viewer_introduction(&self, ctx: &Context<'_>) -> Option<Result<Introduction, Error>> {
        introduction::by_viewer(ctx, self.person.id())
            .await
            .transpose()
    }

    /// What you are to this user.
    async fn viewer_relation(&self, ctx: &Context<'_>) -> Result<Relation, Error> {
        friendship::viewer_relation(ctx, self.person.id()).await
    }

    /// Whether the user rests now, and wishes friends to see it; false for everybody else.
    async fn is_resting(&self, ctx: &Context<'_>) -> Result<bool, Error> {
        rest::is_resting(ctx, self.person.id()).await
    }

    /// Whether `requestFriendship` would be accepted now: for showing the button or not.
    async fn viewer_can_request_friendship(&self, ctx: &Context<'_>) -> Result<bool, Error> {
        friendship::viewer_can_request(ctx, self).await
    }

    /// The last footprint that you left with this user, where there is one: for taking it back.
    async fn viewer_footprint(
        &self,
        ctx: &Context<'_>,
    ) -> Option<Result<Flat<LeftFootprint>, Error>> {
        footprint::left_by_viewer(ctx, self.person.id())
            .await
            .transpose()
    }

    /// The next number of visits that the user has named (*kiriban*) and that is still to come; null if there
    /// is none, and when you are signed out.
    async fn next_kiriban(&self, ctx: &Context<'_>) -> Option<Result<i32, Error>> {
        kiriban::next(ctx, self.person.id()).await.transpose()
    }

    /// The numbers of visits that the user has named, the highest first: those to come, and those that somebody
    /// has reached. Nothing when you are signed out.
    async fn kiribans(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<KiribanConnection>, Error> {
        kiriban::kiribans(ctx, self.person.id(), PageArgs::forward(first, after)).await
    }

    /// The user's diaries that you can see, newest first.
    async fn diaries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<DiaryConnection>, Error> {
        diary::diaries(ctx, self, PageArgs::forward(first, after)).await
    }

    /// The user's reviews, newest first; nothing when you are signed out.
    async fn reviews(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "Only reviews of items of this kind.")] kind: Option<CatalogueKind>,
    ) -> Result<Flat<ReviewConnection>, Error> {
        review::by_author(ctx, self, PageArgs::forward(first, after), kind).await
    }

    /// The user's favourite songs, in their order; nothing when you are signed out.
    async fn favourite_songs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<FavouriteSongConnection>, Error> {
        music::favourite_songs(ctx, self, PageArgs::forward(first, after)).await
    }

    /// What the user listened to, the last first, as far as it was reported, and for 90 days; nothing when you are
    /// signed out.
    async fn recent_listens(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<ListenConnection>, Error> {
        music::recent_listens(ctx, self, PageArgs::forward(first, after)).await
    }
}
