//! Rows whose time is over, a batch at a time.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, Value};
use uuid::Uuid;

use super::Sql;

/// That a row of `table`, which is keyed by `key` and has an index on `until`, is one of the first
/// `limit` whose time was over before `now`.
pub fn is_ended(
    sql: &mut Sql,
    table: &str,
    key: &str,
    until: &str,
    now: DateTime<Utc>,
    limit: i64,
) -> String {
    let (now, limit) = (sql.bind(now), sql.bind(limit));
    let ended =
        format!("SELECT {key} FROM {table} WHERE {until} < {now} ORDER BY {until} LIMIT {limit}");
    is_of(sql, key, &ended)
}

/// That `key` is one of those that `selected` gives, of which a LIMIT is bound: of that PostgreSQL expects
/// a tenth of the rows, and would read all of them for these; of an array it expects a few.
pub fn is_of(sql: &Sql, key: &str, selected: &str) -> String {
    if sql.is_postgres() && !sql.is_citus() {
        format!("{key} = ANY(ARRAY({selected}))")
    } else {
        format!("{key} IN ({selected})")
    }
}

/// Removes up to `limit` rows of `table`, each a user's and named by `id` beside the user, of which the column `by` is
/// less than `before`: the least first. Says how many.
///
/// # Errors
/// The database's.
pub async fn remove_before(
    db: &impl ConnectionTrait,
    table: &str,
    [id, by]: [&str; 2],
    before: impl Into<Value>,
    limit: i64,
) -> Result<u64, DbErr> {
    let mut sql = Sql::of(db);
    let (before, limit) = (sql.bind(before), sql.bind(limit));
    // By their keys, each of which is looked up then: in one statement PostgreSQL could read the whole index.
    let text = format!(
        "SELECT user_id, {id} FROM {table} WHERE {by} < {before} ORDER BY {by} LIMIT {limit}"
    );
    let rows = sql.rows(db, text).await?;
    let keys = rows
        .iter()
        .map(|row| Ok([row.try_get_by_index(0)?, row.try_get_by_index(1)?]));
    let keys: Vec<[Uuid; 2]> = keys.collect::<Result<_, DbErr>>()?;
    if keys.is_empty() {
        return Ok(0);
    }
    let mut sql = Sql::of(db);
    let these = sql.keys("k", &keys);
    let text = format!("DELETE FROM {table} WHERE (user_id, {id}) IN (SELECT k0, k1 FROM {these})");
    sql.run(db, text).await
}

/// Removes up to `limit` rows of the directory `table` that ended before `now`, by `expires_at`. Gives
/// what they led to, by the columns `of`.
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
    let these = is_ended(&mut sql, table, key, "expires_at", now, limit);
    let text = format!("DELETE FROM {table} WHERE {these} RETURNING {user}, {id}");
    let rows = sql.rows(db, text).await?;
    rows.iter()
        .map(|row| Ok([row.try_get_by_index(0)?, row.try_get_by_index(1)?]))
        .collect()
}
