//! What was cancelled is taken up again, before its end.

use std::sync::Arc;

use ashiato::{config::Rules, payment::Nobody, plan::ending};
use chrono::{DateTime, Utc};
use entity::payment_values::EndingWay;
use serde_json::{Value, json};

use super::{agrees, buy, count, mine, month, rules, tell, world};
use crate::support::{till::Mood, world::World};

const FIELDS: &str = "order { id state renews paidUntil }";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_plan_that_was_cancelled_goes_on_after_all() {
    let (world, till) = world().await;
    let me = world.person("me").await;
    let bought = buy(&me, "plus").await;
    tell(&world, bought.paid(1)).await;
    let before = mine(&me).await;
    me.mutate("cancelPlan", json!({}), "").await;
    assert_eq!(mine(&me).await["plan"]["renews"], false);
    ending::catch_up(&world.app).await.unwrap();
    world.clock.set("2006-05-20T00:00:00Z");
    let key = json!({ "idempotencyKey": "on" });
    let none = json!({});
    for input in [key.clone(), none.clone(), key] {
        let resumed = me.mutate("resumePlan", input, FIELDS).await["order"].clone();
        assert_eq!(resumed["state"], "ACTIVE");
        assert_eq!(resumed["renews"], true);
    }
    assert_eq!(mine(&me).await, before);
    ending::catch_up(&world.app).await.unwrap();
    let way = |way| (bought.subscription(), way);
    let told = [way(EndingWay::AtPeriodEnd), way(EndingWay::NotAtAll)];
    assert_eq!(till.ended(), told);
    // The provider's own words of both, in the other order.
    tell(&world, bought.renewal(true, at("2006-05-20T00:00:02Z"))).await;
    tell(&world, bought.renewal(false, at("2006-05-20T00:00:01Z"))).await;
    assert_eq!(mine(&me).await, before);
    // It is renewed, and can be cancelled as before.
    world.clock.set("2006-06-01T05:00:00Z");
    tell(&world, bought.paid(2)).await;
    let plan = mine(&me).await["plan"].clone();
    assert_eq!(plan["paidUntil"], "2006-07-01T03:00:00.000Z");
    me.mutate("cancelPlan", none, "").await;
    assert_eq!(mine(&me).await["plan"]["renews"], false);
    agrees(&world).await;
}

/// Of what the provider was not told yet the last is told alone; and what it says meanwhile is of before.
#[tokio::test]
async fn what_the_provider_says_before_it_was_told_is_not_heard() {
    let (world, till) = world().await;
    let me = world.person("me").await;
    let bought = buy(&me, "plus").await;
    tell(&world, bought.paid(1)).await;
    let renews = async || mine(&me).await["plan"]["renews"].clone();
    till.be(Mood::Busy);
    me.mutate("cancelPlan", json!({}), "").await;
    ending::catch_up(&world.app).await.unwrap();
    world.clock.set("2006-05-03T00:00:00Z");
    tell(&world, bought.renewal(true, at("2006-05-02T00:00:00Z"))).await;
    assert_eq!(renews().await, false, "it does not know yet");
    me.mutate("resumePlan", json!({}), "").await;
    tell(&world, bought.renewal(false, at("2006-05-03T00:00:01Z"))).await;
    assert_eq!(renews().await, true, "nor this");
    till.be(Mood::Well);
    let before = till.ended().len();
    ending::catch_up(&world.app).await.unwrap();
    let told = (bought.subscription(), EndingWay::NotAtAll);
    assert_eq!(till.ended()[before..], [told]);
    assert_eq!(count(&world, "payment_endings").await, 0);
    // From then on it knows.
    tell(&world, bought.renewal(false, at("2006-05-04T00:00:00Z"))).await;
    assert_eq!(renews().await, false);
    agrees(&world).await;
}

#[tokio::test]
async fn what_is_over_is_not_taken_up_again() {
    let (world, _) = world().await;
    let me = world.person("me").await;
    let refused = async || me.refusal("resumePlan", json!({})).await;
    assert_eq!(refused().await, "NO_PLAN_IN_EFFECT");
    let bought = buy(&me, "plus").await;
    assert_eq!(refused().await, "NO_PLAN_IN_EFFECT");
    tell(&world, bought.paid(1)).await;
    // The provider has ended it.
    tell(&world, bought.ended(at("2006-05-02T00:00:00Z"))).await;
    let before = mine(&me).await;
    assert_eq!(refused().await, "PLAN_NOT_RESUMABLE");
    assert_eq!(mine(&me).await, before);
    world.clock.set("2006-06-01T03:00:00Z");
    assert_eq!(refused().await, "NO_PLAN_IN_EFFECT");
    // Another took its place: that is had for longer.
    let plus = buy(&me, "plus").await;
    let huge = buy(&me, "huge").await;
    tell(&world, plus.paid(3)).await;
    tell(&world, huge.paid(2)).await;
    let plan = mine(&me).await["plan"].clone();
    assert_eq!(plan["plan"]["name"], "plus");
    assert_eq!(plan["renews"], false);
    assert_eq!(refused().await, "PLAN_NOT_RESUMABLE");
    // Nor what is given back, for its month before.
    tell(&world, plus.ended(month(4))).await;
    let other = world.person("other").await;
    let twice = buy(&other, "plus").await;
    for event in [twice.paid(2), twice.paid(3), twice.refunded(3, 300)] {
        tell(&world, event).await;
    }
    assert_eq!(
        other.refusal("resumePlan", json!({})).await,
        "PLAN_NOT_RESUMABLE"
    );
    agrees(&world).await;
}

/// Where nobody takes payments any more, or another provider does.
#[tokio::test]
async fn where_it_was_paid_must_be_there() {
    let (world, _) = world().await;
    let me = world.person("me").await;
    let bought = buy(&me, "plus").await;
    tell(&world, bought.paid(1)).await;
    me.mutate("cancelPlan", json!({}), "").await;
    let later = World::paying_as(&world, rules(), Arc::new(Nobody)).await;
    let there = later.known("me").await;
    assert_eq!(
        there.refusal("resumePlan", json!({})).await,
        "PLANS_NOT_SET_UP"
    );
    let free = world.beside_with(Rules::default()).await;
    let there = free.known("me").await;
    assert_eq!(
        there.refusal("resumePlan", json!({})).await,
        "PLAN_NOT_RESUMABLE"
    );
    assert_eq!(mine(&me).await["plan"]["renews"], Value::Bool(false));
}
