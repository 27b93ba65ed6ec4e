//! `data_exports`: copies of all that is a user's, asked for by that user.

use sea_orm::entity::prelude::*;

use crate::values::ExportState;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "data_exports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub state: ExportState,
    pub requested_at: DateTimeUtc,
    pub ready_at: Option<DateTimeUtc>,
    /// Until when it can be fetched.
    pub expires_at: Option<DateTimeUtc>,
    /// How many rows it holds so far.
    pub rows_done: i64,
    /// How many it will hold, about.
    pub rows_total: i64,
    /// The bytes of all of its parts.
    pub size: i64,
    /// How often it was begun.
    pub tries: i64,
    /// When somebody is to see to it next: to make it, to go on in the place of who has been silent
    /// for too long, to remove it.
    pub next_at: DateTimeUtc,
    /// The server that makes it.
    pub held_by: Option<Uuid>,
    /// The download that is under way.
    pub fetched_by: Option<Uuid>,
    /// Until when that one has it for itself.
    pub fetched_until: Option<DateTimeUtc>,
    /// The session of the user that asked for it last, which is shown the link.
    pub session_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
