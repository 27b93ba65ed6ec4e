//! The demo's kiriban: as visits have them.

use super::{load, settings};

#[tokio::test]
async fn the_known_ones_have_kiriban() {
    let (place, _) = load(settings(1000, 1)).await;
    let count = async |of: &str| -> i64 {
        let text = format!("SELECT count(*) FROM {of}");
        place.one(&text).await
    };
    // Reached is what a footprint tells of, by whose it is; and one to come is over what was counted.
    let reached = "kiribans AS k JOIN footprints AS f ON f.owner_id = k.owner_id AND f.number = k.number \
        AND f.visitor_id = k.visitor_id AND f.visited_at = k.reached_at AND k.named_at <= k.reached_at";
    let was_reached = count("kiribans WHERE reached_at IS NOT NULL").await;
    assert!(was_reached > 3, "{was_reached}");
    assert_eq!(count(reached).await, was_reached);
    let open = "kiribans AS k JOIN user_counters AS c ON c.user_id = k.owner_id \
        AND c.next_kiriban = k.number AND k.number > c.visit_count WHERE k.reached_at IS NULL";
    assert!(count(open).await > 1);
}
