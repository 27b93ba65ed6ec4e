//! What of kiriban somebody takes along, those that they named and those that they reached, and how both go:
//! a number that somebody else reached stays reached, by nobody.

use entity::kiriban;
use serde_json::{Value, json};
use uuid::Uuid;

use super::store;
use crate::{
    database::Tx,
    error::Error,
    footprint::naming::named_to,
    loaders::Loaders,
    paging::Page,
    rejection::Rejection,
    user::{
        leaving::{Taken, named},
        loader::users,
        store as counters,
    },
};

/// Kiriban that go in one transaction.
const KIRIBANS: i64 = 200;

/// `page` of the numbers that `me` named, the lowest first, with the names that `me` sees.
///
/// # Errors
/// The database's.
pub async fn of_owner(loaders: &Loaders, me: Uuid, page: &Page<i64>) -> Result<Taken<i64>, Error> {
    let mut found = store::page(&loaders.db(), &[me], page, false).await?;
    let slice = found.remove(&me).unwrap_or_default();
    let visitors = slice.rows.iter().filter_map(|row| row.visitor_id);
    let visitors = named_to(loaders, me, visitors.collect()).await?;
    let visitors = users(loaders, visitors, false).await?;
    Ok(slice.filter_map(|row| {
        let visitor = row.visitor_id.and_then(|id| visitors.get(&id));
        let told = json!({
            "number": row.number, "namedAt": row.named_at, "reachedAt": row.reached_at,
            "visitor": named(visitor),
        });
        Some((row.number, Some(told)))
    }))
}

/// The numbers of others that `me` reached, and is named for.
///
/// # Errors
/// The database's.
pub async fn reached(loaders: &Loaders, me: Uuid) -> Result<Vec<Value>, Error> {
    let rows = store::by_visitor(&loaders.db(), me).await?;
    let owners = users(loaders, rows.iter().map(|row| row.owner_id), false).await?;
    let tell = |row: &kiriban::Model| {
        let owner = owners.get(&row.owner_id)?;
        Some(json!({
            "number": row.number, "owner": named(Some(owner)), "reachedAt": row.reached_at,
        }))
    };
    Ok(rows.iter().filter_map(tell).collect())
}

/// Removes some numbers that `user` named. Says how many; none where there are no more.
///
/// # Errors
/// The database's.
pub async fn remove_named(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    counters::hold_counters(&tx.sql, user).await?;
    let removed = store::remove_some(&tx.sql, user, KIRIBANS).await?;
    if removed > 0 {
        store::settle(&tx.sql, &[user]).await?;
    }
    Ok(removed)
}

/// Forgets of some numbers of others that `user` reached them. Says of how many; none where there are no
/// more.
///
/// # Errors
/// The database's.
pub async fn forget_reached(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    Ok(store::forget_visitor(&tx.sql, user, KIRIBANS).await?)
}
