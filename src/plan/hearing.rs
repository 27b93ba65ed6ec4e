//! What a payment provider tells: late, several times, and in any order. Each thing is heard once.
//!
//! Of a payer one thing is heard after the other. What was paid and given back is written into the ledger, by its
//! bill, and not again; then the order is worked out anew ([`super::settling`]).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::{
    order, payer, payment_event,
    payment_values::{EndingWay, OrderState},
};

use super::{
    ledger::Ledger,
    settling::{end, is_longer, is_to_end, renews, settle, stop},
    store,
    telling::tell_of,
};
use crate::{
    absence::store as absences,
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
        Told::Disputed {
            reference,
            dispute,
            yen,
            is_over,
            ..
        } => hearing.disputed(reference, dispute, yen, is_over).await?,
        Told::Failed { which, at } => {
            let note = |order: &mut order::Model| order.failed_at = order.failed_at.max(Some(at));
            hearing.change(&which, note).await?;
        }
        Told::Ended { which, at } => {
            let end = |order: &mut order::Model| order.ended_at = order.ended_at.or(Some(at));
            hearing.change(&which, end).await?;
        }
        Told::Renewal { which, renews, at } => hearing.renewal(&which, renews, at).await?,
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

impl<'t> Hearing<'t> {
    async fn ledger(&self) -> Result<Ledger<'t>, Error> {
        Ledger::of(self.tx, self.payer.payer_id, self.now).await
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
        let mut ledger = self.ledger().await?;
        if ledger.has_charge(&reference) {
            return Ok(());
        }
        let order = self.order(&which).await?;
        let id = order.as_ref().map(|order| order.id).or(which.order);
        ledger.charge(id, reference, yen, until).await?;
        let Some(order) = order else {
            return self.paid_for_nothing(&which).await;
        };
        // (What has ended and was paid before that takes no other's place.)
        if renews(&order) {
            self.leave_others(&order, &ledger).await?;
        }
        let mut after = order.clone();
        after.subscription = after.subscription.or(which.subscription);
        self.conclude(&order, after, &ledger).await
    }

    /// Whoever paid is gone, or the order is: nothing more is to be charged.
    async fn paid_for_nothing(&self, which: &Which) -> Result<(), Rejection> {
        tracing::error!(
            customer = self.payer.customer,
            "a plan was paid of which no order is there: its money is to be given back at the provider"
        );
        self.end(which.subscription.as_deref(), EndingWay::AtOnce)
            .await
    }

    /// Has whatever else who pays `order` has ordered be charged no more: one plan is enough.
    async fn leave_others(
        &self,
        order: &order::Model,
        ledger: &Ledger<'_>,
    ) -> Result<(), Rejection> {
        let is_other =
            |row: &order::Model| row.id != order.id && row.state == OrderState::Paid && renews(row);
        let page = PageArgs::default().page(0)?;
        let mut others = store::page(&self.tx.sql, order.user_id, &page).await?.rows;
        others.retain(is_other);
        for row in others {
            let held = store::hold(&self.tx.sql, [row.user_id, row.id]).await?;
            let Some(mut other) = held.filter(is_other) else {
                continue;
            };
            end(&mut other, self.now);
            settle(&mut other, ledger.entries());
            store::write(&self.tx.sql, &other).await?;
            self.end(other.subscription.as_deref(), EndingWay::AtOnce)
                .await?;
        }
        Ok(())
    }

    /// Has `subscription` end at the provider's.
    async fn end(&self, subscription: Option<&str>, way: EndingWay) -> Result<(), Rejection> {
        if let Some(subscription) = subscription {
            store::end_later(&self.tx.sql, subscription, way, self.now).await?;
        }
        Ok(())
    }

    async fn refunded(&self, reference: String, yen: i64) -> Result<(), Rejection> {
        let mut ledger = self.ledger().await?;
        match ledger.refund(reference.clone(), yen).await? {
            true => self.settle_bill(&reference, &ledger).await,
            false => Ok(()),
        }
    }

    async fn disputed(
        &self,
        reference: String,
        dispute: String,
        yen: i64,
        is_over: bool,
    ) -> Result<(), Rejection> {
        let mut ledger = self.ledger().await?;
        let bill = reference.clone();
        match ledger.dispute(bill, dispute, yen, is_over).await? {
            true => self.settle_bill(&reference, &ledger).await,
            false => Ok(()),
        }
    }

    /// Works out the order anew that the bill with this `reference` was for, if it was paid.
    async fn settle_bill(&self, reference: &str, ledger: &Ledger<'_>) -> Result<(), Rejection> {
        let (Some(user), Some(id)) = (self.payer.user_id, ledger.order_of(reference)) else {
            return Ok(());
        };
        match store::hold(&self.tx.sql, [user, id]).await? {
            Some(order) => self.conclude(&order, order.clone(), ledger).await,
            None => Ok(()),
        }
    }

    async fn renewal(
        &self,
        which: &Which,
        renews: bool,
        at: DateTime<Utc>,
    ) -> Result<(), Rejection> {
        if let Some(subscription) = &which.subscription
            && store::is_to_be_told(&self.tx.sql, subscription).await?
        {
            // The provider is yet to be told how it is: then it says so again.
            return Ok(());
        }
        let change = |order: &mut order::Model| tell_renewal(order, renews, at);
        self.change(which, change).await
    }

    async fn change(
        &self,
        which: &Which,
        change: impl FnOnce(&mut order::Model),
    ) -> Result<(), Rejection> {
        let Some(order) = self.order(which).await? else {
            return Ok(());
        };
        let mut after = order.clone();
        after.subscription = after.subscription.or(which.subscription.clone());
        change(&mut after);
        let ledger = self.ledger().await?;
        self.conclude(&order, after, &ledger).await
    }

    /// Works out anew what became of an order, which is held, and was `before`. What went back is charged no more,
    /// nor is who is away for longer than is paid for.
    async fn conclude(
        &self,
        before: &order::Model,
        mut order: order::Model,
        ledger: &Ledger<'_>,
    ) -> Result<(), Rejection> {
        settle(&mut order, ledger.entries());
        let mut way = None;
        if order.ended_at.is_none() && is_to_end(&order, ledger.entries()) {
            end(&mut order, self.now);
            way = Some(EndingWay::AtOnce);
        } else if renews(&order) && order.paid_at.is_some() && self.is_away(&order).await? {
            way = Some(stop(&mut order, self.now));
        }
        settle(&mut order, ledger.entries());
        store::write(&self.tx.sql, &order).await?;
        if let Some(way) = way {
            self.end(order.subscription.as_deref(), way).await?;
        }
        Ok(tell_of(self.tx, before, &order, self.now).await?)
    }

    /// Whether who ordered `order` is absent, suspended or leaving, for longer than it is paid for.
    async fn is_away(&self, order: &order::Model) -> Result<bool, Rejection> {
        let absences = absences::lasting(&self.tx.sql, order.user_id, self.now).await?;
        let mut ends = absences.into_iter();
        Ok(ends.any(|until| is_longer(until, order)))
    }
}
