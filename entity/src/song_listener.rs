//! `song_listeners`: when somebody listened to a song last.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "song_listeners")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub item_id: Uuid,
    /// The last listen's, which tells the time.
    pub listen_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
