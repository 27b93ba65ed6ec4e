//! Footprints past their days (rules.md, Footprints 3), and visits that no list tells of past their
//! pause.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::store::unlisted;
use crate::{
    app::App, database::Tx, error::Error, events::Event, rejection::Rejection, sql::Sql,
    user::store as users,
};

/// Removes the footprints of days before `oldest`, `batch` at a time, owner by owner. Says how many
/// there were.
///
/// The owners' lists grow shorter, and so does what is new in them; the counter of all visits
/// stays.
///
/// # Errors
/// The database's. What was removed before stays so.
pub async fn purge(app: &App, oldest: NaiveDate, batch: i64) -> Result<u64, Rejection> {
    let mut all = 0;
    loop {
        let owners = owners(app, oldest, batch).await?;
        if owners.is_empty() {
            return Ok(all);
        }
        for owner in owners {
            all += app
                .database
                .write(move |tx| Box::pin(purge_of(tx, owner, oldest, batch)))
                .await?;
        }
    }
}

/// Forgets up to `limit` visits that no list tells of, of up to `before`. Says how many there were.
///
/// # Errors
/// The database's.
pub async fn forget(tx: &Tx, before: DateTime<Utc>, limit: i64) -> Result<u64, Rejection> {
    Ok(unlisted::forget(&tx.sql, before, limit).await?)
}

/// Whose footprints are the oldest.
async fn owners(app: &App, oldest: NaiveDate, batch: i64) -> Result<Vec<Uuid>, Error> {
    let db = app.database.reader();
    let mut sql = Sql::of(db);
    let (oldest, batch) = (sql.bind(oldest), sql.bind(batch));
    let text = format!(
        "SELECT DISTINCT o.owner_id FROM (SELECT owner_id FROM footprints WHERE day < {oldest} \
         ORDER BY day LIMIT {batch}) AS o ORDER BY o.owner_id"
    );
    let rows = sql.rows(db, text).await?;
    let owners = rows.iter().map(|row| row.try_get_by_index(0));
    Ok(owners.collect::<Result<_, _>>()?)
}

/// Removes up to `batch` footprints with `owner` of days before `oldest`, with what counts them. Says how
/// many.
///
/// # Errors
/// The database's.
pub(super) async fn purge_of(
    tx: &Tx,
    owner: Uuid,
    oldest: NaiveDate,
    batch: i64,
) -> Result<u64, Rejection> {
    users::hold_counters(&tx.sql, owner).await?;
    tx.after_commit(Event::FootprintLeft(owner));
    let counts = |sql: &mut Sql| {
        let (owner, oldest, batch) = (sql.bind(owner), sql.bind(oldest), sql.bind(batch));
        let old = format!(
            "SELECT id FROM footprints WHERE owner_id = {owner} AND day < {oldest} \
             ORDER BY id LIMIT {batch}"
        );
        (owner, old)
    };
    let mut sql = Sql::of(&tx.sql);
    let (of_owner, old) = counts(&mut sql);
    let text = format!(
        "UPDATE user_counters SET footprint_count = footprint_count - o.old, \
         new_footprint_count = new_footprint_count - o.new FROM \
         (SELECT count(*) AS old, count(*) FILTER (WHERE f.number > c.seen_number) AS new \
         FROM footprints AS f CROSS JOIN user_counters AS c \
         WHERE f.owner_id = {of_owner} AND c.user_id = {of_owner} AND f.id IN ({old})) AS o \
         WHERE user_counters.user_id = {of_owner}"
    );
    sql.run(&tx.sql, text).await?;
    let mut sql = Sql::of(&tx.sql);
    let (of_owner, old) = counts(&mut sql);
    let text = format!("DELETE FROM footprints WHERE owner_id = {of_owner} AND id IN ({old})");
    Ok(sql.run(&tx.sql, text).await?)
}
