//! In development whatever is ordered is paid at once.

use chrono::{Duration, Months};
use serde_json::{Value, json};

use super::{agrees, count, mine};
use crate::support::world::World;

#[tokio::test]
async fn a_plan_is_bought_at_once_and_ends_by_the_clock_alone() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let nobody = world.anonymous();
    let offered =
        "{ plans { name space yenPerMonth footprintsToTakeBackPerMonth } viewer { user { id } } }";
    for who in [&me, &nobody] {
        let found = who.run(offered, json!({})).await;
        let plus = json!([{ "name": "plus", "space": 1_000_000_000, "yenPerMonth": 300,
            "footprintsToTakeBackPerMonth": 30 }]);
        assert_eq!(found["plans"], plus);
    }
    let before = mine(&me).await;
    assert_eq!(before["plan"], Value::Null);
    assert_eq!(before["photoSpace"]["quota"], 100_000_000);
    assert_eq!(before["footprintsToTakeBack"], 10);
    assert_eq!(before["orders"]["nodes"], json!([]));
    let fields =
        "order { id state checkoutUrl createdAt paidAt paidUntil paid refunded plan { name } }";
    let bought = me
        .mutate("buyPlan", json!({ "planName": "plus" }), fields)
        .await["order"]
        .clone();
    let expected = json!({ "id": bought["id"], "state": "ACTIVE", "checkoutUrl": null,
        "createdAt": "2006-05-01T03:00:00.000Z", "paidAt": "2006-05-01T03:00:00.000Z",
        "paidUntil": "2006-06-01T03:00:00.000Z", "paid": 300, "refunded": 0, "plan": { "name": "plus" } });
    assert_eq!(bought, expected);
    let has = mine(&me).await;
    let plan = json!({ "name": "plus", "space": 1_000_000_000, "yenPerMonth": 300,
        "footprintsToTakeBackPerMonth": 30 });
    assert_eq!(
        has["plan"],
        json!({ "plan": plan, "since": "2006-05-01T03:00:00.000Z",
            "paidUntil": "2006-06-01T03:00:00.000Z", "inEffectUntil": "2006-06-04T03:00:00.000Z",
            "renews": true, "isPaymentFailing": false })
    );
    assert_eq!(has["photoSpace"]["quota"], 1_000_000_000);
    assert_eq!(has["footprintsToTakeBack"], 30);
    assert_eq!(mine(&other).await, before, "another's is another's");
    let input = json!({ "planName": "plus" });
    assert_eq!(me.refusal("buyPlan", input.clone()).await, "PLAN_IN_EFFECT");
    agrees(&world).await;
    // It holds some days longer than it is paid for: the next payment takes its time.
    world.clock.set("2006-06-04T02:59:59.999Z");
    assert_eq!(mine(&me).await["plan"]["plan"]["name"], "plus");
    world.clock.set("2006-06-04T03:00:00Z");
    let after = mine(&me).await;
    assert_eq!(after["plan"], Value::Null);
    assert_eq!(after["photoSpace"]["quota"], 100_000_000);
    assert_eq!(after["footprintsToTakeBack"], 10);
    assert_eq!(after["orders"]["nodes"][0]["state"], "ENDED");
    // Bought again, it is another order.
    me.mutate("buyPlan", input, "").await;
    assert_eq!(super::states(&me).await, ["ACTIVE", "ENDED"]);
    assert_eq!(count(&world, "ledger_entries").await, 2);
    agrees(&world).await;
}

