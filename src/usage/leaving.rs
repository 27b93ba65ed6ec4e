//! What of somebody's use they take along, and how it goes.

use chrono::TimeDelta;
use sea_orm::ActiveEnum;
use serde_json::{Value, json};
use uuid::Uuid;

use super::store;
use crate::{
    clock::day_in_japan, database::Tx, error::Error, loaders::Loaders, rejection::Rejection,
};

/// Rows that go in one transaction.
const ROWS: i64 = 500;

/// What `me` did, by day and device, the last day first: as many rows as are kept.
///
/// # Errors
/// The database's.
pub async fn done(loaders: &Loaders, me: Uuid) -> Result<Vec<Value>, Error> {
    let today = day_in_japan(loaders.app.clock.now());
    // Those that are about to go, too.
    let days = loaders.app.rules.usage_days + 2;
    let first = today - TimeDelta::days(days);
    let db = loaders.app.database.reader();
    let rows = store::of_user(db, me, [first, today], days * store::DEVICES).await?;
    let told = rows.into_iter().map(|row| {
        json!({
            "day": row.day, "device": row.device.to_value(), "visits": row.visits,
            "writings": row.writings, "readings": row.readings,
        })
    });
    Ok(told.collect())
}

/// Removes some of what is counted of `user`. Says how many rows there were.
///
/// # Errors
/// The database's.
pub async fn remove(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    Ok(store::remove(&tx.sql, user, ROWS).await?)
}
