//! Statements that may read much, each with its reason.

mod accounts;
mod leaving;
mod moderation;
mod music;
mod orders;
mod photos;
mod rests;
mod searches;
mod statistics;
mod told;

use sea_orm::DbBackend;

use self::{
    accounts::ACCOUNTS, leaving::POSTGRES as LEAVING, moderation::POSTGRES as MODERATION,
    music::POSTGRES as MUSIC, orders::ORDERS, photos::PHOTOS, told::TOLD,
};
use super::{
    bounds::{PASSED_OVER, WHOLE},
    groups::GROUPS,
};

/// One of them.
#[derive(Clone, Copy)]
pub struct Allowed {
    /// What stands in no other of the statements that read much, nor in one after it here.
    pub text: &'static str,
    /// How it may do so: this stands in all that is said of it.
    pub plan: &'static str,
    pub reason: &'static str,
    /// Whether these are several statements, which differ in how much is asked for.
    pub many: bool,
}

pub const fn allowed(text: &'static str, plan: &'static str, reason: &'static str) -> Allowed {
    Allowed {
        text,
        plan,
        reason,
        many: false,
    }
}

pub const fn several(text: &'static str, plan: &'static str, reason: &'static str) -> Allowed {
    let many = true;
    Allowed {
        many,
        ..allowed(text, plan, reason)
    }
}

/// Those on `backend`, its own first. What fits first counts: what names more of a statement stands first.
pub fn on(backend: DbBackend) -> Vec<Allowed> {
    let (own, more) = match backend {
        DbBackend::Sqlite => (
            [moderation::SQLITE, music::SQLITE, photos::SQLITE].concat(),
            SQLITE,
        ),
        _ => (
            [
                ACCOUNTS,
                LEAVING,
                TOLD,
                MODERATION,
                MUSIC,
                GROUPS,
                PHOTOS,
                ORDERS,
                rests::POSTGRES,
            ]
            .concat(),
            POSTGRES,
        ),
    };
    [
        &own,
        &searches::on(backend),
        leaving::BOTH,
        moderation::BOTH,
        music::BOTH,
        statistics::on(backend),
        rests::BOTH,
        more,
        BOTH,
    ]
    .concat()
}

const OF_A_TEST: &str = "a test looks at everything";
const RECOUNT: &str = "the recount compares everything with what it is found by";
const AT_START: &str = "the demo is for an empty database: it looks once, at the start";
const STEPS: &str = "as many rows as the tables have taken steps";
const OF_A_STEP: &str = "a step changes all rows, once";
const TOKENS: &str = "a session has at most 20 tokens, and a user few sessions";
const CODES: &str =
    "a user has ten recovery codes, and while a call that gave some is repeated 200";
const TOKENS_OF_USER: &str = "idx_session_tokens_user_id_session_id (user_id = $1)";
const TOKENS_OF_SESSION: &str =
    "idx_session_tokens_user_id_session_id ((user_id = $1) AND (session_id = $2))";
const MUTUAL: &str = "who has more friends than 1,000, and than the viewer, is not read so";

