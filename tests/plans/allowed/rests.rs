//! Those of rests.

use super::{Allowed, TOKENS_OF_USER, allowed, several};

const NINETY_DAYS: &str = "the rests of a user within ninety days in which something came";
const LEARN: &str = "a user's tokens learn of the user's first rest";

/// On PostgreSQL alone.
pub const POSTGRES: &[Allowed] = &[
    several(
        "FROM rest_digests AS d WHERE d.user_id = $1 AND d.last_",
        "rest_digests_pkey",
        NINETY_DAYS,
    ),
    allowed(
        r#"FROM "rest_digests" WHERE "rest_digests"."user_id" = $1 ORDER BY"#,
        "rest_digests_pkey",
        NINETY_DAYS,
    ),
    allowed(
        "SELECT 1 FROM session_tokens WHERE user_id = $1 AND has_rest <> $2 ORDER BY token_hash",
        TOKENS_OF_USER,
        LEARN,
    ),
    allowed(
        "UPDATE session_tokens SET has_rest = $2 WHERE user_id = $1",
        TOKENS_OF_USER,
        LEARN,
    ),
];

pub const BOTH: &[Allowed] = &[
    several(
        "SELECT count(*), coalesce(min(t.number), 0), coalesce(max(t.number), 0) FROM",
        "_number",
        "what came since one rests, or since a rest began, from the newest back to the first of before",
    ),
    several(
        "SELECT p.lowest, count(*) FROM",
        "_number",
        "what came in the rests that a page tells of",
    ),
];
