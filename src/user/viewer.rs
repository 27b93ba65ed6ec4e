//! What only the signed-in user sees: of people, and of what they do (of the account: `account`).

mod account;

use async_graphql::{Context, ID, MergedObject, Object};
use entity::values::RequestDirection;
use uuid::Uuid;

use self::account::Account;
use super::{
    edges::named,
    facts::{self, node::FactAudiences},
    loader::{UserById, absent},
    node::{User, UserConnection},
    region::HomeRegion,
};
use crate::{
    block::{edges as block, node::BlockedUserConnection},
    brand::{
        edges as brands,
        node::{FeedConnection, FollowedBrandConnection, RunBrandConnection},
    },
    diary::{edges as diary, node::DiaryConnection},
    error::Error,
    footprint::{
        edges as footprint,
        node::{FootprintConnection, FootprintPolicy},
    },
    friendship::{
        edges as friendship,
        group::{edges as groups, node::FriendGroupConnection},
        introduction::{edges as introductions, node::IntroductionConnection},
        node::FriendRequestConnection,
        path::{node::FriendPath, path_to},
        suggestions::{node::FriendSuggestionConnection, suggested, suggestions},
    },
    graphql::{context::ContextExt, plain::Flat, scalar::Date},
    music::{graphql::chart, node::SongChart},
    notification::{
        edges as notification,
        node::{NotificationConnection, NotificationKind},
    },
    paging::PageArgs,
    rest::{edges as rest, node::Rest},
};

/// What only the signed-in user sees.
#[derive(Debug, MergedObject)]
pub struct Viewer(Community, Account);

/// Of the community.
#[derive(Debug)]
struct Community {
    /// The signed-in user.
    id: Uuid,
}

/// Reading about oneself.
#[derive(Debug, Default)]
pub struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// You; null when nobody is signed in.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Viewer> {
        let id = ctx.viewer().id()?;
        Some(Viewer(Community { id }, Account { id }))
    }
}

#[Object]
impl Community {
    /// Your profile, as others find it.
    async fn user(&self, ctx: &Context<'_>) -> Result<User, Error> {
        named(ctx, self.id).await
    }

    /// The prefecture that you are at home in, or OVERSEAS; null if you did not say. Others see it as
    /// `ProfileFacts.homeRegion`, where you say so.
    async fn home_region(&self, ctx: &Context<'_>) -> Result<Option<HomeRegion>, Error> {
        let row = ctx.loaders().load(UserById(self.id)).await?;
        let row = row.ok_or_else(|| absent(self.id))?;
        Ok(row.home_region.map(Into::into))
    }

    /// Whether `searchUsers` finds you, and `suggestedFriends` shows you to others, as you chose with `editProfile`:
    /// so it is where you chose nothing. (No search finds anybody under 18, whatever they chose.)
    async fn is_searchable(&self, ctx: &Context<'_>) -> Result<bool, Error> {
        let row = ctx.loaders().load(UserById(self.id)).await?;
        Ok(row.ok_or_else(|| absent(self.id))?.is_searchable)
    }

    /// Who sees which of the facts of your profile.
    async fn fact_audiences(&self, ctx: &Context<'_>) -> Result<FactAudiences, Error> {
        facts::edges::audiences(ctx, self.id).await
    }

    /// The friend requests that wait for your answer, newest first.
    async fn incoming_friend_requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<FriendRequestConnection>, Error> {
        let page = PageArgs::forward(first, after);
        friendship::requests(ctx, self.id, RequestDirection::Incoming, page).await
    }

    /// The friend requests that you sent and that were not accepted yet, newest first.
    async fn outgoing_friend_requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<FriendRequestConnection>, Error> {
        let page = PageArgs::forward(first, after);
        friendship::requests(ctx, self.id, RequestDirection::Outgoing, page).await
    }

