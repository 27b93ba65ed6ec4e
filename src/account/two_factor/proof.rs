//! The second factor that comes with a call: a code of the app, or a recovery code in its place.
//!
//! It is looked at in the transaction that acts on it, in which the user is held: a code is used
//! once, whoever else comes with it at the same time.

use std::fmt::{Debug, Formatter};

use chrono::TimeDelta;
use entity::{recovery_code, two_factor};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{store, totp};
use crate::{
    account::recovery::{codes, store as recovery},
    app::App,
    code::Code,
    database::Tx,
    error::Error,
    rejection::{Rejection, UserError, reason::account::AccountReason},
    secrets::Purpose,
};

/// What the secrets of second factors are sealed for, each for its user.
pub const SECRET: Purpose = Purpose::new("second factor");

/// Where inputs have it.
const FIELD: &str = "secondFactor";

/// How long a call that was not answered can be repeated with the recovery code that it used.
const REPEATED_WITHIN: TimeDelta = TimeDelta::minutes(5);

/// The second factor that came with a call, if one did.
#[derive(Clone, Default)]
pub struct SecondFactor {
    given: Option<String>,
    call: Option<Vec<u8>>,
}

impl Debug for SecondFactor {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecondFactor")
    }
}

/// What an `operation` with an idempotency `key` is known by: a repetition of it may come with what
/// it used up itself.
pub fn call(operation: &str, key: Option<&str>) -> Option<Vec<u8>> {
    let key = key?;
    let hash = Sha256::new_with_prefix(operation).chain_update(b"\0");
    Some(hash.chain_update(key).finalize().to_vec())
}

impl SecondFactor {
    /// As it was `given` to the `operation` with this idempotency `key`.
    pub fn new(given: Option<String>, operation: &str, key: Option<&str>) -> Self {
        Self {
            given,
            call: call(operation, key),
        }
    }

    /// Whether a code of the app was given: one of a million, which is soon guessed where nobody
    /// counts.
    pub fn is_code(&self) -> bool {
        self.given.as_deref().and_then(totp::code).is_some()
    }

    /// Uses it up for `user`, whom the transaction holds. Whose second factor is off needs none, and
    /// none is looked at.
    ///
    /// # Errors
    /// `SECOND_FACTOR_REQUIRED`, `SECOND_FACTOR_WRONG`, and [`Error::KeyMissing`] for a code of the
    /// app where the key is gone that its secret is sealed with.
    pub async fn check(&self, app: &App, tx: &Tx, user: Uuid) -> Result<(), Rejection> {
        let kept = store::find(&tx.sql, user).await?;
        let Some(kept) = kept.filter(|kept| kept.pending_until.is_none()) else {
            return Ok(());
        };
        let Some(given) = &self.given else {
            return Err(UserError::on(FIELD, AccountReason::SecondFactorRequired).into());
        };
        if let Some(code) = totp::code(given) {
            return self.check_code(app, tx, &kept, &code).await;
        }
        // What is none is looked for all the same.
        let hash = Code::read(given).map(|code| codes::hash(&code, user));
        let found = recovery::find(&tx.sql, user, hash.unwrap_or_default()).await?;
        let now = app.clock.now();
        match found {
            Some(code) if code.used_at.is_none() => {
                Ok(recovery::use_up(&tx.sql, &code, now, self.call.clone()).await?)
            }
            Some(code) if self.has_used(&code) && code.used_at > Some(now - REPEATED_WITHIN) => {
                Ok(())
            }
            _ => Err(wrong(FIELD).into()),
        }
    }

    async fn check_code(
        &self,
        app: &App,
        tx: &Tx,
        kept: &two_factor::Model,
        code: &str,
    ) -> Result<(), Rejection> {
        let user = kept.user_id;
        match step(app, kept, code)? {
            Some(step) if step > kept.last_step => {
                Ok(store::use_up(&tx.sql, user, step, self.call.clone()).await?)
            }
            Some(step) if step == kept.last_step && self.is_by(&kept.last_used_by) => Ok(()),
            _ => Err(wrong(FIELD).into()),
        }
    }

    fn has_used(&self, code: &recovery_code::Model) -> bool {
        self.is_by(&code.used_by)
    }

    fn is_by(&self, call: &Option<Vec<u8>>) -> bool {
        call.is_some() && *call == self.call
    }
}

/// The step that `code` of the app is of, as of now; none where it is wrong.
///
/// # Errors
/// [`Error::KeyMissing`] where the key is gone that the secret is sealed with.
pub(super) fn step(app: &App, kept: &two_factor::Model, code: &str) -> Result<Option<i64>, Error> {
    let secret = app.secrets.open(SECRET.of(kept.user_id), &kept.secret)?;
    totp::step(&secret, code, app.clock.now())
}

/// The answer to a code that is wrong, past, or used already, in the input's `field`.
pub(super) fn wrong(field: &str) -> UserError {
    UserError::on(field, AccountReason::SecondFactorWrong)
}
