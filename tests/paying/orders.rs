//! Orders, until they are paid.

use std::sync::Arc;

use ashiato::{config::Rules, payment::Nobody, plan::ending};
use chrono::Duration;
use entity::payment_values::EndingWay;
use serde_json::{Value, json};

use super::{agrees, buy, count, mine, rules, states, tell, world};
use crate::support::{
    till::{Asked, Mood, Till},
    world::World,
};

const FIELDS: &str = "order { id state checkoutUrl plan { name yenPerMonth } }";

#[tokio::test]
async fn an_order_leads_to_where_it_is_paid_and_is_one_until_then() {
    let (world, till) = world().await;
    let me = world.person("me").await;
    let first = me
        .mutate("buyPlan", json!({ "planName": "plus" }), FIELDS)
        .await["order"]
        .clone();
    assert_eq!(first["state"], "OPEN");
    assert_eq!(first["plan"], json!({ "name": "plus", "yenPerMonth": 300 }));
    let bought = buy(&me, "plus").await;
    let url = format!("https://pay.example/{}", bought.order);
    assert_eq!(first["checkoutUrl"], json!(url));
    let again = me
        .mutate("buyPlan", json!({ "planName": "plus" }), FIELDS)
        .await;
    assert_eq!(again["order"], first);
    assert_eq!(states(&me).await, ["OPEN"]);
    let asked = till.asked();
    let [
        Asked::Customer(payer),
        Asked::Checkout(order, customer, plan, yen),
    ] = &asked[..]
    else {
        panic!("{asked:?}");
    };
    assert_eq!(*order, bought.order);
    assert_eq!(*customer, format!("cus_{payer}"));
    assert_eq!((plan.as_str(), *yen), ("plus", 300));
    assert_ne!(*payer, bought.user, "a provider is told no id of a user");
    // Nothing is had before it is paid.
    assert_eq!(mine(&me).await["plan"], Value::Null);
    assert_eq!(mine(&me).await["photoSpace"]["quota"], 100_000_000);
    agrees(&world).await;
    // Not paid, it is over after a day: then there is another, of the same who pays.
    world.clock.advance(Duration::hours(24));
    assert_eq!(states(&me).await, ["EXPIRED"]);
    let shown = mine(&me).await["orders"]["nodes"][0]["checkoutUrl"].clone();
    assert_eq!(shown, Value::Null);
    let second = buy(&me, "plus").await;
    assert_ne!(second.order, bought.order);
    assert_eq!(second.customer, bought.customer);
    assert_eq!(states(&me).await, ["OPEN", "EXPIRED"]);
    agrees(&world).await;
}

#[tokio::test]
async fn another_plan_takes_the_place_of_one_that_is_not_paid_yet() {
    let (world, till) = world().await;
    let me = world.person("me").await;
    let plus = buy(&me, "plus").await;
    let huge = buy(&me, "huge").await;
    assert_eq!(states(&me).await, ["OPEN", "EXPIRED"]);
    assert_eq!(till.ended(), []);
    ending::catch_up(&world.app).await.unwrap();
    let page = (format!("cs_{}", plus.order), EndingWay::Checkout);
    assert_eq!(till.ended(), [page]);
    assert_eq!(ending::catch_up(&world.app).await.unwrap(), 0, "told once");
    // It was paid all the same, in that moment: it is had, and the other one is charged no more once it is paid.
    tell(&world, plus.paid(1)).await;
    assert_eq!(mine(&me).await["plan"]["plan"]["name"], "plus");
    tell(&world, huge.paid(1)).await;
    ending::catch_up(&world.app).await.unwrap();
    let last = till.ended().pop().unwrap();
    assert_eq!(last, (plus.subscription(), EndingWay::AtOnce));
    assert_eq!(count(&world, "ledger_entries").await, 2);
    agrees(&world).await;
}

