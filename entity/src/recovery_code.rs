//! `recovery_codes`: what lets a user in who has lost the password, or the second factor.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recovery_codes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// SHA-256 of the user and the code: a dump of the table lets nobody in.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code_hash: Vec<u8>,
    /// Those that were given together, the newest with the greatest. There are several batches only
    /// where an answer that gave one was repeated; the first that is used stays.
    pub batch: Uuid,
    pub used_at: Option<DateTimeUtc>,
    /// SHA-256 of the idempotency key of the call that used it, so that this call can be repeated.
    pub used_by: Option<Vec<u8>>,
}

impl ActiveModelBehavior for ActiveModel {}
