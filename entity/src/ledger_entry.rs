//! `ledger_entries`: all that was paid and given back. Nothing of it is ever changed or removed.

use sea_orm::entity::prelude::*;

use crate::payment_values::LedgerKind;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ledger_entries")]
pub struct Model {
    /// Who paid: an id that is no user's.
    #[sea_orm(primary_key, auto_increment = false)]
    pub payer_id: Uuid,
    /// 1, 2, 3, … of each payer.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub kind: LedgerKind,
    /// What came in; less than nothing where it was given back.
    pub yen: i64,
    /// What the payer's entries up to this one come to.
    pub balance: i64,
    /// For which order, where that is known.
    pub order_id: Option<Uuid>,
    /// The bill, as the provider knows it: what is given back of it bears the same.
    pub reference: String,
    /// Of what a bank took back, or gave again: the dispute, as the provider knows it.
    pub dispute: Option<String>,
    /// Up to when it pays for the plan.
    pub covers_until: Option<DateTimeUtc>,
    pub at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
