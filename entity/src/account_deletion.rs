//! `account_deletions`: accounts that are to be deleted, and how far each of them is.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_deletions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    pub requested_at: DateTimeUtc,
    /// Until when the user can think better of it.
    pub due_at: DateTimeUtc,
    /// Since when it is being carried out: from then on there is no way back.
    pub begun_at: Option<DateTimeUtc>,
    /// Since when the user is gone.
    pub gone_at: Option<DateTimeUtc>,
    /// How many rows of the user's have gone so far.
    pub removed: i64,
    /// When somebody is to see to it next: when it is due, when whoever sees to it has been silent for
    /// too long, when it is looked at for the last time.
    pub next_at: DateTimeUtc,
    /// The server that sees to it.
    pub held_by: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
