//! Ordering a plan, and having it end.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    order,
    payment_values::{EndingWay, OrderState},
};
use uuid::Uuid;

use super::{
    opening::open,
    settling::{renews, settle},
    store::{self, OrderKey},
};
use crate::{
    app::App,
    config::Offer,
    database::Tx,
    error::Error,
    idempotency::{Slot, once},
    paging::PageArgs,
    rejection::{Rejection, UserError, reason::plan::PlanReason},
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
        return Err(UserError::new(PlanReason::PlansNotSetUp).into());
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

fn no_such_plan() -> UserError {
    UserError::on("planName", PlanReason::NoSuchPlan)
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
        return Err(UserError::new(PlanReason::PlanNotForMinors).into());
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
        return Err(UserError::new(PlanReason::OrderLimitReached).into());
    }
    for row in open {
        withdraw(tx, row.clone(), now).await?;
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
    // One that is in effect is paid.
    let until = plan.paid_until.unwrap_or_default();
    UserError::new(match renews(plan) {
        true => PlanReason::PlanRenews { until },
        false => PlanReason::PlanInEffect { until },
    })
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

/// Has the plan of `me` end when what is paid for is over. Gives the order's id.
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
            let Some(plan) = store::in_effect(&tx.sql, me, now).await? else {
                return Err(UserError::new(PlanReason::NoPlanInEffect).into());
            };
            stop_renewing(tx, [me, plan.id], now).await?;
            Ok(plan.id)
        })
    })
    .await
}

/// Has the order with `key`, whose user is held, be paid no more.
async fn stop_renewing(tx: &Tx, key: OrderKey, now: DateTime<Utc>) -> Result<(), Rejection> {
    let held = store::hold(&tx.sql, key).await?;
    let Some(mut row) = held.filter(renews) else {
        return Ok(());
    };
    (row.cancelled_at, row.told_at) = (Some(now), Some(now));
    let entries = store::entries(&tx.sql, row.payer_id).await?;
    settle(&mut row, &entries);
    store::write(&tx.sql, &row).await?;
    if let Some(subscription) = &row.subscription {
        // Of what is over already the next payment is being tried: that, too, is not to be made.
        let is_over = row.paid_until.is_none_or(|until| until <= now);
        let way = match is_over {
            true => EndingWay::AtOnce,
            false => EndingWay::AtPeriodEnd,
        };
        store::end_later(&tx.sql, subscription, way, now).await?;
    }
    Ok(())
}

/// Has nothing more be charged to `user`, who is held, and suspended until `until`, or until that is lifted: where
/// that is longer than what they have paid for. What they have paid for stays theirs.
///
/// # Errors
/// The database's.
pub async fn suspended(
    app: &App,
    tx: &Tx,
    user: Uuid,
    until: Option<DateTime<Utc>>,
) -> Result<(), Rejection> {
    let now = app.clock.now();
    let Some(plan) = store::in_effect(&tx.sql, user, now).await? else {
        return Ok(());
    };
    let is_longer = until.is_none_or(|until| plan.paid_until.is_none_or(|paid| until > paid));
    match is_longer {
        true => stop_renewing(tx, [user, plan.id], now).await,
        false => Ok(()),
    }
}
