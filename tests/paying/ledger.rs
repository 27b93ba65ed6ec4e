//! The ledger only grows, and adds up.

use ashiato::{bulk::recount::recount, housekeeping};
use chrono::Duration;
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::json;

use super::{Bought, agrees, buy, count, mine, month, tell, world};
use crate::support::backend::is_citus;

#[tokio::test]
async fn whatever_happens_the_ledger_adds_up() {
    let (world, _) = world().await;
    let people = world.people("person", 5).await;
    let mut chance = StdRng::seed_from_u64(6);
    let mut bought: Vec<Bought> = Vec::new();
    for _ in 0..400 {
        world
            .clock
            .advance(Duration::hours(chance.random_range(0..40)));
        let who = people.choose(&mut chance).unwrap();
        let number = chance.random_range(1..6);
        let now = ashiato::clock::Clock::now(&*world.clock);
        let one = bought.choose(&mut chance).cloned();
        match (chance.random_range(0..12), one) {
            (0, _) | (_, None) => {
                let plan = ["plus", "huge"].choose(&mut chance).unwrap();
                let input = json!({ "planName": plan });
                let made = who.attempt("buyPlan", input, "order { state }").await;
                if made["order"]["state"] == "OPEN" {
                    bought.push(buy(who, plan).await);
                }
            }
            (1, _) => {
                who.attempt("cancelPlan", json!({}), "").await;
            }
            (2 | 3, Some(one)) => {
                let yen = chance.random_range(1..=300);
                tell(&world, one.refunded(number, yen)).await;
            }
            (4, Some(one)) => {
                tell(&world, one.failed(now)).await;
            }
            (5, Some(one)) => {
                tell(&world, one.renewal(chance.random_bool(0.5), now)).await;
            }
            (6, Some(one)) if chance.random_bool(0.2) => {
                tell(&world, one.ended(now)).await;
            }
            (7, Some(one)) => {
                let yen = chance.random_range(0..=300);
                let told = one.disputed(number, yen, chance.random_bool(0.3));
                tell(&world, told).await;
            }
            (8, _) => {
                who.attempt("resumePlan", json!({}), "").await;
            }
            (_, Some(one)) => {
                tell(&world, one.paid(number)).await;
            }
        }
    }
    agrees(&world).await;
    // It was no empty exercise.
    assert!(count(&world, "ledger_entries").await > 40);
    let mut had = 0;
    for person in &people {
        let orders = mine(person).await["orders"]["nodes"].clone();
        for order in orders.as_array().unwrap() {
            let [paid, refunded] = ["paid", "refunded"].map(|it| order[it].as_i64().unwrap());
            assert!(paid >= 0 && refunded >= 0, "{order}");
            had += i64::from(paid > 0 && refunded > 0);
        }
    }
    assert!(had > 3, "{had}");
}

/// Not even somebody at the database's own console changes it by mistake.
#[tokio::test]
async fn nothing_of_the_ledger_is_changed_or_removed() {
    let (world, _) = world().await;
    let me = world.person("me").await;
    let bought = buy(&me, "plus").await;
    tell(&world, bought.paid(1)).await;
    let db = sea_orm::Database::connect(&world.url).await.unwrap();
    for text in [
        "UPDATE ledger_entries SET yen = 1",
        "UPDATE ledger_entries SET number = 2 WHERE number = 1",
        "DELETE FROM ledger_entries",
        "TRUNCATE ledger_entries",
    ] {
        let is_of_postgres = text.starts_with("TRUNCATE");
        if is_citus() || is_of_postgres && !crate::support::backend::is_postgres() {
            continue;
        }
        let refused = db.execute_unprepared(text).await.unwrap_err().to_string();
        assert!(refused.contains("ledger"), "{text}: {refused}");
    }
    db.close().await.unwrap();
    assert_eq!(count(&world, "ledger_entries").await, 1);
    agrees(&world).await;
}

/// The same entry, of a dispute.
fn disputed(entry: &str) -> String {
    entry
        .replace("covers_until, at)", "covers_until, at, dispute)")
        .replace("NULL, at FROM", "NULL, at, 'dp_1' FROM")
}

