//! A new password from the operator, for who has lost the old one.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::values::AuditAct;
use uuid::Uuid;

use super::{
    credential, password, recovery::store as recovery, session::end_all,
    two_factor::store as two_factor,
};
use crate::{
    app::App,
    database::Tx,
    rejection::Rejection,
    user::{roles::record, service::no_such_user, store},
};

/// Gives `user` the password `choice`, and ends all of the user's sessions. Says how many. The
/// recovery codes end, too: somebody else may have made them. The second factor stays, for it is no
/// part of the password.
///
/// # Errors
/// The rule that the password breaks.
pub async fn reset_password(app: &Arc<App>, user: Uuid, choice: String) -> Result<u64, Rejection> {
    let who = store::by_id(app.database.reader(), user)
        .await?
        .ok_or_else(no_such_user)?;
    password::check_choice(&choice, &[&who.username, &who.nickname])?;
    let hash = app.passwords.hash(choice, app.ids.secret()).await?;
    let now = app.clock.now();
    let shared = app.clone();
    app.database
        .write(move |tx| {
            let (app, hash) = (shared.clone(), hash.clone());
            Box::pin(async move {
                let ended = change(tx, user, hash, now).await?;
                recovery::remove(&tx.sql, user, None).await?;
                let act = AuditAct::PasswordReset;
                record(&app, tx, None, act, user, String::new()).await?;
                Ok(ended)
            })
        })
        .await
}

/// Gives `user` the password of `hash` in place of the old one, and ends what the old one began.
/// Says how many sessions those were.
///
/// # Errors
/// The database's.
pub async fn change(
    tx: &Tx,
    user: Uuid,
    hash: String,
    now: DateTime<Utc>,
) -> Result<u64, Rejection> {
    // Before anything else, as whoever signs in does: one of the two comes after the other.
    store::hold(&tx.sql, [user]).await?;
    credential::set(tx, user, hash, now).await?;
    end_all(tx, user).await
}

/// Takes the second factor from `user`, who has lost it, or one that was begun. Says whether there
/// was one. Sessions go on.
///
/// # Errors
/// The database's.
pub async fn disable_two_factor(app: &Arc<App>, user: Uuid) -> Result<bool, Rejection> {
    let shared = app.clone();
    app.database
        .write(move |tx| {
            let app = shared.clone();
            Box::pin(async move {
                store::hold(&tx.sql, [user]).await?;
                let act = AuditAct::SecondFactorRemoved;
                record(&app, tx, None, act, user, String::new()).await?;
                Ok(two_factor::remove(&tx.sql, user).await?)
            })
        })
        .await
}
