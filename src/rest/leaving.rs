//! What of rests somebody takes along, and how they go.

use entity::rest;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use super::store::{self, digests};
use crate::{database::Tx, error::Error, loaders::Loaders, rejection::Rejection};

/// Rests that are over that go in one transaction.
const OVER: i64 = 500;

/// What `me` has chosen of rest, if they ever did.
///
/// # Errors
/// The database's.
pub async fn chosen(loaders: &Loaders, me: Uuid) -> Result<Vec<Value>, Error> {
    let row = store::find(loaders.app.database.reader(), me).await?;
    let told = row.map(|row| {
        json!({ "rest": {
            "since": row.began_at, "until": row.ends_at, "hours": row.weekly,
            "hoursFrom": row.weekly_from, "isShownToFriends": row.is_shown,
        } })
    });
    Ok(told.into_iter().collect())
}

/// The rests of `me` that are over, as far as they are kept.
///
/// # Errors
/// The database's.
pub async fn rests(loaders: &Loaders, me: Uuid) -> Result<Vec<Value>, Error> {
    let rows = digests::of(loaders.app.database.reader(), me).await?;
    let told = rows.into_iter();
    Ok(told
        .map(|row| json!({ "since": row.began_at, "until": row.ended_at }))
        .collect())
}

/// Removes some of the rests of `user` that are over, and then what they have chosen. Says how many rows; none where
/// there are no more.
///
/// # Errors
/// The database's.
pub async fn remove(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    let gone = digests::remove(&tx.sql, user, OVER).await?;
    if gone > 0 {
        return Ok(gone);
    }
    let gone = rest::Entity::delete_by_id(user).exec(&tx.sql).await?;
    Ok(gone.rows_affected)
}
