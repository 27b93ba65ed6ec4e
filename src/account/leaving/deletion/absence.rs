//! From when to when the account of who leaves is absent for others: from the wish on, until it is taken
//! back, or the user is gone. Whoever calls settles it after the commit ([`App::settle_absences`]).
//!
//! [`App::settle_absences`]: crate::app::App::settle_absences

use entity::values::AbsenceCause;
use sea_orm::DbErr;
use uuid::Uuid;

use crate::{absence::store, cache::Object, database::Tx, events::Event};

/// `user` is leaving, from the commit on.
///
/// # Errors
/// The database's.
pub async fn begins(tx: &Tx, user: Uuid) -> Result<(), DbErr> {
    store::begin(&tx.sql, user, AbsenceCause::Leaving, None).await?;
    changed(tx, user);
    Ok(())
}

/// `user` stays, from the commit on.
///
/// # Errors
/// The database's.
pub async fn ends(tx: &Tx, user: Uuid) -> Result<(), DbErr> {
    store::end(&tx.sql, user, AbsenceCause::Leaving).await?;
    changed(tx, user);
    Ok(())
}

fn changed(tx: &Tx, user: Uuid) {
    tx.changes(Object::User(user));
    tx.after_commit(Event::AbsencesChanged);
}
