//! Some of the demo's people rest.

use super::{load, settings};

#[tokio::test]
async fn some_rest_until_they_say_so_and_some_at_night() {
    let (place, _) = load(settings(1000, 1)).await;
    let count = async |of: &str| -> i64 { place.one(&format!("SELECT count(*) FROM {of}")).await };
    for (which, least, most) in [
        ("began_at IS NOT NULL AND due_at IS NULL", 25, 80),
        ("weekly <> '' AND due_at > weekly_from", 25, 80),
        ("is_shown", 40, 120),
        ("NOT is_shown", 8, 60),
    ] {
        let people = count(&format!("rests WHERE {which}")).await;
        assert!((least..=most).contains(&people), "{people} {which}");
    }
    let known = "rests JOIN users ON id = user_id \
        WHERE username IN ('hanako', 'taro') OR kind = 'TARENTO'";
    assert_eq!(count(known).await, 0, "those are looked for");
}
