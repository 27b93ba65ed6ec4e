//! From when to when the account of who leaves is absent for others: the one place that hears of both.
//!
//! Who leaves has a row of `account_deletions`, from `requested_at` until it is taken back, or until after
//! the user is gone. What hides users from everybody (beside [`crate::block::loader::hidden`], which hides
//! them from one) is to be told here.

use uuid::Uuid;

use crate::{cache::Object, database::Tx};

/// `user` is leaving, from the commit on.
pub fn begins(tx: &Tx, user: Uuid) {
    tx.changes(Object::User(user));
}

/// `user` stays, from the commit on.
pub fn ends(tx: &Tx, user: Uuid) {
    tx.changes(Object::User(user));
}
