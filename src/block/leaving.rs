//! Whom somebody blocks, for them to take along, and how blocks go with who made or received them.

use serde_json::json;
use uuid::Uuid;

use super::store;
use crate::{
    cache::Object,
    database::Tx,
    error::Error,
    loaders::Loaders,
    paging::Page,
    rejection::Rejection,
    sql::Sql,
    user::{
        leaving::{Taken, hold, ids},
        store as users,
    },
};

/// Blocks that go in one transaction.
const BLOCKS: i64 = 20;

/// `page` of those whom `me` blocks, the last first: their names, as the list of them shows.
///
/// # Errors
/// The database's.
pub async fn blocked(loaders: &Loaders, me: Uuid, page: &Page<Uuid>) -> Result<Taken<Uuid>, Error> {
    let db = loaders.app.database.reader();
    let slice = store::page(db, me, page, loaders.absent().ids()).await?;
    let others: Vec<_> = slice.rows.iter().map(|row| row.other_id).collect();
    let others = users::by_ids(db, &others).await?;
    Ok(slice.filter_map(|row| {
        let told = others.get(&row.other_id).map(|user| {
            json!({ "username": user.username, "nickname": user.nickname, "since": row.since })
        });
        Some((row.made?, told))
    }))
}

/// Whether there is a block still that `user` made or received.
///
/// # Errors
/// The database's.
pub async fn has_blocks(tx: &Tx, user: Uuid) -> Result<bool, Rejection> {
    Ok(!some_with_blocks(tx, user).await?.is_empty())
}

async fn some_with_blocks(tx: &Tx, user: Uuid) -> Result<Vec<Uuid>, Rejection> {
    let mut sql = Sql::of(&tx.sql);
    let (mine, limit) = (sql.bind(user), sql.bind(BLOCKS));
    let text = format!(
        "SELECT other_id FROM blocks WHERE user_id = {mine} ORDER BY other_id LIMIT {limit}"
    );
    Ok(ids(&tx.sql, sql, text).await?)
}

/// Takes away some blocks that `user` made or received. Says how many; none where there are no more.
///
/// # Errors
/// The database's.
pub async fn end_blocks(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    let db = &tx.sql;
    let others = some_with_blocks(tx, user).await?;
    if others.is_empty() {
        return Ok(0);
    }
    hold(db, others.iter().copied().chain([user]).collect()).await?;
    let mut ended = 0;
    for other in others {
        ended += u64::from(store::remove(db, [user, other]).await?);
        tx.changes(Object::User(other));
    }
    tx.changes(Object::User(user));
    Ok(ended.max(1))
}
