//! The SQL of listens past their days.

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::sql::Sql;

/// Removes up to `limit` listens from before `oldest`, a listen's id. Says how many there were.
pub async fn purge(db: &impl ConnectionTrait, oldest: Uuid, limit: i64) -> Result<u64, DbErr> {
    purge_by(db, "listens", "id", oldest, limit).await
}

/// The same of what says when somebody listened last.
pub async fn purge_last(db: &impl ConnectionTrait, oldest: Uuid, limit: i64) -> Result<u64, DbErr> {
    purge_by(db, "song_listeners", "listen_id", oldest, limit).await
}

async fn purge_by(
    db: &impl ConnectionTrait,
    table: &str,
    id: &str,
    oldest: Uuid,
    limit: i64,
) -> Result<u64, DbErr> {
    let mut sql = Sql::of(db);
    let (oldest, limit) = (sql.bind(oldest), sql.bind(limit));
    // By their keys, each of which is looked up then: in one statement PostgreSQL could read the whole index.
    let text = format!(
        "SELECT user_id, {id} FROM {table} WHERE {id} < {oldest} ORDER BY {id} LIMIT {limit}"
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

/// Removes up to `limit` counts of weeks before `oldest`. Says how many there were.
pub async fn purge_weeks(db: &impl ConnectionTrait, oldest: i64, limit: i64) -> Result<u64, DbErr> {
    let mut sql = Sql::of(db);
    let (oldest, limit) = (sql.bind(oldest), sql.bind(limit));
    let text = format!(
        "DELETE FROM weekly_listens WHERE (user_id, week, item_id) IN (SELECT user_id, week, \
         item_id FROM weekly_listens WHERE week < {oldest} ORDER BY week LIMIT {limit})"
    );
    sql.run(db, text).await
}
