//! The SQL of attempts.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use crate::sql::{Sql, is_ended};

/// A keyed hash of what is tried.
pub type Hash = [u8; 32];

/// Holds the row of `attempt` until the transaction ends, and makes it where it is missing. Gives its
/// times.
pub async fn hold(
    db: &impl ConnectionTrait,
    attempt: &Hash,
    now: DateTime<Utc>,
) -> Result<String, DbErr> {
    let mut sql = Sql::of(db);
    let (attempt, now) = (sql.bind(attempt.to_vec()), sql.bind(now));
    let text = format!(
        "INSERT INTO attempts (attempt_hash, times, expires_at) VALUES ({attempt}, '', {now}) \
         ON CONFLICT (attempt_hash) DO UPDATE SET times = attempts.times RETURNING times"
    );
    let rows = sql.rows(db, text).await?;
    let times = rows.first().map(|row| row.try_get_by_index(0));
    times.transpose().map(Option::unwrap_or_default)
}

/// Has the `times` of `attempt`, which is held, be those that count until `expires_at`.
pub async fn set(
    db: &impl ConnectionTrait,
    attempt: &Hash,
    times: String,
    expires_at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let attempt = sql.bind(attempt.to_vec());
    let (times, expires_at) = (sql.bind(times), sql.bind(expires_at));
    let text = format!(
        "UPDATE attempts SET times = {times}, expires_at = {expires_at} \
         WHERE attempt_hash = {attempt}"
    );
    sql.run(db, text).await?;
    Ok(())
}

/// Removes up to `limit` rows that counted until before `now`. Says how many there were.
pub async fn purge(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<u64, DbErr> {
    let mut sql = Sql::of(db);
    let these = is_ended(
        &mut sql,
        "attempts",
        "attempt_hash",
        "expires_at",
        now,
        limit,
    );
    // Once more, of the row as it is then: somebody may have tried again since it was looked up.
    let now = sql.bind(now);
    let text = format!("DELETE FROM attempts WHERE {these} AND expires_at < {now}");
    sql.run(db, text).await
}