/// On PostgreSQL alone.
const POSTGRES: &[Allowed] = &[
    allowed(
        "DELETE FROM data_export_parts WHERE user_id = $1 AND export_id = $2",
        "data_export_parts_pkey ((user_id = $1) AND (export_id = $2))",
        "an export has some tens of parts",
    ),
    allowed(
        "DELETE FROM diary_comments WHERE diary_author_id = $1 AND diary_id = $2",
        "diary_comments_pkey ((diary_author_id = $1) AND (diary_id = $2))",
        "the keys of one thread, for each 500 of it that go, in the background; it is taken for a short one",
    ),
    allowed(
        "DELETE FROM idempotency_keys WHERE user_id = $1 AND key",
        "idempotency_keys_pkey (user_id = $1)",
        "what a user called within a day",
    ),
    allowed(
        "THEN places ELSE used END",
        "invitations_pkey (inviter_id = $1)",
        "a member makes few invitations, and those that nobody used go",
    ),
    allowed(
        r#"SELECT COUNT(*) AS num_items FROM (SELECT "phone_code_requests""#,
        "phone_code_requests_pkey (number_hash = $1)",
        "what was asked for one number within an hour or two",
    ),
    allowed(
        "SELECT deadlocks FROM pg_stat_database",
        "Seq Scan of pg_database",
        OF_A_TEST,
    ),
    several(
        "SELECT t.user_id, t.friend_id, t.newest_diary_id, t.sees_group_diaries FROM",
        "(newest_diary_id >= $1)",
        "a first page has none but those of tarento; a later one has who has written since, of at most 1,000 friends but for a tarento's",
    ),
    allowed(
        r#"DELETE FROM "session_tokens" WHERE "session_tokens"."user_id" = $1 AND "session_tokens"."session_id" = $2 AND "session_tokens"."number" <= $3"#,
        TOKENS_OF_SESSION,
        TOKENS,
    ),
    allowed(
        r#"DELETE FROM "session_tokens" WHERE "session_tokens"."user_id" = $1 AND "session_tokens"."session_id" = $2"#,
        TOKENS_OF_SESSION,
        TOKENS,
    ),
    several(
        r#"DELETE FROM "session_tokens" WHERE "session_tokens"."user_id" = $1"#,
        TOKENS_OF_USER,
        TOKENS,
    ),
    several(
        r#"DELETE FROM "sessions" WHERE "sessions"."user_id" = $1"#,
        "sessions_pkey (user_id = $1)",
        "a new password ends all of a user's sessions",
    ),
    allowed(
        "SELECT count(*) FROM sessions WHERE user_id = $1 AND expires_at > $2",
        "sessions_pkey (user_id = $1)",
        "what has ended goes within the hour, and of the others few are one user's",
    ),
    allowed(
        "SELECT 1 FROM session_tokens WHERE user_id = $1 AND session_id = $2 ORDER BY token_hash",
        TOKENS_OF_SESSION,
        TOKENS,
    ),
    allowed(
        "UPDATE session_tokens SET used_at = $3 WHERE user_id = $1 AND session_id = $2",
        TOKENS_OF_SESSION,
        TOKENS,
    ),
    several(
        r#"DELETE FROM "recovery_codes" WHERE "recovery_codes"."user_id" = $1"#,
        "recovery_codes_pkey (user_id = $1)",
        CODES,
    ),
    allowed(
        r#"FROM "recovery_codes" WHERE "recovery_codes"."user_id" = $1"#,
        "recovery_codes_pkey (user_id = $1)",
        CODES,
    ),
    allowed(
        r#"DELETE FROM "user_grams" WHERE "user_grams"."user_id" = $1"#,
        "(user_id = $1)",
        "the pieces of a user's two names, which have at most 52 characters",
    ),
    allowed(
        "SELECT user_id, other_id, made IS NOT NULL FROM blocks",
        "idx_blocks_user_id_made (user_id = ANY ($1))",
        "all with whom there is a block are left out everywhere; who has none is not asked for them",
    ),
    allowed(
        r#"SELECT "friendships"."friend_id" FROM "friendships""#,
        "(user_id = $1)",
        "relations are looked for among all friends, who are at most 1,000 but for a tarento",
    ),
    allowed(
        "SELECT user_id, friend_id FROM friendships WHERE user_id = ANY($1)",
        "(user_id = ANY ($1))",
        "the friends of who has fewer of a visitor and an owner: at most 1,000, but between two tarento",
    ),
    allowed(
        r#"SELECT MAX("session_tokens"."number")"#,
        TOKENS_OF_SESSION,
        TOKENS,
    ),
    allowed(
        r#""session_tokens" WHERE "session_tokens"."user_id" = $1 AND "session_tokens"."session_id" = $2"#,
        TOKENS_OF_SESSION,
        TOKENS,
    ),
    allowed(
        r#"FROM "sessions" WHERE "sessions"."user_id" = $1"#,
        "sessions_pkey (user_id = $1)",
        "a new password ends all of a user's sessions",
    ),
    allowed(
        r#"FROM "footprints" WHERE "footprints"."owner_id" = $1 AND "footprints"."number" > $2) AS "sub_query""#,
        "idx_footprints_owner_id_number ((owner_id = $1) AND (number > $2))",
        "what came since the page that its owner has seen was read",
    ),
    allowed(
        "AS p(k0, k1, n) CROSS JOIN unnest($3) WITH ORDINALITY AS i(k0, n) CROSS JOIN LATERAL (SELECT t.diary_author_id, t.diary_id FROM diary_comments",
        "idx_diary_comments_diary_author_id_author_id_diary_id ((diary_author_id = p.k0) AND (author_id = i.k0))",
        "counts what one user whom another has a block with wrote under the diaries of a third",
    ),
    allowed(
        "CROSS JOIN LATERAL (SELECT f.number FROM footprints AS f",
        "idx_footprints_owner_id_visitor_id_day ((owner_id = $1) AND (visitor_id = p.k0))",
        "a visitor leaves one footprint a day, which is kept for a year",
    ),
    allowed(
        "EXISTS (SELECT 1 FROM users)",
        "Seq Scan of users",
        "whether the database answers: the first row that comes is enough",
    ),
    allowed(
        r#"FROM "diary_comments" WHERE "diary_comments"."body" = $1"#,
        WHOLE,
        OF_A_TEST,
    ),
    allowed(
        "SELECT count(DISTINCT xmin::text) FROM footprints",
        WHOLE,
        OF_A_TEST,
    ),
    allowed(
        r#""footprints"."owner_id" = $1 ORDER BY "footprints"."number" ASC"#,
        "idx_footprints_owner_id_number (owner_id = $1)",
        OF_A_TEST,
    ),
    several("AND friend_id = ANY($5)", PASSED_OVER, MUTUAL),
    allowed(
        "SELECT 1 FROM blocks WHERE user_id = $1 AND other_id = ANY($2) LIMIT 1",
        "idx_blocks_user_id_made (user_id = $1)",
        "all with whom there is a block are read for each request of theirs",
    ),
];

