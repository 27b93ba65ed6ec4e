//! The checks of photos: as [`super::checks`] has the others. (Their files are elsewhere.)

use super::checks::DIFFERS;

/// What is checked, how, and which of the rows are wrong.
pub(super) const CHECKS: &[(&str, &str, &str)] = &[
    (
        "user_counters.stored_bytes",
        "SELECT c.user_id, c.stored_bytes AS kept, \
         (SELECT CAST(coalesce(sum(p.bytes), 0) AS bigint) FROM photos AS p \
         WHERE p.owner_id = c.user_id AND p.state <> 'REMOVED') AS counted FROM user_counters AS c",
        DIFFERS,
    ),
    (
        "diaries.photo_count",
        "SELECT d.author_id, d.id, d.photo_count AS kept, (SELECT count(*) FROM photos AS p \
         WHERE p.owner_id = d.author_id AND p.diary_id = d.id) AS counted FROM diaries AS d",
        DIFFERS,
    ),
    (
        "users.photo_id: a photo of theirs, for that",
        "SELECT u.id, 1 AS kept, 0 AS counted FROM users AS u \
         LEFT JOIN photos AS p ON p.owner_id = u.id AND p.id = u.photo_id \
         WHERE u.photo_id IS NOT NULL AND coalesce(p.state, '') <> 'PROFILE'",
        DIFFERS,
    ),
    (
        "photos: where their states say",
        "SELECT p.owner_id, p.id, 1 AS kept, 0 AS counted FROM photos AS p \
         LEFT JOIN diaries AS d ON d.author_id = p.owner_id AND d.id = p.diary_id \
         LEFT JOIN users AS u ON u.id = p.owner_id \
         WHERE (p.state = 'DIARY') <> (d.id IS NOT NULL) \
         OR (p.state = 'PROFILE') <> (u.photo_id IS NOT NULL AND u.photo_id = p.id) \
         OR (p.state IN ('PENDING', 'UNUSED', 'REMOVED')) <> (p.due_at IS NOT NULL)",
        DIFFERS,
    ),
];
