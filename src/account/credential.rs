//! What a user signs in with, and that it is still so when the session begins.

use chrono::{DateTime, Utc};
use entity::credential;
use sea_orm::{ActiveValue::Set, EntityTrait};
use uuid::Uuid;

use crate::{
    app::App,
    database::Tx,
    rejection::{Rejection, UserError, reason::account::AccountReason},
    user::store,
};

/// A password that fitted: whose, and the hash that it was checked against.
#[derive(Clone)]
pub(super) struct Checked {
    pub(super) user: Uuid,
    hash: String,
}

impl std::fmt::Debug for Checked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Checked")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

impl Checked {
    /// Whether the password is still the user's, and stays so until the transaction ends. Checking
    /// it took its time, in which it may have been reset: no session of the old one may begin
    /// after that. (A hash has a salt of its own: no two are equal.)
    pub(super) async fn still_fits(&self, tx: &Tx) -> Result<bool, Rejection> {
        store::hold(&tx.sql, [self.user]).await?;
        let row = credential::Entity::find_by_id(self.user)
            .one(&tx.sql)
            .await?;
        Ok(row.is_some_and(|row| row.password_hash == self.hash))
    }
}

/// Checks `password` against that of `user`; for an absent user, too, after the same work.
pub(super) async fn check(
    app: &App,
    user: Option<Uuid>,
    password: String,
) -> Result<Option<Checked>, Rejection> {
    // The look-up is made for nobody, too: as many statements either way.
    let hash = credential::Entity::find_by_id(user.unwrap_or_default())
        .one(app.database.reader())
        .await?
        .map(|row| row.password_hash);
    let fits = app.passwords.check(password, hash.clone()).await?;
    let checked = user.zip(hash).filter(|_| fits);
    Ok(checked.map(|(user, hash)| Checked { user, hash }))
}

/// The answer to an absent user and to a wrong password.
pub(super) fn failed() -> Rejection {
    UserError::new(AccountReason::SignInFailed).into()
}

/// Gives `user` the password of `hash`.
///
/// # Errors
/// The database's.
pub(super) async fn set(
    tx: &Tx,
    user: Uuid,
    hash: String,
    now: DateTime<Utc>,
) -> Result<(), Rejection> {
    credential::Entity::delete_by_id(user).exec(&tx.sql).await?;
    credential::Entity::insert(credential::ActiveModel {
        user_id: Set(user),
        password_hash: Set(hash),
        changed_at: Set(now),
    })
    .exec_without_returning(&tx.sql)
    .await?;
    Ok(())
}
