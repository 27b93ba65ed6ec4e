//! Listens past their days. The charts, which are figures over everybody, stay as they were.

use chrono::{DateTime, TimeDelta, Utc};

use super::{store::past as store, week::Week};
use crate::{config::Rules, database::Tx, ids::least_at, rejection::Rejection};

/// From when on listens are kept.
pub fn oldest(rules: &Rules, now: DateTime<Utc>) -> DateTime<Utc> {
    now - TimeDelta::days(rules.listen_days)
}

/// Removes up to `limit` listens from before `oldest`. Says how many there were.
///
/// # Errors
/// The database's.
pub async fn purge(tx: &Tx, oldest: DateTime<Utc>, limit: i64) -> Result<u64, Rejection> {
    Ok(store::purge(&tx.sql, least_at(oldest), limit).await?)
}

/// The same of what says when somebody listened last to a song.
///
/// # Errors
/// The database's.
pub async fn purge_last(tx: &Tx, oldest: DateTime<Utc>, limit: i64) -> Result<u64, Rejection> {
    Ok(store::purge_last(&tx.sql, least_at(oldest), limit).await?)
}

/// The same of what counts the listens of weeks that ended before.
///
/// # Errors
/// The database's.
pub async fn purge_weeks(tx: &Tx, oldest: DateTime<Utc>, limit: i64) -> Result<u64, Rejection> {
    Ok(store::purge_weeks(&tx.sql, Week::at(oldest).number(), limit).await?)
}
