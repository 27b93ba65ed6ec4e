//! The SQL of what comes to a page by day.

use chrono::NaiveDate;
use entity::brand_day;
use foldhash::HashMap;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{
    paging::columns,
    sql::{Column, Sql, row},
};

row! {
    brand_day::Model { brand_id, day, gained, lost, posts }
}

/// What came to a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// Somebody follows it.
    Follower,
    /// Somebody follows it no more.
    Loss,
    /// A post.
    Post,
}

/// Counts it on `day`. Whoever calls has the page's row held: in this order everybody writes the two.
pub async fn add(
    db: &impl ConnectionTrait,
    brand: Uuid,
    day: NaiveDate,
    came: Came,
) -> Result<(), DbErr> {
    let column = match came {
        Came::Follower => "gained",
        Came::Loss => "lost",
        Came::Post => "posts",
    };
    let mut sql = Sql::of(db);
    let (brand, day) = (sql.bind(brand), sql.bind(day));
    let text = format!(
        "INSERT INTO brand_days (brand_id, day, {column}) VALUES ({brand}, {day}, 1) \
         ON CONFLICT (brand_id, day) DO UPDATE SET {column} = brand_days.{column} + 1"
    );
    sql.run(db, text).await?;
    Ok(())
}

/// What came to each of `brands` on the days from `first` to `last`, the last first: one statement.
pub async fn of_brands(
    db: &impl ConnectionTrait,
    brands: &[Uuid],
    [first, last]: [NaiveDate; 2],
) -> Result<HashMap<Uuid, Vec<brand_day::Model>>, DbErr> {
    let keys: Vec<_> = brands.iter().map(|id| [*id]).collect();
    let mut sql = Sql::of(db);
    let p = sql.keys("p", &keys);
    let (first, last) = (sql.bind(first), sql.bind(last));
    let on_shards = sql.on_shards(&["t.brand_id"], &keys);
    let read = columns::<brand_day::Model>("t");
    let text = format!(
        "SELECT {read} FROM {p} CROSS JOIN brand_days AS t WHERE t.brand_id = p.k0{on_shards} \
         AND t.day >= {first} AND t.day <= {last} ORDER BY t.brand_id, t.day DESC"
    );
    let mut found: HashMap<Uuid, Vec<brand_day::Model>> = HashMap::default();
    for row in sql.models::<brand_day::Model>(db, text).await? {
        found.entry(row.brand_id).or_default().push(row);
    }
    Ok(found)
}

/// Adds `rows`, each page and day once, to what is there.
pub async fn add_many(db: &impl ConnectionTrait, rows: &[brand_day::Model]) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    let numbers =
        |number: fn(&brand_day::Model) -> i64| Column::Numbers(rows.iter().map(number).collect());
    let mut sql = Sql::of(db);
    let p = sql.table(
        "p",
        vec![
            (
                "brand_id",
                Column::Ids(rows.iter().map(|row| row.brand_id).collect()),
            ),
            (
                "day",
                Column::Texts(rows.iter().map(|row| row.day.to_string()).collect()),
            ),
            ("gained", numbers(|row| row.gained)),
            ("lost", numbers(|row| row.lost)),
            ("posts", numbers(|row| row.posts)),
        ],
    );
    let day = sql.day("p.day");
    let text = format!(
        "INSERT INTO brand_days (brand_id, day, gained, lost, posts) \
         SELECT p.brand_id, {day}, p.gained, p.lost, p.posts FROM {p} \
         WHERE true ORDER BY p.n ON CONFLICT (brand_id, day) DO UPDATE SET \
         gained = brand_days.gained + excluded.gained, \
         lost = brand_days.lost + excluded.lost, posts = brand_days.posts + excluded.posts"
    );
    sql.run(db, text).await?;
    Ok(())
}
