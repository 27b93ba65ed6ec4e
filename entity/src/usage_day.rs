//! `usage_days`: what a user did on a day in Japan, by what they came with.

use sea_orm::entity::prelude::*;

use crate::values::Device;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "usage_days")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    #[sea_orm(primary_key, auto_increment = false)]
    pub device: Device,
    /// Visits to others that were counted there.
    pub visits: i64,
    /// Diaries, comments, reviews and introductions that were written or changed.
    pub writings: i64,
    /// Queries that were answered.
    pub readings: i64,
}

impl ActiveModelBehavior for ActiveModel {}
