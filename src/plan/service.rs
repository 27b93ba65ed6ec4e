//! Ordering a plan, having it end, and having it go on after all.

use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use entity::{
    order,
    payment_values::{EndingWay, OrderState},
};
use uuid::Uuid;

use super::{
    opening::open,
    settling::{is_longer, is_to_end, renews, settle, stop},
    store::{self, OrderKey, ledger},
};
use crate::{
    app::App,
    config::Offer,
    database::Tx,
    error::Error,
    idempotency::{Slot, once},
    paging::PageArgs,
    rejection::{Rejection, UserError, UserErrorCode},
    user::store as users,
};

/// How long an order can be paid, where the provider does not say it.
const OPEN: TimeDelta = TimeDelta::hours(24);
/// Within so long somebody makes no more orders than a page of them has, and one.
const A_DAY: TimeDelta = TimeDelta::days(1);

/// Orders the plan called `name` for `me`, and has it be paid. Gives the order's id.
///
/// The order is written before the provider hears of it. A call that is cut off in between is repeated, and goes on.
///
/// # Errors
/// `PLANS_NOT_SET_UP`, `NOT_FOUND`, `PLAN_NOT_FOR_MINORS`, `PLAN_IN_EFFECT`, `ORDER_LIMIT_REACHED`,
/// `PAYMENT_UNAVAILABLE`.
pub async fn buy(
    app: &Arc<App>,
    me: Uuid,
    name: String,
    idempotency_key: Option<String>,
) -> Result<Uuid, Rejection> {
    if !app.payments.is_set_up() {
        return Err(not_set_up().into());
    }
    let slot = Slot::of(app, me, idempotency_key, "buyPlan", &name)?;
    let id = once(app, slot, move |app, tx| {
        let name = name.clone();
        Box::pin(async move { make(app, tx, me, &name).await })
    })
    .await?;
    open(app, [me, id]).await?;
    Ok(id)
}

fn not_set_up() -> UserError {
    UserError::new(UserErrorCode::PlansNotSetUp, "This service sells no plans.")
}

fn no_such_plan() -> UserError {
    let said = "There is no such plan: `plans` lists them.";
    UserError::on("planName", UserErrorCode::NotFound, said)
}

async fn make(app: &App, tx: &Tx, me: Uuid, name: &str) -> Result<Uuid, Rejection> {
    let mut offers = app.rules.plans.iter();
    let offer = offers.find(|offer| offer.name == name);
    let offer = offer.ok_or_else(no_such_plan)?;
    // One order after the other.
    users::hold(&tx.sql, [me]).await?;
    let user = users::by_id(&tx.sql, me).await?;
    let user = user.ok_or_else(|| Error::internal("who asks is not there"))?;
    if app.majority().is_minor(user.birth_date) {
        let said = "Plans are for adults.";
        return Err(UserError::new(UserErrorCode::PlanNotForMinors, said).into());
    }
    let now = app.clock.now();
    if let Some(plan) = store::in_effect(&tx.sql, me, now).await? {
        return Err(has_one(&plan).into());
    }
    let earlier = store::page(&tx.sql, me, &PageArgs::default().page(0)?).await?;
    let is_open = |row: &order::Model| row.state == OrderState::Open && row.open_until > now;
    let open: Vec<_> = earlier.rows.iter().filter(|row| is_open(row)).collect();
    if let Some(same) = open.iter().find(|row| is_of(row, offer)) {
        return Ok(same.id);
    }
    let within_a_day = earlier
        .rows
        .iter()
        .filter(|row| row.created_at > now - A_DAY);
    if earlier.has_next && within_a_day.count() == earlier.rows.len() {
        let said = "You ordered as often today as is possible. Try again tomorrow.";
        return Err(UserError::new(UserErrorCode::OrderLimitReached, said).into());
    }
    for row in open {
        withdraw(tx, row.clone(), now).await?;
    }
    // Nobody pays for a plan that is over beside the new one, whose last payment is being tried still.
    let mut charged = earlier.rows.clone();
    charged.retain(is_charged);
    for row in charged {
        stop_renewing(tx, [me, row.id], now).await?;
    }
    let payer = earlier.rows.first().map(|row| row.payer_id);
    // (Another provider knows nothing of those of the one before.)
    let mut customers = earlier.rows.iter().flat_map(|row| &row.customer);
    let customer = customers.find(|customer| app.payments.knows(customer));
    let row = order::Model {
        payer_id: payer.unwrap_or_else(|| app.ids.at(now)),
        customer: customer.cloned(),
        ..new([me, app.ids.at(now)], offer, now)
    };
    let id = row.id;
    store::insert(&tx.sql, row).await?;
    Ok(id)
}

