//! Signing in: by the password, and the second factor where there is one.

use std::{
    fmt::{Debug, Formatter},
    sync::Arc,
};

use super::{
    arrival::Arrival,
    credential::{self, Checked},
    entry::{Entry, SignedIn},
    suspension::service as suspension,
    two_factor::proof::SecondFactor,
};
use crate::{app::App, idempotency::Slot, rejection::Rejection, user::loader::id_by_username};

const SIGN_IN: &str = "signIn";

/// Who wants to come in, as they said it.
#[derive(Clone)]
pub struct SignIn {
    /// The user name.
    pub username: String,
    /// The password.
    pub password: String,
    /// The second factor, if one was given.
    pub second_factor: Option<String>,
    /// For a repetition.
    pub idempotency_key: Option<String>,
}

impl Debug for SignIn {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

/// Signs in. An absent user and a wrong password answer alike, after the same work; whether there is
/// a second factor is looked for, and said, to nobody but who knows the password.
///
/// # Errors
/// `SIGN_IN_FAILED`, `ACCOUNT_SUSPENDED`, and what [`SecondFactor::check`] refuses.
pub async fn come_in(
    app: &Arc<App>,
    wish: SignIn,
    arrival: &Arrival,
) -> Result<SignedIn, Rejection> {
    // Whoever it is: a name for a device that cannot be is said before anything is looked at.
    arrival.device()?;
    // A name that nobody can have is an absent user's, too.
    let user = id_by_username(app, &wish.username).await?;
    let checked = credential::check(app, user, wish.password).await?;
    let checked = checked.ok_or_else(credential::failed)?;
    let key = wish.idempotency_key;
    let second = SecondFactor::new(wish.second_factor, SIGN_IN, key.as_deref());
    let is_code = second.is_code();
    let (user, beginning) = (checked.user, begin(app, checked, second, key, arrival));
    arrival.with_code(user, is_code, beginning).await
}

/// Begins a session, or goes on with that of the key: one transaction looks and writes.
async fn begin(
    app: &Arc<App>,
    checked: Checked,
    second: SecondFactor,
    idempotency_key: Option<String>,
    arrival: &Arrival,
) -> Result<SignedIn, Rejection> {
    let user = checked.user;
    let slot = Slot::of(app, user, idempotency_key, SIGN_IN, &user)?;
    let entry = Entry::new(app, user, slot, arrival)?;
    let (held, shared) = (entry.clone(), app.clone());
    let begun = app
        .database
        .write(move |tx| {
            let (app, entry) = (shared.clone(), held.clone());
            let (checked, second) = (checked.clone(), second.clone());
            Box::pin(async move {
                if !checked.still_fits(tx).await? {
                    return Err(credential::failed());
                }
                second.check(&app, tx, user).await?;
                suspension::check(&app, tx, user).await?;
                match entry.resume(tx).await? {
                    Some(begun) => Ok(begun),
                    None => entry.begin(tx, user).await,
                }
            })
        })
        .await?;
    Ok(entry.signed_in(begun))
}
