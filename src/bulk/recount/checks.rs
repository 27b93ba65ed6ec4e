//! The checks that are one statement each. Its rows are the differences: key, kept, counted.

/// What is checked, and how.
pub(super) const CHECKS: &[(&str, &str)] = &[
    (
        "users.friend_count",
        "SELECT hex(u.id), u.friend_count AS kept, \
         (SELECT count(*) FROM friendships AS f WHERE f.user_id = u.id) AS counted \
         FROM users AS u WHERE kept <> counted",
    ),
    (
        "friendships: the other row, with the same id and since",
        "SELECT hex(f.user_id) || hex(f.friend_id), 1, 0 FROM friendships AS f \
         LEFT JOIN friendships AS o ON o.user_id = f.friend_id AND o.friend_id = f.user_id \
         WHERE o.id IS NOT f.id OR o.since IS NOT f.since OR f.user_id = f.friend_id",
    ),
    (
        "friend_requests: the other row, alike but for direction and number",
        "SELECT hex(r.user_id) || hex(r.other_id), 1, 0 FROM friend_requests AS r \
         LEFT JOIN friend_requests AS o ON o.user_id = r.other_id AND o.other_id = r.user_id \
         WHERE o.id IS NOT r.id OR o.message IS NOT r.message OR o.created_at IS NOT r.created_at \
         OR o.direction IS r.direction OR (r.direction = 'OUTGOING') <> (r.number = 0) \
         OR r.user_id = r.other_id",
    ),
    (
        "friend_requests: not between friends",
        "SELECT hex(r.user_id) || hex(r.other_id), 1, 0 FROM friend_requests AS r \
         JOIN friendships AS f ON f.user_id = r.user_id AND f.friend_id = r.other_id",
    ),
    (
        "user_counters: one row a user",
        "SELECT hex(u.id), (SELECT count(*) FROM user_counters AS c WHERE c.user_id = u.id) \
         AS kept, 1 AS counted FROM users AS u WHERE kept <> counted",
    ),
    (
        "user_counters.incoming_request_count",
        "SELECT hex(c.user_id), c.incoming_request_count AS kept, (SELECT count(*) \
         FROM friend_requests AS r WHERE r.user_id = c.user_id AND r.direction = 'INCOMING') \
         AS counted FROM user_counters AS c WHERE kept <> counted",
    ),
    (
        "user_counters.outgoing_request_count",
        "SELECT hex(c.user_id), c.outgoing_request_count AS kept, (SELECT count(*) \
         FROM friend_requests AS r WHERE r.user_id = c.user_id AND r.direction = 'OUTGOING') \
         AS counted FROM user_counters AS c WHERE kept <> counted",
    ),
    (
        "user_counters.request_number: no request has a higher one",
        "SELECT hex(c.user_id), c.request_number AS kept, (SELECT coalesce(max(r.number), 0) \
         FROM friend_requests AS r WHERE r.user_id = c.user_id) AS counted \
         FROM user_counters AS c WHERE kept < counted",
    ),
    (
        "user_counters.footprint_count",
        "SELECT hex(c.user_id), c.footprint_count AS kept, (SELECT count(*) \
         FROM footprints AS f WHERE f.owner_id = c.user_id) AS counted \
         FROM user_counters AS c WHERE kept <> counted",
    ),
    (
        "user_counters.new_footprint_count",
        "SELECT hex(c.user_id), c.new_footprint_count AS kept, (SELECT count(*) \
         FROM footprints AS f WHERE f.owner_id = c.user_id AND f.number > c.seen_number) \
         AS counted FROM user_counters AS c WHERE kept <> counted",
    ),
    (
        "user_counters.visit_count: no footprint has a higher number",
        "SELECT hex(c.user_id), c.visit_count AS kept, (SELECT coalesce(max(f.number), 0) \
         FROM footprints AS f WHERE f.owner_id = c.user_id) AS counted \
         FROM user_counters AS c WHERE kept < counted",
    ),
    (
        "footprints: no number twice",
        "SELECT hex(owner_id), count(*) AS kept, count(DISTINCT number) AS counted \
         FROM footprints GROUP BY owner_id HAVING kept <> counted",
    ),
    (
        "footprints: the day in Japan, and no visit to oneself",
        "SELECT hex(owner_id) || hex(id), 1, 0 FROM footprints \
         WHERE day <> date(visited_at, '+9 hours') OR owner_id = visitor_id",
    ),
    (
        "diaries.comment_count",
        "SELECT hex(d.id), d.comment_count AS kept, (SELECT count(*) FROM diary_comments AS c \
         WHERE c.diary_author_id = d.author_id AND c.diary_id = d.id) AS counted \
         FROM diaries AS d WHERE kept <> counted",
    ),
    (
        "diary_comments: no number twice",
        "SELECT hex(diary_author_id), count(*) AS kept, count(DISTINCT number) AS counted \
         FROM diary_comments GROUP BY diary_author_id HAVING kept <> counted",
    ),
    (
        "user_counters.comment_number: no comment has a higher one",
        "SELECT hex(c.user_id), c.comment_number AS kept, (SELECT coalesce(max(d.number), 0) \
         FROM diary_comments AS d WHERE d.diary_author_id = c.user_id) AS counted \
         FROM user_counters AS c WHERE kept < counted",
    ),
    (
        "reviews: the item's row, with the same id, and the item's kind",
        "SELECT hex(r.author_id) || hex(r.item_id), 1, 0 FROM reviews AS r \
         LEFT JOIN item_reviews AS l ON l.item_id = r.item_id AND l.id = r.id \
         LEFT JOIN catalogue_items AS i ON i.id = r.item_id \
         WHERE l.author_id IS NOT r.author_id OR i.kind IS NOT r.kind",
    ),
    (
        "item_reviews: the author's row, with the same id",
        "SELECT hex(l.item_id) || hex(l.id), 1, 0 FROM item_reviews AS l \
         LEFT JOIN reviews AS r ON r.author_id = l.author_id AND r.item_id = l.item_id \
         WHERE r.id IS NOT l.id",
    ),
    (
        "users: the directory's row",
        "SELECT hex(u.id), 1, 0 FROM users AS u LEFT JOIN usernames AS n \
         ON n.username = u.username WHERE n.user_id IS NOT u.id",
    ),
    (
        "usernames: the user",
        "SELECT hex(n.user_id), 1, 0 FROM usernames AS n LEFT JOIN users AS u \
         ON u.id = n.user_id WHERE u.username IS NOT n.username",
    ),
];
