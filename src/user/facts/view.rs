//! A profile as others see it, for its owner.

use async_graphql::{Context, Enum, Object};

use super::{edges, node::ProfileFacts};
use crate::{
    diary::{edges as diary, node::DiaryConnection},
    error::Error,
    graphql::{context::ContextExt, plain::Flat},
    paging::PageArgs,
    user::node::User,
    visibility::Relation,
};

/// As whom to look at one's own profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum SeenBy {
    /// Who is not signed in.
    Anonymous,
    /// A member without a tie to you. (Where you are under 18, those who are, too; where you are not,
    /// those who are not: the others see what ANONYMOUS does.)
    Stranger,
    /// A friend of a friend of yours.
    FriendOfFriend,
    /// A friend of yours, who is in none of your groups.
    Friend,
}

impl From<SeenBy> for Relation {
    fn from(by: SeenBy) -> Self {
        match by {
            SeenBy::Anonymous => Self::Anonymous,
            SeenBy::Stranger => Self::Stranger,
            SeenBy::FriendOfFriend => Self::FriendOfFriend,
            SeenBy::Friend => Self::Friend,
        }
    }
}

/// What others see of your profile, so far as it is not the same for everybody.
#[derive(Clone, Debug)]
pub struct ProfileView {
    user: User,
    relation: Relation,
}

/// `User.asSeenBy`: nothing, but for the user's self.
pub(crate) fn as_seen_by(ctx: &Context<'_>, user: &User, by: SeenBy) -> Option<ProfileView> {
    let is_mine = ctx.viewer().id() == Some(user.person.id());
    is_mine.then(|| ProfileView {
        user: user.clone(),
        relation: by.into(),
    })
}

/// What others see of your profile, so far as it is not the same for everybody.
#[Object]
impl ProfileView {
    /// What they see of what you say about yourself.
    async fn facts(&self, ctx: &Context<'_>) -> Result<ProfileFacts, Error> {
        edges::facts_for(ctx, &self.user, self.relation).await
    }

    /// Your diaries that they see, newest first.
    async fn diaries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<DiaryConnection>, Error> {
        let page = PageArgs::forward(first, after);
        diary::diaries_for(ctx, &self.user, page, self.relation.into()).await
    }
}
