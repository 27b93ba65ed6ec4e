//! What becomes of a plan when its owner goes, or is suspended.

use ashiato::{
    account::leaving::{
        deletion::carry::{Progress, carry_out},
        work::{see_to_deletions, see_to_exports},
    },
    plan::{ending, hearing::Heard},
};
use chrono::TimeDelta;
use entity::payment_values::EndingWay;
use serde_json::{Value, json};

use super::{agrees, buy, count, mine, month, one, tell, world};
use crate::{
    leaving::exports::{ask, bytes, files, rows},
    support::{
        till::Till,
        world::{World, account::PASSWORD},
    },
};

/// What the provider was told to end last.
async fn ended(world: &World, till: &Till) -> Option<(String, EndingWay)> {
    let before = till.ended().len();
    ending::catch_up(&world.app).await.unwrap();
    till.ended().get(before).cloned()
}

#[tokio::test]
async fn a_copy_holds_the_orders_and_what_was_paid() {
    let (world, _) = world().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    world.give_password(&me).await;
    let theirs = buy(&other, "plus").await;
    tell(&world, theirs.paid(1)).await;
    let bought = buy(&me, "huge").await;
    for event in [bought.paid(1), bought.refunded(1, 100)] {
        tell(&world, event).await;
    }
    let key = ask(&me).await;
    see_to_exports(&world.app).await.unwrap();
    let files = files(bytes(&world, key).await);
    let orders = rows(&files, "orders.jsonl");
    assert_eq!(orders.len(), 1);
    assert_eq!(orders[0]["plan"], "huge");
    assert_eq!([&orders[0]["paid"], &orders[0]["refunded"]], [300, 100]);
    let payments: Vec<_> = orders[0]["payments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["kind"].as_str().unwrap(), it["yen"].as_i64().unwrap()))
        .collect();
    assert_eq!(payments, [("CHARGE", 300), ("REFUND", -100)]);
    let all: String = files.values().cloned().collect();
    assert!(!all.contains(&theirs.bill(1)));
}

#[tokio::test]
async fn with_an_account_its_plan_ends_and_the_ledger_stays_without_a_name() {
    let (world, till) = world().await;
    let me = world.person("me").await;
    world.give_password(&me).await;
    let bought = buy(&me, "plus").await;
    tell(&world, bought.paid(1)).await;
    let input = json!({ "password": PASSWORD });
    me.mutate("deleteAccount", input, "").await;
    // Until then it is theirs, and charged no more.
    assert_eq!(mine(&me).await["plan"]["renews"], false);
    let told = (bought.subscription(), EndingWay::AtPeriodEnd);
    assert_eq!(ended(&world, &till).await, Some(told));
    world.clock.advance(TimeDelta::days(7));
    let user = bought.user;
    assert_eq!(
        carry_out(&world.app, user, |_| {}).await.unwrap(),
        Progress::Gone
    );
    agrees(&world).await;
    let told = (bought.subscription(), EndingWay::AtOnce);
    assert_eq!(ended(&world, &till).await, Some(told));
    assert_eq!(count(&world, "orders").await, 0);
    assert_eq!(count(&world, "ledger_entries").await, 1);
    let named: i64 = one(
        &world,
        "SELECT count(*) FROM payers WHERE user_id IS NOT NULL",
    )
    .await;
    assert_eq!(named, 0);
    world.clock.advance(TimeDelta::minutes(1));
    see_to_deletions(&world.app).await.unwrap();
    // What is given back later stands in the ledger, too.
    assert_eq!(tell(&world, bought.refunded(1, 300)).await, Heard::Done);
    let balance: i64 = one(
        &world,
        "SELECT balance FROM ledger_entries ORDER BY number DESC LIMIT 1",
    )
    .await;
    assert_eq!(balance, 0);
    // And what is charged all the same, which is charged no more.
    assert_eq!(tell(&world, bought.paid(2)).await, Heard::Done);
    assert_eq!(count(&world, "ledger_entries").await, 3);
    let told = (bought.subscription(), EndingWay::AtOnce);
    assert_eq!(ended(&world, &till).await, Some(told));
    assert_eq!(tell(&world, bought.ended(month(2))).await, Heard::Done);
    agrees(&world).await;
}

#[tokio::test]
async fn with_an_account_an_order_that_is_not_paid_is_withdrawn() {
    let (world, till) = world().await;
    let me = world.person("me").await;
    let bought = buy(&me, "plus").await;
    let order = ashiato::account::leaving::deletion::service::order;
    order(&world.app, bought.user, true).await.unwrap();
    let progress = carry_out(&world.app, bought.user, |_| {}).await.unwrap();
    assert_eq!(progress, Progress::Gone);
    let told = (format!("cs_{}", bought.order), EndingWay::Checkout);
    assert_eq!(ended(&world, &till).await, Some(told));
    agrees(&world).await;
}

/// Who is suspended for longer than they have paid for is charged no more; of the others nothing changes.
#[tokio::test]
async fn who_is_suspended_is_not_charged_for_what_they_cannot_use() {
    let (world, till) = world().await;
    let moderator = world.moderator("moderator").await;
    for (place, (until, is_charged)) in [
        (json!("2006-05-20T00:00:00Z"), true),
        (json!("2006-06-20T00:00:00Z"), false),
        (Value::Null, false),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("person{place}");
        let me = world.person(&name).await;
        let bought = buy(&me, "plus").await;
        tell(&world, bought.paid(1)).await;
        let input = json!({ "userId": me.id(), "reason": "spam", "until": until });
        moderator.mutate("suspendUser", input, "").await;
        let told = ended(&world, &till).await;
        let expected = (bought.subscription(), EndingWay::AtPeriodEnd);
        assert_eq!(told, (!is_charged).then_some(expected), "{until}");
        // What is told meanwhile is heard; and nothing that they have is lost.
        tell(&world, bought.failed(month(0))).await;
        moderator
            .mutate("liftSuspension", json!({ "userId": me.id() }), "")
            .await;
        let back = world.known(&name).await;
        let plan = mine(&back).await["plan"].clone();
        assert_eq!(plan["renews"], is_charged);
        assert_eq!(plan["paidUntil"], "2006-06-01T03:00:00.000Z");
    }
    agrees(&world).await;
}
