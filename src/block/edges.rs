//! What hangs on the viewer: the list of whom they block.

use async_graphql::Context;
use uuid::Uuid;

use super::{
    loader::hidden,
    node::{BlockedUser, BlockedUserConnection, BlockedUserEdge},
    store,
};
use crate::{
    error::Error,
    graphql::{context::ContextExt, plain::Flat},
    paging::{PageArgs, Slice, cursor},
    user::store as users,
};

const BLOCKED_CURSOR: u8 = b'b';

/// `Viewer.blockedUsers`
pub(crate) async fn blocked_users(
    ctx: &Context<'_>,
    me: Uuid,
    args: PageArgs,
) -> Result<Flat<BlockedUserConnection>, Error> {
    let page = args.page(BLOCKED_CURSOR)?;
    let total = hidden(ctx.loaders()).await?.made();
    let absent = ctx.loaders().absent();
    let total = i32::try_from(total).unwrap_or(i32::MAX);
    if total == 0 {
        return Ok(BlockedUserConnection::new(Slice::default(), 0));
    }
    // A replica may not have heard of a block yet.
    let slice = store::page(ctx.app().database.reader(), me, &page, absent.ids()).await?;
    let ids: Vec<_> = slice.rows.iter().map(|row| row.other_id).collect();
    let users = users::by_ids(&ctx.loaders().db(), &ids).await?;
    let texts = users.values().map(|row| row.bio.len());
    ctx.loaders().budget.read(texts)?;
    let edges = slice.filter_map(|row| {
        Some(BlockedUserEdge {
            cursor: cursor(BLOCKED_CURSOR, &row.made?),
            node: BlockedUser::from(users.get(&row.other_id)?),
            since: row.since?.into(),
        })
    });
    Ok(BlockedUserConnection::new(edges, total))
}

/// What the viewer sees of `other`, whom they block; nothing where a repeated block was taken back,
/// and the other has made one since.
pub(super) async fn blocked_user(
    ctx: &Context<'_>,
    other: Uuid,
) -> Result<Option<BlockedUser>, Error> {
    let me = ctx.member()?.id;
    let between = store::between(ctx.app().database.reader(), me, other).await?;
    if between.is_some_and(|row| row.made.is_none()) {
        return Ok(None);
    }
    let user = users::by_id(&ctx.loaders().db(), other).await?;
    Ok(user.as_ref().map(BlockedUser::from))
}
