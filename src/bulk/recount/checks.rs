//! The checks that are one statement each. Its rows hold a key, of one id or two, what is `kept`
//! and what was `counted`.
//!
//! What lies on another shard is read whole first (`AS MATERIALIZED`): Citus joins it then to the
//! rows of each shard.

/// How what is kept stands to what is counted where they disagree.
pub(super) const DIFFERS: &str = "<>";
/// As [`DIFFERS`], for a number that is never given again.
pub(super) const FALLS_SHORT: &str = "<";

/// The day of a visit in Japan, in the words of PostgreSQL and of SQLite.
pub(super) const DAY_IN_JAPAN: &str = "{day in Japan}";

/// What stands for [`crate::friendship::newest::EVERY`] in a check.
pub(super) const EVERY: &str = "{every}";

/// What stands for the nil id, which is nobody's, in a check.
pub(super) const NOBODY: &str = "{nobody}";

/// What is checked, how, and which of the rows are wrong.
///
/// A request that was refused has the sender's row alone.
pub(super) const CHECKS: &[(&str, &str, &str)] = &[
    (
        "users.friend_count",
        "SELECT u.id, u.friend_count AS kept, \
         (SELECT count(*) FROM friendships AS f WHERE f.user_id = u.id) AS counted \
         FROM users AS u",
        DIFFERS,
    ),
    (
        "friendships: the other row, with the same id and since",
        "WITH o AS MATERIALIZED (SELECT user_id, friend_id, id, since FROM friendships) \
         SELECT f.user_id, f.friend_id, 1 AS kept, 0 AS counted FROM friendships AS f \
         LEFT JOIN o ON o.user_id = f.friend_id AND o.friend_id = f.user_id \
         WHERE o.id IS DISTINCT FROM f.id OR o.since IS DISTINCT FROM f.since OR f.user_id = f.friend_id",
        DIFFERS,
    ),
    (
        "user_counters.newest_diary_id: the newest that friends see, or all",
        "SELECT c.user_id, 1 AS kept, 0 AS counted FROM user_counters AS c \
         WHERE c.newest_diary_id IS DISTINCT FROM (SELECT d.id FROM diaries AS d \
         WHERE d.author_id = c.user_id AND d.audience NOT IN ('GROUP', 'ONLY_ME') \
         ORDER BY d.id DESC LIMIT 1) \
         AND c.newest_diary_id IS DISTINCT FROM {every}",
        DIFFERS,
    ),
    (
        "friend_requests: the other row, alike but for direction and number",
        "WITH o AS MATERIALIZED (SELECT * FROM friend_requests) \
         SELECT r.user_id, r.other_id, 1 AS kept, 0 AS counted FROM friend_requests AS r \
         LEFT JOIN o ON o.user_id = r.other_id AND o.other_id = r.user_id \
         WHERE (o.id IS NULL AND r.direction = 'INCOMING') OR o.id <> r.id OR o.message <> r.message \
         OR o.created_at <> r.created_at OR o.direction = r.direction \
         OR (r.direction = 'OUTGOING') <> (r.number = 0) OR r.user_id = r.other_id",
        DIFFERS,
    ),
    (
        "friend_requests: not between friends",
        "SELECT r.user_id, r.other_id, 1 AS kept, 0 AS counted FROM friend_requests AS r \
         JOIN friendships AS f ON f.user_id = r.user_id AND f.friend_id = r.other_id",
        DIFFERS,
    ),
    (
        "users.block_count",
        "SELECT u.id, u.block_count AS kept, \
         (SELECT count(*) FROM blocks AS b WHERE b.user_id = u.id) AS counted \
         FROM users AS u",
        DIFFERS,
    ),
    (
        "blocks: the other row, which says who made them",
        "WITH o AS MATERIALIZED (SELECT user_id, other_id, made FROM blocks) \
         SELECT b.user_id, b.other_id, 1 AS kept, 0 AS counted FROM blocks AS b \
         LEFT JOIN o ON o.user_id = b.other_id AND o.other_id = b.user_id \
         WHERE o.user_id IS NULL OR (o.made IS NOT NULL) <> b.received \
         OR (b.made IS NULL) <> (b.since IS NULL) OR (b.made IS NULL AND NOT b.received) \
         OR b.user_id = b.other_id",
        DIFFERS,
    ),
    (
        "blocks: not between friends",
        "SELECT b.user_id, b.other_id, 1 AS kept, 0 AS counted FROM blocks AS b \
         JOIN friendships AS f ON f.user_id = b.user_id AND f.friend_id = b.other_id",
        DIFFERS,
    ),
    (
        "blocks: no request between the two",
        "SELECT b.user_id, b.other_id, 1 AS kept, 0 AS counted FROM blocks AS b \
         JOIN friend_requests AS r ON r.user_id = b.user_id AND r.other_id = b.other_id",
        DIFFERS,
    ),
    (
        "session_tokens.has_blocks",
        "WITH u AS MATERIALIZED (SELECT id, block_count FROM users) \
         SELECT t.user_id, t.session_id, CASE WHEN t.has_blocks THEN 1 ELSE 0 END AS kept, \
         CASE WHEN u.block_count > 0 THEN 1 ELSE 0 END AS counted \
         FROM session_tokens AS t JOIN u ON u.id = t.user_id",
        DIFFERS,
    ),
    (
        "session_tokens.sees_names",
        "WITH v AS MATERIALIZED (SELECT user_id FROM visitors WHERE footprint_policy <> 'NAMED') \
         SELECT t.user_id, t.session_id, 1 AS kept, 0 AS counted \
         FROM session_tokens AS t JOIN v ON v.user_id = t.user_id WHERE t.sees_names",
        DIFFERS,
    ),
    (
        "user_counters: one row a user",
        "SELECT u.id, (SELECT count(*) FROM user_counters AS c WHERE c.user_id = u.id) \
         AS kept, 1 AS counted FROM users AS u",
        DIFFERS,
    ),
    (
        "user_counters.incoming_request_count",
        "SELECT c.user_id, c.incoming_request_count AS kept, (SELECT count(*) \
         FROM friend_requests AS r WHERE r.user_id = c.user_id AND r.direction = 'INCOMING') \
         AS counted FROM user_counters AS c",
        DIFFERS,
    ),
    (
        "user_counters.outgoing_request_count",
        "SELECT c.user_id, c.outgoing_request_count AS kept, (SELECT count(*) \
         FROM friend_requests AS r WHERE r.user_id = c.user_id AND r.direction = 'OUTGOING') \
         AS counted FROM user_counters AS c",
        DIFFERS,
    ),
    (
        "user_counters.request_number: no request has a higher one",
        "SELECT c.user_id, c.request_number AS kept, (SELECT coalesce(max(r.number), 0) \
         FROM friend_requests AS r WHERE r.user_id = c.user_id) AS counted \
         FROM user_counters AS c",
        FALLS_SHORT,
    ),
    (
        "user_counters.footprint_count",
        "SELECT c.user_id, c.footprint_count AS kept, (SELECT count(*) \
         FROM footprints AS f WHERE f.owner_id = c.user_id) AS counted \
         FROM user_counters AS c",
        DIFFERS,
    ),
    (
        "user_counters.new_footprint_count",
        "SELECT c.user_id, c.new_footprint_count AS kept, (SELECT count(*) \
         FROM footprints AS f WHERE f.owner_id = c.user_id AND f.number > c.seen_number) \
         AS counted FROM user_counters AS c",
        DIFFERS,
    ),
    (
        "user_counters.visit_count: no footprint has a higher number",
        "SELECT c.user_id, c.visit_count AS kept, (SELECT coalesce(max(f.number), 0) \
         FROM footprints AS f WHERE f.owner_id = c.user_id) AS counted \
         FROM user_counters AS c",
        FALLS_SHORT,
    ),
    (
        "footprints: no number twice",
        "SELECT owner_id, count(*) AS kept, count(DISTINCT number) AS counted \
         FROM footprints GROUP BY owner_id",
        DIFFERS,
    ),
    (
        "footprints: the day in Japan, and no visit to oneself",
        "SELECT owner_id, id, 1 AS kept, 0 AS counted FROM footprints \
         WHERE day <> {day in Japan} OR owner_id = visitor_id",
        DIFFERS,
    ),
    (
        "unlisted_visits: no visit to oneself",
        "SELECT owner_id, visitor_id, 1 AS kept, 0 AS counted FROM unlisted_visits \
         WHERE owner_id = visitor_id",
        DIFFERS,
    ),
    (
        "diaries.comment_count",
        "SELECT d.id, d.comment_count AS kept, (SELECT count(*) FROM diary_comments AS c \
         WHERE c.diary_author_id = d.author_id AND c.diary_id = d.id) AS counted \
         FROM diaries AS d",
        DIFFERS,
    ),
    (
        "diary_comments: no number twice",
        // What authors write under their own diaries has none.
        "SELECT diary_author_id, count(*) AS kept, count(DISTINCT number) AS counted \
         FROM diary_comments WHERE number > 0 GROUP BY diary_author_id",
        DIFFERS,
    ),
    (
        "user_counters.comment_number: no comment has a higher one",
        "SELECT c.user_id, c.comment_number AS kept, (SELECT coalesce(max(d.number), 0) \
         FROM diary_comments AS d WHERE d.diary_author_id = c.user_id) AS counted \
         FROM user_counters AS c",
        FALLS_SHORT,
    ),
    (
        "reviews: the item's row, with the same id, and the item's kind",
        "WITH l AS MATERIALIZED (SELECT item_id, id, author_id FROM item_reviews) \
         SELECT r.author_id, r.item_id, 1 AS kept, 0 AS counted FROM reviews AS r \
         LEFT JOIN l ON l.item_id = r.item_id AND l.id = r.id \
         LEFT JOIN catalogue_items AS i ON i.id = r.item_id \
         WHERE l.author_id IS DISTINCT FROM r.author_id OR i.kind IS DISTINCT FROM r.kind",
        DIFFERS,
    ),
    (
        "item_reviews: the author's row, with the same id",
        "WITH r AS MATERIALIZED (SELECT author_id, item_id, id FROM reviews) \
         SELECT l.item_id, l.id, 1 AS kept, 0 AS counted FROM item_reviews AS l \
         LEFT JOIN r ON r.author_id = l.author_id AND r.item_id = l.item_id \
         WHERE r.id IS DISTINCT FROM l.id",
        DIFFERS,
    ),
    (
        "users: the directory's row",
        "WITH n AS MATERIALIZED (SELECT username, user_id FROM usernames) \
         SELECT u.id, 1 AS kept, 0 AS counted FROM users AS u LEFT JOIN n \
         ON n.username = u.username WHERE n.user_id IS DISTINCT FROM u.id",
        DIFFERS,
    ),
    (
        "usernames: the user",
        "WITH u AS MATERIALIZED (SELECT id, username FROM users) \
         SELECT n.user_id, 1 AS kept, 0 AS counted FROM usernames AS n LEFT JOIN u \
         ON u.id = n.user_id WHERE u.username IS DISTINCT FROM n.username \
         AND n.user_id <> {nobody}",
        DIFFERS,
    ),
];
