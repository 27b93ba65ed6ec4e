//! What a payment provider tells: late, several times, and in any order. Each thing is heard once.
//!
//! Of a payer one thing is heard after the other. What was paid and given back is written into the ledger, by its
//! bill, and not again; then the order is worked out anew ([`super::settling`]).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::{
    ledger_entry, order, payer, payment_event,
    payment_values::{EndingWay, LedgerKind},
};
use uuid::Uuid;

use super::{
    settling::{bills, is_given_back, renews, settle},
    store,
};
use crate::{
    app::App,
    database::Tx,
    error::Error,
    paging::PageArgs,
    payment::{Event, Told, Which},
    rejection::{Rejection, answer},
};

/// What came of something that was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It was heard.
    Done,
    /// It was heard before.
    Before,
    /// It is of nobody whom this service knows.
    NotOurs,
}

/// Hears `event`.
///
/// # Errors
/// The database's. Nothing was heard then: it is to be told again.
pub async fn hear(app: &Arc<App>, event: Event) -> Result<Heard, Error> {
    if event.told.is_none() {
        return Ok(Heard::NotOurs);
    }
    let shared = app.clone();
    let heard = app.database.write(move |tx| {
        let (app, event) = (shared.clone(), event.clone());
        Box::pin(async move { hear_in(&app, tx, event).await })
    });
    answer(heard.await)?.map_err(|reasons| Error::internal(format!("refused: {reasons:?}")))
}

async fn hear_in(app: &App, tx: &Tx, event: Event) -> Result<Heard, Rejection> {
    let Some(told) = event.told else {
        return Ok(Heard::NotOurs);
    };
    let payer = store::hold_payer(&tx.sql, told.customer()).await?;
    let Some(payer) = payer else {
        return Ok(Heard::NotOurs);
    };
    let row = payment_event::Model {
        id: event.id,
        kind: event.kind,
        at: app.clock.now(),
    };
    if !store::note(&tx.sql, row).await? {
        return Ok(Heard::Before);
    }
    let hearing = Hearing {
        now: app.clock.now(),
        tx,
        payer,
    };
    match told {
        Told::Paid {
            which,
            reference,
            yen,
            until,
        } => hearing.paid(which, reference, yen, until).await?,
        Told::Refunded { reference, yen, .. } => hearing.refunded(reference, yen).await?,
        Told::Failed { which, at } => {
            let note = |order: &mut order::Model| order.failed_at = order.failed_at.max(Some(at));
            hearing.change(&which, note).await?;
        }
        Told::Ended { which, at } => {
            let end = |order: &mut order::Model| order.ended_at = order.ended_at.or(Some(at));
            hearing.change(&which, end).await?;
        }
        Told::Renewal { which, renews, at } => {
            let change = |order: &mut order::Model| tell_renewal(order, renews, at);
            hearing.change(&which, change).await?;
        }
    }
    Ok(Heard::Done)
}

/// Has `order` say whether it is renewed, as it was at `at`: unless that is known as of later.
fn tell_renewal(order: &mut order::Model, renews: bool, at: DateTime<Utc>) {
    if order.told_at.is_some_and(|told| told > at) {
        return;
    }
    order.told_at = Some(at);
    order.cancelled_at = match renews {
        true => None,
        false => order.cancelled_at.or(Some(at)),
    };
}

/// What is heard of a payer, who is held.
struct Hearing<'t> {
    now: DateTime<Utc>,
    tx: &'t Tx,
    payer: payer::Model,
}

