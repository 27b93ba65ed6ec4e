//! Why somebody is suggested.

use async_graphql::{ComplexObject, Context};

use super::node::FriendSuggestion;
use crate::{
    error::Error,
    friendship::{edges, mutual::MutualCountOf},
    graphql::{context::ContextExt, plain::Flat},
    paging::{PageArgs, int},
    user::{loader::whole, node::UserConnection},
};

#[ComplexObject]
impl FriendSuggestion {
    /// How many friends you have in common. (Of more than 2,000 friends, which a tarento can have, your newest
    /// 2,000 are looked at.)
    async fn mutual_friend_count(&self, ctx: &Context<'_>) -> Result<i32, Error> {
        let row = whole(ctx.loaders(), &self.user).await?;
        let key = MutualCountOf {
            user: row.id,
            friends: row.friend_count,
        };
        let count = ctx.loaders().load(key).await?;
        Ok(int(count.unwrap_or_default()))
    }

    /// Friends whom you have in common, as `User.mutualFriends` lists them: a few are enough to say why.
    async fn mutual_friends(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<UserConnection>, Error> {
        edges::mutual_friends(ctx, &self.user, PageArgs::forward(first, after)).await
    }
}
