//! `payment_events`: what a payment provider told already, so that it is heard once.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment_events")]
pub struct Model {
    /// As the provider calls it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub kind: String,
    /// When it was heard.
    pub at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
