//! `phone_recoveries`: recoveries by a verified number that are under way, each with the code that was sent
//! for it.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "phone_recoveries")]
pub struct Model {
    /// The hash of what whoever asked was answered: nobody else can try its code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub recovery_hash: Vec<u8>,
    /// As in `phone_numbers`, under the key under which an account has it; under the newest where none does.
    pub number_hash: Vec<u8>,
    /// A keyed hash of the code: there are only a million.
    pub code_hash: Vec<u8>,
    /// How often a wrong one was tried.
    pub tries: i64,
    /// When it let somebody in.
    pub used_at: Option<DateTimeUtc>,
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
