//! `user_phones`: the number that a user has verified.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_phones")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// As in `phone_numbers`.
    pub number_hash: Vec<u8>,
    pub verified_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
