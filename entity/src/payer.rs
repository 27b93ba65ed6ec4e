//! `payers`: who of those that a payment provider knows is whose.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payers")]
pub struct Model {
    /// As the provider knows them.
    #[sea_orm(primary_key, auto_increment = false)]
    pub customer: String,
    /// As the ledger knows them.
    pub payer_id: Uuid,
    /// Nobody, once the user is gone.
    pub user_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