    /// Your groups of friends: the close friends, which everybody has, then those that you made, the oldest
    /// first. Only you see them.
    async fn friend_groups(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<FriendGroupConnection>, Error> {
        groups::groups(ctx, self.id, PageArgs::forward(first, after)).await
    }

    /// Whom you block, the last first. Only you see it. (Who blocks you stands nowhere.)
    async fn blocked_users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<BlockedUserConnection>, Error> {
        block::blocked_users(ctx, self.id, PageArgs::forward(first, after)).await
    }

    /// The newest diaries of your friends that you can see, newest first.
    async fn home_feed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<DiaryConnection>, Error> {
        diary::home_feed(ctx, self.id, PageArgs::forward(first, after)).await
    }

    /// Your feed: the newest diaries of your friends, as `homeFeed` has them, and the newest posts of the pages of brands
    /// that you follow, newest first. (While the page of a brand is being removed, a page of the feed can be shorter
    /// than asked for.)
    async fn feed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<FeedConnection>, Error> {
        brands::feed(ctx, self.id, PageArgs::forward(first, after)).await
    }

    /// The pages of brands that you run, yours and those that you write for, the last first. Only you see that you do.
    async fn brands(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<RunBrandConnection>, Error> {
        brands::run(ctx, self.id, PageArgs::forward(first, after)).await
    }

    /// The pages of brands that you follow, the last first. Only you see it.
    async fn followed_brands(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<FollowedBrandConnection>, Error> {
        brands::followed(ctx, self.id, PageArgs::forward(first, after)).await
    }

    /// Who visited you and is named, latest first. Only you see it.
    async fn footprints(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<FootprintConnection>, Error> {
        footprint::footprints(ctx, self.id, PageArgs::forward(first, after)).await
    }

    /// How many visits you had, ever: those whose footprints are gone or were taken back included, those
    /// of visitors who are not named, and those of users who are hidden from you.
    async fn visit_count(&self, ctx: &Context<'_>) -> Result<i32, Error> {
        footprint::visit_count(ctx, self.id).await
    }

    /// How many footprints are new since you last called `markFootprintsSeen`, but for those of users
    /// who are hidden from you: by a block, or because they are absent; and while you rest but for those that come
    /// meanwhile.
    async fn new_footprint_count(&self, ctx: &Context<'_>) -> Result<i32, Error> {
        footprint::new_count(ctx, self.id).await
    }

    /// To whom your visits name you, and whose names you see: `setFootprintPolicy` changes it.
    async fn footprint_policy(&self, ctx: &Context<'_>) -> Result<FootprintPolicy, Error> {
        footprint::policy(ctx, self.id).await
    }

    /// How many footprints you can still take back this month, in Japan: of 10, unless the service is set otherwise, or
    /// of as many as your plan gives (`Viewer.plan`).
    async fn footprints_to_take_back(&self, ctx: &Context<'_>) -> Result<i32, Error> {
        footprint::to_take_back(ctx, self.id).await
    }

    /// What you are told of, the newest first: list it by `Notification.day`. Only you see it.
    async fn notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<NotificationConnection>, Error> {
        notification::notifications(ctx, self.id, PageArgs::forward(first, after)).await
    }

    /// How many notifications you have not read since you last called `markNotificationsRead`, but for those of
    /// the doing of users who are hidden from you: by a block, or because they are absent; and while you rest but for
    /// those that come meanwhile.
    async fn unread_notification_count(&self, ctx: &Context<'_>) -> Result<i32, Error> {
        notification::unread_count(ctx, self.id).await
    }

    /// What you want to be told of: everything, where you chose nothing. `chooseNotifications` changes it.
    async fn notification_choices(
        &self,
        ctx: &Context<'_>,
    ) -> Result<Vec<NotificationKind>, Error> {
        notification::choices(ctx, self.id).await
    }

    /// How you rest, against being tired of it all: now, and by schedule. Only you see it; of `User.isResting` your
    /// friends, if you wish.
    async fn rest(&self, ctx: &Context<'_>) -> Result<Rest, Error> {
        rest::rest(ctx, self.id).await
    }

    /// People whom you might know, each with the reason: friends in common. Your 100 newest friends are asked for
    /// their 100 newest friends; those who come most often stand first, 1,000 at the most. Nobody is among them who
    /// is your friend already, or with whom a request waits, nor who does not wish to be found
    /// (`Viewer.isSearchable`), nor with whom you have none but tarento in common.
    async fn suggested_friends(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<FriendSuggestionConnection>, Error> {
        suggested(ctx, self.id, PageArgs::forward(first, after)).await
    }

    /// People whom you might know, as `suggestedFriends` has them, without the reason.
    #[graphql(
        deprecation = "Ask for `suggestedFriends`, which says why. This field stays until 30 November 2027 at least."
    )]
    async fn friend_suggestions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<UserConnection>, Error> {
        suggestions(ctx, self.id, PageArgs::forward(first, after)).await
    }

    /// The shortest chain of friends from you to a user, of six friendships at the most: give `userId` or `username`.
    /// Everybody on it is somebody whom you see, and who is in reach of you. Of several that are as short it is always
    /// the same one, while no friendship changes. It is looked for each time, and costs 10 points
    /// (`RateLimit.cost`), beside what is asked of its users. Null where it could not be looked for: `errors` says why.
    async fn path_to(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The user, by id.")] user_id: Option<ID>,
        #[graphql(desc = "The user, by user name, in upper or lower case.")] username: Option<
            String,
        >,
    ) -> Option<Result<FriendPath, Error>> {
        Some(path_to(ctx, user_id, username).await)
    }

    /// The introductions that you wrote of friends, newest first.
    async fn written_introductions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<IntroductionConnection>, Error> {
        introductions::written(ctx, self.id, PageArgs::forward(first, after)).await
    }

    /// Which songs most of your friends listened to in a week. Of more than 1,000 friends, which a tarento can have,
    /// your newest 1,000 count, and of each the 50 songs of the week that they listened to most. It is counted each
    /// time, and costs 5 points (`RateLimit.cost`), beside what is asked of its songs.
    async fn friends_song_chart(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Any day of the week, which goes from Monday to Sunday, in Japan: the last week that is over, if not \
                    given."
        )]
        week: Option<Date>,
    ) -> SongChart {
        chart(ctx.app(), week, true)
    }
}
