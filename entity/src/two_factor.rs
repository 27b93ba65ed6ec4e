//! `two_factors`: the second factor of users who have one.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "two_factors")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// What codes are made from, sealed with a key of the service's that is not in the database.
    pub secret: Vec<u8>,
    /// Until when the first code is waited for; null once it has come, and the factor is on.
    pub pending_until: Option<DateTimeUtc>,
    /// The step, since 1970, of the last code that was used: none before it is taken any more.
    pub last_step: i64,
    /// SHA-256 of the idempotency key of the call that used it, so that this call can be repeated.
    pub last_used_by: Option<Vec<u8>>,
}

impl ActiveModelBehavior for ActiveModel {}
