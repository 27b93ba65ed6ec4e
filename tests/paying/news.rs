//! What the buyer is told of a plan, in the list and live.

use ashiato::{paging::cursor, plan::hearing::Heard};
use chrono::Duration;
use serde_json::{Value, json};

use super::{agrees, buy, month, tell, world};
use crate::support::{
    spoilt,
    world::{Person, World, next},
};

const NODE: &str =
    "kind at actor { id } subject { __typename ... on Order { id state plan { name } } }";

/// What `who` is told of their plans, the last first.
async fn told(who: &Person<'_>) -> Vec<Value> {
    let document = format!("{{ viewer {{ notifications(first: 100) {{ nodes {{ {NODE} }} }} }} }}");
    let data = who.run(&document, json!({})).await;
    let nodes = data["viewer"]["notifications"]["nodes"].as_array().unwrap();
    for node in nodes {
        assert_eq!(node["actor"], Value::Null);
        assert_eq!(node["subject"]["__typename"], "Order");
    }
    nodes.clone()
}

async fn kinds(who: &Person<'_>) -> Vec<String> {
    let told = told(who).await;
    let kinds = told.iter().map(|node| node["kind"].as_str().unwrap());
    kinds.map(str::to_owned).collect()
}

#[tokio::test]
async fn the_buyer_hears_at_once_that_a_plan_has_begun() {
    let (world, _) = world().await;
    let me = world.person("me").await;
    let document = format!(
        "subscription($after: String) {{ notificationReceived(after: $after) {{ cursor node {{ {NODE} }} }} }}"
    );
    let all = json!({ "after": cursor(b'N', &0_i64) });
    let mut live = Box::pin(me.subscribe(&document, all));
    let bought = buy(&me, "plus").await;
    tell(&world, bought.paid(1)).await;
    let event = next(&mut live).await;
    let node = &event["data"]["notificationReceived"]["node"];
    assert_eq!(node["kind"], "PLAN_BEGUN", "{event}");
    assert_eq!(node["subject"]["state"], "ACTIVE");
    assert_eq!(node["subject"]["plan"]["name"], "plus");
    assert_eq!([node.clone()], told(&me).await[..]);
    // Told again, and of the next month, nothing is new.
    assert_eq!(tell(&world, bought.paid(1)).await, Heard::Before);
    tell(&world, bought.paid(2)).await;
    assert_eq!(told(&me).await, [node.clone()]);
    agrees(&world).await;
}

/// Of an order there is one notification, the last.
#[tokio::test]
async fn a_payment_that_failed_is_told_of_until_it_is_made() {
    let (world, _) = world().await;
    let me = world.person("me").await;
    let bought = buy(&me, "plus").await;
    tell(&world, bought.paid(1)).await;
    world.clock.set("2006-06-01T05:00:00Z");
    for minutes in 0..3 {
        let at = month(1) + Duration::minutes(minutes);
        tell(&world, bought.failed(at)).await;
        assert_eq!(kinds(&me).await, ["PLAN_PAYMENT_FAILED"]);
    }
    agrees(&world).await;
    tell(&world, bought.paid(2)).await;
    assert_eq!(kinds(&me).await, [""; 0]);
    // It fails again, and is over by the clock: of that nobody tells. Paid at last, it has begun anew.
    world.clock.set("2006-07-01T05:00:00Z");
    tell(&world, bought.failed(month(2))).await;
    world.clock.set("2006-07-05T00:00:00Z");
    assert_eq!(kinds(&me).await, ["PLAN_PAYMENT_FAILED"]);
    tell(&world, bought.paid(3)).await;
    assert_eq!(kinds(&me).await, ["PLAN_BEGUN"]);
    agrees(&world).await;
    let checks = spoilt::checks(&world.url, "DELETE FROM orders").await;
    assert_eq!(checks, ["notifications: the order"]);
}

#[tokio::test]
async fn a_plan_that_is_over_before_its_time_is_told_of() {
    let (world, _) = world().await;
    for (place, taken) in [false, true].into_iter().enumerate() {
        let me = world.person(&format!("person{place}")).await;
        let bought = buy(&me, "plus").await;
        tell(&world, bought.paid(1)).await;
        let back = match taken {
            false => bought.refunded(1, 300),
            true => bought.disputed(1, 300, false),
        };
        tell(&world, back).await;
        assert_eq!(kinds(&me).await, ["PLAN_ENDED"]);
        assert_eq!(told(&me).await[0]["subject"]["state"], "ENDED");
        tell(&world, bought.ended(month(0))).await;
        assert_eq!(kinds(&me).await, ["PLAN_ENDED"]);
    }
    // Whoever cancels has done it themselves.
    let me = world.person("me").await;
    let bought = buy(&me, "plus").await;
    tell(&world, bought.paid(1)).await;
    me.mutate("cancelPlan", json!({}), "").await;
    tell(&world, bought.ended(month(1))).await;
    world.clock.set("2006-06-02T00:00:00Z");
    assert_eq!(kinds(&me).await, ["PLAN_BEGUN"]);
    agrees(&world).await;
}

/// As everything that one is told of: not while one rests, nor what one does not want.
#[tokio::test]
async fn who_rests_is_told_afterwards_and_who_does_not_want_it_is_not() {
    let (world, _) = world().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    me.mutate("rest", json!({}), "").await;
    let bought = buy(&me, "plus").await;
    tell(&world, bought.paid(1)).await;
    let count = "{ viewer { unreadNotificationCount } }";
    let unread = me.run(count, json!({})).await;
    assert_eq!(unread["viewer"]["unreadNotificationCount"], 0);
    world.clock.advance(Duration::minutes(1));
    let fields = "digest { notificationCount }";
    let ended = me.mutate("endRest", json!({}), fields).await;
    assert_eq!(ended["digest"]["notificationCount"], 1);
    let wanted = json!({ "kinds": ["PLAN_ENDED"] });
    other.mutate("chooseNotifications", wanted, "").await;
    let theirs = buy(&other, "plus").await;
    tell(&world, theirs.paid(1)).await;
    assert_eq!(kinds(&other).await, [""; 0]);
    tell(&world, theirs.refunded(1, 300)).await;
    assert_eq!(kinds(&other).await, ["PLAN_ENDED"]);
    agrees(&world).await;
}

/// However many orders a page tells of.
#[tokio::test]
async fn a_page_takes_as_many_statements_for_one_order_as_for_three() {
    let world = World::uncached().await;
    let me = world.person("me").await;
    let document = format!("{{ viewer {{ notifications(first: 100) {{ nodes {{ {NODE} }} }} }} }}");
    let mut costs = Vec::new();
    for months in 1..=3 {
        me.mutate("buyPlan", json!({ "planName": "plus" }), "")
            .await;
        world.forget_statements();
        me.run(&document, json!({})).await;
        costs.push(world.statements());
        assert_eq!(told(&me).await.len(), months);
        world.clock.advance(Duration::days(40));
    }
    assert_eq!(costs[0], costs[1]);
    assert_eq!(costs[1], costs[2]);
}
