//! Coming back in, and new recovery codes, in the API.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::{
    phone::graphql::PhoneRecoveryProof,
    service::{self, Recovery, Shown},
};
use crate::{
    account::{
        graphql::{arrival, signed_in},
        proof::Proof,
    },
    error::Error,
    graphql::context::ContextExt,
    rejection::{UserError, answer, reason::account::AccountReason},
    user::node::User,
};

/// Who has lost the password.
#[derive(InputObject)]
pub struct RecoverAccountInput {
    /// The user name, in upper or lower case.
    username: String,
    /// One of the recovery codes that you were given, in upper or lower case, with its dashes or without. It is used up.
    /// Either this or `phone`.
    recovery_code: Option<String>,
    /// That you hold the mobile number which you verified: ask for a code by `requestPhoneRecovery`. Either this or
    /// `recoveryCode`.
    phone: Option<PhoneRecoveryProof>,
    /// The password that you want, by the same rules as at sign-up.
    new_password: String,
    /// Where two-factor sign-in is on: the code that your authenticator app shows, or a recovery code, another than
    /// that in `recoveryCode`.
    second_factor: Option<String>,
    /// What to call the device in `Viewer.sessions`: 1-100 characters. Without it, that is made from the `User-Agent`.
    device: Option<String>,
    /// Any text of 1-100 characters of your own, kept for a day. The same key with the same input again is the
    /// same session, with a further token. With `phone` it is while the code lives: later the call answers
    /// RECOVERY_FAILED though the first succeeded; sign in with the new password then.
    idempotency_key: Option<String>,
}

/// What coming back came to. By `phone` the recovery codes have ended, whoever had made them: have new ones made
/// by `createRecoveryCodes`.
#[derive(SimpleObject)]
pub struct RecoverAccountPayload {
    /// The bearer token: send it as `Authorization: Bearer <token>`. It is shown once.
    token: Option<String>,
    /// The user who is now signed in, and nowhere else.
    user: Option<User>,
    /// Why nobody is signed in. An absent user, a wrong code and one that was used look the same, and so does a
    /// number that is another's.
    user_errors: Vec<UserError>,
}

/// Who wants new recovery codes.
#[derive(InputObject)]
pub struct CreateRecoveryCodesInput {
    /// Your password.
    password: String,
    /// Where two-factor sign-in is on: the code that your authenticator app shows, or one of the codes that end now.
    second_factor: Option<String>,
    /// Any text of 1-100 characters of your own, kept for a day. The same key again gives further codes, and the
    /// first go on, until one of either is used: the others end then.
    idempotency_key: Option<String>,
}

/// New recovery codes.
#[derive(SimpleObject)]
pub struct CreateRecoveryCodesPayload {
    /// Ten codes, each good for once: to be kept on paper. They are shown here alone. Null in a
    /// repeated call where one of the first answer's codes was used since.
    recovery_codes: Option<Vec<String>>,
    /// Why there are none, and the old ones go on.
    user_errors: Vec<UserError>,
}

/// Recovery codes.
#[derive(Debug, Default)]
pub struct RecoveryMutation;

#[Object]
impl RecoveryMutation {
    /// Sets a new password with a recovery code, or with a code that was sent to your verified mobile number, ends
    /// all sessions, and signs in. Two-factor sign-in stays on: the code is in the place of the password alone.
    /// With a code that was sent, the recovery codes end, too: `createRecoveryCodes` gives others.
    async fn recover_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who comes back.")] input: RecoverAccountInput,
    ) -> Option<Result<RecoverAccountPayload, Error>> {
        Some(Box::pin(recover(ctx, input)).await)
    }

    /// Gives ten new recovery codes in the place of the old ones.
    async fn create_recovery_codes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "That it is you.")] input: CreateRecoveryCodesInput,
    ) -> Option<Result<CreateRecoveryCodesPayload, Error>> {
        Some(Box::pin(create(ctx, input)).await)
    }
}

async fn recover(
    ctx: &Context<'_>,
    input: RecoverAccountInput,
) -> Result<RecoverAccountPayload, Error> {
    let arrival = arrival(ctx, input.device);
    let username = input.username.clone();
    let shown = match (input.recovery_code, input.phone) {
        (Some(code), None) => Shown::OnPaper(code),
        (None, Some(proof)) => Shown::ByPhone(proof.into()),
        (None, None) | (Some(_), Some(_)) => {
            return Ok(RecoverAccountPayload {
                token: None,
                user: None,
                user_errors: vec![no_proof()],
            });
        }
    };
    let wish = Recovery {
        username: input.username,
        shown,
        new_password: input.new_password,
        second_factor: input.second_factor,
        idempotency_key: input.idempotency_key,
    };
    let coming = service::recover(ctx.app(), wish, &arrival);
    let done = arrival.at_door(&username, coming).await;
    let (signed_in, user, user_errors) = signed_in(ctx, done).await?;
    Ok(RecoverAccountPayload {
        token: signed_in.map(|signed_in| signed_in.token),
        user,
        user_errors,
    })
}

fn no_proof() -> UserError {
    UserError::new(AccountReason::RecoveryProofRequired)
}

async fn create(
    ctx: &Context<'_>,
    input: CreateRecoveryCodesInput,
) -> Result<CreateRecoveryCodesPayload, Error> {
    let me = ctx.member()?;
    let proof = Proof::of("createRecoveryCodes", input.password, input.idempotency_key)
        .with_second_factor(input.second_factor);
    let done = service::give_anew(ctx.app(), me, proof, &arrival(ctx, None)).await;
    Ok(match answer(done)? {
        Ok(recovery_codes) => {
            ctx.fresh();
            CreateRecoveryCodesPayload {
                recovery_codes,
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => CreateRecoveryCodesPayload {
            recovery_codes: None,
            user_errors,
        },
    })
}
