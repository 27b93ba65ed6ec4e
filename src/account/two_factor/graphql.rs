//! Two-factor sign-in in the API.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::service;
use crate::{
    account::{graphql::arrival, loader, proof::Proof},
    error::Error,
    graphql::context::ContextExt,
    rejection::{UserError, answer},
};

/// Who wants a second factor.
#[derive(InputObject)]
pub struct BeginTwoFactorInput {
    /// Your password.
    password: String,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it shows the same secret, until it is confirmed.
    idempotency_key: Option<String>,
}

/// What an authenticator app is told.
#[derive(Default, SimpleObject)]
pub struct BeginTwoFactorPayload {
    /// The secret in base32, for who types it. It is shown here alone: keep it nowhere.
    secret: Option<String>,
    /// The same as an `otpauth://` address, which authenticator apps read as a QR code.
    uri: Option<String>,
    /// Why there is none.
    user_errors: Vec<UserError>,
}

/// The first code.
#[derive(InputObject)]
pub struct ConfirmTwoFactorInput {
    /// The six digits that the app shows.
    code: String,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// Whether two-factor sign-in is on.
#[derive(Debug, Default, SimpleObject)]
pub struct ConfirmTwoFactorPayload {
    /// Whether it is on from here on.
    two_factor_enabled: bool,
    /// How many recovery codes you have for when the app is lost. Without any, call
    /// `createRecoveryCodes` now.
    recovery_codes_left: Option<i32>,
    /// Why it is not on.
    user_errors: Vec<UserError>,
}

/// Who wants to do without a second factor.
#[derive(InputObject)]
pub struct DisableTwoFactorInput {
    /// Your password.
    password: String,
    /// The code that your authenticator app shows, or a recovery code, which is used up.
    second_factor: Option<String>,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// Whether two-factor sign-in is off.
#[derive(Debug, Default, SimpleObject)]
pub struct DisableTwoFactorPayload {
    /// Whether it is off from here on.
    two_factor_disabled: bool,
    /// Why it is not off.
    user_errors: Vec<UserError>,
}

/// Two-factor sign-in.
#[derive(Debug, Default)]
pub struct TwoFactorMutation;

#[Object]
impl TwoFactorMutation {
    /// Gives a secret for an authenticator app (TOTP, RFC 6238: SHA-1, 6 digits, 30 seconds). Nothing
    /// changes until `confirmTwoFactor` has had a code of it, for which there is an hour. A service that
    /// was given no key to seal secrets with answers NOT_CONFIGURED.
    async fn begin_two_factor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "That it is you.")] input: BeginTwoFactorInput,
    ) -> Option<Result<BeginTwoFactorPayload, Error>> {
        Some(Box::pin(begin(ctx, input)).await)
    }

    /// Turns two-factor sign-in on: from here on `signIn` takes a `secondFactor` beside the password.
    /// Your sessions go on.
    async fn confirm_two_factor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first code.")] input: ConfirmTwoFactorInput,
    ) -> Option<Result<ConfirmTwoFactorPayload, Error>> {
        Some(Box::pin(confirm(ctx, input)).await)
    }

    /// Turns two-factor sign-in off.
    async fn disable_two_factor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "That it is you.")] input: DisableTwoFactorInput,
    ) -> Option<Result<DisableTwoFactorPayload, Error>> {
        Some(Box::pin(disable(ctx, input)).await)
    }
}

async fn begin(
    ctx: &Context<'_>,
    input: BeginTwoFactorInput,
) -> Result<BeginTwoFactorPayload, Error> {
    let me = ctx.member()?;
    let proof = Proof::of("beginTwoFactor", input.password, input.idempotency_key);
    let done = service::begin(ctx.app(), me, proof, &arrival(ctx, None)).await;
    Ok(match answer(done)? {
        Ok(shown) => {
            ctx.fresh();
            BeginTwoFactorPayload {
                secret: Some(shown.secret),
                uri: Some(shown.uri),
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => BeginTwoFactorPayload {
            user_errors,
            ..Default::default()
        },
    })
}

async fn confirm(
    ctx: &Context<'_>,
    input: ConfirmTwoFactorInput,
) -> Result<ConfirmTwoFactorPayload, Error> {
    let me = ctx.member()?;
    let ConfirmTwoFactorInput {
        code,
        idempotency_key,
    } = input;
    let arrival = arrival(ctx, None);
    let done = service::confirm(ctx.app(), me, code, idempotency_key, &arrival).await;
    Ok(match answer(done)? {
        Ok(()) => ConfirmTwoFactorPayload {
            two_factor_enabled: true,
            recovery_codes_left: Some(loader::codes_left(ctx.fresh(), me.id).await?),
            user_errors: Vec::new(),
        },
        Err(user_errors) => ConfirmTwoFactorPayload {
            user_errors,
            ..Default::default()
        },
    })
}

async fn disable(
    ctx: &Context<'_>,
    input: DisableTwoFactorInput,
) -> Result<DisableTwoFactorPayload, Error> {
    let me = ctx.member()?;
    let proof = Proof::of("disableTwoFactor", input.password, input.idempotency_key)
        .with_second_factor(input.second_factor);
    let done = service::disable(ctx.app(), me, proof, &arrival(ctx, None)).await;
    Ok(match answer(done)? {
        Ok(()) => {
            ctx.fresh();
            DisableTwoFactorPayload {
                two_factor_disabled: true,
                user_errors: Vec::new(),
            }
        }
        Err(user_errors) => DisableTwoFactorPayload {
            user_errors,
            ..Default::default()
        },
    })
}
