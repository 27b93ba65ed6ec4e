//! The SQL of visits that stand in no list: kept for the pause after them, and for nothing else.

use chrono::{DateTime, Utc};
use entity::unlisted_visit;
use foldhash::HashMap;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::by_user;
use crate::{
    database::Source,
    paging::by_keys,
    sql::{Column, Sql, row},
};

row! {
    unlisted_visit::Model { owner_id, visitor_id, visited_at }
}

/// When the last unlisted visit was of each of `pairs` of an owner and a visitor, where there is one.
pub async fn last(
    db: &impl Source,
    pairs: &[[Uuid; 2]],
) -> Result<HashMap<[Uuid; 2], DateTime<Utc>>, DbErr> {
    let key_of = |row: &unlisted_visit::Model| [row.owner_id, row.visitor_id];
    let columns = ["owner_id", "visitor_id"];
    let found = by_keys(db, "unlisted_visits", columns, pairs, key_of).await?;
    let visits = found.into_iter();
    Ok(visits.map(|(pair, row)| (pair, row.visited_at)).collect())
}

/// Remembers a visit of each of `pairs`, which are in order, `at` a time; but for those of which a
/// later one is remembered. Whoever calls holds the owners.
pub async fn remember(
    db: &impl ConnectionTrait,
    pairs: &[[Uuid; 2]],
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    for pairs in by_user(db, pairs, |[owner, _]| *owner) {
        let mut sql = Sql::of(db);
        let at = sql.bind(at);
        let part = |of: fn(&[Uuid; 2]) -> Uuid| Column::Ids(pairs.iter().map(of).collect());
        let p = sql.table(
            "p",
            vec![
                ("owner_id", part(|[owner, _]| *owner)),
                ("visitor_id", part(|[_, visitor]| *visitor)),
            ],
        );
        // SQLite would take ON CONFLICT for a join's condition, were there no WHERE.
        let text = format!(
            "INSERT INTO unlisted_visits (owner_id, visitor_id, visited_at) \
             SELECT p.owner_id, p.visitor_id, {at} FROM {p} WHERE true \
             ON CONFLICT (owner_id, visitor_id) DO UPDATE SET visited_at = CASE \
             WHEN excluded.visited_at > unlisted_visits.visited_at THEN excluded.visited_at \
             ELSE unlisted_visits.visited_at END"
        );
        sql.run(db, text).await?;
    }
    Ok(())
}

/// Forgets up to `limit` visits of before `before`. Says how many there were.
pub async fn forget(
    db: &impl ConnectionTrait,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<u64, DbErr> {
    let mut sql = Sql::of(db);
    let (before, limit) = (sql.bind(before), sql.bind(limit));
    let (hold, still) = match (sql.is_postgres(), sql.is_citus()) {
        // SQLite has one writer.
        (false, _) => ("", String::new()),
        // Visits that come meanwhile are not waited for: they hold several of these, in another order.
        (true, false) => (" FOR UPDATE SKIP LOCKED", String::new()),
        // There none of several shards is held: what has become a later visit stays.
        (true, true) => ("", format!(" AND visited_at <= {before}")),
    };
    let text = format!(
        "DELETE FROM unlisted_visits WHERE (owner_id, visitor_id) IN \
         (SELECT owner_id, visitor_id FROM unlisted_visits WHERE visited_at <= {before} \
         ORDER BY visited_at LIMIT {limit}{hold}){still}"
    );
    sql.run(db, text).await
}
