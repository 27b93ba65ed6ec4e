//! `phone_numbers`: the directory from a verified number to its account, sharded by the number.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "phone_numbers")]
pub struct Model {
    /// A keyed hash of the number: a dump of the table tells none.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number_hash: Vec<u8>,
    pub user_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
