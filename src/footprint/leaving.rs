//! What of somebody's footprints they take along, those left and those received, and how both go: out of
//! the owners' lists, too. What was counted stays counted.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::{footprint, visitor};
use sea_orm::{ActiveEnum, EntityTrait};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    naming::named_to,
    retention,
    store::{
        self, Held,
        owners::{self, Owner},
        visitors,
    },
};
use crate::{
    block::loader::hidden,
    database::Tx,
    error::Error,
    events::Event,
    loaders::Loaders,
    paging::{Page, Position, Slice, columns},
    rejection::Rejection,
    sql::Sql,
    user::{
        leaving::{Taken, named, with_users},
        loader::users,
    },
};

/// Footprints that go in one transaction.
const FOOTPRINTS: i64 = 200;
/// Visits that no list tells of that do.
const UNLISTED: i64 = 500;

/// `page` of the footprints that others left with `me`, the first first, with the names that `me` sees.
///
/// # Errors
/// The database's.
pub async fn received(loaders: &Loaders, me: Uuid, page: &Page<i64>) -> Result<Taken<i64>, Error> {
    let hidden = hidden(loaders).await?;
    let slice = store::page(&loaders.db(), me, page, false, hidden.ids()).await?;
    let visitors = slice.rows.iter().map(|row| row.visitor_id).collect();
    let visitors = named_to(loaders, me, visitors).await?;
    let visitors = users(loaders, visitors, false).await?;
    Ok(slice.filter_map(|row| {
        let visitor = named(visitors.get(&row.visitor_id));
        Some((row.number, Some(told(&row, "visitor", visitor))))
    }))
}

/// `page` of the footprints that `me` left with others whom they see, the first first.
///
/// # Errors
/// The database's.
pub async fn left(loaders: &Loaders, me: Uuid, page: &Page<Uuid>) -> Result<Taken<Uuid>, Error> {
    let db = &loaders.db();
    let after = page.after.unwrap_or_else(Uuid::least);
    let slice = Slice::new(of_visitor(db, me, after, page.limit + 1).await?, page);
    let tell = |row: footprint::Model, owner| (row.id, told(&row, "owner", owner));
    with_users(loaders, slice, |row| row.owner_id, tell).await
}

fn told(row: &footprint::Model, who: &str, user: Value) -> Value {
    json!({
        "day": row.day, "visitedAt": row.visited_at, who: user,
        "origin": row.origin.map(|origin| origin.to_value()),
    })
}

/// What `me` has chosen as a visitor.
///
/// # Errors
/// The database's.
pub async fn chosen(loaders: &Loaders, me: Uuid) -> Result<Vec<Value>, Error> {
    let found = visitors::of(loaders.app.database.reader(), &[me]).await?;
    let rows = found.into_values();
    let told = rows.map(|row| json!({ "footprintPolicy": row.footprint_policy.to_value() }));
    Ok(told.collect())
}

/// Up to `limit` footprints that `visitor` left, after the one with the id `after`.
async fn of_visitor(
    db: &impl sea_orm::ConnectionTrait,
    visitor: Uuid,
    after: Uuid,
    limit: i32,
) -> Result<Vec<footprint::Model>, sea_orm::DbErr> {
    let mut sql = Sql::of(db);
    let (visitor, after) = (sql.bind(visitor), sql.bind(after));
    let limit = sql.bind(i64::from(limit));
    let read = columns::<footprint::Model>("t");
    let text = format!(
        "SELECT {read} FROM footprints AS t WHERE t.visitor_id = {visitor} AND t.id > {after} \
         ORDER BY t.id LIMIT {limit}"
    );
    sql.models(db, text).await
}

/// Removes some footprints that `user` left, with what counts them. Says how many; none where there are
/// no more.
///
/// # Errors
/// The database's.
pub async fn remove_left(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    let db = &tx.sql;
    let most = i32::try_from(FOOTPRINTS).unwrap_or(i32::MAX);
    let rows = of_visitor(db, user, Uuid::least(), most).await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let owned: BTreeMap<_, _> = rows.iter().map(|row| (row.owner_id, ())).collect();
    let owned: Vec<_> = owned.into_keys().collect();
    let held = owners::hold(db, &owned, Held::Await).await?;
    // As they are now that nobody else counts.
    let keys: Vec<_> = rows.iter().map(|row| [row.owner_id, row.id]).collect();
    let rows = store::by_owners_and_ids(db, &keys).await?;
    let mut changed: BTreeMap<Uuid, Owner> = BTreeMap::new();
    for ([owner_id, _], row) in &rows {
        let Some(owner) = held.get(owner_id) else {
            continue;
        };
        let owner = changed.entry(*owner_id).or_insert(*owner);
        owner.more_footprints -= 1;
        owner.more_new -= i64::from(row.number > owner.seen_number);
    }
    let keys: Vec<_> = rows.keys().copied().collect();
    let mut sql = Sql::of(db);
    let these = sql.keys("k", &keys);
    let text =
        format!("DELETE FROM footprints WHERE (owner_id, id) IN (SELECT k0, k1 FROM {these})");
    sql.run(db, text).await?;
    let owners: Vec<_> = changed.values().collect();
    owners::count(db, &owners).await?;
    for owner in changed.keys() {
        tx.after_commit(Event::FootprintLeft(*owner));
    }
    Ok(u64::try_from(keys.len()).unwrap_or(u64::MAX).max(1))
}

/// Removes some footprints that others left with `user`. Says how many; none where there are no more.
///
/// # Errors
/// The database's.
pub async fn remove_received(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    // After every day of a footprint; and a year of four digits, for SQLite compares texts.
    let all = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX);
    retention::purge_of(tx, user, all, FOOTPRINTS).await
}

/// Forgets some visits of `user`, or to `user`, that no list tells of. Says how many; none where there are
/// no more.
///
/// # Errors
/// The database's.
pub async fn forget_unlisted(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    // One kind in a transaction: of two who visited each other, and both go, each would hold what the other
    // waits for.
    for (of, other) in [("visitor_id", "owner_id"), ("owner_id", "visitor_id")] {
        let mut sql = Sql::of(&tx.sql);
        let (user, limit) = (sql.bind(user), sql.bind(UNLISTED));
        let text = format!(
            "DELETE FROM unlisted_visits WHERE (owner_id, visitor_id) IN (SELECT owner_id, visitor_id \
             FROM unlisted_visits WHERE {of} = {user} ORDER BY {other} LIMIT {limit})"
        );
        let forgotten = sql.run(&tx.sql, text).await?;
        if forgotten > 0 {
            return Ok(forgotten);
        }
    }
    Ok(0)
}

/// Forgets what is kept of `user` as a visitor.
///
/// # Errors
/// The database's.
pub async fn forget_choice(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    let gone = visitor::Entity::delete_by_id(user).exec(&tx.sql).await?;
    Ok(gone.rows_affected)
}
