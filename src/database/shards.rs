//! How the tables lie on a Citus cluster (design.md, section 4): by user, or whole on every node.

use sea_orm::{ConnectionTrait, DbErr};

use crate::sql::Sql;

/// Where the rows of a table are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lies {
    /// On the shard of the value of this column, beside those of `users` of the same id.
    With(&'static str),
    /// On the shard of the value of this column, beside nothing.
    By(&'static str),
    /// On every node.
    Everywhere,
}

/// Every table, those first that others refer to.
pub const TABLES: &[(&str, Lies)] = &[
    ("catalogue_items", Lies::Everywhere),
    ("catalogue_titles", Lies::Everywhere),
    ("catalogue_grams", Lies::Everywhere),
    ("users", Lies::With("id")),
    ("credentials", Lies::With("user_id")),
    ("sessions", Lies::With("user_id")),
    ("user_counters", Lies::With("user_id")),
    ("user_grams", Lies::With("user_id")),
    ("idempotency_keys", Lies::With("user_id")),
    ("blocks", Lies::With("user_id")),
    ("friendships", Lies::With("user_id")),
    ("friend_requests", Lies::With("user_id")),
    ("diaries", Lies::With("author_id")),
    ("diary_comments", Lies::With("diary_author_id")),
    ("reviews", Lies::With("author_id")),
    ("footprints", Lies::With("owner_id")),
    ("usernames", Lies::By("username")),
    ("session_tokens", Lies::By("token_hash")),
    ("item_reviews", Lies::By("item_id")),
    ("item_ratings", Lies::By("item_id")),
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
        let there =
            format!("SELECT 1 FROM pg_dist_partition WHERE logicalrel = '{table}'::regclass");
        if !Sql::of(db).rows(db, there).await?.is_empty() {
            continue;
        }
        let text = match lies {
            Lies::Everywhere => format!("SELECT create_reference_table('{table}')"),
            Lies::With(column) if *table == "users" => {
                format!(
                    "SELECT create_distributed_table('{table}', '{column}', colocate_with => 'none')"
                )
            }
            Lies::With(column) => format!(
                "SELECT create_distributed_table('{table}', '{column}', colocate_with => 'users')"
            ),
            Lies::By(column) => format!(
                "SELECT create_distributed_table('{table}', '{column}', colocate_with => 'none')"
            ),
        };
        Sql::of(db).rows(db, text).await?;
        spread.push(*table);
    }
    Ok(Some(spread))
}
