//! What moderators see of a suspension.

use async_graphql::SimpleObject;
use entity::suspension;

use crate::graphql::scalar::DateTime;

/// That a user is suspended: they cannot sign in, and are absent for everybody but moderators and
/// administrators.
#[derive(Clone, Debug, SimpleObject)]
pub struct Suspension {
    /// Since when.
    pub since: DateTime,
    /// When it ends by itself; null if it lasts until it is lifted.
    pub until: Option<DateTime>,
    /// What the user is told who signs in.
    pub reason: String,
}

impl From<suspension::Model> for Suspension {
    fn from(row: suspension::Model) -> Self {
        Self {
            since: row.since.into(),
            until: row.until.map(Into::into),
            reason: row.reason,
        }
    }
}