impl Hearing<'_> {
    async fn entries(&self) -> Result<Vec<ledger_entry::Model>, Rejection> {
        Ok(store::entries(&self.tx.sql, self.payer.payer_id).await?)
    }

    /// Writes an entry after `entries`, the last of which stands first, and has it stand there, too.
    async fn append(
        &self,
        entries: &mut Vec<ledger_entry::Model>,
        new: ledger_entry::Model,
    ) -> Result<(), Rejection> {
        let last = entries.first();
        let row = ledger_entry::Model {
            payer_id: self.payer.payer_id,
            number: last.map_or(0, |last| last.number) + 1,
            balance: last.map_or(0, |last| last.balance) + new.yen,
            at: self.now,
            ..new
        };
        store::append(&self.tx.sql, row.clone()).await?;
        entries.insert(0, row);
        Ok(())
    }

    /// The order that is meant, which is held then: by what the provider says of it, or by its subscription.
    async fn order(&self, which: &Which) -> Result<Option<order::Model>, Rejection> {
        let Some(user) = self.payer.user_id else {
            return Ok(None);
        };
        if let Some(id) = which.order {
            return Ok(store::hold(&self.tx.sql, [user, id]).await?);
        }
        let page = PageArgs::default().page(0)?;
        let latest = store::page(&self.tx.sql, user, &page).await?;
        let mut latest = latest.rows.into_iter();
        let is_it = |row: &order::Model| {
            row.subscription.is_some() && row.subscription == which.subscription
        };
        match latest.find(is_it) {
            Some(row) => Ok(store::hold(&self.tx.sql, [user, row.id]).await?),
            None => Ok(None),
        }
    }

    async fn paid(
        &self,
        which: Which,
        reference: String,
        yen: i64,
        until: DateTime<Utc>,
    ) -> Result<(), Rejection> {
        let mut entries = self.entries().await?;
        let is_known = entries
            .iter()
            .any(|entry| entry.kind == LedgerKind::Charge && entry.reference == reference);
        if is_known {
            return Ok(());
        }
        let order = self.order(&which).await?;
        let new = ledger_entry::Model {
            order_id: order.as_ref().map(|order| order.id).or(which.order),
            covers_until: Some(until),
            ..entry(LedgerKind::Charge, yen, reference)
        };
        self.append(&mut entries, new).await?;
        let Some(mut order) = order else {
            return self.paid_for_nothing(&which).await;
        };
        self.leave_others(&order).await?;
        order.subscription = order.subscription.or(which.subscription);
        self.conclude(order, &entries).await
    }

    /// Whoever paid is gone, or the order is: nothing more is to be charged.
    async fn paid_for_nothing(&self, which: &Which) -> Result<(), Rejection> {
        tracing::error!(
            customer = self.payer.customer,
            "a plan was paid of which no order is there: its money is to be given back at the provider"
        );
        self.end(which.subscription.as_deref()).await
    }

    /// Has the plan that is in effect for who pays `order` be charged no more, if that is another: one is enough.
    async fn leave_others(&self, order: &order::Model) -> Result<(), Rejection> {
        let other = store::in_effect(&self.tx.sql, order.user_id, self.now).await?;
        let Some(other) = other.filter(|other| other.id != order.id && renews(other)) else {
            return Ok(());
        };
        let key = [other.user_id, other.id];
        let Some(mut other) = store::hold(&self.tx.sql, key).await? else {
            return Ok(());
        };
        (other.cancelled_at, other.told_at) = (Some(self.now), Some(self.now));
        let entries = self.entries().await?;
        settle(&mut other, &entries);
        store::write(&self.tx.sql, &other).await?;
        self.end(other.subscription.as_deref()).await
    }

    /// Has `subscription` be over at the provider's.
    async fn end(&self, subscription: Option<&str>) -> Result<(), Rejection> {
        if let Some(subscription) = subscription {
            let way = EndingWay::AtOnce;
            store::end_later(&self.tx.sql, subscription, way, self.now).await?;
        }
        Ok(())
    }

    async fn refunded(&self, reference: String, yen: i64) -> Result<(), Rejection> {
        let mut entries = self.entries().await?;
        let bill = bills(&entries).remove(reference.as_str());
        let bill = bill.unwrap_or_default();
        // What is told is how much it is by now: an older word says less.
        let more = yen - bill.refunded;
        if more <= 0 {
            return Ok(());
        }
        let new = ledger_entry::Model {
            order_id: bill.order,
            ..entry(LedgerKind::Refund, -more, reference)
        };
        self.append(&mut entries, new).await?;
        let (Some(user), Some(id)) = (self.payer.user_id, bill.order) else {
            return Ok(());
        };
        match store::hold(&self.tx.sql, [user, id]).await? {
            Some(order) => self.conclude(order, &entries).await,
            None => Ok(()),
        }
    }

    async fn change(
        &self,
        which: &Which,
        change: impl FnOnce(&mut order::Model),
    ) -> Result<(), Rejection> {
        let Some(mut order) = self.order(which).await? else {
            return Ok(());
        };
        order.subscription = order.subscription.or(which.subscription.clone());
        change(&mut order);
        let entries = self.entries().await?;
        self.conclude(order, &entries).await
    }

    /// Works `order` out anew, which is held. What was given back is charged no more.
    async fn conclude(
        &self,
        mut order: order::Model,
        entries: &[ledger_entry::Model],
    ) -> Result<(), Rejection> {
        if is_given_back(&order, entries) && renews(&order) {
            order.cancelled_at = Some(self.now);
            order.told_at = order.told_at.max(Some(self.now));
            self.end(order.subscription.as_deref()).await?;
        }
        settle(&mut order, entries);
        store::write(&self.tx.sql, &order).await?;
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
        covers_until: None,
        at: DateTime::UNIX_EPOCH,
    }
}
