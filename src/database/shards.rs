//! How the tables lie on a Citus cluster (design.md, section 4): by user, or whole on every node.
//!
//! Tried on Citus 13.2.2 with a coordinator and two workers (`make test-citus`, `tests/citus.rs`).
//! What it does otherwise than one PostgreSQL:
//!
//! - A list of keys lies on no shard, so a page of each of many parents cannot look at one: see
//!   [`crate::paging`]. Without a condition on the shard key itself every shard is asked: see
//!   [`Sql::on_shards`].
//! - A table that refers to one on every node becomes known to Citus without being spread.
//! - A later step makes its tables on the coordinator; [`super::tables::up`] spreads them with it.
//! - A time-out for locks that is set on a connection holds at the coordinator alone: see
//!   [`bound_waits`].
//! - A join across users is refused, but where one side is read whole first: the recount's.

use sea_orm::{ConnectionTrait, DbErr};

use super::postgres::{LOCK_PATIENCE, millis};
use crate::sql::Sql;

/// Where the rows of a table are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lies {
    /// On the shard of the value of this column, beside those of `users` of the same id.
    With(&'static str),
    /// On the shard of the value of this column, beside nothing.
    By(&'static str),
    /// On the shard of the value of the column, beside those of the table of the same value.
    Beside(&'static str, &'static str),
    /// On every node.
    Everywhere,
}

/// Every table, those first that others refer to.
pub const TABLES: &[(&str, Lies)] = &[
    ("catalogue_items", Lies::Everywhere),
    ("catalogue_titles", Lies::Everywhere),
    ("catalogue_grams", Lies::Everywhere),
    ("artists", Lies::Everywhere),
    ("artist_names", Lies::Everywhere),
    ("artist_grams", Lies::Everywhere),
    ("statistics_days", Lies::Everywhere),
    ("users", Lies::With("id")),
    ("credentials", Lies::With("user_id")),
    ("two_factors", Lies::With("user_id")),
    ("recovery_codes", Lies::With("user_id")),
    ("sessions", Lies::With("user_id")),
    ("user_counters", Lies::With("user_id")),
    ("user_grams", Lies::With("user_id")),
    ("idempotency_keys", Lies::With("user_id")),
    ("blocks", Lies::With("user_id")),
    ("friendships", Lies::With("user_id")),
    ("friend_groups", Lies::With("owner_id")),
    ("friend_group_members", Lies::With("owner_id")),
    ("friend_requests", Lies::With("user_id")),
    ("introductions", Lies::With("subject_id")),
    ("written_introductions", Lies::With("author_id")),
    ("diaries", Lies::With("author_id")),
    ("diary_texts", Lies::With("author_id")),
    ("diary_comments", Lies::With("diary_author_id")),
    ("orders", Lies::With("user_id")),
    ("photos", Lies::With("owner_id")),
    ("reviews", Lies::With("author_id")),
    ("review_texts", Lies::With("author_id")),
    ("favourite_songs", Lies::With("user_id")),
    ("listens", Lies::With("user_id")),
    ("weekly_listens", Lies::With("user_id")),
    ("song_listeners", Lies::With("user_id")),
    ("uncharted_listens", Lies::With("user_id")),
    ("run_brands", Lies::With("user_id")),
    ("followed_brands", Lies::With("user_id")),
    ("usage_days", Lies::With("user_id")),
    ("footprints", Lies::With("owner_id")),
    ("kiribans", Lies::With("owner_id")),
    ("inboxes", Lies::With("user_id")),
    ("notifications", Lies::With("user_id")),
    ("rests", Lies::With("user_id")),
    ("rest_digests", Lies::With("user_id")),
    ("invitations", Lies::With("inviter_id")),
    ("invitees", Lies::With("inviter_id")),
    ("inviters", Lies::With("user_id")),
    ("user_phones", Lies::With("user_id")),
    ("user_facts", Lies::With("user_id")),
    ("audit_log", Lies::By("id")),
    ("account_deletions", Lies::With("user_id")),
    ("data_exports", Lies::With("user_id")),
    ("data_export_parts", Lies::With("user_id")),
    ("absences", Lies::With("user_id")),
    ("suspensions", Lies::With("user_id")),
    ("reports", Lies::With("reporter_id")),
    ("unlisted_visits", Lies::With("owner_id")),
    ("visitors", Lies::With("user_id")),
    ("usernames", Lies::By("username")),
    ("session_tokens", Lies::By("token_hash")),
    ("invitation_codes", Lies::By("code_hash")),
    ("attempts", Lies::By("attempt_hash")),
    ("phone_numbers", Lies::By("number_hash")),
    ("phone_codes", Lies::By("number_hash")),
    ("phone_recoveries", Lies::By("recovery_hash")),
    (
        "phone_code_requests",
        Lies::Beside("phone_codes", "number_hash"),
    ),
    ("item_reviews", Lies::By("item_id")),
    ("item_ratings", Lies::Beside("item_reviews", "item_id")),
    ("brands", Lies::By("id")),
    ("brand_editors", Lies::Beside("brands", "brand_id")),
    ("brand_followers", Lies::Beside("brands", "brand_id")),
    ("brand_posts", Lies::Beside("brands", "brand_id")),
    ("brand_days", Lies::Beside("brands", "brand_id")),
    ("brand_grams", Lies::Beside("brands", "brand_id")),
    ("brand_removals", Lies::Beside("brands", "brand_id")),
    ("brand_handles", Lies::By("handle")),
    ("sequences", Lies::By("name")),
    ("song_charts", Lies::By("week")),
    ("access_days", Lies::By("day")),
    ("statistics_runs", Lies::By("day")),
    ("payers", Lies::By("customer")),
    ("ledger_entries", Lies::By("payer_id")),
    ("payment_events", Lies::By("id")),
    ("payment_endings", Lies::By("reference")),
];

/// Whether the database at the other end of `db` is a Citus cluster.
///
/// # Errors
/// The database's.
pub async fn is_citus(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let sql = Sql::of(db);
    if !sql.is_postgres() {
        return Ok(false);
    }
    let text = "SELECT to_regproc('create_distributed_table') IS NOT NULL";
    match sql.rows(db, text).await?.first() {
        Some(row) => row.try_get_by_index(0),
        None => Ok(false),
    }
}

/// Whether the tables are spread over the nodes of a Citus cluster.
///
/// # Errors
/// The database's.
pub async fn is_spread(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(is_citus(db).await? && lies_spread(db, "users").await?)
}

/// Spreads the tables over the nodes of a Citus cluster; those that are spread already stay as
/// they are. Says which were spread; nothing where there is no Citus.
///
/// # Errors
/// The database's.
pub async fn distribute(db: &impl ConnectionTrait) -> Result<Option<Vec<&'static str>>, DbErr> {
    if !is_citus(db).await? {
        return Ok(None);
    }
    let mut spread = Vec::new();
    for (table, lies) in TABLES {
        if lies_spread(db, table).await? {
            continue;
        }
        for (kept, trigger) in [
            ("audit_log", "audit_log_stays"),
            ("ledger_entries", "ledger_stays"),
        ] {
            if *table == kept {
                // Citus spreads no table that has triggers: there nothing but this program keeps it.
                let text = format!("DROP TRIGGER IF EXISTS {trigger} ON {kept}");
                Sql::of(db).run(db, text).await?;
            }
        }
        let by = |column: &str, beside: &str| {
            format!(
                "SELECT create_distributed_table('{table}', '{column}', \
                 colocate_with => '{beside}')"
            )
        };
        let text = match lies {
            Lies::Everywhere => format!("SELECT create_reference_table('{table}')"),
            Lies::With(column) if *table == "users" => by(column, "none"),
            Lies::With(column) => by(column, "users"),
            Lies::Beside(other, column) => by(column, other),
            Lies::By(column) => by(column, "none"),
        };
        Sql::of(db).rows(db, text).await?;
        spread.push(*table);
    }
    // What stood in them was copied to the nodes, and here it is a second time.
    for table in &spread {
        let text = format!("SELECT truncate_local_data_after_distributing_table('{table}')");
        Sql::of(db).rows(db, text).await?;
    }
    Ok(Some(spread))
}

