//! Recovering by a number, in the API: asking for the code.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::service::{self, Given};
use crate::{
    account::door::Entrance,
    error::Error,
    graphql::{context::ContextExt, scalar::DateTime},
    phone::number::Number,
    rejection::{UserError, answer},
};

/// Which number is to have a code sent.
#[derive(InputObject)]
pub struct RequestPhoneRecoveryInput {
    /// The mobile number that you verified, however it is written.
    number: String,
}

/// What asking for a code to recover by came to. It is the same whether an account has the number or not:
/// only the message to it says so.
#[derive(Debug, Default, SimpleObject)]
pub struct RequestPhoneRecoveryPayload {
    /// What goes with the code: give it to `recoverAccount`, as `phone.recovery`. Keep it where you ask for the
    /// code, for the code is worth nothing without it. Each call has its own, and an earlier one stays good.
    recovery: Option<String>,
    /// Until when the code can be used: 10 minutes by default.
    expires_at: Option<DateTime>,
    /// Why no message was sent.
    user_errors: Vec<UserError>,
}

/// That you hold the number which you verified.
#[derive(InputObject)]
pub struct PhoneRecoveryProof {
    /// The `recovery` that `requestPhoneRecovery` answered with.
    recovery: String,
    /// The eight digits that were sent for it.
    code: String,
}

impl From<PhoneRecoveryProof> for Given {
    fn from(proof: PhoneRecoveryProof) -> Self {
        Self {
            recovery: proof.recovery,
            code: proof.code,
        }
    }
}

/// Asking for codes to recover by.
#[derive(Debug, Default)]
pub struct PhoneRecoveryMutation;

#[Object]
impl PhoneRecoveryMutation {
    /// Sends eight digits to a verified mobile number, to set a new password with: by `recoverAccount`. Where no
    /// account has the number, the message says so, and nothing else does. 3 times an hour for a number, by
    /// default, and where others ask for it elsewhere, up to 9. Each call sends another message, which is why there
    /// is no `idempotencyKey`.
    async fn request_phone_recovery(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where to.")] input: RequestPhoneRecoveryInput,
    ) -> Option<Result<RequestPhoneRecoveryPayload, Error>> {
        Some(Box::pin(ask(ctx, &input.number)).await)
    }
}

async fn ask(ctx: &Context<'_>, number: &str) -> Result<RequestPhoneRecoveryPayload, Error> {
    // What is no number has nothing sent.
    if let Err(error) = Number::read(number) {
        return Ok(RequestPhoneRecoveryPayload {
            user_errors: vec![error],
            ..Default::default()
        });
    }
    let asking = async {
        // What is executed without a transport comes from no address.
        let entrance = ctx.data_opt::<Entrance>();
        let mut from = String::new();
        if let Some(entrance) = entrance {
            entrance.ask_for_code().await?;
            from = entrance.address();
        }
        service::ask(ctx.app(), number, &from, entrance.map(Entrance::attempts)).await
    };
    Ok(match answer(asking.await)? {
        Ok(asked) => RequestPhoneRecoveryPayload {
            recovery: Some(asked.recovery),
            expires_at: Some(asked.expires_at.into()),
            user_errors: Vec::new(),
        },
        Err(user_errors) => RequestPhoneRecoveryPayload {
            user_errors,
            ..Default::default()
        },
    })
}
