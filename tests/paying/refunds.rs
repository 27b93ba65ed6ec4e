//! What is given back reverses what was paid.

use ashiato::{payment::Event, plan::ending};
use entity::payment_values::EndingWay;
use serde_json::Value;
use uuid::Uuid;

use super::{agrees, balance, buy, mine, one, permutations, states, tell, world};

#[tokio::test]
async fn refunds_in_any_order_reverse_the_ledger() {
    let (world, till) = world().await;
    for (number, order) in permutations(&[0, 1, 2, 3]).into_iter().enumerate() {
        let me = world.person(&format!("person{number}")).await;
        let bought = buy(&me, "plus").await;
        let told = [
            bought.paid(1),
            bought.paid(2),
            // A part, and then all.
            bought.refunded(2, 100),
            bought.refunded(2, 300),
        ];
        for place in &order {
            tell(&world, told[*place].clone()).await;
        }
        let has = mine(&me).await;
        let row = &has["orders"]["nodes"][0];
        assert_eq!([&row["paid"], &row["refunded"]], [600, 300], "{order:?}");
        // The second month is given back, and charged no more: the first is there still.
        assert_eq!(
            has["plan"]["paidUntil"], "2006-06-01T03:00:00.000Z",
            "{order:?}"
        );
        assert_eq!(has["plan"]["renews"], false, "{order:?}");
        let own = format!(
            "SELECT balance FROM ledger_entries AS e WHERE payer_id = \
             (SELECT payer_id FROM orders WHERE id = {}) ORDER BY number DESC LIMIT 1",
            literal(bought.order)
        );
        assert_eq!(one::<i64>(&world, &own).await, 300, "{order:?}");
        ending::catch_up(&world.app).await.unwrap();
        let ended = (bought.subscription(), EndingWay::AtOnce);
        assert!(till.ended().contains(&ended), "{order:?}");
    }
    agrees(&world).await;
}

fn literal(id: Uuid) -> String {
    match crate::support::backend::is_postgres() {
        true => format!("'{id}'"),
        false => format!("x'{}'", id.simple()),
    }
}

#[tokio::test]
async fn a_plan_whose_only_month_is_given_back_is_over_at_once() {
    let (world, _) = world().await;
    let me = world.person("me").await;
    let bought = buy(&me, "plus").await;
    tell(&world, bought.paid(1)).await;
    tell(&world, bought.refunded(1, 299)).await;
    assert_eq!(states(&me).await, ["ACTIVE"], "a part is given back");
    tell(&world, bought.refunded(1, 300)).await;
    let has = mine(&me).await;
    assert_eq!(has["plan"], Value::Null);
    assert_eq!(has["photoSpace"]["quota"], 100_000_000);
    let row = has["orders"]["nodes"][0].clone();
    assert_eq!(row["state"], "ENDED");
    assert_eq!(row["paidUntil"], Value::Null);
    assert_eq!([&row["paid"], &row["refunded"]], [300, 300]);
    assert_eq!(balance(&world).await, 0);
    // An older word of it comes late.
    let late = Event {
        id: "evt_late".to_owned(),
        ..bought.refunded(1, 100)
    };
    tell(&world, late).await;
    assert_eq!(balance(&world).await, 0);
    agrees(&world).await;
    buy(&me, "plus").await;
}
