//! `song_charts`: how often everybody listened to a song in a week.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "song_charts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub week: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub item_id: Uuid,
    pub listens: i64,
    /// How many users did.
    pub listeners: i64,
}

impl ActiveModelBehavior for ActiveModel {}
