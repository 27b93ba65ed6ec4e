//! What is over and could not be paid is tried for weeks: who cancels it then, or buys another, is not charged for it.

use ashiato::plan::ending;
use entity::payment_values::EndingWay;
use serde_json::{Value, json};

use super::{Bought, agrees, buy, mine, month, states, tell, world};
use crate::support::world::{Person, World};

/// A plan of `who` is over, for its payment failed; it is tried still.
async fn over(world: &World, who: &Person<'_>) -> Bought {
    let bought = buy(who, "plus").await;
    tell(world, bought.paid(1)).await;
    world.clock.set("2006-06-02T00:00:00Z");
    tell(world, bought.failed(month(1))).await;
    world.clock.set("2006-06-10T00:00:00Z");
    assert_eq!(mine(who).await["plan"], Value::Null);
    bought
}

#[tokio::test]
async fn what_is_over_and_tried_still_can_be_cancelled() {
    let (world, till) = world().await;
    let me = world.person("me").await;
    let bought = over(&world, &me).await;
    let order = "{ viewer { orders { nodes { state renews } } } }";
    let orders = me.run(order, json!({})).await["viewer"]["orders"]["nodes"].clone();
    assert_eq!(orders, json!([{ "state": "ENDED", "renews": true }]));
    let fields = "order { state renews }";
    let cancelled = me.mutate("cancelPlan", json!({}), fields).await;
    assert_eq!(
        cancelled["order"],
        json!({ "state": "ENDED", "renews": false })
    );
    ending::catch_up(&world.app).await.unwrap();
    let told = (bought.subscription(), EndingWay::AtOnce);
    assert_eq!(till.ended(), [told]);
    assert_eq!(
        me.refusal("cancelPlan", json!({})).await,
        "NO_PLAN_IN_EFFECT"
    );
    // Paid in that moment all the same, it is had, and not renewed.
    tell(&world, bought.paid(2)).await;
    let plan = mine(&me).await["plan"].clone();
    assert_eq!(plan["renews"], false);
    assert_eq!(plan["inEffectUntil"], "2006-07-01T03:00:00.000Z");
    agrees(&world).await;
}

#[tokio::test]
async fn who_buys_another_pays_for_that_alone() {
    let (world, till) = world().await;
    let me = world.person("me").await;
    let old = over(&world, &me).await;
    let new = buy(&me, "huge").await;
    ending::catch_up(&world.app).await.unwrap();
    let told = (old.subscription(), EndingWay::AtOnce);
    assert_eq!(till.ended(), [told]);
    tell(&world, new.paid(2)).await;
    // The old one was paid in the last moment: the new one stays all the same.
    tell(&world, old.paid(2)).await;
    assert_eq!(till.ended().len(), 1);
    ending::catch_up(&world.app).await.unwrap();
    assert_eq!(till.ended().len(), 1);
    assert_eq!(states(&me).await, ["ACTIVE", "ACTIVE"]);
    let renews = "{ viewer { orders { nodes { renews } } } }";
    let renews = me.run(renews, json!({})).await["viewer"]["orders"]["nodes"].clone();
    assert_eq!(renews, json!([{ "renews": true }, { "renews": false }]));
    agrees(&world).await;
}