#[tokio::test]
async fn a_key_makes_one_order() {
    let (world, till) = world().await;
    let me = world.person("me").await;
    let input = json!({ "planName": "plus", "idempotencyKey": "buy" });
    let first = me.mutate("buyPlan", input.clone(), FIELDS).await;
    let bought = buy(&me, "plus").await;
    tell(&world, bought.paid(1)).await;
    // A repetition tells what has become of it.
    let again = me.mutate("buyPlan", input, FIELDS).await;
    assert_eq!(again["order"]["id"], first["order"]["id"]);
    assert_eq!(again["order"]["state"], "ACTIVE");
    assert_eq!(till.asked().len(), 2);
    let document = "mutation($input: BuyPlanInput!) { buyPlan(input: $input) { order { id } } }";
    let other = json!({ "input": { "planName": "huge", "idempotencyKey": "buy" } });
    assert_eq!(me.error(document, other).await, "IDEMPOTENCY_KEY_REUSED");
}

#[tokio::test]
async fn what_cannot_be_bought_is_refused() {
    let (world, till) = world().await;
    let me = world.person("me").await;
    for name in ["", "Plus", "free", "plus\u{0}"] {
        let refused = me
            .attempt("buyPlan", json!({ "planName": name }), "order { id }")
            .await;
        let expected = json!([{ "code": "NOT_FOUND", "field": ["planName"] }]);
        assert_eq!(refused["userErrors"], expected, "{name}");
    }
    let minor = world.person_born("minor", "1988-05-02").await;
    let input = json!({ "planName": "plus" });
    assert_eq!(
        minor.refusal("buyPlan", input.clone()).await,
        "PLAN_NOT_FOR_MINORS"
    );
    assert_eq!(count(&world, "orders").await, 0);
    assert_eq!(till.asked(), []);
    // From the birthday on.
    world.clock.set("2006-05-01T15:00:00Z");
    minor.mutate("buyPlan", input, "").await;
}

#[tokio::test]
async fn where_nobody_takes_payments_nothing_is_sold() {
    let world = World::paying(Rules::default(), Arc::new(Nobody)).await;
    let me = world.person("me").await;
    assert_eq!(
        me.run("{ plans { name } }", json!({})).await["plans"],
        json!([])
    );
    let input = json!({ "planName": "plus" });
    assert_eq!(me.refusal("buyPlan", input).await, "PLANS_NOT_SET_UP");
    assert_eq!(count(&world, "orders").await, 0);
}

#[tokio::test]
async fn what_the_provider_does_not_do_is_said_and_goes_on_later() {
    let (world, till) = world().await;
    let me = world.person("me").await;
    let input = json!({ "planName": "plus", "idempotencyKey": "buy" });
    till.be(Mood::Busy);
    for _ in 0..2 {
        let refused = me.refusal("buyPlan", input.clone()).await;
        assert_eq!(refused, "PAYMENT_UNAVAILABLE");
    }
    assert_eq!(states(&me).await, ["OPEN"]);
    till.be(Mood::Well);
    let order = me.mutate("buyPlan", input, FIELDS).await["order"].clone();
    assert_eq!(order["state"], "OPEN");
    assert!(order["checkoutUrl"].is_string());
    assert_eq!(count(&world, "orders").await, 1);
    // What it will not do for this order, it may for another.
    till.be(Mood::Refusing);
    let huge = json!({ "planName": "huge" });
    assert_eq!(
        me.refusal("buyPlan", huge.clone()).await,
        "PAYMENT_UNAVAILABLE"
    );
    assert_eq!(states(&me).await, ["EXPIRED", "EXPIRED"]);
    till.be(Mood::Well);
    let bought = buy(&me, "huge").await;
    assert_eq!(states(&me).await, ["OPEN", "EXPIRED", "EXPIRED"]);
    tell(&world, bought.paid(1)).await;
    assert_eq!(mine(&me).await["photoSpace"]["quota"], 2_000_000_000);
    agrees(&world).await;
}

