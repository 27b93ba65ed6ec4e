//! The SQL of the posts that came in a rest: those of the pages of brands that somebody follows. They lie with the
//! pages, and bear numbers that are everybody's, so that each page is asked for its own.

use chrono::{DateTime, Utc};
use foldhash::HashMap;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::came::Came;
use crate::{
    ids::least_at,
    sql::{Cells, Column, Sql},
};

/// The most pages that a service can let a user follow (`--followed-brand-limit`).
const MOST: i64 = 2_000;

/// What came to `user` from `since` to `until`, or to now, with numbers over `after`: two statements. An id begins
/// with the time: by it alone is it looked for, of each page in a range of its posts.
pub(super) async fn came(
    db: &impl ConnectionTrait,
    user: Uuid,
    after: i64,
    (since, until): (DateTime<Utc>, Option<DateTime<Utc>>),
) -> Result<Came, DbErr> {
    let keys = followed(db, user).await?;
    if keys.is_empty() {
        return Ok(Came::default());
    }
    let mut sql = Sql::of(db);
    let p = sql.keys("p", &keys);
    let first = sql.bind(least_at(since));
    let end = sql.bind(until.map_or(Uuid::max(), least_at));
    let after = sql.bind(after);
    let on_shards = sql.on_shards(&["t.brand_id"], &keys);
    let text = format!(
        "SELECT count(*), coalesce(min(t.number), 0), coalesce(max(t.number), 0) \
         FROM {p} CROSS JOIN brand_posts AS t WHERE t.brand_id = p.k0{on_shards} \
         AND t.id >= {first} AND t.id < {end} AND t.number > {after}"
    );
    let rows = sql.rows(db, text).await?;
    rows.first().map_or(Ok(Came::default()), |row| {
        let mut cells = Cells::of(row);
        Ok(Came {
            count: cells.one()?,
            range: [cells.one()?, cells.one()?],
        })
    })
}

/// How many posts there are of each of `ranges` of numbers, by the first of each, on the pages that `user` follows now:
/// two statements.
pub(super) async fn counts(
    db: &impl ConnectionTrait,
    user: Uuid,
    ranges: &[[i64; 2]],
) -> Result<HashMap<i64, i64>, DbErr> {
    let keys = followed(db, user).await?;
    if keys.is_empty() {
        return Ok(HashMap::default());
    }
    let (firsts, lasts) = ranges.iter().map(|[first, last]| (*first, *last)).unzip();
    let mut sql = Sql::of(db);
    let p = sql.keys("p", &keys);
    let r = sql.table(
        "r",
        vec![
            ("lowest", Column::Numbers(firsts)),
            ("highest", Column::Numbers(lasts)),
        ],
    );
    let on_shards = sql.on_shards(&["t.brand_id"], &keys);
    let text = format!(
        "SELECT r.lowest, count(*) FROM {p} CROSS JOIN {r} CROSS JOIN brand_posts AS t \
         WHERE t.brand_id = p.k0{on_shards} AND t.number >= r.lowest AND t.number <= r.highest \
         GROUP BY r.lowest"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter()
        .map(|row| {
            let mut cells = Cells::of(row);
            Ok((cells.one()?, cells.one()?))
        })
        .collect()
}

/// The pages that `user` follows.
async fn followed(db: &impl ConnectionTrait, user: Uuid) -> Result<Vec<[Uuid; 1]>, DbErr> {
    let mut sql = Sql::of(db);
    let (user, most) = (sql.bind(user), sql.bind(MOST));
    let text = format!(
        "SELECT brand_id FROM followed_brands WHERE user_id = {user} ORDER BY brand_id LIMIT {most}"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter()
        .map(|row| Ok([row.try_get_by_index(0)?]))
        .collect()
}
