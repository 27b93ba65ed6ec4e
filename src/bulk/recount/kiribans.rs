//! The checks of kiriban: as [`super::checks`] has the others.

use super::checks::DIFFERS;

/// What is checked, how, and which of the rows are wrong.
///
/// What an older program counts past while a newer one is rolled out is the next one until somebody visits.
pub(super) const CHECKS: &[(&str, &str, &str)] = &[
    (
        "user_counters.next_kiriban",
        "SELECT c.user_id, CASE WHEN c.next_kiriban > c.visit_count THEN c.next_kiriban ELSE 0 END \
         AS kept, (SELECT coalesce(min(k.number), 0) FROM kiribans AS k \
         WHERE k.owner_id = c.user_id AND k.number > c.visit_count) AS counted \
         FROM user_counters AS c",
        DIFFERS,
    ),
    (
        "kiribans: reached by a visit that is counted, and not by the owner",
        "SELECT k.owner_id, 1 AS kept, 0 AS counted FROM kiribans AS k \
         JOIN user_counters AS c ON c.user_id = k.owner_id \
         WHERE (k.reached_at IS NOT NULL AND k.number > c.visit_count) \
         OR (k.visitor_id IS NOT NULL AND k.reached_at IS NULL) \
         OR (k.named_to_all AND k.visitor_id IS NULL) OR k.visitor_id = k.owner_id",
        DIFFERS,
    ),
];
