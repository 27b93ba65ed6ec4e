//! The checks of rests: as [`super::checks`] has the others.

use super::checks::DIFFERS;

/// What is checked, how, and which of the rows are wrong.
///
/// Where it says that there is a rest, it is looked for: that costs a statement. Where there is one, it must say so.
/// (A session that began at an older program while a newer one is rolled out does not.)
pub(super) const CHECKS: &[(&str, &str, &str)] = &[
    (
        "session_tokens.has_rest",
        "WITH r AS MATERIALIZED (SELECT user_id FROM rests) \
         SELECT t.user_id, t.session_id, 0 AS kept, 1 AS counted \
         FROM session_tokens AS t JOIN r ON r.user_id = t.user_id WHERE NOT t.has_rest",
        DIFFERS,
    ),
    (
        "visitors.has_rest",
        "SELECT r.user_id, 0 AS kept, 1 AS counted FROM rests AS r \
         LEFT JOIN visitors AS v ON v.user_id = r.user_id WHERE v.has_rest IS NOT TRUE",
        DIFFERS,
    ),
    (
        "rest_digests: an end after the beginning, and no range before its beginning",
        "SELECT d.user_id, d.id, 1 AS kept, 0 AS counted FROM rest_digests AS d \
         WHERE d.ended_at <= d.began_at OR d.first_footprint > d.last_footprint \
         OR d.first_request > d.last_request OR d.first_comment > d.last_comment \
         OR d.first_notification > d.last_notification OR d.first_post > d.last_post",
        DIFFERS,
    ),
];
