//! The ledger of one who pays, and is held: what was paid, and went back, each written once.

use chrono::{DateTime, Utc};
use entity::{ledger_entry, payment_values::LedgerKind};
use uuid::Uuid;

use super::{settling::bills, store::ledger as store};
use crate::{database::Tx, error::Error};

/// It.
pub(super) struct Ledger<'t> {
    tx: &'t Tx,
    payer: Uuid,
    now: DateTime<Utc>,
    /// The last first.
    entries: Vec<ledger_entry::Model>,
}

impl<'t> Ledger<'t> {
    /// That of `payer`, in which `now` is written.
    ///
    /// # Errors
    /// The database's.
    pub(super) async fn of(tx: &'t Tx, payer: Uuid, now: DateTime<Utc>) -> Result<Self, Error> {
        Ok(Self {
            tx,
            payer,
            now,
            entries: store::entries(&tx.sql, payer).await?,
        })
    }

    /// What stands in it, the last first.
    pub(super) fn entries(&self) -> &[ledger_entry::Model] {
        &self.entries
    }

    /// Whether it is known that the bill with this `reference` was paid.
    pub(super) fn has_charge(&self, reference: &str) -> bool {
        let mut charges = self.of_kind(LedgerKind::Charge);
        charges.any(|entry| entry.reference == reference)
    }

    /// For which order the bill with this `reference` was, if it was paid.
    pub(super) fn order_of(&self, reference: &str) -> Option<Uuid> {
        bills(&self.entries).get(reference)?.order
    }

    /// Writes that a bill was paid, up to `until`.
    ///
    /// # Errors
    /// The database's.
    pub(super) async fn charge(
        &mut self,
        order: Option<Uuid>,
        reference: String,
        yen: i64,
        until: DateTime<Utc>,
    ) -> Result<(), Error> {
        let new = ledger_entry::Model {
            order_id: order,
            covers_until: Some(until),
            ..entry(LedgerKind::Charge, yen, reference)
        };
        self.append(new).await
    }

    /// Writes that of a bill as many `yen` were given back by now, unless that is known. Says whether it was written.
    ///
    /// # Errors
    /// The database's.
    pub(super) async fn refund(&mut self, reference: String, yen: i64) -> Result<bool, Error> {
        let known = bills(&self.entries)
            .get(reference.as_str())
            .map_or(0, |bill| bill.refunded);
        // What is told is how much it is by now: an older word says less.
        let more = yen - known;
        if more <= 0 {
            return Ok(false);
        }
        let new = ledger_entry::Model {
            order_id: self.order_of(&reference),
            ..entry(LedgerKind::Refund, -more, reference)
        };
        self.append(new).await?;
        Ok(true)
    }

    /// Writes that a bank took back, or gave again, as many `yen` of a bill for this `dispute`, unless that is known.
    /// Says whether it was written.
    ///
    /// # Errors
    /// The database's.
    pub(super) async fn dispute(
        &mut self,
        reference: String,
        dispute: String,
        yen: i64,
        is_over: bool,
    ) -> Result<bool, Error> {
        let (kind, yen) = match is_over {
            false => (LedgerKind::Dispute, -yen),
            true => (LedgerKind::Reinstatement, yen),
        };
        let is_known = self
            .of_kind(kind)
            .any(|entry| entry.dispute.as_ref() == Some(&dispute));
        if is_known || yen == 0 {
            return Ok(false);
        }
        let new = ledger_entry::Model {
            order_id: self.order_of(&reference),
            dispute: Some(dispute),
            ..entry(kind, yen, reference)
        };
        self.append(new).await?;
        Ok(true)
    }

    fn of_kind(&self, kind: LedgerKind) -> impl Iterator<Item = &ledger_entry::Model> {
        self.entries.iter().filter(move |entry| entry.kind == kind)
    }

    /// Writes an entry after the others.
    async fn append(&mut self, new: ledger_entry::Model) -> Result<(), Error> {
        let last = self.entries.first();
        let row = ledger_entry::Model {
            payer_id: self.payer,
            number: last.map_or(0, |last| last.number) + 1,
            balance: last.map_or(0, |last| last.balance) + new.yen,
            at: self.now,
            ..new
        };
        store::append(&self.tx.sql, row.clone()).await?;
        self.entries.insert(0, row);
        Ok(())
    }
}

/// An entry whose place and time are not known yet.
fn entry(kind: LedgerKind, yen: i64, reference: String) -> ledger_entry::Model {
    ledger_entry::Model {
        payer_id: Uuid::nil(),
        number: 0,
        kind,
        yen,
        balance: 0,
        order_id: None,
        reference,
        dispute: None,
        covers_until: None,
        at: DateTime::UNIX_EPOCH,
    }
}
