//! Some of the demo's people rest.

use ashiato::bulk::recount::recount;

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
        WHERE (username IN ('hanako', 'taro') OR kind = 'TARENTO') \
        AND (began_at IS NOT NULL OR weekly <> '' OR due_at IS NOT NULL)";
    assert_eq!(count(known).await, 0, "those are looked for");
}

/// A rest of hanako's is over: she was told of it as a whole, and visited nobody meanwhile.
#[tokio::test]
async fn one_rest_is_over_and_told_of() {
    let (place, _) = load(settings(1000, 1)).await;
    let count = async |of: &str| -> i64 { place.one(&format!("SELECT count(*) FROM {of}")).await };
    let told = "rest_digests AS d JOIN users AS u ON u.id = d.user_id \
        JOIN notifications AS n ON n.user_id = d.user_id AND n.id = d.id AND n.kind = 'REST_ENDED' \
        JOIN rests AS r ON r.user_id = d.user_id JOIN visitors AS v ON v.user_id = d.user_id \
        WHERE u.username = 'hanako' AND d.is_told AND v.has_rest AND n.at = d.ended_at \
        AND n.number > d.last_notification";
    assert_eq!(count("rest_digests").await, 1);
    assert_eq!(count(told).await, 1);
    // Its numbers are those of what came meanwhile.
    for (name, table, owner, at) in [
        ("footprint", "footprints", "owner_id", "visited_at"),
        ("request", "friend_requests", "user_id", "created_at"),
        ("comment", "diary_comments", "diary_author_id", "created_at"),
        ("notification", "notifications", "user_id", "at"),
    ] {
        let rows = format!(
            "{table} AS t JOIN rest_digests AS d ON d.user_id = t.{owner} AND t.number > 0"
        );
        let within = format!("t.{at} >= d.began_at AND t.{at} < d.ended_at");
        let told = format!("t.number >= d.first_{name} AND t.number <= d.last_{name}");
        let differs = format!("{rows} WHERE ({within}) <> ({told})");
        assert_eq!(count(&differs).await, 0, "{name}");
    }
    assert!(count("rest_digests WHERE last_footprint > 0").await > 0);
    let left = "footprints AS f JOIN rest_digests AS d ON d.user_id = f.visitor_id \
        WHERE f.visited_at >= d.began_at AND f.visited_at < d.ended_at";
    assert_eq!(count(left).await, 0);
    let own = "diary_comments WHERE author_id = diary_author_id AND number > 0";
    assert_eq!(count(own).await, 0);
    assert_eq!(recount(place.app.database.reader()).await.unwrap(), []);
}
