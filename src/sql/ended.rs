//! Directory rows that have ended, a batch at a time.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::Sql;

/// Removes up to `limit` rows of `table`, which is keyed by `key` and has an index on `expires_at`,
/// that ended before `now`. Gives what they led to, by the columns `of`.
///
/// # Errors
/// The database's.
pub async fn remove_ended(
    db: &impl ConnectionTrait,
    table: &str,
    key: &str,
    [user, id]: [&str; 2],
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<[Uuid; 2]>, DbErr> {
    let mut sql = Sql::of(db);
    let (now, limit) = (sql.bind(now), sql.bind(limit));
    let ended = format!(
        "SELECT {key} FROM {table} WHERE expires_at < {now} ORDER BY expires_at LIMIT {limit}"
    );
    // Of a LIMIT that is bound PostgreSQL expects a tenth of the rows, and would read all of them for
    // these; of an array it expects a few.
    let these = if sql.is_postgres() && !sql.is_citus() {
        format!("= ANY(ARRAY({ended}))")
    } else {
        format!("IN ({ended})")
    };
    let text = format!("DELETE FROM {table} WHERE {key} {these} RETURNING {user}, {id}");
    let rows = sql.rows(db, text).await?;
    rows.iter()
        .map(|row| Ok([row.try_get_by_index(0)?, row.try_get_by_index(1)?]))
        .collect()
}
