//! What of somebody's music they take along, and how it goes, with what counts it.

use foldhash::HashMap;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    listen::time_of,
    listening::weekly,
    store::{
        self,
        charts::{self, Uncharted},
        listens::{self, Weekly},
    },
};
use crate::{
    catalogue::store as catalogue,
    database::Tx,
    error::Error,
    ids::Kind,
    loaders::Loaders,
    paging::{MAX_PAGE, Page},
    rejection::Rejection,
    user::{
        leaving::{Taken, global},
        store as users,
    },
};

/// Listens that go in one transaction.
const LISTENS: i64 = 500;

/// The favourite songs of `me`, in their order.
///
/// # Errors
/// The database's.
pub async fn favourites(loaders: &Loaders, me: Uuid) -> Result<Vec<Value>, Error> {
    let all = Page {
        // As many as there can be.
        limit: MAX_PAGE,
        backwards: false,
        after: None,
        before: None,
        texts: true,
    };
    let db = &loaders.db();
    let mut found = store::of_users(db, &[me], &all).await?;
    let rows = found.remove(&me).unwrap_or_default().rows;
    let titles = titles(loaders, rows.iter().map(|row| row.item_id)).await?;
    let told = rows.iter().map(|row| {
        json!({
            "position": row.place, "itemId": global(Kind::CatalogueItem, [row.item_id]),
            "title": titles.get(&row.item_id), "addedAt": row.added_at,
        })
    });
    Ok(told.collect())
}

/// `page` of what `me` listened to, the last first.
///
/// # Errors
/// The database's.
pub async fn listens(loaders: &Loaders, me: Uuid, page: &Page<Uuid>) -> Result<Taken<Uuid>, Error> {
    let mut found = listens::of_users(&loaders.db(), &[me], page).await?;
    let slice = found.remove(&me).unwrap_or_default();
    let titles = titles(loaders, slice.rows.iter().map(|row| row.item_id)).await?;
    Ok(slice.filter_map(|row| {
        let told = json!({
            "itemId": global(Kind::CatalogueItem, [row.item_id]),
            "title": titles.get(&row.item_id), "listenedAt": time_of(row.id),
        });
        Some((row.id, Some(told)))
    }))
}

async fn titles(
    loaders: &Loaders,
    items: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>, Error> {
    let mut items: Vec<_> = items.collect();
    items.sort_unstable();
    items.dedup();
    let found = catalogue::items(&loaders.db(), &items).await?.into_iter();
    Ok(found.map(|(id, item)| (id, item.title)).collect())
}

/// Removes the favourite songs of `user`. Says how many there were.
///
/// # Errors
/// The database's.
pub async fn remove_favourites(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    users::hold(&tx.sql, [user]).await?;
    Ok(store::remove_all(&tx.sql, user).await?)
}

/// Removes some of what says when `user` listened last to which song. Says how many rows there were.
///
/// # Errors
/// The database's.
pub async fn forget_last(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    users::hold(&tx.sql, [user]).await?;
    Ok(listens::forget_last(&tx.sql, user, LISTENS).await?)
}

/// Removes some listens of `user`, and takes them off the weeks and the charts that count them. Says how
/// many there were; none where there are no more.
///
/// # Errors
/// The database's.
pub async fn remove_listens(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    let db = &tx.sql;
    users::hold(db, [user]).await?;
    let gone = listens::remove_some(db, user, LISTENS).await?;
    if gone.is_empty() {
        return Ok(0);
    }
    let less = weekly(&gone);
    let left = listens::take_from_weeks(db, user, &less).await?;
    let is_empty = |row: &Weekly| {
        let mut left = left.iter().filter(|left| left.listens <= 0);
        left.any(|left| (left.week, left.item_id) == (row.week, row.item_id))
    };
    let off = less.iter().map(|row| off(row, is_empty(row)));
    take_off(tx, user, off.collect()).await?;
    Ok(gone.len().try_into().unwrap_or(u64::MAX))
}

/// The same of what is counted of weeks whose listens are past their days.
///
/// # Errors
/// The database's.
pub async fn remove_weeks(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    users::hold(&tx.sql, [user]).await?;
    let gone = listens::remove_weeks(&tx.sql, user, LISTENS).await?;
    if gone.is_empty() {
        return Ok(0);
    }
    let off = gone.iter().map(|row| off(row, true));
    take_off(tx, user, off.collect()).await?;
    Ok(gone.len().try_into().unwrap_or(u64::MAX))
}

/// What a chart counts less, where somebody's `row` is gone, and nothing of theirs left if it `is_empty`.
fn off(row: &Weekly, is_empty: bool) -> Uncharted {
    Uncharted {
        week: row.week,
        item_id: row.item_id,
        listens: -row.listens,
        listeners: -i64::from(is_empty),
    }
}

/// Takes `rows` off the charts, with what they do not count of `user` yet: who is held, so that nothing
/// comes to it.
async fn take_off(tx: &Tx, user: Uuid, mut rows: Vec<Uncharted>) -> Result<(), Rejection> {
    rows.extend(charts::take_of(&tx.sql, user).await?);
    charts::add(&tx.sql, &rows).await?;
    Ok(())
}
