//! `statistics_runs`: how far the count of a day's figures has come.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "statistics_runs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    /// The last user who is counted; null before the first, and once it is done.
    pub place: Option<Uuid>,
    /// What came together so far, as JSON.
    #[sea_orm(column_type = "Text")]
    pub sums: String,
    /// When somebody may go on in the place of the server that counts.
    pub next_at: DateTimeUtc,
    /// The server that counts.
    pub held_by: Option<Uuid>,
    pub is_done: bool,
}

impl ActiveModelBehavior for ActiveModel {}
