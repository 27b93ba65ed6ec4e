//! The checks of introductions: as [`super::checks`] has the others. (That each is by a friend is the
//! database's to hold: their rows refer to the friendship.)

use super::checks::DIFFERS;

/// What is checked, how, and which of the rows are wrong.
pub(super) const CHECKS: &[(&str, &str, &str)] = &[
    (
        "users.introduction_count",
        "SELECT u.id, u.introduction_count AS kept, (SELECT count(*) FROM introductions AS i \
         WHERE i.subject_id = u.id) AS counted FROM users AS u",
        DIFFERS,
    ),
    (
        "introductions: the author's row, with the same id",
        "WITH w AS MATERIALIZED (SELECT author_id, subject_id, id FROM written_introductions) \
         SELECT i.subject_id, i.author_id, 1 AS kept, 0 AS counted FROM introductions AS i \
         LEFT JOIN w ON w.author_id = i.author_id AND w.subject_id = i.subject_id \
         WHERE w.id IS DISTINCT FROM i.id",
        DIFFERS,
    ),
    (
        "written_introductions: the introduction, with the same id",
        "WITH i AS MATERIALIZED (SELECT subject_id, author_id, id FROM introductions) \
         SELECT w.author_id, w.subject_id, 1 AS kept, 0 AS counted \
         FROM written_introductions AS w \
         LEFT JOIN i ON i.subject_id = w.subject_id AND i.author_id = w.author_id \
         WHERE i.id IS DISTINCT FROM w.id",
        DIFFERS,
    ),
];
