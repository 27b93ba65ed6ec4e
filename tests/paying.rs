//! rules.md, Diaries 6 and Footprints 6: more space for a small fee, and more footprints to take back.

mod away;
mod cancelling;
mod crowds;
mod disputes;
mod forged;
mod free;
mod leaving;
mod ledger;
mod news;
mod operator;
mod orders;
mod refunds;
mod resuming;
mod settings;
mod space;
mod stripe;
mod telling;
mod webhooks;

use std::sync::Arc;

use ashiato::{
    bulk::recount::recount,
    config::Rules,
    ids::{GlobalId, Kind},
    payment::{Event, Told, Which},
    plan::hearing::{Heard, hear},
};
use chrono::{DateTime, Months, Utc};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{
    sql,
    till::Till,
    world::{Person, World},
};

/// What somebody sees of their plan.
const MINE: &str = "{ viewer { plan { plan { name space yenPerMonth footprintsToTakeBackPerMonth }
    since paidUntil inEffectUntil renews isPaymentFailing } photoSpace { quota } footprintsToTakeBack
    orders { totalCount nodes { id state checkoutUrl paidAt paidUntil paid refunded } } } }";

/// A service, and who takes its payments.
async fn world() -> (World, Till) {
    let till = Till::default();
    let world = World::paying(rules(), Arc::new(till.clone())).await;
    (world, till)
}

/// With a second plan.
fn rules() -> Rules {
    let plans = ["plus:1000:300:30", "huge:2000:800:50"];
    Rules {
        plans: plans.map(|plan| plan.parse().unwrap()).to_vec(),
        ..Rules::default()
    }
}

/// What `who` has.
async fn mine(who: &Person<'_>) -> Value {
    who.run(MINE, json!({})).await["viewer"].clone()
}

/// The states of the orders of `who`, the last first.
async fn states(who: &Person<'_>) -> Vec<String> {
    let mine = mine(who).await;
    let orders = mine["orders"]["nodes"].as_array().unwrap().iter();
    orders
        .map(|order| order["state"].as_str().unwrap().to_owned())
        .collect()
}

/// An order that waits to be paid.
#[derive(Clone, Debug)]
struct Bought {
    user: Uuid,
    order: Uuid,
    customer: String,
}

/// Has `who` order a plan.
async fn buy(who: &Person<'_>, plan: &str) -> Bought {
    let fields = "order { id state checkoutUrl }";
    let input = json!({ "planName": plan });
    let order = who.mutate("buyPlan", input, fields).await["order"].clone();
    assert_eq!(order["state"], "OPEN", "{order}");
    let id = order["id"].as_str().unwrap();
    let [user, order] = GlobalId::expect(id, Kind::Order).unwrap();
    let db = who.world.app.database.reader();
    let row = ashiato::plan::store::find(db, [user, order]).await;
    Bought {
        user,
        order,
        customer: row.unwrap().unwrap().customer.unwrap(),
    }
}

/// `months` after the clock's beginning.
fn month(months: u32) -> DateTime<Utc> {
    let beginning: DateTime<Utc> = "2006-05-01T03:00:00Z".parse().unwrap();
    beginning.checked_add_months(Months::new(months)).unwrap()
}

fn event(id: &str, told: Told) -> Event {
    Event {
        id: format!("evt_{id}"),
        kind: "of.a.test".to_owned(),
        told: Some(told),
    }
}

impl Bought {
    fn subscription(&self) -> String {
        format!("sub_{}", self.order)
    }

    /// The bill of a month, from 1 on.
    fn bill(&self, month: u32) -> String {
        format!("in_{}_{month}", self.order)
    }

    fn which(&self) -> Which {
        Which {
            customer: self.customer.clone(),
            subscription: Some(self.subscription()),
            order: Some(self.order),
        }
    }

    /// That the bill of a month was paid, 300 yen.
    fn paid(&self, number: u32) -> Event {
        let reference = self.bill(number);
        event(
            &format!("paid {reference}"),
            Told::Paid {
                which: self.which(),
                reference,
                yen: 300,
                until: month(number),
            },
        )
    }

    /// That so much of the bill of a month was given back by now.
    fn refunded(&self, number: u32, yen: i64) -> Event {
        let reference = self.bill(number);
        event(
            &format!("refunded {reference} {yen}"),
            Told::Refunded {
                customer: self.customer.clone(),
                reference,
                yen,
            },
        )
    }

    /// That a bank took so much of the bill of a month back, or gave it again.
    fn disputed(&self, number: u32, yen: i64, is_over: bool) -> Event {
        let reference = self.bill(number);
        event(
            &format!("disputed {reference} {is_over}"),
            Told::Disputed {
                customer: self.customer.clone(),
                dispute: format!("dp_{reference}"),
                reference,
                yen,
                is_over,
            },
        )
    }

    fn failed(&self, at: DateTime<Utc>) -> Event {
        let which = self.which();
        event(
            &format!("failed {} {at}", self.order),
            Told::Failed { which, at },
        )
    }

    fn renewal(&self, renews: bool, at: DateTime<Utc>) -> Event {
        let which = self.which();
        event(
            &format!("renewal {} {renews} {at}", self.order),
            Told::Renewal { which, renews, at },
        )
    }

    fn ended(&self, at: DateTime<Utc>) -> Event {
        let which = self.which();
        event(
            &format!("ended {} {at}", self.order),
            Told::Ended { which, at },
        )
    }
}

async fn tell(world: &World, event: Event) -> Heard {
    hear(&world.app, event).await.unwrap()
}

/// The first column of the first row.
async fn one<T: sea_orm::TryGetable>(world: &World, text: &str) -> T {
    let db = world.app.database.reader();
    let row = db.query_one_raw(sql::own(db, text)).await.unwrap();
    row.unwrap().try_get_by_index(0).unwrap()
}

async fn count(world: &World, table: &str) -> i64 {
    one(world, &format!("SELECT count(*) FROM {table}")).await
}

async fn balance(world: &World) -> i64 {
    let text = "SELECT CAST(coalesce(sum(yen), 0) AS bigint) FROM ledger_entries";
    one(world, text).await
}

async fn agrees(world: &World) {
    let differences = recount(world.app.database.reader()).await.unwrap();
    assert!(differences.is_empty(), "{differences:#?}");
}

/// All orders of `things`.
fn permutations<T: Clone>(things: &[T]) -> Vec<Vec<T>> {
    let Some((first, rest)) = things.split_first() else {
        return vec![Vec::new()];
    };
    let mut all = Vec::new();
    for rest in permutations(rest) {
        for place in 0..=rest.len() {
            let mut one = rest.clone();
            one.insert(place, first.clone());
            all.push(one);
        }
    }
    all
}