/// Lets no statement wait for a lock at a worker for longer than at a PostgreSQL alone: what the
/// service's own connections say of that reaches the coordinator only. For every database of a
/// cluster once, and again for workers that come later.
///
/// # Errors
/// The database's; what a worker says where it refuses.
pub async fn bound_waits(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let patience = sql.bind(millis(LOCK_PATIENCE));
    // At a worker by itself: passing it on is the coordinator's, which is not meant.
    let text = format!(
        "SELECT result FROM run_command_on_workers(format('SET citus.enable_ddl_propagation = off; \
         ALTER DATABASE %I SET lock_timeout = %L; RESET citus.enable_ddl_propagation', \
         current_database(), {patience}::text)) WHERE NOT success"
    );
    match sql.rows(db, text).await?.first() {
        Some(refused) => Err(DbErr::Custom(refused.try_get_by_index(0)?)),
        None => Ok(()),
    }
}

/// Whether `table` is there, and spread by a column or whole on every node. (A table that refers to
/// such a one is known to Citus, too, but lies on the coordinator alone: its model is `s`.)
async fn lies_spread(db: &impl ConnectionTrait, table: &str) -> Result<bool, DbErr> {
    let text = format!(
        "SELECT 1 FROM pg_dist_partition WHERE logicalrelid = to_regclass('{table}') \
         AND (partmethod = 'h' OR repmodel = 't')"
    );
    Ok(!Sql::of(db).rows(db, text).await?.is_empty())
}
