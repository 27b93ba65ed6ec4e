//! Changing one's password in the API.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::service;
use crate::{
    account::{graphql::arrival, proof::Proof},
    error::Error,
    graphql::context::ContextExt,
    paging::int,
    rejection::{UserError, answer},
};

/// The old password and the new.
#[derive(InputObject)]
pub struct ChangePasswordInput {
    /// The password that you have.
    current_password: String,
    /// The password that you want, by the same rules as at sign-up.
    new_password: String,
    /// Where two-factor sign-in is on: the code that your authenticator app shows, or a recovery code.
    second_factor: Option<String>,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What changing the password came to.
#[derive(Debug, Default, SimpleObject)]
pub struct ChangePasswordPayload {
    /// How many other sessions of yours have ended with the old password. This one goes on.
    ended_sessions: Option<i32>,
    /// Why the password stays as it was.
    user_errors: Vec<UserError>,
}

/// Changing one's password.
#[derive(Debug, Default)]
pub struct PasswordMutation;

#[Object]
impl PasswordMutation {
    /// Changes your password, and ends all of your other sessions. A wrong current password counts as
    /// one at `signIn` does.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The old and the new.")] input: ChangePasswordInput,
    ) -> Option<Result<ChangePasswordPayload, Error>> {
        Some(Box::pin(change(ctx, input)).await)
    }
}

async fn change(
    ctx: &Context<'_>,
    input: ChangePasswordInput,
) -> Result<ChangePasswordPayload, Error> {
    let me = ctx.member()?;
    let proof = Proof {
        field: "currentPassword",
        sets: Some(input.new_password),
        second_factor: input.second_factor,
        ..Proof::of(
            "changePassword",
            input.current_password,
            input.idempotency_key,
        )
    };
    let done = service::change(ctx.app(), me, proof, &arrival(ctx, None)).await;
    Ok(match answer(done)? {
        Ok(ended) => {
            ctx.fresh();
            ChangePasswordPayload {
                ended_sessions: Some(int(ended)),
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => ChangePasswordPayload {
            ended_sessions: None,
            user_errors,
        },
    })
}
