//! Nobody is charged for what they cannot use: who is suspended, or leaves.

use ashiato::plan::ending;
use chrono::Duration;
use entity::payment_values::EndingWay;
use serde_json::{Value, json};

use super::{agrees, buy, mine, states, tell, world};
use crate::support::world::account::PASSWORD;

#[tokio::test]
async fn who_is_suspended_pays_no_order_from_before() {
    let (world, till) = world().await;
    let moderator = world.moderator("moderator").await;
    let me = world.person("me").await;
    let bought = buy(&me, "plus").await;
    let suspend = json!({ "userId": me.id(), "reason": "spam" });
    moderator.mutate("suspendUser", suspend, "").await;
    ending::catch_up(&world.app).await.unwrap();
    let page = (format!("cs_{}", bought.order), EndingWay::Checkout);
    assert_eq!(till.ended(), [page]);
    // Paid in that moment all the same, it is theirs for a month, and no more.
    tell(&world, bought.paid(1)).await;
    ending::catch_up(&world.app).await.unwrap();
    let told = (bought.subscription(), EndingWay::AtPeriodEnd);
    assert_eq!(till.ended().pop(), Some(told));
    let lift = json!({ "userId": me.id() });
    moderator.mutate("liftSuspension", lift, "").await;
    let back = world.known("me").await;
    let plan = mine(&back).await["plan"].clone();
    assert_eq!(plan["renews"], false);
    assert_eq!(plan["inEffectUntil"], "2006-06-01T03:00:00.000Z");
    back.mutate("resumePlan", json!({}), "").await;
    assert_eq!(mine(&back).await["plan"]["renews"], true);
    agrees(&world).await;
}

/// Where that is over before what is paid for, nothing changes.
#[tokio::test]
async fn who_is_suspended_for_some_days_goes_on_paying() {
    let (world, till) = world().await;
    let moderator = world.moderator("moderator").await;
    let me = world.person("me").await;
    let bought = buy(&me, "plus").await;
    tell(&world, bought.paid(1)).await;
    world.clock.set("2006-05-31T00:00:00Z");
    let until = "2006-06-03T00:00:00Z";
    let suspend = json!({ "userId": me.id(), "reason": "spam", "until": until });
    moderator.mutate("suspendUser", suspend, "").await;
    // The bill of the next month was on its way.
    tell(&world, bought.paid(2)).await;
    ending::catch_up(&world.app).await.unwrap();
    let told = (bought.subscription(), EndingWay::AtPeriodEnd);
    assert_eq!(till.ended(), [told]);
    world.clock.set(until);
    let back = world.known("me").await;
    let plan = mine(&back).await["plan"].clone();
    assert_eq!(plan["paidUntil"], "2006-07-01T03:00:00.000Z");
    let short = json!({ "userId": me.id(), "reason": "spam", "until": "2006-06-20T00:00:00Z" });
    back.mutate("resumePlan", json!({}), "").await;
    moderator.mutate("suspendUser", short, "").await;
    tell(&world, bought.failed(super::month(0))).await;
    world.clock.set("2006-06-20T00:00:00Z");
    let back = world.known("me").await;
    assert_eq!(mine(&back).await["plan"]["renews"], true);
    agrees(&world).await;
}

#[tokio::test]
async fn who_leaves_is_charged_no_more_and_who_stays_takes_the_plan_up_again() {
    let (world, till) = world().await;
    let me = world.person("me").await;
    world.give_password(&me).await;
    let bought = buy(&me, "plus").await;
    tell(&world, bought.paid(1)).await;
    world.clock.set("2006-05-30T00:00:00Z");
    let input = json!({ "password": PASSWORD });
    me.mutate("deleteAccount", input, "").await;
    ending::catch_up(&world.app).await.unwrap();
    let told = (bought.subscription(), EndingWay::AtPeriodEnd);
    assert_eq!(till.ended(), [told]);
    // What the provider says of before then is late.
    tell(
        &world,
        bought.renewal(true, "2006-05-29T23:00:00Z".parse().unwrap()),
    )
    .await;
    assert_eq!(mine(&me).await["plan"]["renews"], false);
    me.mutate("cancelAccountDeletion", json!({}), "").await;
    assert_eq!(mine(&me).await["plan"]["renews"], false);
    let fields = "order { state renews paidUntil }";
    let resumed = me.mutate("resumePlan", json!({}), fields).await;
    assert_eq!(
        resumed["order"],
        json!({ "state": "ACTIVE", "renews": true, "paidUntil": "2006-06-01T03:00:00.000Z" })
    );
    ending::catch_up(&world.app).await.unwrap();
    let told = (bought.subscription(), EndingWay::NotAtAll);
    assert_eq!(till.ended().pop(), Some(told));
    agrees(&world).await;
}

#[tokio::test]
async fn who_leaves_pays_no_order_from_before() {
    let (world, till) = world().await;
    let me = world.person("me").await;
    world.give_password(&me).await;
    let bought = buy(&me, "plus").await;
    let input = json!({ "password": PASSWORD });
    me.mutate("deleteAccount", input, "").await;
    ending::catch_up(&world.app).await.unwrap();
    let page = (format!("cs_{}", bought.order), EndingWay::Checkout);
    assert_eq!(till.ended(), [page]);
    assert_eq!(states(&me).await, ["EXPIRED"]);
    let orders = mine(&me).await["orders"]["nodes"].clone();
    assert_eq!(orders[0]["checkoutUrl"], Value::Null);
    world.clock.advance(Duration::days(1));
    agrees(&world).await;
}
