//! What the provider tells: late, several times, in any order, and of nobody known.

use ashiato::{
    payment::{Event, Told, Which},
    plan::{ending, hearing::Heard},
};
use chrono::{DateTime, Duration, Utc};
use entity::payment_values::EndingWay;
use serde_json::{Value, json};

use super::{
    Bought, agrees, balance, buy, count, event, mine, month, permutations, states, tell, world,
};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_plan_is_had_once_it_is_paid_and_renewed_month_by_month() {
    let (world, till) = world().await;
    let me = world.person("me").await;
    let bought = buy(&me, "plus").await;
    assert_eq!(tell(&world, bought.paid(1)).await, Heard::Done);
    let has = mine(&me).await;
    assert_eq!(has["plan"]["paidUntil"], "2006-06-01T03:00:00.000Z");
    assert_eq!(has["orders"]["nodes"][0]["state"], "ACTIVE");
    assert_eq!(has["orders"]["nodes"][0]["checkoutUrl"], Value::Null);
    assert_eq!(has["photoSpace"]["quota"], 1_000_000_000);
    // The next month is paid some hours late.
    world.clock.set("2006-06-01T09:00:00Z");
    assert_eq!(mine(&me).await["plan"]["renews"], true);
    tell(&world, bought.paid(2)).await;
    let plan = mine(&me).await["plan"].clone();
    assert_eq!(plan["paidUntil"], "2006-07-01T03:00:00.000Z");
    assert_eq!(plan["since"], "2006-05-01T03:00:00.000Z");
    assert_eq!(balance(&world).await, 600);
    agrees(&world).await;
    me.mutate("cancelPlan", json!({}), "").await;
    ending::catch_up(&world.app).await.unwrap();
    let told = (bought.subscription(), EndingWay::AtPeriodEnd);
    assert_eq!(till.ended(), [told]);
    // The provider's own word of it, and that it is over, change nothing more.
    for event in [
        bought.renewal(false, at("2006-06-01T09:00:10Z")),
        bought.ended(at("2006-07-01T03:00:00Z")),
    ] {
        tell(&world, event).await;
        assert_eq!(mine(&me).await["plan"]["inEffectUntil"], plan["paidUntil"]);
    }
    world.clock.set("2006-07-01T03:00:00Z");
    assert_eq!(states(&me).await, ["ENDED"]);
    agrees(&world).await;
}

#[tokio::test]
async fn what_is_told_twice_is_heard_once() {
    let (world, _) = world().await;
    let me = world.person("me").await;
    let bought = buy(&me, "plus").await;
    tell(&world, bought.paid(1)).await;
    let after = mine(&me).await;
    for _ in 0..3 {
        assert_eq!(tell(&world, bought.paid(1)).await, Heard::Before);
    }
    // Nor is a bill paid twice that two events tell of.
    let other = Event {
        id: "evt_another".to_owned(),
        ..bought.paid(1)
    };
    assert_eq!(tell(&world, other).await, Heard::Done);
    assert_eq!(mine(&me).await, after);
    assert_eq!(count(&world, "ledger_entries").await, 1);
    tell(&world, bought.refunded(1, 100)).await;
    let again = Event {
        id: "evt_once_more".to_owned(),
        ..bought.refunded(1, 100)
    };
    tell(&world, again).await;
    assert_eq!(balance(&world).await, 200);
    agrees(&world).await;
}

/// Everything of three months, in every order: it always comes to the same.
#[tokio::test]
async fn in_whichever_order_it_is_told_it_comes_to_the_same() {
    let mut outcomes = std::collections::BTreeMap::new();
    let (world, _) = world().await;
    for (number, order) in permutations(&[0, 1, 2, 3, 4]).into_iter().enumerate() {
        let me = world.person(&format!("person{number}")).await;
        let bought = buy(&me, "plus").await;
        let told = [
            bought.paid(1),
            bought.paid(2),
            bought.failed(month(1) + Duration::hours(1)),
            bought.renewal(true, month(1)),
            bought.renewal(false, month(1) + Duration::hours(2)),
        ];
        for place in &order {
            tell(&world, told[*place].clone()).await;
        }
        let mut has = mine(&me).await;
        has["orders"]["nodes"][0]["id"] = Value::Null;
        outcomes.entry(has.to_string()).or_insert(order);
    }
    assert_eq!(outcomes.len(), 1, "{outcomes:#?}");
    let (outcome, _) = outcomes.pop_first().unwrap();
    let outcome: Value = serde_json::from_str(&outcome).unwrap();
    assert_eq!(outcome["plan"]["paidUntil"], "2006-07-01T03:00:00.000Z");
    assert_eq!(outcome["plan"]["renews"], false);
    assert_eq!(outcome["plan"]["isPaymentFailing"], false);
    agrees(&world).await;
}

#[tokio::test]
async fn a_payment_that_fails_is_said_and_ends_the_plan_after_some_days() {
    let (world, _) = world().await;
    let me = world.person("me").await;
    let bought = buy(&me, "plus").await;
    // The first one, too, before the right card is given.
    tell(&world, bought.failed(at("2006-05-01T03:01:00Z"))).await;
    assert_eq!(mine(&me).await["plan"], Value::Null);
    tell(&world, bought.paid(1)).await;
    assert_eq!(mine(&me).await["plan"]["isPaymentFailing"], false);
    world.clock.set("2006-06-01T05:00:00Z");
    tell(&world, bought.failed(at("2006-06-01T04:00:00Z"))).await;
    let plan = mine(&me).await["plan"].clone();
    assert_eq!(plan["isPaymentFailing"], true);
    assert_eq!(plan["inEffectUntil"], "2006-06-04T03:00:00.000Z");
    // Nobody who cancels then is charged for another month.
    world.clock.set("2006-06-04T03:00:00Z");
    assert_eq!(mine(&me).await["plan"], Value::Null);
    assert_eq!(states(&me).await, ["ENDED"]);
    // It is paid after all.
    tell(&world, bought.paid(2)).await;
    let plan = mine(&me).await["plan"].clone();
    assert_eq!(plan["isPaymentFailing"], false);
    assert_eq!(plan["paidUntil"], "2006-07-01T03:00:00.000Z");
    agrees(&world).await;
}

