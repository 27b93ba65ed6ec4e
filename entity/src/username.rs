//! `usernames`: the directory from a user name to its user, sharded by the name.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "usernames")]
pub struct Model {
    /// Lower case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub username: String,
    pub user_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
