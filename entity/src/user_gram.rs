//! `user_grams`: the word pieces that users are searched by, beside the user.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_grams")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub gram: String,
    /// The order of the search.
    pub username: String,
}

impl ActiveModelBehavior for ActiveModel {}
