//! Idempotency keys that nobody will repeat any more.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Statement};

use crate::{database::Tx, rejection::Rejection};

/// Removes up to `limit` keys that were used before `before`. Says how many there were.
///
/// # Errors
/// The database's.
pub(super) async fn purge(tx: &Tx, before: DateTime<Utc>, limit: i64) -> Result<u64, Rejection> {
    let statement = Statement::from_sql_and_values(
        tx.sql.get_database_backend(),
        "DELETE FROM idempotency_keys WHERE (user_id, key) IN (SELECT user_id, key \
         FROM idempotency_keys WHERE created_at < ?1 ORDER BY created_at LIMIT ?2)",
        [before.into(), limit.into()],
    );
    Ok(tx.sql.execute_raw(statement).await?.rows_affected())
}