fn has_one(plan: &order::Model) -> UserError {
    let until = plan.paid_until.map(in_words).unwrap_or_default();
    let said = match renews(plan) {
        true => format!("You have a plan, which is paid for until {until} and then again."),
        false => format!("You have a plan until {until}. Then you can buy another."),
    };
    UserError::new(UserErrorCode::PlanInEffect, said)
}

fn in_words(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Whether `row` is of what is offered, as it is offered now.
fn is_of(row: &order::Model, offer: &Offer) -> bool {
    let ordered = (&row.plan, row.yen, row.megabytes, row.take_backs);
    ordered == (&offer.name, offer.yen, offer.megabytes, offer.take_backs)
}

fn new([user_id, id]: OrderKey, offer: &Offer, now: DateTime<Utc>) -> order::Model {
    order::Model {
        user_id,
        id,
        plan: offer.name.clone(),
        yen: offer.yen,
        megabytes: offer.megabytes,
        take_backs: offer.take_backs,
        state: OrderState::Open,
        payer_id: Uuid::nil(),
        customer: None,
        created_at: now,
        open_until: now + OPEN,
        checkout: None,
        checkout_url: None,
        subscription: None,
        paid_at: None,
        paid_until: None,
        holds_until: None,
        failed_at: None,
        cancelled_at: None,
        ended_at: None,
        told_at: None,
        paid_yen: 0,
        refunded_yen: 0,
    }
}

/// Whether `row` was paid, and is to be paid again.
fn is_charged(row: &order::Model) -> bool {
    row.state == OrderState::Paid && renews(row)
}

/// Has nobody pay `row` any more, which waits for that.
async fn withdraw(tx: &Tx, row: order::Model, now: DateTime<Utc>) -> Result<(), Rejection> {
    let held = store::hold(&tx.sql, [row.user_id, row.id]).await?;
    // It may have been paid in this moment.
    let Some(mut row) = held.filter(|row| row.state == OrderState::Open) else {
        return Ok(());
    };
    row.state = OrderState::Expired;
    row.checkout_url = None;
    store::write(&tx.sql, &row).await?;
    if let Some(page) = &row.checkout {
        store::end_later(&tx.sql, page, EndingWay::Checkout, now).await?;
    }
    Ok(())
}

/// Has the plan of `me` end when what is paid for is over; or, where it is over and its payment is being tried still,
/// not be paid any more. Gives the order's id.
///
/// # Errors
/// `NO_PLAN_IN_EFFECT`.
pub async fn cancel(
    app: &Arc<App>,
    me: Uuid,
    idempotency_key: Option<String>,
) -> Result<Uuid, Rejection> {
    let slot = Slot::of(app, me, idempotency_key, "cancelPlan", &())?;
    once(app, slot, move |app, tx| {
        Box::pin(async move {
            users::hold(&tx.sql, [me]).await?;
            let now = app.clock.now();
            let plan = match store::in_effect(&tx.sql, me, now).await? {
                Some(plan) => Some(plan),
                None => charged(tx, me).await?,
            };
            let plan = plan.ok_or_else(no_plan)?;
            stop_renewing(tx, [me, plan.id], now).await?;
            Ok(plan.id)
        })
    })
    .await
}

fn no_plan() -> UserError {
    UserError::new(UserErrorCode::NoPlanInEffect, "You have no plan.")
}

/// The last order of `user`, who is held, that was paid and is to be paid again.
async fn charged(tx: &Tx, user: Uuid) -> Result<Option<order::Model>, Rejection> {
    // Whoever orders anew ends it, so that it is among the last.
    let latest = store::page(&tx.sql, user, &PageArgs::default().page(0)?).await?;
    Ok(latest.rows.into_iter().find(is_charged))
}

/// Has the order with `key`, whose user is held, be paid no more.
async fn stop_renewing(tx: &Tx, key: OrderKey, now: DateTime<Utc>) -> Result<(), Rejection> {
    let held = store::hold(&tx.sql, key).await?;
    let Some(mut row) = held.filter(renews) else {
        return Ok(());
    };
    let way = stop(&mut row, now);
    write_settled(tx, row, way, now).await
}

/// Writes `row`, which is held, as it is worth now; and has its provider be told.
async fn write_settled(
    tx: &Tx,
    mut row: order::Model,
    way: EndingWay,
    now: DateTime<Utc>,
) -> Result<(), Rejection> {
    let entries = ledger::entries(&tx.sql, row.payer_id).await?;
    settle(&mut row, &entries);
    store::write(&tx.sql, &row).await?;
    if let Some(subscription) = &row.subscription {
        store::end_later(&tx.sql, subscription, way, now).await?;
    }
    Ok(())
}

/// Has the plan of `me`, which was cancelled, be renewed after all. Gives the order's id.
///
/// # Errors
/// `PLANS_NOT_SET_UP`, `NO_PLAN_IN_EFFECT`, `PLAN_NOT_RESUMABLE`.
pub async fn resume(
    app: &Arc<App>,
    me: Uuid,
    idempotency_key: Option<String>,
) -> Result<Uuid, Rejection> {
    if !app.payments.is_set_up() {
        return Err(not_set_up().into());
    }
    let slot = Slot::of(app, me, idempotency_key, "resumePlan", &())?;
    once(app, slot, move |app, tx| {
        Box::pin(async move {
            users::hold(&tx.sql, [me]).await?;
            let now = app.clock.now();
            let plan = store::in_effect(&tx.sql, me, now).await?;
            let key = [me, plan.ok_or_else(no_plan)?.id];
            let Some(mut row) = store::hold(&tx.sql, key).await? else {
                return Err(no_plan().into());
            };
            if renews(&row) {
                return Ok(row.id);
            }
            let entries = ledger::entries(&tx.sql, row.payer_id).await?;
            let customer = row.customer.as_deref();
            let is_known = customer.is_some_and(|customer| app.payments.knows(customer));
            // (It may have ended in this moment.)
            let is_over = row.paid_until.is_none_or(|until| until <= now);
            if !is_known || is_over || row.ended_at.is_some() || is_to_end(&row, &entries) {
                return Err(not_resumable().into());
            }
            (row.cancelled_at, row.told_at) = (None, Some(now));
            let id = row.id;
            write_settled(tx, row, EndingWay::NotAtAll, now).await?;
            Ok(id)
        })
    })
    .await
}

fn not_resumable() -> UserError {
    let said = "This plan has ended where it was paid, and goes on up to its end. Then you can buy another.";
    UserError::new(UserErrorCode::PlanNotResumable, said)
}

/// Has nothing more be charged to `user`, who is held, and absent until `until`, or until that is ended: where that
/// is longer than what they have paid for. What they have paid for stays theirs; what they ordered is paid no more.
///
/// # Errors
/// The database's.
pub async fn away(
    app: &App,
    tx: &Tx,
    user: Uuid,
    until: Option<DateTime<Utc>>,
) -> Result<(), Rejection> {
    let now = app.clock.now();
    let latest = store::page(&tx.sql, user, &PageArgs::default().page(0)?).await?;
    for row in latest.rows {
        // As it is once nobody else changes it: it may be paid in this moment. (Who pays later finds them absent.)
        let Some(row) = store::hold(&tx.sql, [user, row.id]).await? else {
            continue;
        };
        if row.state == OrderState::Open && row.open_until > now {
            withdraw(tx, row, now).await?;
        } else if is_charged(&row) && is_longer(until, &row) {
            stop_renewing(tx, [user, row.id], now).await?;
        }
    }
    Ok(())
}
