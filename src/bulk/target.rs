//! Where rows and counters go: by statements into a transaction, or by `COPY` into an empty database.

use sea_orm::{DbErr, ModelTrait};

use super::copying::Copying;
use crate::database::Tx;

/// Where rows and counters go.
#[derive(Clone, Copy, Debug)]
pub enum Target<'t> {
    /// Statements, in this transaction.
    Statements(&'t Tx),
    /// A load of everything at once.
    Whole(&'t Copying),
}

impl<'t> From<&'t Tx> for Target<'t> {
    fn from(tx: &'t Tx) -> Self {
        Self::Statements(tx)
    }
}

/// Writes `rows` into their table.
///
/// # Errors
/// The database's; a key that is there already among them.
pub(super) async fn insert<M: ModelTrait>(to: Target<'_>, rows: &[M]) -> Result<(), DbErr> {
    match to {
        Target::Statements(tx) => super::insert(&tx.sql, rows).await,
        Target::Whole(copying) => copying.insert(rows).await,
    }
}
