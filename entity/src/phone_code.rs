//! `phone_codes`: the code that was sent to a number last.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "phone_codes")]
pub struct Model {
    /// A keyed hash of the number: a dump of the table tells none.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number_hash: Vec<u8>,
    /// A keyed hash of the code: there are only a million.
    pub code_hash: Vec<u8>,
    /// How often it was tried.
    pub tries: i64,
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
