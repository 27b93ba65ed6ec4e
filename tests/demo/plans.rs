//! The plans of the demo's people.

use ashiato::{bulk::recount::recount, demo::Settings};

use super::{load, settings};

#[tokio::test]
async fn some_have_paid_for_more_and_hanako_has_it_still() {
    // (Half a year of plans wants more than half a year of a community.)
    let later = Settings {
        as_of: "2007-10-21".parse().unwrap(),
        ..settings(300, 3)
    };
    let (place, _) = load(later).await;
    let count =
        async |rows: &str| -> i64 { place.one(&format!("SELECT count(*) FROM {rows}")).await };
    let orders = count("orders").await;
    assert!((2..=12).contains(&orders), "{orders}");
    assert_eq!(count("payers").await, orders);
    assert!(count("ledger_entries").await >= orders);
    let hanako = "orders AS o JOIN users AS u ON u.id = o.user_id WHERE u.username = 'hanako' \
        AND o.holds_until > (SELECT max(visited_at) FROM footprints)";
    assert_eq!(count(hanako).await, 1);
    // Nobody under 18 has one.
    let minors =
        "orders AS o JOIN users AS u ON u.id = o.user_id WHERE u.birth_date > '1989-10-21'";
    assert_eq!(count(minors).await, 0);
    assert_eq!(recount(place.app.database.reader()).await.unwrap(), []);
}
