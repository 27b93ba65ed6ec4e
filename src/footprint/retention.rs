//! Footprints past their days (rules.md, Footprints 3).

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, Statement};

use crate::{database::Tx, rejection::Rejection};

/// Which footprints are in the batch. The order makes it the same batch for both statements.
const OLD: &str = "SELECT owner_id, id FROM footprints WHERE day < ?1 \
                   ORDER BY day, owner_id, id LIMIT ?2";

/// Removes up to `limit` footprints of days before `oldest`. Says how many there were.
///
/// The owners' lists grow shorter, and so does what is new in them; the counter of all visits
/// stays.
///
/// # Errors
/// The database's.
pub async fn purge(tx: &Tx, oldest: NaiveDate, limit: i64) -> Result<u64, Rejection> {
    let run = async |sql: String| {
        let backend = tx.sql.get_database_backend();
        let values = [oldest.into(), limit.into()];
        tx.sql
            .execute_raw(Statement::from_sql_and_values(backend, sql, values))
            .await
    };
    run(format!(
        "UPDATE user_counters SET footprint_count = footprint_count - o.old, \
         new_footprint_count = new_footprint_count - o.new FROM \
         (SELECT f.owner_id, count(*) AS old, sum(f.number > c.seen_number) AS new \
         FROM footprints AS f JOIN user_counters AS c ON c.user_id = f.owner_id \
         WHERE (f.owner_id, f.id) IN ({OLD}) GROUP BY f.owner_id) AS o \
         WHERE user_counters.user_id = o.owner_id"
    ))
    .await?;
    let gone = run(format!(
        "DELETE FROM footprints WHERE (owner_id, id) IN ({OLD})"
    ))
    .await?;
    Ok(gone.rows_affected())
}
