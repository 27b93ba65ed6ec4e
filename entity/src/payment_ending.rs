//! `payment_endings`: what a payment provider is to be told to end.

use sea_orm::entity::prelude::*;

use crate::payment_values::EndingWay;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment_endings")]
pub struct Model {
    /// What, as the provider knows it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub reference: String,
    pub way: EndingWay,
    /// When it is tried next.
    pub next_at: DateTimeUtc,
    /// How often that was in vain.
    pub tries: i64,
}

impl ActiveModelBehavior for ActiveModel {}
