//! Plans and orders, in the API.

use async_graphql::{Enum, SimpleObject};
use chrono::{DateTime as Time, Utc};
use entity::{order, payment_values};

use super::settling::{is_failing, is_in_effect, renews};
use crate::{
    config::Offer,
    graphql::{id::NodeId, scalar::DateTime},
    ids::Kind,
    paging::{connection, int},
};

const MEGABYTE: i64 = 1_000_000;

/// What can be had for a fee: more space for photos, and more footprints to take back.
#[derive(Clone, Debug, SimpleObject)]
pub struct Plan {
    /// What it is called, for `buyPlan`. It stays the same.
    pub name: String,
    /// The space for photos that somebody has with it, in bytes.
    pub space: i32,
    /// What it costs a month, in yen, taxes included.
    pub yen_per_month: i32,
    /// How many footprints somebody can take back with it in a month, in Japan.
    pub footprints_to_take_back_per_month: i32,
}

impl Plan {
    fn new(name: &str, [megabytes, yen, take_backs]: [i64; 3]) -> Self {
        Self {
            name: name.to_owned(),
            space: int(megabytes.saturating_mul(MEGABYTE)),
            yen_per_month: int(yen),
            footprints_to_take_back_per_month: int(take_backs),
        }
    }
}

impl From<&Offer> for Plan {
    fn from(offer: &Offer) -> Self {
        let figures = [offer.megabytes, offer.yen, offer.take_backs];
        Self::new(&offer.name, figures)
    }
}

impl From<&order::Model> for Plan {
    /// As it was when it was ordered.
    fn from(order: &order::Model) -> Self {
        let figures = [order.megabytes, order.yen, order.take_backs];
        Self::new(&order.plan, figures)
    }
}

/// The plan that you have. When it ends nothing is lost: what takes more space than everybody has stays, and
/// only uploading is refused then.
#[derive(Clone, Debug, SimpleObject)]
pub struct PlanInEffect {
    /// What you have, as it was when you ordered it: it stays so, whatever is offered since.
    pub plan: Plan,
    /// Since when.
    pub since: DateTime,
    /// Up to when it is paid for.
    pub paid_until: DateTime,
    /// Up to when it is in effect, if nothing more is paid: where it is renewed, some days longer than it is paid
    /// for, in which the next payment is made.
    pub in_effect_until: DateTime,
    /// Whether it is to be paid again then. `cancelPlan` has it not be, and `resumePlan` be after all.
    pub renews: bool,
    /// Whether the payment that was due has failed, so far. It is tried again; tell people to look after their means
    /// of payment.
    pub is_payment_failing: bool,
}

impl PlanInEffect {
    /// What `order` gives, which is paid; none where it is not.
    pub fn of(order: &order::Model) -> Option<Self> {
        Some(Self {
            plan: order.into(),
            since: order.paid_at?.into(),
            paid_until: order.paid_until?.into(),
            in_effect_until: order.holds_until?.into(),
            renews: renews(order),
            is_payment_failing: is_failing(order),
        })
    }
}

/// What has become of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum OrderState {
    /// It waits to be paid: lead people to its `checkoutUrl`.
    Open,
    /// It is paid, and its plan in effect.
    Active,
    /// It was paid, and its plan is over.
    Ended,
    /// It was not paid in time, or another took its place. Nothing was charged.
    Expired,
}

/// An order of a plan. Only you see yours.
#[derive(Clone, Debug, SimpleObject)]
pub struct Order {
    /// Names this order for ever.
    pub id: NodeId,
    /// What was ordered, as it was offered then.
    pub plan: Plan,
    /// What has become of it.
    pub state: OrderState,
    /// When it was made.
    pub created_at: DateTime,
    /// Where it is paid: a page of whoever takes the payments. It leads back to the page of the front end that the
    /// service was told. Ask then for the order, the first of `Viewer.orders`, until it is ACTIVE, which takes
    /// moments. Null where it is not OPEN.
    pub checkout_url: Option<String>,
    /// When it was paid first; null before.
    pub paid_at: Option<DateTime>,
    /// Up to when it is paid for; null before, and where all of it was given back.
    pub paid_until: Option<DateTime>,
    /// Whether more is to be paid for it: `cancelPlan` has it not be. Of one that is ENDED, too, while a payment that
    /// has failed is tried again.
    pub renews: bool,
    /// What was paid for it by now, in yen.
    pub paid: i32,
    /// What of that was given back, in yen, or taken back by a bank for somebody disputes it.
    pub refunded: i32,
}

impl Order {
    /// What `row` is at `now`.
    pub fn new(row: &order::Model, now: Time<Utc>) -> Self {
        let state = state(row, now);
        let is_open = state == OrderState::Open;
        Self {
            id: NodeId::new(Kind::Order, [row.user_id, row.id]),
            plan: row.into(),
            state,
            created_at: row.created_at.into(),
            checkout_url: row.checkout_url.clone().filter(|_| is_open),
            paid_at: row.paid_at.map(Into::into),
            paid_until: row.paid_until.map(Into::into),
            renews: row.paid_at.is_some() && renews(row),
            paid: int(row.paid_yen),
            refunded: int(row.refunded_yen),
        }
    }
}

fn state(row: &order::Model, now: Time<Utc>) -> OrderState {
    let holds = is_in_effect(row, now);
    match row.state {
        payment_values::OrderState::Open if row.open_until > now => OrderState::Open,
        payment_values::OrderState::Open | payment_values::OrderState::Expired => {
            OrderState::Expired
        }
        payment_values::OrderState::Paid if holds => OrderState::Active,
        payment_values::OrderState::Paid => OrderState::Ended,
    }
}

connection! {
    /// A page of your orders.
    OrderConnection,
    /// An order in a list.
    OrderEdge {},
    Order,
    /// How many there are; always null: there are few.
    Option<i32>
}
