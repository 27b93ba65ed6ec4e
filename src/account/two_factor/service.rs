//! Turning two-factor sign-in on and off.

use std::sync::Arc;

use chrono::TimeDelta;

use super::{
    proof::{SECRET, step, wrong},
    store, totp,
};
use crate::{
    account::{
        arrival::Arrival,
        proof::{Proof, Proved},
    },
    app::App,
    database::Tx,
    idempotency::Slot,
    rejection::{Rejection, UserError, reason::account::AccountReason},
    user::{service::no_such_user, store as users},
    viewer::Member,
};

const CONFIRM: &str = "confirmTwoFactor";

/// How long the first code is waited for.
const PENDING: TimeDelta = TimeDelta::hours(1);

/// What an authenticator app is told: once, and to nobody else.
#[derive(Clone)]
pub struct Shown {
    /// The secret in base32, for who types it.
    pub secret: String,
    /// The `otpauth://` address, for a QR code.
    pub uri: String,
}

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shown")
    }
}

/// Draws a secret for `me`, whose first code is then waited for. Repeated, it shows the same secret
/// again for as long as that is so.
///
/// # Errors
/// [`KeyMissing`](crate::error::Error::KeyMissing) where the service has no key to seal it with, `TWO_FACTOR_ENABLED`, and as
/// [`Proof::then`].
pub async fn begin(
    app: &Arc<App>,
    me: Member,
    proof: Proof,
    arrival: &Arrival,
) -> Result<Shown, Rejection> {
    // Whose is on already has no use for proving it.
    let kept = store::find(app.database.reader(), me.id).await?;
    if kept.is_some_and(|kept| kept.pending_until.is_none()) {
        return Err(is_on().into());
    }
    let sealed = app
        .secrets
        .seal(SECRET.of(me.id), &totp::secret(&app.ids))?;
    let pending_until = app.clock.now() + PENDING;
    proof
        .then(app, me, arrival, move |tx, proved: Proved<()>| {
            let sealed = sealed.clone();
            Box::pin(async move {
                let kept = store::find(&tx.sql, me.id).await?;
                if kept.is_some_and(|kept| kept.pending_until.is_none()) {
                    return Err(is_on().into());
                }
                if proved.earlier.is_none() {
                    store::begin(&tx.sql, me.id, sealed, pending_until).await?;
                }
                Ok(())
            })
        })
        .await?;
    // As it is kept: of two calls that are one, both show the same.
    let db = app.database.reader();
    let kept = store::find(db, me.id).await?;
    let kept = kept.filter(|kept| kept.pending_until.is_some());
    let kept = kept.ok_or_else(is_on)?;
    let username = users::by_id(db, me.id).await?.ok_or_else(no_such_user)?;
    let secret = app.secrets.open(SECRET.of(me.id), &kept.secret)?;
    let [secret, uri] = totp::shown(&secret, &username.username)?;
    Ok(Shown { secret, uri })
}

/// Turns two-factor sign-in on for `me` with the first `code` of the app.
///
/// # Errors
/// `TWO_FACTOR_NOT_BEGUN`, `TWO_FACTOR_ENABLED`, `SECOND_FACTOR_WRONG`, and what the door refuses.
pub async fn confirm(
    app: &Arc<App>,
    me: Member,
    code: String,
    idempotency_key: Option<String>,
    arrival: &Arrival,
) -> Result<(), Rejection> {
    let slot = Slot::of(app, me.id, idempotency_key, CONFIRM, &())?;
    let shared = app.clone();
    let confirming = app.database.write(move |tx| {
        let (app, slot, code) = (shared.clone(), slot.clone(), code.clone());
        Box::pin(async move {
            let Some(slot) = slot else {
                return turn_on(&app, tx, me, &code).await;
            };
            if let Some(answer) = slot.recall::<()>(tx).await? {
                return answer.map_err(Rejection::Refused);
            }
            turn_on(&app, tx, me, &code).await?;
            // What was refused is not kept: another code is another try.
            Ok(slot.keep(tx, &Ok(())).await?)
        })
    });
    arrival.with_code(me.id, true, confirming).await
}

async fn turn_on(app: &App, tx: &Tx, me: Member, code: &str) -> Result<(), Rejection> {
    users::hold(&tx.sql, [me.id]).await?;
    let now = app.clock.now();
    let kept = store::find(&tx.sql, me.id).await?.ok_or_else(not_begun)?;
    let until = kept.pending_until.ok_or_else(is_on)?;
    if until <= now {
        return Err(not_begun().into());
    }
    let code = totp::code(code).ok_or_else(|| wrong("code"))?;
    let step = step(app, &kept, &code)?.ok_or_else(|| wrong("code"))?;
    Ok(store::use_up(&tx.sql, me.id, step, None).await?)
}

/// Turns two-factor sign-in off for `me`, who has proved it for the last time. Where it is off
/// already, nothing changes.
///
/// # Errors
/// As [`Proof::then`].
pub async fn disable(
    app: &Arc<App>,
    me: Member,
    proof: Proof,
    arrival: &Arrival,
) -> Result<(), Rejection> {
    proof
        .then(app, me, arrival, move |tx, proved: Proved<()>| {
            Box::pin(async move {
                if proved.earlier.is_none() {
                    store::remove(&tx.sql, me.id).await?;
                }
                Ok(())
            })
        })
        .await
}

fn is_on() -> UserError {
    UserError::new(AccountReason::TwoFactorEnabled)
}

fn not_begun() -> UserError {
    UserError::new(AccountReason::TwoFactorNotBegun)
}
