//! The values of columns of what is paid, that hold one of a few words: as [`crate::values`] has the others.

use sea_orm::entity::prelude::*;

/// What has become of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(20))",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum OrderState {
    /// It waits to be paid.
    Open,
    /// Something was paid for it.
    Paid,
    /// It is not to be paid any more.
    Expired,
}

/// What an entry of the ledger is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(20))",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum LedgerKind {
    /// A bill was paid.
    Charge,
    /// It was given back.
    Refund,
    /// Who paid it disputes it, and their bank took it back.
    Dispute,
    /// It was decided otherwise, and their bank gave it again.
    Reinstatement,
}

/// How something is ended at a payment provider, or is not after all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "String(StringLen::N(20))",
    rename_all = "SCREAMING_SNAKE_CASE"
)]
pub enum EndingWay {
    /// It is not renewed.
    AtPeriodEnd,
    /// It is over now.
    AtOnce,
    /// It is the page where an order is paid: nobody is to pay it any more.
    Checkout,
    /// It does not end after all: it is renewed, as before it was to end.
    NotAtAll,
}