#[tokio::test]
async fn who_cancels_while_a_payment_fails_has_it_over_at_once() {
    let (world, till) = world().await;
    let me = world.person("me").await;
    let bought = buy(&me, "plus").await;
    tell(&world, bought.paid(1)).await;
    world.clock.set("2006-06-02T03:00:00Z");
    tell(&world, bought.failed(at("2006-06-01T04:00:00Z"))).await;
    let cancelled = me.mutate("cancelPlan", json!({}), "order { state }").await;
    assert_eq!(cancelled["order"]["state"], "ENDED");
    assert_eq!(mine(&me).await["plan"], Value::Null);
    ending::catch_up(&world.app).await.unwrap();
    let told = (bought.subscription(), EndingWay::AtOnce);
    assert_eq!(till.ended(), [told]);
}

/// As by the provider's own pages.
#[tokio::test]
async fn what_is_cancelled_and_taken_up_again_at_the_provider_is_so_here() {
    let (world, _) = world().await;
    let me = world.person("me").await;
    let bought = buy(&me, "plus").await;
    tell(&world, bought.paid(1)).await;
    let renews = async || mine(&me).await["plan"]["renews"].clone();
    for (is, at) in [
        (false, "2006-05-02T00:00:00Z"),
        (true, "2006-05-03T00:00:00Z"),
    ] {
        tell(&world, bought.renewal(is, self::at(at))).await;
        assert_eq!(renews().await, is);
    }
    // What is told late was so before.
    tell(&world, bought.renewal(false, at("2006-05-02T12:00:00Z"))).await;
    assert_eq!(renews().await, true);
    world.clock.set("2006-05-10T00:00:00Z");
    me.mutate("cancelPlan", json!({}), "").await;
    tell(&world, bought.renewal(true, at("2006-05-09T00:00:00Z"))).await;
    assert_eq!(renews().await, false);
    tell(&world, bought.ended(at("2006-05-11T00:00:00Z"))).await;
    tell(&world, bought.renewal(true, at("2006-05-12T00:00:00Z"))).await;
    assert_eq!(renews().await, false, "what has ended is over for good");
    let plan = mine(&me).await["plan"].clone();
    assert_eq!(
        plan["inEffectUntil"], "2006-06-01T03:00:00.000Z",
        "it is paid for"
    );
    agrees(&world).await;
}

/// Of another's business at the same provider.
#[tokio::test]
async fn what_is_of_nobody_known_is_not_heard() {
    let (world, _) = world().await;
    let me = world.person("me").await;
    let bought = buy(&me, "plus").await;
    let stranger = Bought {
        customer: "cus_stranger".to_owned(),
        ..bought.clone()
    };
    for event in [
        stranger.paid(1),
        stranger.refunded(1, 300),
        stranger.ended(month(0)),
        Event {
            told: None,
            ..bought.paid(1)
        },
    ] {
        assert_eq!(tell(&world, event).await, Heard::NotOurs);
    }
    assert_eq!(count(&world, "payment_events").await, 0);
    assert_eq!(count(&world, "ledger_entries").await, 0);
    assert_eq!(states(&me).await, ["OPEN"]);
    // Nor does one who is known pay another's order.
    let other = world.person("other").await;
    let theirs = buy(&other, "plus").await;
    let crossed = Bought {
        order: theirs.order,
        ..bought.clone()
    };
    assert_eq!(tell(&world, crossed.paid(1)).await, Heard::Done);
    assert_eq!(states(&other).await, ["OPEN"]);
    assert_eq!(states(&me).await, ["OPEN"]);
    assert_eq!(balance(&world).await, 300);
}

/// Where the provider does not say which order it is, the subscription does.
#[tokio::test]
async fn an_order_is_known_by_its_subscription() {
    let (world, _) = world().await;
    let me = world.person("me").await;
    let bought = buy(&me, "plus").await;
    tell(&world, bought.paid(1)).await;
    let told = Told::Paid {
        which: Which {
            order: None,
            ..bought.which()
        },
        reference: bought.bill(2),
        yen: 300,
        until: month(2),
    };
    tell(&world, event("without", told)).await;
    let plan = mine(&me).await["plan"].clone();
    assert_eq!(plan["paidUntil"], "2006-07-01T03:00:00.000Z");
    let told = Told::Ended {
        which: Which {
            order: None,
            subscription: Some("sub_another".to_owned()),
            customer: bought.customer.clone(),
        },
        at: month(1),
    };
    assert_eq!(tell(&world, event("another", told)).await, Heard::Done);
    assert_eq!(mine(&me).await["plan"], plan);
    agrees(&world).await;
}

/// A discount of everything is a bill of nothing, and no refund.
#[tokio::test]
async fn a_bill_of_nothing_pays_for_its_month() {
    let (world, _) = world().await;
    let me = world.person("me").await;
    let bought = buy(&me, "plus").await;
    let told = Told::Paid {
        which: bought.which(),
        reference: bought.bill(1),
        yen: 0,
        until: month(1),
    };
    tell(&world, event("for nothing", told)).await;
    let has = mine(&me).await;
    assert_eq!(has["plan"]["renews"], true);
    assert_eq!(has["orders"]["nodes"][0]["paid"], 0);
    agrees(&world).await;
}
