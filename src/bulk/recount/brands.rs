//! The checks of brands' pages: as [`super::checks`] has the others.
//!
//! Of a page that was removed its followers and posts stay for moments: they are checked against its removal.

use super::checks::{DIFFERS, FALLS_SHORT};

/// What is checked, how, and which of the rows are wrong.
pub(super) const CHECKS: &[(&str, &str, &str)] = &[
    (
        "brands.editor_count",
        "SELECT b.id, b.editor_count AS kept, \
         (SELECT count(*) FROM brand_editors AS e WHERE e.brand_id = b.id) AS counted \
         FROM brands AS b",
        DIFFERS,
    ),
    (
        "brands.follower_count",
        "SELECT b.id, b.follower_count AS kept, \
         (SELECT count(*) FROM brand_followers AS f WHERE f.brand_id = b.id) AS counted \
         FROM brands AS b",
        DIFFERS,
    ),
    (
        "brands.post_count",
        "SELECT b.id, b.post_count AS kept, \
         (SELECT count(*) FROM brand_posts AS p WHERE p.brand_id = b.id) AS counted \
         FROM brands AS b",
        DIFFERS,
    ),
    (
        "brand_days: who came and did not go follows",
        "SELECT b.id, b.follower_count AS kept, \
         (SELECT CAST(coalesce(sum(d.gained - d.lost), 0) AS bigint) FROM brand_days AS d \
         WHERE d.brand_id = b.id) AS counted FROM brands AS b",
        DIFFERS,
    ),
    (
        "brand_days.posts: as many as there are, or more",
        "SELECT b.id, (SELECT CAST(coalesce(sum(d.posts), 0) AS bigint) FROM brand_days AS d \
         WHERE d.brand_id = b.id) AS kept, b.post_count AS counted FROM brands AS b",
        FALLS_SHORT,
    ),
    (
        "brands: one owner, who runs it as such",
        "WITH r AS MATERIALIZED (SELECT brand_id, user_id FROM run_brands WHERE is_owner), \
         b AS MATERIALIZED (SELECT id, owner_id FROM brands) \
         SELECT b.id, 1 AS kept, (SELECT count(*) FROM r \
         WHERE r.brand_id = b.id AND r.user_id = b.owner_id) AS counted FROM b",
        DIFFERS,
    ),
    (
        "run_brands: owner or editor, each at both ends",
        "WITH r AS MATERIALIZED (SELECT brand_id, user_id, is_owner FROM run_brands), \
         e AS MATERIALIZED (SELECT brand_id, user_id, id FROM brand_editors), \
         b AS MATERIALIZED (SELECT id, owner_id FROM brands) \
         SELECT r.user_id, r.brand_id, 1 AS kept, \
         (SELECT count(*) FROM b WHERE b.id = r.brand_id AND b.owner_id = r.user_id AND r.is_owner) \
         + (SELECT count(*) FROM e WHERE e.brand_id = r.brand_id AND e.user_id = r.user_id \
         AND NOT r.is_owner) AS counted FROM r",
        DIFFERS,
    ),
    (
        "brand_editors: each runs it, with the same id",
        "WITH r AS MATERIALIZED (SELECT brand_id, user_id, id FROM run_brands WHERE NOT is_owner), \
         e AS MATERIALIZED (SELECT brand_id, user_id, id FROM brand_editors) \
         SELECT e.brand_id, e.user_id, 1 AS kept, (SELECT count(*) FROM r \
         WHERE r.brand_id = e.brand_id AND r.user_id = e.user_id AND r.id = e.id) AS counted FROM e",
        DIFFERS,
    ),
    (
        "followed_brands: each at both ends",
        "WITH f AS MATERIALIZED (SELECT brand_id, user_id FROM brand_followers), \
         u AS MATERIALIZED (SELECT brand_id, user_id FROM followed_brands) \
         SELECT u.user_id, u.brand_id, 1 AS kept, CASE WHEN f.user_id IS NULL THEN 0 ELSE 1 END \
         AS counted FROM u LEFT JOIN f ON f.brand_id = u.brand_id AND f.user_id = u.user_id",
        DIFFERS,
    ),
    (
        "brand_followers: each at both ends",
        "WITH f AS MATERIALIZED (SELECT brand_id, user_id FROM brand_followers), \
         u AS MATERIALIZED (SELECT brand_id, user_id FROM followed_brands) \
         SELECT f.brand_id, f.user_id, 1 AS kept, CASE WHEN u.user_id IS NULL THEN 0 ELSE 1 END \
         AS counted FROM f LEFT JOIN u ON u.brand_id = f.brand_id AND u.user_id = f.user_id",
        DIFFERS,
    ),
    (
        "brand_followers: of a page that is there, or is being removed",
        "WITH f AS MATERIALIZED (SELECT DISTINCT brand_id FROM brand_followers), \
         b AS MATERIALIZED (SELECT id FROM brands UNION ALL SELECT brand_id FROM brand_removals) \
         SELECT f.brand_id, 1 AS kept, (SELECT count(*) FROM b WHERE b.id = f.brand_id) AS counted \
         FROM f",
        DIFFERS,
    ),
    (
        "brand_posts: on a page that is there, or is being removed",
        "WITH p AS MATERIALIZED (SELECT DISTINCT brand_id FROM brand_posts), \
         b AS MATERIALIZED (SELECT id FROM brands UNION ALL SELECT brand_id FROM brand_removals) \
         SELECT p.brand_id, 1 AS kept, (SELECT count(*) FROM b WHERE b.id = p.brand_id) AS counted \
         FROM p",
        DIFFERS,
    ),
    (
        "brand_handles: each page by its own",
        "WITH h AS MATERIALIZED (SELECT handle, brand_id FROM brand_handles), \
         b AS MATERIALIZED (SELECT id, handle FROM brands) \
         SELECT b.id, 1 AS kept, (SELECT count(*) FROM h \
         WHERE h.handle = b.handle AND h.brand_id = b.id) AS counted FROM b",
        DIFFERS,
    ),
    (
        "brand_handles: nobody's, or that of one page",
        "WITH h AS MATERIALIZED (SELECT handle, brand_id FROM brand_handles \
         WHERE brand_id <> {nobody}), \
         b AS MATERIALIZED (SELECT id, handle FROM brands) \
         SELECT h.brand_id, 1 AS kept, (SELECT count(*) FROM b \
         WHERE b.handle = h.handle AND b.id = h.brand_id) AS counted FROM h",
        DIFFERS,
    ),
    (
        "sequences: no post has a higher number",
        "WITH s AS MATERIALIZED (SELECT coalesce(max(number), 0) AS last FROM sequences \
         WHERE name = 'brand_posts'), \
         p AS MATERIALIZED (SELECT brand_id, id, number FROM brand_posts) \
         SELECT p.brand_id, p.id, s.last AS kept, p.number AS counted FROM p CROSS JOIN s",
        FALLS_SHORT,
    ),
    (
        "user_counters.follow_number: as many as are followed, or more",
        "SELECT c.user_id, c.follow_number AS kept, \
         (SELECT count(*) FROM followed_brands AS f WHERE f.user_id = c.user_id) AS counted \
         FROM user_counters AS c",
        FALLS_SHORT,
    ),
];
