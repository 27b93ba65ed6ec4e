//! `orders`: what somebody ordered, as it was offered then, and what became of it.

use sea_orm::entity::prelude::*;

use crate::payment_values::OrderState;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "orders")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The name of the plan.
    pub plan: String,
    /// What it costs a month.
    pub yen: i64,
    /// What it gives.
    pub megabytes: i64,
    pub take_backs: i64,
    pub state: OrderState,
    /// Who pays: as the ledger knows them.
    pub payer_id: Uuid,
    /// The same, as the provider knows them.
    pub customer: Option<String>,
    pub created_at: DateTimeUtc,
    /// Until when it can be paid.
    pub open_until: DateTimeUtc,
    /// The page where it is paid, as the provider knows it, and its address.
    pub checkout: Option<String>,
    pub checkout_url: Option<String>,
    /// What is paid month by month, as the provider knows it.
    pub subscription: Option<String>,
    pub paid_at: Option<DateTimeUtc>,
    /// Up to when it is paid for: by what the ledger says, and was not given back.
    pub paid_until: Option<DateTimeUtc>,
    /// Up to when its plan is in effect: a little longer, where it is renewed.
    pub holds_until: Option<DateTimeUtc>,
    /// When a payment failed last.
    pub failed_at: Option<DateTimeUtc>,
    /// Since when it is not renewed.
    pub cancelled_at: Option<DateTimeUtc>,
    /// When it ended for good: the provider ended it, or is to.
    pub ended_at: Option<DateTimeUtc>,
    /// As of when it is known whether it is renewed: what was told before that says nothing any more.
    pub told_at: Option<DateTimeUtc>,
    /// What the ledger has of it, in yen: what was paid, and what of that was given or taken back.
    pub paid_yen: i64,
    pub refunded_yen: i64,
}

impl ActiveModelBehavior for ActiveModel {}
