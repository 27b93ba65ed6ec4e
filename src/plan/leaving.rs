//! What of somebody's orders they take along, and that they go. The ledger stays, as the law has it: it never held
//! an id of a user, and nothing leads to one from it any more.

use chrono::SecondsFormat;
use entity::{ledger_entry, order, payment_values::EndingWay};
use sea_orm::ActiveEnum;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    settling::bills,
    store::{self, ledger},
};
use crate::{
    app::App,
    database::Tx,
    error::Error,
    ids::Kind,
    loaders::Loaders,
    paging::{Page, PageArgs},
    rejection::Rejection,
    user::{
        leaving::{Taken, global},
        store as users,
    },
};

/// Orders that go in one transaction: as many as a page of them has.
const ORDERS: i64 = 20;

/// `page` of the orders of `me`, the first first, each with what was paid for it and given back.
///
/// # Errors
/// The database's.
pub async fn orders(loaders: &Loaders, me: Uuid, page: &Page<Uuid>) -> Result<Taken<Uuid>, Error> {
    let db = loaders.app.database.reader();
    let slice = store::oldest(db, me, page).await?;
    // Of all of them one pays.
    let entries = match slice.rows.first() {
        Some(row) => ledger::entries(db, row.payer_id).await?,
        None => Vec::new(),
    };
    Ok(slice.filter_map(|row| Some((row.id, Some(told(&row, &entries))))))
}

fn told(row: &order::Model, entries: &[ledger_entry::Model]) -> Value {
    let bills = bills(entries);
    let is_of = |entry: &&ledger_entry::Model| {
        let bill = bills.get(entry.reference.as_str());
        bill.is_some_and(|bill| bill.order == Some(row.id))
    };
    let payments: Vec<_> = entries.iter().rev().filter(is_of).map(payment).collect();
    json!({
        "id": global(Kind::Order, [row.user_id, row.id]), "plan": row.plan, "yenPerMonth": row.yen,
        "megabytes": row.megabytes, "footprintsToTakeBackPerMonth": row.take_backs,
        "state": row.state.to_value(), "createdAt": row.created_at, "paidUntil": row.paid_until,
        "cancelledAt": row.cancelled_at, "paid": row.paid_yen, "refunded": row.refunded_yen,
        "payments": payments,
    })
}

fn payment(entry: &ledger_entry::Model) -> Value {
    let until = entry
        .covers_until
        .map(|until| until.to_rfc3339_opts(SecondsFormat::Secs, true));
    json!({
        "kind": entry.kind.to_value(), "yen": entry.yen, "at": entry.at, "coversUntil": until,
        "reference": entry.reference,
    })
}

/// Removes some orders of `user`: what is paid month by month ends at the provider's. Says how many there were; none
/// where there are no more.
///
/// # Errors
/// The database's.
pub async fn remove_orders(app: &App, tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    users::hold(&tx.sql, [user]).await?;
    let page = Page {
        limit: i32::try_from(ORDERS).unwrap_or_default(),
        ..PageArgs::default().page(0)?
    };
    let rows = store::oldest(&tx.sql, user, &page).await?.rows;
    let mut customers: Vec<_> = rows.iter().flat_map(|row| &row.customer).collect();
    customers.sort_unstable();
    customers.dedup();
    for customer in customers {
        store::forget_payer(&tx.sql, customer).await?;
    }
    let now = app.clock.now();
    for row in &rows {
        let held = store::hold(&tx.sql, [user, row.id]).await?;
        let Some(row) = held else { continue };
        if let Some(subscription) = row.subscription.filter(|_| row.ended_at.is_none()) {
            store::end_later(&tx.sql, &subscription, EndingWay::AtOnce, now).await?;
        }
        let is_open = row.paid_at.is_none() && row.open_until > now;
        if let Some(page) = row.checkout.filter(|_| is_open) {
            store::end_later(&tx.sql, &page, EndingWay::Checkout, now).await?;
        }
    }
    Ok(store::remove(&tx.sql, user, ORDERS).await?)
}

/// Whether `user` has ordered anything.
///
/// # Errors
/// The database's.
pub async fn has_orders(tx: &Tx, user: Uuid) -> Result<bool, Rejection> {
    Ok(store::has_orders(&tx.sql, user).await?)
}
