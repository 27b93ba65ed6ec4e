//! The checks of groups of friends, and of what their diaries change of others: as [`super::checks`] has
//! the others.

use super::checks::DIFFERS;

/// What is checked, how, and which of the rows are wrong.
pub(super) const CHECKS: &[(&str, &str, &str)] = &[
    (
        "friend_groups.friend_count",
        "SELECT g.owner_id, g.id, g.friend_count AS kept, (SELECT count(*) \
         FROM friend_group_members AS m WHERE m.owner_id = g.owner_id AND m.group_id = g.id) \
         AS counted FROM friend_groups AS g",
        DIFFERS,
    ),
    (
        "friend_groups.diary_count",
        "SELECT g.owner_id, g.id, g.diary_count AS kept, (SELECT count(*) FROM diaries AS d \
         WHERE d.author_id = g.owner_id AND d.group_id = g.id) AS counted \
         FROM friend_groups AS g",
        DIFFERS,
    ),
    (
        "friend_group_members: friends, in a group that is there",
        "SELECT m.owner_id, m.friend_id, 1 AS kept, 0 AS counted \
         FROM friend_group_members AS m LEFT JOIN friendships AS f \
         ON f.user_id = m.owner_id AND f.friend_id = m.friend_id LEFT JOIN friend_groups AS g \
         ON g.owner_id = m.owner_id AND g.id = m.group_id WHERE f.id IS NULL OR g.id IS NULL",
        DIFFERS,
    ),
    (
        "diaries.group_id: a group that is there, where the audience is one",
        "SELECT d.author_id, d.id, 1 AS kept, 0 AS counted FROM diaries AS d \
         LEFT JOIN friend_groups AS g ON g.owner_id = d.author_id AND g.id = d.group_id \
         WHERE (d.audience = 'GROUP') <> (g.id IS NOT NULL) \
         OR (d.audience = 'GROUP') <> (d.group_id IS NOT NULL)",
        DIFFERS,
    ),
    (
        "friendships.newest_diary_id: as the friend has it, or a newer one for a group",
        "WITH c AS MATERIALIZED (SELECT user_id, newest_diary_id FROM user_counters), \
         g AS MATERIALIZED (SELECT DISTINCT m.owner_id, m.friend_id, (SELECT d.id \
         FROM friend_group_members AS o JOIN diaries AS d ON d.author_id = o.owner_id \
         AND d.group_id = o.group_id WHERE o.owner_id = m.owner_id \
         AND o.friend_id = m.friend_id ORDER BY d.id DESC LIMIT 1) AS newest \
         FROM friend_group_members AS m) \
         SELECT f.user_id, f.friend_id, 1 AS kept, 0 AS counted FROM friendships AS f \
         JOIN c ON c.user_id = f.friend_id LEFT JOIN g \
         ON g.owner_id = f.friend_id AND g.friend_id = f.user_id \
         WHERE f.sees_group_diaries <> (g.newest IS NOT NULL) \
         OR f.newest_diary_id IS DISTINCT FROM CASE WHEN g.newest IS NULL \
         OR c.newest_diary_id > g.newest THEN c.newest_diary_id ELSE g.newest END",
        DIFFERS,
    ),
];
