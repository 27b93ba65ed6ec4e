//! `weekly_listens`: how often somebody listened to a song in a week.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "weekly_listens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// Weeks since 1 January of the year 1, in Japan.
    #[sea_orm(primary_key, auto_increment = false)]
    pub week: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub item_id: Uuid,
    pub listens: i64,
}

impl ActiveModelBehavior for ActiveModel {}