/// On SQLite alone.
const SQLITE: &[Allowed] = &[
    allowed(r#"FROM "seaql_migrations" ORDER BY"#, WHOLE, STEPS),
    allowed("name = 'seaql_migrations'", WHOLE, STEPS),
    allowed(
        r#"UPDATE "session_tokens" SET "has_blocks" = ?"#,
        WHOLE,
        OF_A_STEP,
    ),
    allowed(
        "t.author_id IN (SELECT unhex(value) FROM json_each($2)) GROUP BY p.k0, p.k1",
        "idx_diary_comments_diary_author_id_author_id_diary_id (diary_author_id=? AND author_id=? AND diary_id=?)",
        "counts what users with whom another has a block wrote under each diary",
    ),
    several(
        "AND friend_id IN (SELECT unhex(value) FROM json_each($5))",
        PASSED_OVER,
        MUTUAL,
    ),
];

/// On both.
const BOTH: &[Allowed] = &[
    several(
        "AND day < $2 ORDER BY id LIMIT $3",
        PASSED_OVER,
        "once a day, of who has footprints that are past: those of the year that stay",
    ),
    allowed(
        "FROM sessions AS t WHERE t.user_id = $1 AND t.id > $3",
        PASSED_OVER,
        "what has ended goes within the hour",
    ),
    allowed(r#"FROM "recovery_codes") AS "sub_query""#, WHOLE, OF_A_TEST),
    allowed(r#"FROM "two_factors") AS "sub_query""#, WHOLE, OF_A_TEST),
    allowed(
        r#"SELECT COUNT(*) AS num_items FROM (SELECT "blocks""#,
        WHOLE,
        OF_A_TEST,
    ),
    allowed(
        r#"SELECT COUNT(*) AS num_items FROM (SELECT "friend_requests""#,
        WHOLE,
        OF_A_TEST,
    ),
    allowed(
        r#"SELECT COUNT(*) AS num_items FROM (SELECT "friendships""#,
        WHOLE,
        OF_A_TEST,
    ),
    allowed("SELECT version FROM seaql_migrations", WHOLE, STEPS),
    allowed(r#"FROM "friend_group_members") AS"#, WHOLE, OF_A_TEST),
    allowed(r#"FROM "friend_groups""#, WHOLE, OF_A_TEST),
    allowed(r#"FROM "attempts""#, WHOLE, OF_A_TEST),
    allowed(r#"FROM "catalogue_grams""#, WHOLE, RECOUNT),
    allowed(r#"FROM "catalogue_items" LIMIT"#, WHOLE, OF_A_TEST),
    allowed(r#"FROM "catalogue_items""#, WHOLE, RECOUNT),
    allowed(r#"FROM "catalogue_titles""#, WHOLE, RECOUNT),
    allowed(r#"FROM "credentials""#, WHOLE, OF_A_TEST),
    allowed(r#"FROM "diaries""#, WHOLE, OF_A_TEST),
    allowed(
        r#"FROM "idempotency_keys") AS "sub_query""#,
        WHOLE,
        OF_A_TEST,
    ),
    allowed(r#"FROM "idempotency_keys""#, WHOLE, OF_A_TEST),
    allowed(r#"FROM "session_tokens") AS "sub_query""#, WHOLE, OF_A_TEST),
    allowed(r#"FROM "session_tokens""#, WHOLE, OF_A_TEST),
    allowed(r#"FROM "sessions") AS "sub_query""#, WHOLE, OF_A_TEST),
    allowed(r#"FROM "user_grams""#, WHOLE, RECOUNT),
    allowed(r#"FROM "users") AS "sub_query""#, WHOLE, AT_START),
    allowed(r#"FROM "users""#, WHOLE, RECOUNT),
];
