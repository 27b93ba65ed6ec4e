//! The demo's kiriban and notifications: as visits, requests, comments and introductions have them.

use super::{load, settings};

#[tokio::test]
async fn the_known_ones_have_kiriban_and_are_told_of_what_is_there() {
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

    let known = "SELECT id FROM users WHERE username IN ('hanako', 'taro')";
    let all = count("notifications").await;
    let theirs = format!("notifications WHERE user_id IN ({known})");
    assert!(all > 40, "{all}");
    assert_eq!(count(&theirs).await, all);
    let unread = "notifications AS n JOIN inboxes AS i ON i.user_id = n.user_id AND n.number > i.read_number";
    assert!((1..all).contains(&count(unread).await));
    // In the order in which it happened, and by somebody else.
    let misplaced = "notifications AS n JOIN notifications AS later ON later.user_id = n.user_id \
        AND later.number = n.number + 1 WHERE later.at < n.at OR n.actor_id = n.user_id";
    assert_eq!(count(misplaced).await, 0);
    // Each is of something that is there.
    let of = [
        "friend_requests AS s ON s.id = n.id AND s.user_id = n.user_id AND s.other_id = n.actor_id",
        "friendships AS s ON s.id = n.id AND s.user_id = n.user_id AND s.friend_id = n.actor_id",
        "diary_comments AS s ON s.id = n.id AND s.diary_id = n.diary_id AND s.author_id = n.actor_id",
        "introductions AS s ON s.id = n.id AND s.subject_id = n.user_id AND s.author_id = n.actor_id",
        "kiribans AS s ON s.number = n.kiriban AND s.owner_id IN (n.user_id, n.actor_id) \
         AND s.visitor_id IN (n.user_id, n.actor_id)",
        "rest_digests AS s ON s.id = n.id AND s.user_id = n.user_id",
    ];
    let mut found = 0;
    for of in of {
        let some = count(&format!("notifications AS n JOIN {of}")).await;
        assert!(some > 0, "{of}");
        found += some;
    }
    assert_eq!(found, all);
}
