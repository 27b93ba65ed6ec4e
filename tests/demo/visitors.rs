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
    let nothing = "visitors WHERE footprint_policy = 'NAMED' AND NOT has_rest";
    assert_eq!(count(&place, nothing).await, 0);
    let known = "visitors JOIN users ON id = user_id \
        WHERE (username IN ('hanako', 'taro') OR kind = 'TARENTO') AND footprint_policy <> 'NAMED'";
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

/// What comes from one to the other comes within reach (rules.md, Users 5).
#[tokio::test]
async fn minors_and_adults_without_a_tie_leave_each_other_alone() {
    let (place, _) = load(settings(1000, 1)).await;
    // Whoever was born after this day is a minor on the demo's last.
    let minor = |user: &str| format!("({user}.birth_date > '1988-10-20')");
    let minors = count(&place, &format!("users AS u WHERE {}", minor("u"))).await;
    assert!((30..100).contains(&minors), "{minors}");
    for (table, [to, from]) in [
        ("footprints", ["owner_id", "visitor_id"]),
        ("diary_comments", ["diary_author_id", "author_id"]),
        ("friend_requests", ["user_id", "other_id"]),
    ] {
        let divided = format!(
            "{table} AS t JOIN users AS a ON a.id = t.{to} JOIN users AS b ON b.id = t.{from} \
             WHERE {} <> {}",
            minor("a"),
            minor("b")
        );
        let strangers = format!(
            "{divided} AND NOT EXISTS (SELECT 1 FROM friendships AS f \
             WHERE f.user_id = t.{to} AND f.friend_id = t.{from}) \
             AND NOT EXISTS (SELECT 1 FROM friendships AS f JOIN friendships AS g \
             ON g.user_id = f.friend_id AND g.friend_id = t.{from} WHERE f.user_id = t.{to})"
        );
        if table != "friend_requests" {
            assert!(count(&place, &divided).await > 20, "{table}");
        }
        // But for what came before one of them was 18, which nobody was who is old enough to have been
        // so on the first day.
        let since = "b.birth_date > '1986-02-15' AND a.birth_date > '1986-02-15'";
        let young = count(&place, &format!("{strangers} AND {since}")).await;
        assert_eq!(count(&place, &strangers).await, young, "{table}");
    }
}
