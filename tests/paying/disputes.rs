//! What a bank takes back, for who paid disputes it, and gives again.

use ashiato::{payment::Event, plan::ending, plan::hearing::Heard};
use chrono::Duration;
use entity::payment_values::EndingWay;
use serde_json::{Value, json};

use super::{agrees, balance, buy, count, mine, permutations, states, tell, world};

#[tokio::test]
async fn what_a_bank_takes_back_ends_the_plan_and_loses_nothing() {
    let (world, till) = world().await;
    let me = world.person("me").await;
    let bought = buy(&me, "plus").await;
    tell(&world, bought.paid(1)).await;
    assert_eq!(
        tell(&world, bought.disputed(1, 300, false)).await,
        Heard::Done
    );
    let has = mine(&me).await;
    assert_eq!(has["plan"], Value::Null);
    assert_eq!(has["photoSpace"]["quota"], 100_000_000);
    let row = &has["orders"]["nodes"][0];
    assert_eq!([&row["paid"], &row["refunded"]], [300, 300]);
    assert_eq!(states(&me).await, ["ENDED"]);
    assert_eq!(balance(&world).await, 0);
    ending::catch_up(&world.app).await.unwrap();
    let told = (bought.subscription(), EndingWay::AtOnce);
    assert_eq!(till.ended(), [told], "the card is charged no more");
    // Told again, under the same name or another.
    let again = Event {
        id: "evt_again".to_owned(),
        ..bought.disputed(1, 300, false)
    };
    tell(&world, bought.disputed(1, 300, false)).await;
    tell(&world, again).await;
    assert_eq!(balance(&world).await, 0);
    agrees(&world).await;
    // The bank decides for the service: the month counts again, and is not renewed.
    tell(&world, bought.disputed(1, 300, true)).await;
    let plan = mine(&me).await["plan"].clone();
    assert_eq!(plan["inEffectUntil"], "2006-06-01T03:00:00.000Z");
    assert_eq!(plan["renews"], false);
    assert_eq!(balance(&world).await, 300);
    assert_eq!(
        me.refusal("resumePlan", json!({})).await,
        "PLAN_NOT_RESUMABLE"
    );
    agrees(&world).await;
}

#[tokio::test]
async fn in_whichever_order_it_is_told_it_comes_to_the_same() {
    let (world, _) = world().await;
    let mut outcomes = std::collections::BTreeSet::new();
    for (number, order) in permutations(&[0, 1, 2, 3, 4]).into_iter().enumerate() {
        let me = world.person(&format!("person{number}")).await;
        let bought = buy(&me, "plus").await;
        let told = [
            bought.paid(1),
            bought.paid(2),
            bought.refunded(1, 100),
            bought.disputed(2, 300, false),
            bought.disputed(2, 300, true),
        ];
        for place in &order {
            tell(&world, told[*place].clone()).await;
        }
        let mut has = mine(&me).await;
        has["orders"]["nodes"][0]["id"] = Value::Null;
        outcomes.insert(has.to_string());
    }
    assert_eq!(outcomes.len(), 1, "{outcomes:#?}");
    let outcome: Value = serde_json::from_str(outcomes.first().unwrap()).unwrap();
    assert_eq!(outcome["plan"]["inEffectUntil"], "2006-07-01T03:00:00.000Z");
    assert_eq!(outcome["plan"]["renews"], false);
    let row = &outcome["orders"]["nodes"][0];
    assert_eq!([&row["paid"], &row["refunded"]], [600, 100]);
    agrees(&world).await;
}

/// In part, too, the card is charged no more; what is left is had.
#[tokio::test]
async fn a_part_that_is_disputed_ends_the_renewal_alone() {
    let (world, till) = world().await;
    let me = world.person("me").await;
    let bought = buy(&me, "plus").await;
    // Before the bill itself is told of.
    tell(&world, bought.disputed(1, 100, false)).await;
    assert_eq!(mine(&me).await["plan"], Value::Null);
    tell(&world, bought.paid(1)).await;
    let plan = mine(&me).await["plan"].clone();
    assert_eq!(plan["renews"], false);
    assert_eq!(plan["inEffectUntil"], "2006-06-01T03:00:00.000Z");
    ending::catch_up(&world.app).await.unwrap();
    let told = (bought.subscription(), EndingWay::AtOnce);
    assert_eq!(till.ended(), [told]);
    // Whatever the provider says of it later.
    let now = ashiato::clock::Clock::now(&*world.clock) + Duration::hours(1);
    tell(&world, bought.renewal(true, now)).await;
    assert_eq!(mine(&me).await["plan"]["renews"], false);
    agrees(&world).await;
}

/// Of who is gone, and of nobody known.
#[tokio::test]
async fn of_who_is_gone_it_stands_in_the_ledger_alone() {
    let (world, _) = world().await;
    let me = world.person("me").await;
    let bought = buy(&me, "plus").await;
    tell(&world, bought.paid(1)).await;
    let order = ashiato::account::leaving::deletion::service::order;
    order(&world.app, bought.user, true).await.unwrap();
    let carry_out = ashiato::account::leaving::deletion::carry::carry_out;
    carry_out(&world.app, bought.user, |_| {}).await.unwrap();
    let told = bought.disputed(1, 300, false);
    assert_eq!(tell(&world, told).await, Heard::Done);
    assert_eq!(balance(&world).await, 0);
    let stranger = super::Bought {
        customer: "cus_stranger".to_owned(),
        ..bought.clone()
    };
    let told = stranger.disputed(2, 300, false);
    assert_eq!(tell(&world, told).await, Heard::NotOurs);
    assert_eq!(count(&world, "ledger_entries").await, 2);
    agrees(&world).await;
}
