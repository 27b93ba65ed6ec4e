//! Suspending, in the API.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::service::{self, Wish};
use crate::{
    error::Error,
    graphql::{context::ContextExt, scalar::DateTime},
    ids::{GlobalId, Kind},
    rejection::{UserError, answer},
    user::{edges::written, node::User},
};

/// Whom to suspend.
#[derive(Debug, InputObject)]
pub struct SuspendUserInput {
    /// The user: somebody whose role is lower than yours.
    user_id: ID,
    /// When it ends by itself; until `liftSuspension` if not given.
    until: Option<DateTime>,
    /// What the user is told who signs in, 1-500 characters.
    reason: String,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What suspending came to.
#[derive(Debug, SimpleObject)]
pub struct SuspendUserPayload {
    /// The user, as you see them.
    user: Option<User>,
    /// Why nothing was changed.
    user_errors: Vec<UserError>,
}

/// Whose suspension to lift.
#[derive(Debug, InputObject)]
pub struct LiftSuspensionInput {
    /// The user: somebody whose role is lower than yours.
    user_id: ID,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What lifting came to.
#[derive(Debug, SimpleObject)]
pub struct LiftSuspensionPayload {
    /// The user, who is there again for everybody.
    user: Option<User>,
    /// Why nothing was changed.
    user_errors: Vec<UserError>,
}

/// Suspending.
#[derive(Debug, Default)]
pub struct SuspensionMutation;

#[Object]
impl SuspensionMutation {
    /// For moderators and administrators: suspends a user, or changes until when and why. Their sessions
    /// end at once; signing in with the right password is answered with ACCOUNT_SUSPENDED; for everybody but
    /// moderators and administrators they are absent, as if blocked both ways. All of it comes back when
    /// it ends.
    async fn suspend_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom, until when, and why.")] input: SuspendUserInput,
    ) -> Option<Result<SuspendUserPayload, Error>> {
        Some(suspend(ctx, input).await)
    }

    /// For moderators and administrators: lifts the suspension of a user.
    async fn lift_suspension(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose.")] input: LiftSuspensionInput,
    ) -> Option<Result<LiftSuspensionPayload, Error>> {
        Some(lift(ctx, input).await)
    }
}

async fn suspend(ctx: &Context<'_>, input: SuspendUserInput) -> Result<SuspendUserPayload, Error> {
    let me = ctx.member()?.id;
    let [id] = GlobalId::expect(&input.user_id, Kind::User)?;
    let wish = Wish {
        until: input.until.map(|until| until.0),
        reason: input.reason,
    };
    let done = service::suspend(ctx.app(), me, id, wish, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => SuspendUserPayload {
            user: written(ctx, id).await?,
            user_errors: Vec::new(),
        },
        Err(user_errors) => SuspendUserPayload {
            user: None,
            user_errors,
        },
    })
}

async fn lift(
    ctx: &Context<'_>,
    input: LiftSuspensionInput,
) -> Result<LiftSuspensionPayload, Error> {
    let me = ctx.member()?.id;
    let [id] = GlobalId::expect(&input.user_id, Kind::User)?;
    let done = service::lift(ctx.app(), me, id, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => LiftSuspensionPayload {
            user: written(ctx, id).await?,
            user_errors: Vec::new(),
        },
        Err(user_errors) => LiftSuspensionPayload {
            user: None,
            user_errors,
        },
    })
}
