//! Those of searches.

use sea_orm::DbBackend;

use super::{Allowed, RECOUNT, allowed, several};
use crate::plans::bounds::{PASSED_OVER, WHOLE};

const ALL_FOUND: &str = "a GIN index gives what it finds in no order: what has all the words, and is for who searches, is sorted";

/// Those on `backend`.
pub fn on(backend: DbBackend) -> Vec<Allowed> {
    match backend {
        DbBackend::Postgres => [POSTGRES, BOTH].concat(),
        _ => BOTH.to_vec(),
    }
}

/// On both.
const BOTH: &[Allowed] = &[
    several(
        "EXISTS (SELECT 1 FROM user_grams",
        PASSED_OVER,
        "the names under the first pair of signs that is looked for, until a page has the others, too",
    ),
    several(
        "EXISTS (SELECT 1 FROM users AS b WHERE b.id = g.user_id AND b.birth_date <=",
        PASSED_OVER,
        "minors under the pair of signs that is looked for: one in twenty users is one",
    ),
    allowed(r#""reviews"."edited_at" FROM "reviews""#, WHOLE, RECOUNT),
];

/// On PostgreSQL alone.
const POSTGRES: &[Allowed] = &[
    several(
        "FROM diary_texts AS t WHERE t.terms @@",
        "idx_diary_texts_terms",
        ALL_FOUND,
    ),
    several(
        "FROM review_texts AS t WHERE t.terms @@",
        "idx_review_texts_terms",
        ALL_FOUND,
    ),
    allowed(
        "unnest(tsvector_to_array(t.terms)) FROM diary_texts",
        WHOLE,
        RECOUNT,
    ),
    allowed(
        "unnest(tsvector_to_array(t.terms)) FROM review_texts",
        WHOLE,
        RECOUNT,
    ),
];
