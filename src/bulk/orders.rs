//! Orders that are paid, with who pays and the ledger.

use entity::{
    ledger_entry, order, payer,
    payment_values::{LedgerKind, OrderState},
};
use sea_orm::DbErr;

use super::{
    Batch,
    target::{Target, insert},
};

/// An order, and what was paid for it, month by month: the first of its payer's.
#[derive(Clone, Debug)]
pub struct Ordered {
    /// The order; what of it follows from the payments is put in here.
    pub order: order::Model,
    /// Who pays.
    pub payer: payer::Model,
    /// Of each payment when it was made, and the entry's reference.
    pub payments: Vec<ledger_entry::Model>,
}

impl Ordered {
    /// With numbers, balances and sums as `payments` have them, in their order.
    #[must_use]
    pub fn summed(mut self) -> Self {
        let mut balance = 0;
        for (number, entry) in (1..).zip(&mut self.payments) {
            balance += entry.yen;
            (entry.number, entry.balance) = (number, balance);
            entry.payer_id = self.payer.payer_id;
            entry.order_id = Some(self.order.id);
            entry.kind = LedgerKind::Charge;
        }
        let covers = self.payments.iter().filter_map(|entry| entry.covers_until);
        self.order.paid_until = covers.max();
        self.order.paid_at = self.payments.iter().map(|entry| entry.at).min();
        self.order.paid_yen = balance;
        self.order.state = OrderState::Paid;
        self.order.holds_until = self.order.paid_until;
        self
    }
}

impl Batch for Ordered {
    const ROWS: usize = 2_000;

    async fn write(to: Target<'_>, ordered: &[Self]) -> Result<(), DbErr> {
        let orders: Vec<_> = ordered.iter().map(|one| one.order.clone()).collect();
        let payers: Vec<_> = ordered.iter().map(|one| one.payer.clone()).collect();
        let entries: Vec<_> = ordered
            .iter()
            .flat_map(|one| one.payments.clone())
            .collect();
        insert(to, &orders).await?;
        insert(to, &payers).await?;
        insert(to, &entries).await
    }
}
