//! Ending sessions from elsewhere.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::ending;
use crate::{
    error::Error,
    graphql::context::ContextExt,
    ids::{GlobalId, Kind},
    paging::int,
    rejection::{UserError, answer},
};

/// Which session to end.
#[derive(Debug, InputObject)]
pub struct SignOutSessionInput {
    /// The session: one of `Viewer.sessions`. It may be this one.
    session_id: ID,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What ending a session came to.
#[derive(Debug, Default, SimpleObject)]
pub struct SignOutSessionPayload {
    /// Whether the session has ended. Its sockets are closed within a second.
    signed_out: bool,
    /// Why it has not.
    user_errors: Vec<UserError>,
}

/// Which sessions to end.
#[derive(Debug, InputObject)]
pub struct SignOutEverywhereInput {
    /// Whether to stay signed in here.
    #[graphql(default)]
    except_this: bool,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What ending sessions came to.
#[derive(Debug, Default, SimpleObject)]
pub struct SignOutEverywherePayload {
    /// How many sessions have ended. Their sockets are closed within a second.
    ended_sessions: Option<i32>,
    /// Always empty: who is signed in can sign out.
    user_errors: Vec<UserError>,
}

/// Ending sessions.
#[derive(Debug, Default)]
pub struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Ends one of your sessions: its tokens are worth nothing from here on.
    async fn sign_out_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: SignOutSessionInput,
    ) -> Option<Result<SignOutSessionPayload, Error>> {
        Some(Box::pin(sign_out(ctx, input)).await)
    }

    /// Ends all of your sessions, or all but the one that the request comes with.
    async fn sign_out_everywhere(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: SignOutEverywhereInput,
    ) -> Option<Result<SignOutEverywherePayload, Error>> {
        Some(Box::pin(sign_out_everywhere(ctx, input)).await)
    }
}

async fn sign_out(
    ctx: &Context<'_>,
    input: SignOutSessionInput,
) -> Result<SignOutSessionPayload, Error> {
    let me = ctx.member()?;
    let key = GlobalId::expect(&input.session_id, Kind::Session)?;
    let done = ending::end_mine(ctx.app(), me.id, key, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            SignOutSessionPayload {
                signed_out: true,
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => SignOutSessionPayload {
            signed_out: false,
            user_errors,
        },
    })
}

async fn sign_out_everywhere(
    ctx: &Context<'_>,
    input: SignOutEverywhereInput,
) -> Result<SignOutEverywherePayload, Error> {
    let me = ctx.member()?;
    let done =
        ending::end_mine_everywhere(ctx.app(), me, input.except_this, input.idempotency_key).await;
    Ok(match answer(done)? {
        Ok(ended) => {
            ctx.fresh();
            SignOutEverywherePayload {
                ended_sessions: Some(int(ended)),
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => SignOutEverywherePayload {
            ended_sessions: None,
            user_errors,
        },
    })
}
