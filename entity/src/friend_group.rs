//! `friend_groups`: the groups that users put their friends into. The group of close friends has the id
//! of nil, and no row before somebody was in it.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "friend_groups")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    /// The name as it is compared: no two of an owner's have the same.
    pub name_key: String,
    /// Rows of `friend_group_members`.
    pub friend_count: i64,
    /// Rows of `diaries` with this `group_id`.
    pub diary_count: i64,
}

impl ActiveModelBehavior for ActiveModel {}
