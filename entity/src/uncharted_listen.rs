//! `uncharted_listens`: listens that the weekly charts do not count yet.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "uncharted_listens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub week: i64,
    pub item_id: Uuid,
    /// So many more.
    pub listens: i64,
    /// 1 where they are the first of the user's in that week.
    pub listeners: i64,
}

impl ActiveModelBehavior for ActiveModel {}
