//! `visitors`: what is kept of a user as a visitor. Who has chosen, visited and taken back nothing has
//! no row.

use sea_orm::entity::prelude::*;

use crate::values::FootprintPolicy;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visitors")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// What the user has chosen.
    pub footprint_policy: FootprintPolicy,
    /// Until when a visit of the user's may stand in `unlisted_visits` though the user is named.
    pub unlisted_until: Option<DateTimeUtc>,
    /// How many visits counted in each of the last minutes.
    pub recent_visits: Option<String>,
    /// The first day of the month, in Japan, in which the user last took a footprint back.
    pub take_back_month: Option<Date>,
    /// How many were taken back in that month.
    pub take_backs: i64,
    /// Whether the user has a row of `rests`: kept here so that no visit looks for one where there is none.
    pub has_rest: bool,
}

impl ActiveModelBehavior for ActiveModel {}
