//! Blocking and unblocking in the API.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::{edges, node::BlockedUser};
use crate::{
    error::Error,
    friendship::blocking,
    graphql::context::ContextExt,
    ids::{GlobalId, Kind},
    rejection::{UserError, answer},
    user::{edges::written, node::User},
};

/// Whom to block.
#[derive(Debug, InputObject)]
pub struct BlockUserInput {
    /// The user.
    user_id: ID,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What blocking came to.
#[derive(Debug, Default, SimpleObject)]
pub struct BlockUserPayload {
    /// Whom you block now, as in `Viewer.blockedUsers`.
    blocked_user: Option<BlockedUser>,
    /// Why nobody was blocked.
    user_errors: Vec<UserError>,
}

/// Whom to block no longer.
#[derive(Debug, InputObject)]
pub struct UnblockUserInput {
    /// The user: one of `Viewer.blockedUsers`.
    user_id: ID,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What unblocking came to.
#[derive(Debug, Default, SimpleObject)]
pub struct UnblockUserPayload {
    /// Whom you block no longer; null where there is none that you may see.
    user: Option<User>,
    /// Why nobody was unblocked.
    user_errors: Vec<UserError>,
}

/// Blocking and unblocking.
#[derive(Debug, Default)]
pub struct BlockMutation;

#[Object]
impl BlockMutation {
    /// Hides you and a user from each other, in everything that is shown to who is signed in. The
    /// user is not told. A friendship between you ends, and so do requests, and what either wrote to
    /// introduce the other. Blocking again changes nothing. (Who is signed out goes on to see what is PUBLIC.)
    async fn block_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom to block.")] input: BlockUserInput,
    ) -> Option<Result<BlockUserPayload, Error>> {
        Some(block(ctx, input).await)
    }

    /// Takes back a block of yours. A friendship that it ended does not come back.
    async fn unblock_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom to block no longer.")] input: UnblockUserInput,
    ) -> Option<Result<UnblockUserPayload, Error>> {
        Some(unblock(ctx, input).await)
    }
}

async fn block(ctx: &Context<'_>, input: BlockUserInput) -> Result<BlockUserPayload, Error> {
    let me = ctx.member()?.id;
    let [other] = GlobalId::expect(&input.user_id, Kind::User)?;
    let done = blocking::block(ctx.app(), me, other, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh().expect_blocks(true);
            BlockUserPayload {
                blocked_user: edges::blocked_user(ctx, other).await?,
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => BlockUserPayload {
            blocked_user: None,
            user_errors,
        },
    })
}

async fn unblock(ctx: &Context<'_>, input: UnblockUserInput) -> Result<UnblockUserPayload, Error> {
    let me = ctx.member()?.id;
    let [other] = GlobalId::expect(&input.user_id, Kind::User)?;
    let done = blocking::unblock(ctx.app(), me, other, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => UnblockUserPayload {
            user: written(ctx, other).await?,
            user_errors: Vec::new(),
        },
        Err(user_errors) => UnblockUserPayload {
            user: None,
            user_errors,
        },
    })
}