#[tokio::test]
async fn a_plan_that_is_cancelled_ends_when_what_is_paid_for_is_over() {
    let world = World::new().await;
    let me = world.person("me").await;
    let none = json!({});
    assert_eq!(
        me.refusal("cancelPlan", none.clone()).await,
        "NO_PLAN_IN_EFFECT"
    );
    let bought = me
        .mutate("buyPlan", json!({ "planName": "plus" }), "order { id }")
        .await;
    let input = json!({ "idempotencyKey": "end" });
    for input in [input.clone(), none.clone(), input] {
        let cancelled = me
            .mutate("cancelPlan", input, "order { id state paidUntil }")
            .await;
        let order = json!({ "id": bought["order"]["id"], "state": "ACTIVE",
            "paidUntil": "2006-06-01T03:00:00.000Z" });
        assert_eq!(cancelled["order"], order);
    }
    let plan = mine(&me).await["plan"].clone();
    assert_eq!(plan["renews"], false);
    assert_eq!(plan["inEffectUntil"], plan["paidUntil"]);
    agrees(&world).await;
    world.clock.set("2006-06-01T02:59:59.999Z");
    assert_eq!(mine(&me).await["plan"]["plan"]["name"], "plus");
    world.clock.advance(Duration::milliseconds(1));
    assert_eq!(mine(&me).await["plan"], Value::Null);
    assert_eq!(me.refusal("cancelPlan", none).await, "NO_PLAN_IN_EFFECT");
}

/// A month is one of Japan's calendar, and ends with it.
#[tokio::test]
async fn a_month_that_begins_on_the_31st_ends_on_the_last_day_of_the_next() {
    let world = World::new().await;
    let me = world.person("me").await;
    // Early on 31 August in Japan: in Greenwich it is the 30th still.
    world.clock.set("2006-08-30T20:00:00Z");
    me.mutate("buyPlan", json!({ "planName": "plus" }), "")
        .await;
    assert_eq!(
        mine(&me).await["plan"]["paidUntil"],
        "2006-09-29T20:00:00.000Z"
    );
}

#[tokio::test]
async fn an_order_is_found_by_who_made_it_alone() {
    let world = World::uncached().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let bought = me
        .mutate("buyPlan", json!({ "planName": "plus" }), "order { id }")
        .await;
    let id = bought["order"]["id"].as_str().unwrap();
    let node = "query($id: ID!) { node(id: $id) { id ... on Order { state plan { name } } } }";
    let found = me.run(node, json!({ "id": id })).await;
    let expected = json!({ "id": id, "state": "ACTIVE", "plan": { "name": "plus" } });
    assert_eq!(found["node"], expected);
    use ashiato::ids::{GlobalId, Kind};
    let [owner, _] = GlobalId::expect(id, Kind::Order).unwrap();
    let never = GlobalId::encode(Kind::Order, &[owner, uuid::Uuid::from_u128(7)]);
    // As what never was, by as many statements.
    for who in [&other, &world.anonymous()] {
        let mut answers = Vec::new();
        for id in [id, never.as_str()] {
            world.forget_statements();
            let answer = who.answer(node, json!({ "id": id })).await;
            answers.push((answer, world.statements()));
        }
        assert_eq!(answers[0], answers[1]);
        assert_eq!(answers[0].0["data"]["node"], Value::Null);
    }
}

/// However much is ordered: one statement for the plan, one for the list.
#[tokio::test]
async fn what_it_costs_does_not_grow() {
    let world = World::uncached().await;
    let me = world.person("me").await;
    let mut costs = Vec::new();
    for months in 0..3 {
        world.forget_statements();
        mine(&me).await;
        costs.push(world.statements());
        if months < 2 {
            me.mutate("buyPlan", json!({ "planName": "plus" }), "")
                .await;
            let now = ashiato::clock::Clock::now(&*world.clock);
            let later = now.checked_add_months(Months::new(2)).unwrap();
            world.clock.set(&later.to_rfc3339());
        }
    }
    assert_eq!(costs[0], costs[1], "{:#?}", world.statement_texts());
    assert_eq!(costs[1], costs[2]);
    let plan = "{ viewer { plan { paidUntil } photoSpace { quota } } }";
    let space = "{ viewer { photoSpace { quota } } }";
    let mut costs = Vec::new();
    for document in [plan, space] {
        world.forget_statements();
        me.run(document, json!({})).await;
        costs.push(world.statements());
    }
    assert_eq!(costs[0], costs[1], "the plan is asked for once");
}
