//! `phone_code_requests`: that a code was asked for, as long as that counts.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "phone_code_requests")]
pub struct Model {
    /// A keyed hash of the number: a dump of the table tells none.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number_hash: Vec<u8>,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
