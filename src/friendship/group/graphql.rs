//! Groups of friends in the API: who is in one, and the mutations.

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};
use uuid::Uuid;

use super::{edges, loader::friends_count, node::FriendGroup, service, store::GroupKey};
use crate::{
    diary::grouping,
    error::Error,
    graphql::{context::ContextExt, plain::Flat},
    ids::{GlobalId, Kind},
    paging::{PageArgs, int},
    rejection::{Rejection, UserError, answer},
    user::node::UserConnection,
};

#[ComplexObject]
impl FriendGroup {
    /// How many friends are in it.
    async fn friends_count(&self, ctx: &Context<'_>) -> Result<i32, Error> {
        Ok(int(friends_count(ctx.loaders(), self).await?))
    }

    /// The friends who are in it, those first who were put into it last.
    async fn friends(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first so many: 1-100, 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Flat<UserConnection>, Error> {
        edges::friends(ctx, self, PageArgs::forward(first, after)).await
    }
}

/// A group of friends to make.
#[derive(Debug, InputObject)]
pub struct CreateFriendGroupInput {
    /// Its name, 1-50 characters. No other group of yours has it, nor one that differs in case, width or
    /// kana alone.
    name: String,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it makes no second group.
    idempotency_key: Option<String>,
}

/// What making a group came to.
#[derive(Debug, Default, SimpleObject)]
pub struct CreateFriendGroupPayload {
    /// The new group, which nobody is in yet.
    friend_group: Option<FriendGroup>,
    /// Why none was made.
    user_errors: Vec<UserError>,
}

/// A group of friends, and its new name.
#[derive(Debug, InputObject)]
pub struct RenameFriendGroupInput {
    /// The group: one of yours, but not the close friends.
    friend_group_id: ID,
    /// Its new name, 1-50 characters.
    name: String,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What renaming came to.
#[derive(Debug, Default, SimpleObject)]
pub struct RenameFriendGroupPayload {
    /// The group, as renamed.
    friend_group: Option<FriendGroup>,
    /// Why nothing was changed.
    user_errors: Vec<UserError>,
}

/// Which group of friends to delete.
#[derive(Debug, InputObject)]
pub struct DeleteFriendGroupInput {
    /// The group: one of yours, but not the close friends.
    friend_group_id: ID,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What deleting a group came to.
#[derive(Debug, Default, SimpleObject)]
pub struct DeleteFriendGroupPayload {
    /// The id that names nothing now.
    deleted_friend_group_id: Option<ID>,
    /// Why nothing was deleted.
    user_errors: Vec<UserError>,
}

/// Whom to put into which group.
#[derive(Debug, InputObject)]
pub struct AddToFriendGroupInput {
    /// The group: one of yours.
    friend_group_id: ID,
    /// Whom: 1-100 friends of yours.
    user_ids: Vec<ID>,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What putting friends into a group came to.
#[derive(Debug, Default, SimpleObject)]
pub struct AddToFriendGroupPayload {
    /// The group, with them.
    friend_group: Option<FriendGroup>,
    /// Why nobody was put into it.
    user_errors: Vec<UserError>,
}

/// Whom to take out of which group.
#[derive(Debug, InputObject)]
pub struct RemoveFromFriendGroupInput {
    /// The group: one of yours.
    friend_group_id: ID,
    /// Whom: 1-100 friends of yours.
    user_ids: Vec<ID>,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What taking friends out of a group came to.
#[derive(Debug, Default, SimpleObject)]
pub struct RemoveFromFriendGroupPayload {
    /// The group, without them.
    friend_group: Option<FriendGroup>,
    /// Why nobody was taken out of it.
    user_errors: Vec<UserError>,
}

/// Changing groups of friends.
#[derive(Debug, Default)]
pub struct FriendGroupMutation;

#[Object]
impl FriendGroupMutation {
    /// Makes a group that you can put friends into, and write diaries for: audience GROUP. (A group of
    /// close friends is always there.)
    async fn create_friend_group(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The group.")] input: CreateFriendGroupInput,
    ) -> Option<Result<CreateFriendGroupPayload, Error>> {
        Some(create(ctx, input).await)
    }

    /// Gives a group of friends another name.
    async fn rename_friend_group(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which group, and its name.")] input: RenameFriendGroupInput,
    ) -> Option<Result<RenameFriendGroupPayload, Error>> {
        Some(rename(ctx, input).await)
    }