/// A page would be made for it beside that of another order.
#[tokio::test]
async fn what_was_not_begun_in_time_is_not_begun_by_a_repetition() {
    let (world, till) = world().await;
    let me = world.person("me").await;
    let input = json!({ "planName": "plus", "idempotencyKey": "buy" });
    till.be(Mood::Busy);
    let refused = me.refusal("buyPlan", input.clone()).await;
    assert_eq!(refused, "PAYMENT_UNAVAILABLE");
    till.be(Mood::Well);
    world.clock.advance(Duration::hours(24));
    let bought = buy(&me, "plus").await;
    let asked = till.asked().len();
    let again = me.mutate("buyPlan", input, FIELDS).await["order"].clone();
    assert_eq!(again["state"], "EXPIRED");
    assert_eq!(again["checkoutUrl"], Value::Null);
    assert_eq!(till.asked().len(), asked);
    tell(&world, bought.paid(1)).await;
    assert_eq!(states(&me).await, ["ACTIVE", "EXPIRED"]);
    agrees(&world).await;
}

/// What is to be ended is told until it is.
#[tokio::test]
async fn what_the_provider_does_not_end_is_tried_again() {
    let (world, till) = world().await;
    let me = world.person("me").await;
    let bought = buy(&me, "plus").await;
    tell(&world, bought.paid(1)).await;
    me.mutate("cancelPlan", json!({}), "").await;
    till.be(Mood::Busy);
    assert_eq!(ending::catch_up(&world.app).await.unwrap(), 0);
    let tried = till.ended().len();
    assert_eq!(ending::catch_up(&world.app).await.unwrap(), 0);
    assert_eq!(till.ended().len(), tried, "not at once");
    for minutes in [1, 2, 4] {
        world.clock.advance(Duration::minutes(minutes));
        ending::catch_up(&world.app).await.unwrap();
    }
    assert_eq!(till.ended().len(), tried + 3);
    till.be(Mood::Well);
    world.clock.advance(Duration::days(1));
    assert_eq!(ending::catch_up(&world.app).await.unwrap(), 1);
    assert_eq!(count(&world, "payment_endings").await, 0);
    for (reference, way) in till.ended() {
        assert_eq!(
            (reference, way),
            (bought.subscription(), EndingWay::AtPeriodEnd)
        );
    }
}

#[tokio::test]
async fn nobody_orders_without_an_end() {
    let (world, _) = world().await;
    let me = world.person("me").await;
    let mut made = 0;
    let refused = loop {
        let plan = ["plus", "huge"][made % 2];
        let payload = me.attempt("buyPlan", json!({ "planName": plan }), "").await;
        if payload["userErrors"] != json!([]) {
            break payload["userErrors"][0]["code"].clone();
        }
        made += 1;
    };
    assert_eq!((made, refused), (21, json!("ORDER_LIMIT_REACHED")));
    world.clock.advance(Duration::days(1));
    buy(&me, "plus").await;
}

/// What was offered at the time is what is had.
#[tokio::test]
async fn another_price_is_another_order_and_what_is_paid_stays() {
    let (world, till) = world().await;
    let me = world.person("me").await;
    let bought = buy(&me, "plus").await;
    let dearer = Rules {
        plans: vec!["plus:500:600:20".parse().unwrap()],
        ..rules()
    };
    let till: Till = till.clone();
    let later = World::paying_as(&world, dearer, Arc::new(till)).await;
    let there = later.known("me").await;
    let second = buy(&there, "plus").await;
    assert_ne!(second.order, bought.order);
    tell(&world, second.paid(1)).await;
    for who in [&me, &there] {
        let plan = mine(who).await["plan"]["plan"].clone();
        assert_eq!(plan["space"], 500_000_000);
    }
    // Nothing is offered any more: it goes on.
    let none = Rules {
        plans: Vec::new(),
        ..rules()
    };
    let last = World::paying_as(&world, none, Arc::new(Till::default())).await;
    let there = last.known("me").await;
    assert_eq!(mine(&there).await["photoSpace"]["quota"], 500_000_000);
    agrees(&world).await;
}
