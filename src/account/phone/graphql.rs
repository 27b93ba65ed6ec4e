//! Which mobile number is one's own, in the API.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::service;
use crate::{
    account::{graphql::arrival, proof::Proof},
    error::Error,
    graphql::context::ContextExt,
    phone::{edges, graphql::PhoneProof},
    rejection::{Rejection, UserError, answer},
};

/// Which number is yours.
#[derive(InputObject)]
pub struct VerifyPhoneNumberInput {
    /// The number, and the code that was sent to it.
    phone: PhoneProof,
    /// Your password.
    password: String,
    /// Where two-factor sign-in is on: the code that your authenticator app shows, or a recovery code.
    second_factor: Option<String>,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What verifying a number came to.
#[derive(Debug, Default, SimpleObject)]
pub struct VerifyPhoneNumberPayload {
    /// Whether you have verified a number now.
    phone_number_verified: bool,
    /// Why this one was not.
    user_errors: Vec<UserError>,
}

/// Whose number goes.
#[derive(InputObject)]
pub struct RemovePhoneNumberInput {
    /// Your password.
    password: String,
    /// Where two-factor sign-in is on: the code that your authenticator app shows, or a recovery code.
    second_factor: Option<String>,
    /// Any text of 1-100 characters of your own, kept for a day: repeating the call with it changes nothing more.
    idempotency_key: Option<String>,
}

/// What taking the number off came to.
#[derive(Debug, Default, SimpleObject)]
pub struct RemovePhoneNumberPayload {
    /// Whether you have a verified number still.
    phone_number_verified: bool,
    /// Why it stays.
    user_errors: Vec<UserError>,
}

/// Verifying numbers, and taking them off.
#[derive(Debug, Default)]
pub struct OwnPhoneMutation;

#[Object]
impl OwnPhoneMutation {
    /// Verifies that a mobile number is yours, in place of an earlier one. A number has one account, and
    /// of it only a keyed hash is kept. It can set a new password in time (`requestPhoneRecovery`), which is why
    /// this takes the password that you have.
    async fn verify_phone_number(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which number, and that it is you.")] input: VerifyPhoneNumberInput,
    ) -> Option<Result<VerifyPhoneNumberPayload, Error>> {
        Some(Box::pin(verify(ctx, input)).await)
    }

    /// Takes your verified mobile number off your account: before you give it up, for whoever is given it next
    /// could recover your account with it. It is free then, and codes that were sent to it are worth nothing.
    /// Who has none is as they were.
    async fn remove_phone_number(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "That it is you.")] input: RemovePhoneNumberInput,
    ) -> Option<Result<RemovePhoneNumberPayload, Error>> {
        Some(Box::pin(remove(ctx, input)).await)
    }
}

async fn verify(
    ctx: &Context<'_>,
    input: VerifyPhoneNumberInput,
) -> Result<VerifyPhoneNumberPayload, Error> {
    let me = ctx.member()?;
    let proof = Proof::of("verifyPhoneNumber", input.password, input.idempotency_key)
        .with_second_factor(input.second_factor);
    let given = (&*input.phone.number, &*input.phone.code);
    let done = service::verify(ctx.app(), me, given, proof, &arrival(ctx, None)).await;
    let (phone_number_verified, user_errors) = told(ctx, done).await?;
    Ok(VerifyPhoneNumberPayload {
        phone_number_verified,
        user_errors,
    })
}

async fn remove(
    ctx: &Context<'_>,
    input: RemovePhoneNumberInput,
) -> Result<RemovePhoneNumberPayload, Error> {
    let me = ctx.member()?;
    let proof = Proof::of("removePhoneNumber", input.password, input.idempotency_key)
        .with_second_factor(input.second_factor);
    let done = service::remove(ctx.app(), me, proof, &arrival(ctx, None)).await;
    let (phone_number_verified, user_errors) = told(ctx, done).await?;
    Ok(RemovePhoneNumberPayload {
        phone_number_verified,
        user_errors,
    })
}

/// Whether there is a number now, and why nothing was changed.
async fn told(
    ctx: &Context<'_>,
    done: Result<(), Rejection>,
) -> Result<(bool, Vec<UserError>), Error> {
    let done = answer(done)?;
    ctx.fresh();
    let is_verified = edges::is_verified(ctx, ctx.member()?.id).await?;
    Ok((is_verified, done.err().unwrap_or_default()))
}