    /// Deletes a group of friends. They stay your friends; diaries that were for the group are for you
    /// alone then.
    async fn delete_friend_group(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which group.")] input: DeleteFriendGroupInput,
    ) -> Option<Result<DeleteFriendGroupPayload, Error>> {
        Some(delete(ctx, input).await)
    }

    /// Puts friends into a group: from then on they see what is for it, earlier diaries, too. They are not
    /// told. Who is in it already stays.
    async fn add_to_friend_group(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom, and into which group.")] input: AddToFriendGroupInput,
    ) -> Option<Result<AddToFriendGroupPayload, Error>> {
        Some(add(ctx, input).await)
    }

    /// Takes friends out of a group: from then on they see nothing that is for it. They are not told. A
    /// friend who is not in it is passed over. (Who stops being a friend goes out of all groups.)
    async fn remove_from_friend_group(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom, and out of which group.")] input: RemoveFromFriendGroupInput,
    ) -> Option<Result<RemoveFromFriendGroupPayload, Error>> {
        Some(remove(ctx, input).await)
    }
}

/// The group with `key` after it was written.
async fn written(
    ctx: &Context<'_>,
    done: Result<GroupKey, Rejection>,
) -> Result<(Option<FriendGroup>, Vec<UserError>), Error> {
    Ok(match answer(done)? {
        Ok(key) => {
            ctx.fresh();
            (edges::group(ctx, key).await?, Vec::new())
        }
        Err(user_errors) => (None, user_errors),
    })
}

fn group_key(id: &ID) -> Result<GroupKey, Error> {
    GlobalId::expect(id, Kind::FriendGroup)
}

fn user_keys(ids: &[ID]) -> Result<Vec<Uuid>, Error> {
    let ids = ids.iter();
    ids.map(|id| GlobalId::expect(id, Kind::User).map(|[id]| id))
        .collect()
}

async fn create(
    ctx: &Context<'_>,
    input: CreateFriendGroupInput,
) -> Result<CreateFriendGroupPayload, Error> {
    let me = ctx.member()?.id;
    let done = service::create(ctx.app(), me, &input.name, input.idempotency_key).await;
    let (friend_group, user_errors) = written(ctx, done).await?;
    Ok(CreateFriendGroupPayload {
        friend_group,
        user_errors,
    })
}

async fn rename(
    ctx: &Context<'_>,
    input: RenameFriendGroupInput,
) -> Result<RenameFriendGroupPayload, Error> {
    let me = ctx.member()?.id;
    let key = group_key(&input.friend_group_id)?;
    let done = service::rename(ctx.app(), me, key, &input.name, input.idempotency_key).await;
    let (friend_group, user_errors) = written(ctx, done.map(|()| key)).await?;
    Ok(RenameFriendGroupPayload {
        friend_group,
        user_errors,
    })
}

async fn delete(
    ctx: &Context<'_>,
    input: DeleteFriendGroupInput,
) -> Result<DeleteFriendGroupPayload, Error> {
    let me = ctx.member()?.id;
    let key = group_key(&input.friend_group_id)?;
    let done = grouping::delete(ctx.app(), me, key, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            DeleteFriendGroupPayload {
                deleted_friend_group_id: Some(input.friend_group_id),
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => DeleteFriendGroupPayload {
            deleted_friend_group_id: None,
            user_errors,
        },
    })
}

async fn add(
    ctx: &Context<'_>,
    input: AddToFriendGroupInput,
) -> Result<AddToFriendGroupPayload, Error> {
    let me = ctx.member()?.id;
    let key = group_key(&input.friend_group_id)?;
    let users = user_keys(&input.user_ids)?;
    let done = grouping::add(ctx.app(), me, key, users, input.idempotency_key).await;
    let (friend_group, user_errors) = written(ctx, done.map(|()| key)).await?;
    Ok(AddToFriendGroupPayload {
        friend_group,
        user_errors,
    })
}

async fn remove(
    ctx: &Context<'_>,
    input: RemoveFromFriendGroupInput,
) -> Result<RemoveFromFriendGroupPayload, Error> {
    let me = ctx.member()?.id;
    let key = group_key(&input.friend_group_id)?;
    let users = user_keys(&input.user_ids)?;
    let done = grouping::take_out(ctx.app(), me, key, users, input.idempotency_key).await;
    let (friend_group, user_errors) = written(ctx, done.map(|()| key)).await?;
    Ok(RemoveFromFriendGroupPayload {
        friend_group,
        user_errors,
    })
}
