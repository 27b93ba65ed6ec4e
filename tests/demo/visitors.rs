//! Some of the demo's people are not named where they visit.

use super::{load, settings};
use crate::support::place::Place;

async fn count(place: &Place, of: &str) -> i64 {
    place.one(&format!("SELECT count(*) FROM {of}")).await
}

#[tokio::test]
async fn who_chose_not_to_be_named_is_counted_alone() {
    let (place, _) = load(settings(1000, 1)).await;
    for (policy, least, most) in [("CONNECTIONS", 60, 130), ("ANONYMOUS", 10, 60)] {
        let chose = format!("visitors WHERE footprint_policy = '{policy}'");
        let people = count(&place, &chose).await;
        assert!((least..=most).contains(&people), "{people} {policy}");
    }
    assert_eq!(
        count(&place, "visitors WHERE footprint_policy = 'NAMED'").await,
        0
    );
    let known = "visitors JOIN users ON id = user_id \
        WHERE username IN ('hanako', 'taro') OR kind = 'TARENTO'";
    assert_eq!(count(&place, known).await, 0, "those are looked for");
    let by = "footprints AS f JOIN visitors AS v ON v.user_id = f.visitor_id";
    let nobody = format!("{by} WHERE v.footprint_policy = 'ANONYMOUS'");
    assert_eq!(count(&place, &nobody).await, 0);
    let connected = format!("{by} WHERE v.footprint_policy = 'CONNECTIONS'");
    assert!(count(&place, &connected).await > 50);
    let strangers = format!(
        "{connected} AND NOT EXISTS (SELECT 1 FROM friendships AS a \
         WHERE a.user_id = f.owner_id AND a.friend_id = f.visitor_id) \
         AND NOT EXISTS (SELECT 1 FROM friendships AS a JOIN friendships AS b \
         ON b.user_id = a.friend_id AND b.friend_id = f.visitor_id WHERE a.user_id = f.owner_id)"
    );
    assert_eq!(count(&place, &strangers).await, 0);
    // The visits have their numbers, which are not footprints'.
    let visits: i64 = place
        .one("SELECT CAST(sum(visit_count) AS BIGINT) FROM user_counters")
        .await;
    let footprints = count(&place, "footprints").await;
    assert!(visits > footprints, "{visits} {footprints}");
}