#[tokio::test]
async fn a_recount_tells_what_is_wrong_with_the_ledger() {
    let (world, _) = world().await;
    let me = world.person("me").await;
    let bought = buy(&me, "plus").await;
    for event in [bought.paid(1), bought.paid(2), bought.refunded(2, 100)] {
        tell(&world, event).await;
    }
    agrees(&world).await;
    let entry = |number: i64, kind: &str, yen: i64, balance: i64, reference: &str| {
        format!(
            "INSERT INTO ledger_entries (payer_id, number, kind, yen, balance, order_id, reference, covers_until, at) \
             SELECT payer_id, {number}, '{kind}', {yen}, {balance}, order_id, '{reference}', NULL, at \
             FROM ledger_entries WHERE number = 1"
        )
    };
    let bill = bought.bill(1);
    for (spoil, check) in [
        (
            entry(4, "CHARGE", 300, 500, "x"),
            "ledger_entries: balances that add up",
        ),
        (
            entry(5, "CHARGE", 300, 800, "x"),
            "ledger_entries: numbers without a gap",
        ),
        (
            entry(4, "REFUND", 300, 800, "x"),
            "ledger_entries: what came in, and what went back",
        ),
        (
            entry(4, "DISPUTE", -300, 200, &bill),
            "ledger_entries: what came in, and what went back",
        ),
        (
            format!(
                "{}; {}",
                disputed(&entry(4, "DISPUTE", -100, 400, &bill)),
                disputed(&entry(5, "DISPUTE", -100, 300, &bill))
            ),
            "ledger_entries: a dispute is lost once, and won once",
        ),
        (
            disputed(&entry(4, "DISPUTE", -100, 400, &bill)),
            "orders.refunded_yen",
        ),
        (
            entry(4, "CHARGE", 300, 800, &bill),
            "ledger_entries: a bill is paid once",
        ),
        (entry(4, "CHARGE", 300, 800, "x"), "orders.paid_yen"),
        (entry(4, "REFUND", -10, 490, &bill), "orders.refunded_yen"),
        (
            "UPDATE orders SET paid_yen = paid_yen + 1".to_owned(),
            "orders.paid_yen",
        ),
        (
            "UPDATE orders SET refunded_yen = 0".to_owned(),
            "orders.refunded_yen",
        ),
        (
            "UPDATE orders SET state = 'OPEN'".to_owned(),
            "orders: paid where the ledger says so",
        ),
        (
            "UPDATE orders SET holds_until = NULL".to_owned(),
            "orders: paid where the ledger says so",
        ),
        (
            "UPDATE payers SET user_id = NULL".to_owned(),
            "payers: of whose orders they pay",
        ),
        (
            "DELETE FROM payers".to_owned(),
            "payers: of whose orders they pay",
        ),
    ] {
        let db = sea_orm::Database::connect(&world.url).await.unwrap();
        let tx = db.begin().await.unwrap();
        tx.execute_unprepared(&spoil).await.unwrap();
        let found = recount(&tx).await.unwrap();
        tx.rollback().await.unwrap();
        db.close().await.unwrap();
        assert!(
            found.iter().any(|it| it.check == check),
            "{spoil}: {found:?}"
        );
    }
}

#[tokio::test]
async fn what_was_told_is_forgotten_and_the_ledger_is_not() {
    let (world, _) = world().await;
    let me = world.person("me").await;
    let bought = buy(&me, "plus").await;
    tell(&world, bought.paid(1)).await;
    world.clock.advance(Duration::days(90));
    let swept = housekeeping::sweep(&world.app).await.unwrap();
    assert_eq!(swept.payment_events, 0);
    world.clock.advance(Duration::milliseconds(1));
    let swept = housekeeping::sweep(&world.app).await.unwrap();
    assert_eq!(swept.payment_events, 1);
    // Told again all the same, it is no second payment.
    tell(&world, bought.paid(1)).await;
    assert_eq!(count(&world, "ledger_entries").await, 1);
    assert!(month(1) < ashiato::clock::Clock::now(&*world.clock));
    agrees(&world).await;
}
