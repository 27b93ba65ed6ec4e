//! Mobile numbers in the API.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::{number::Number, service};
use crate::{
    account::door::Entrance,
    error::Error,
    graphql::{context::ContextExt, scalar::DateTime},
    rejection::{UserError, answer},
};

/// That you hold a mobile number.
#[derive(Clone, InputObject)]
pub struct PhoneProof {
    /// The number, as it was given to `requestPhoneCode`; it may be written otherwise.
    pub number: String,
    /// The six digits that were sent to it last.
    pub code: String,
}

impl std::fmt::Debug for PhoneProof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PhoneProof")
    }
}

/// Where to send a code.
#[derive(InputObject)]
pub struct RequestPhoneCodeInput {
    /// A Japanese mobile number: 070, 080 or 090 and eight digits, however it is written.
    number: String,
}

/// What asking for a code came to. It is the same whether an account has the number or not.
#[derive(Debug, Default, SimpleObject)]
pub struct RequestPhoneCodePayload {
    /// Until when the code that was sent can be used: 10 minutes by default. It dies after 5 tries, by default, and when another
    /// is sent.
    expires_at: Option<DateTime>,
    /// Why none was sent.
    user_errors: Vec<UserError>,
}

/// Asking for codes.
#[derive(Debug, Default)]
pub struct PhoneMutation;

#[Object]
impl PhoneMutation {
    /// Sends six digits to a Japanese mobile number, for signing up with it or verifying that it is
    /// yours: 3 times an hour, by default.
    async fn request_phone_code(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where to.")] input: RequestPhoneCodeInput,
    ) -> Option<Result<RequestPhoneCodePayload, Error>> {
        Some(request_code(ctx, &input.number).await)
    }
}

async fn request_code(ctx: &Context<'_>, number: &str) -> Result<RequestPhoneCodePayload, Error> {
    // What is no number has nothing sent.
    if let Err(error) = Number::read(number) {
        return Ok(RequestPhoneCodePayload {
            user_errors: vec![error],
            ..Default::default()
        });
    }
    let sending = async {
        // What is executed without a transport comes from no address.
        if let Some(entrance) = ctx.data_opt::<Entrance>() {
            entrance.ask_for_code().await?;
        }
        service::send_code(ctx.app(), number).await
    };
    Ok(match answer(sending.await)? {
        Ok(expires_at) => RequestPhoneCodePayload {
            expires_at: Some(expires_at.into()),
            user_errors: Vec::new(),
        },
        Err(user_errors) => RequestPhoneCodePayload {
            user_errors,
            ..Default::default()
        },
    })
}
