//! The checks of notifications: as [`super::checks`] has the others. What one tells of stands on the shard of
//! whom it tells.

use super::checks::{DIFFERS, FALLS_SHORT};

/// What is checked, how, and which of the rows are wrong.
pub(super) const CHECKS: &[(&str, &str, &str)] = &[
    (
        "inboxes.unread_count",
        "SELECT i.user_id, i.unread_count AS kept, (SELECT count(*) FROM notifications AS n \
         WHERE n.user_id = i.user_id AND n.number > i.read_number) AS counted FROM inboxes AS i",
        DIFFERS,
    ),
    (
        "inboxes.number: no notification has a higher one",
        "SELECT i.user_id, i.number AS kept, (SELECT coalesce(max(n.number), 0) \
         FROM notifications AS n WHERE n.user_id = i.user_id) AS counted FROM inboxes AS i",
        FALLS_SHORT,
    ),
    (
        "notifications: an inbox, and somebody else's doing",
        "SELECT n.user_id, n.id, 1 AS kept, 0 AS counted FROM notifications AS n \
         LEFT JOIN inboxes AS i ON i.user_id = n.user_id \
         WHERE i.user_id IS NULL OR n.actor_id = n.user_id \
         OR (n.actor_id = {nobody} AND n.kind NOT IN ('KIRIBAN_REACHED', 'REST_ENDED', 'PLAN_BEGUN', \
         'PLAN_PAYMENT_FAILED', 'PLAN_ENDED'))",
        DIFFERS,
    ),
    (
        "notifications: the order",
        "SELECT n.user_id, n.id, 1 AS kept, 0 AS counted FROM notifications AS n \
         LEFT JOIN orders AS o ON o.user_id = n.user_id AND o.id = n.id \
         WHERE n.kind IN ('PLAN_BEGUN', 'PLAN_PAYMENT_FAILED', 'PLAN_ENDED') AND o.id IS NULL",
        DIFFERS,
    ),
    (
        "notifications: the request",
        "SELECT n.user_id, n.id, 1 AS kept, 0 AS counted FROM notifications AS n \
         LEFT JOIN friend_requests AS r ON r.user_id = n.user_id AND r.other_id = n.actor_id \
         AND r.direction = 'INCOMING' \
         WHERE n.kind = 'FRIEND_REQUEST_RECEIVED' AND r.id IS DISTINCT FROM n.id",
        DIFFERS,
    ),
    (
        "notifications: the friendship",
        "SELECT n.user_id, n.id, 1 AS kept, 0 AS counted FROM notifications AS n \
         LEFT JOIN friendships AS f ON f.user_id = n.user_id AND f.friend_id = n.actor_id \
         WHERE n.kind = 'FRIENDSHIP_BEGUN' AND f.id IS DISTINCT FROM n.id",
        DIFFERS,
    ),
    (
        "notifications: the comment",
        "SELECT n.user_id, n.id, 1 AS kept, 0 AS counted FROM notifications AS n \
         LEFT JOIN diary_comments AS c ON c.diary_author_id = n.user_id \
         AND c.diary_id = n.diary_id AND c.id = n.id \
         WHERE n.kind = 'DIARY_COMMENTED' AND c.author_id IS DISTINCT FROM n.actor_id",
        DIFFERS,
    ),
    (
        "notifications: the introduction",
        "SELECT n.user_id, n.id, 1 AS kept, 0 AS counted FROM notifications AS n \
         LEFT JOIN introductions AS i ON i.subject_id = n.user_id AND i.author_id = n.actor_id \
         WHERE n.kind = 'INTRODUCTION_WRITTEN' AND i.id IS DISTINCT FROM n.id",
        DIFFERS,
    ),
    (
        "notifications: the kiriban of one's own",
        "SELECT n.user_id, n.id, 1 AS kept, 0 AS counted FROM notifications AS n \
         LEFT JOIN kiribans AS k ON k.owner_id = n.user_id AND k.number = n.kiriban \
         WHERE n.kind = 'KIRIBAN_REACHED' AND k.reached_at IS NULL",
        DIFFERS,
    ),
];
