//! What happens at once, on two servers: one order, one entry a bill, and balances that add up.

use std::sync::Arc;

use ashiato::plan::hearing::{Heard, hear};
use futures_util::future::join_all;
use serde_json::json;

use super::{agrees, buy, count, mine, rules, states, world};
use crate::support::world::World;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_order_at_once_one_order_is_made() {
    let (world, till) = world().await;
    let beside = World::paying_as(&world, rules(), Arc::new(till)).await;
    let me = world.person("me").await;
    let there = beside.known("me").await;
    let calls = (0..10).map(|turn| {
        let who = if turn % 2 == 0 { &me } else { &there };
        who.mutate(
            "buyPlan",
            json!({ "planName": "plus" }),
            "order { id checkoutUrl }",
        )
    });
    let mut orders = join_all(calls).await;
    orders.dedup_by_key(|payload| payload["order"].to_string());
    assert_eq!(orders.len(), 1, "{orders:?}");
    assert!(orders[0]["order"]["checkoutUrl"].is_string());
    assert_eq!(count(&world, "orders").await, 1);
    assert_eq!(count(&world, "payers").await, 1);
    agrees(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_told_at_once_is_heard_once_each() {
    let (world, till) = world().await;
    let beside = World::paying_as(&world, rules(), Arc::new(till)).await;
    let people = world.people("person", 3).await;
    let mut bought = Vec::new();
    for person in &people {
        bought.push(buy(person, "plus").await);
    }
    let apps = [&world.app, &beside.app];
    let mut telling = Vec::new();
    for turn in 0..4 {
        for (place, one) in bought.iter().enumerate() {
            for number in 1..=3 {
                telling.push((apps[(turn + place) % 2], one.paid(number)));
                telling.push((
                    apps[(turn + number as usize) % 2],
                    one.refunded(number, 100),
                ));
            }
        }
    }
    let told = join_all(telling.iter().map(|(app, event)| hear(app, event.clone()))).await;
    let done = told.into_iter().filter(|it| matches!(it, Ok(Heard::Done)));
    // (What met another's transaction too often would be told again.)
    assert!(done.count() <= 18);
    for (app, event) in &telling {
        hear(app, event.clone()).await.unwrap();
    }
    assert_eq!(count(&world, "ledger_entries").await, 18);
    assert_eq!(count(&world, "payment_events").await, 18);
    agrees(&world).await;
    for person in &people {
        let has = mine(person).await;
        assert_eq!(has["plan"]["paidUntil"], "2006-08-01T03:00:00.000Z");
        let row = &has["orders"]["nodes"][0];
        assert_eq!([&row["paid"], &row["refunded"]], [900, 300]);
    }
}

/// Two plans are paid, cancelled and bought in the same moments.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_buys_pays_and_cancels_at_once_has_one_plan_that_renews() {
    let (world, till) = world().await;
    let beside = World::paying_as(&world, rules(), Arc::new(till)).await;
    for round in 0..6 {
        let name = format!("person{round}");
        let me = world.person(&name).await;
        let there = beside.known(&name).await;
        let (plus, huge) = (buy(&me, "plus").await, buy(&me, "huge").await);
        let (one, other, _, _) = tokio::join!(
            hear(&world.app, plus.paid(1)),
            hear(&beside.app, huge.paid(1)),
            me.attempt("buyPlan", json!({ "planName": "plus" }), ""),
            there.attempt("buyPlan", json!({ "planName": "huge" }), ""),
        );
        assert_eq!((one.unwrap(), other.unwrap()), (Heard::Done, Heard::Done));
        let paid = states(&me).await;
        assert_eq!(paid.iter().filter(|it| *it == "ACTIVE").count(), 2);
        let renewing = format!(
            "SELECT count(*) FROM orders AS o JOIN users AS u ON u.id = o.user_id \
             WHERE u.username = '{name}' AND o.state = 'PAID' AND o.cancelled_at IS NULL"
        );
        assert_eq!(super::one::<i64>(&world, &renewing).await, 1);
        tokio::join!(
            me.attempt("cancelPlan", json!({}), ""),
            there.attempt("cancelPlan", json!({}), ""),
            hear(&beside.app, plus.paid(2)),
        )
        .2
        .unwrap();
        agrees(&world).await;
    }
}
