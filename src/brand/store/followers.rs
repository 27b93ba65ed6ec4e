//! The SQL of following: two directed rows, one with the page and one with who follows it, and the page's count of
//! them.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{brand_follower, followed_brand};
use foldhash::{HashMap, HashSet};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use super::days;
use crate::{
    database::Source,
    paging::{List, Narrow, Page, Slice, by_keys, children, columns},
    sql::{Sql, row},
};

row! {
    followed_brand::Model { user_id, brand_id, id, since }
}

/// The pages that somebody follows, the last first.
const FOLLOWED: List<1> = List {
    table: "followed_brands",
    parent: ["user_id"],
    beside: ("users", ["id"]),
    order: "id",
    index: Some("idx_followed_brands_user_id_id"),
    newest_first: true,
    brief: None,
};

/// `page` of the pages that `user` follows.
pub async fn page(
    db: &impl Source,
    user: Uuid,
    page: &Page<Uuid>,
) -> Result<Slice<followed_brand::Model>, DbErr> {
    let parent_of = |row: &followed_brand::Model| [row.user_id];
    let mut found = children(db, &FOLLOWED, &[[user]], page, &Narrow::All, parent_of).await?;
    Ok(found.remove(&[user]).unwrap_or_default())
}

/// The ids of up to `most` pages that `user` follows, those that they followed last.
pub async fn ids(db: &impl ConnectionTrait, user: Uuid, most: i64) -> Result<Vec<Uuid>, DbErr> {
    let mut sql = Sql::of(db);
    let (user, most) = (sql.bind(user), sql.bind(most));
    let text = format!(
        "SELECT brand_id FROM followed_brands WHERE user_id = {user} ORDER BY id DESC LIMIT {most}"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// The same, and since when.
pub async fn since(
    db: &impl ConnectionTrait,
    user: Uuid,
    most: i64,
) -> Result<HashMap<Uuid, DateTime<Utc>>, DbErr> {
    let mut sql = Sql::of(db);
    let (user, most) = (sql.bind(user), sql.bind(most));
    let read = columns::<followed_brand::Model>("t");
    let text = format!(
        "SELECT {read} FROM followed_brands AS t WHERE t.user_id = {user} ORDER BY t.id DESC LIMIT {most}"
    );
    let rows = sql.models::<followed_brand::Model>(db, text).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.brand_id, row.since))
        .collect())
}

/// How many pages `user` follows, up to `most`.
pub async fn count(db: &impl ConnectionTrait, user: Uuid, most: i64) -> Result<i64, DbErr> {
    let mut sql = Sql::of(db);
    let (user, most) = (sql.bind(user), sql.bind(most));
    let text = format!(
        "SELECT count(*) FROM (SELECT 1 FROM followed_brands WHERE user_id = {user} LIMIT {most}) AS f"
    );
    let rows = sql.rows(db, text).await?;
    rows.first().map_or(Ok(0), |row| row.try_get_by_index(0))
}

/// Which of `brands` `user` follows.
pub async fn among(db: &impl Source, user: Uuid, brands: &[Uuid]) -> Result<HashSet<Uuid>, DbErr> {
    let keys: Vec<_> = brands.iter().map(|brand| [user, *brand]).collect();
    let key_of = |row: &followed_brand::Model| [row.user_id, row.brand_id];
    let columns = ["user_id", "brand_id"];
    let found: HashMap<_, _> = by_keys(db, "followed_brands", columns, &keys, key_of).await?;
    Ok(found.into_keys().map(|[_, brand]| brand).collect())
}

/// Whether `user` follows `brand`.
pub async fn follows(db: &impl ConnectionTrait, user: Uuid, brand: Uuid) -> Result<bool, DbErr> {
    let row = followed_brand::Entity::find_by_id((user, brand))
        .one(db)
        .await?;
    Ok(row.is_some())
}

/// Has the user of `row`, who does not, follow a page, from `day` on. Says whether that page is there still: if not,
/// the caller undoes it. What everybody writes who follows it is written last: it is held for as short as can be.
pub async fn insert(
    db: &impl ConnectionTrait,
    row: followed_brand::Model,
    day: NaiveDate,
) -> Result<bool, DbErr> {
    let end = brand_follower::Model {
        brand_id: row.brand_id,
        user_id: row.user_id,
    };
    let brand = row.brand_id;
    followed_brand::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    brand_follower::Entity::insert(end.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    let is_there = add(db, brand, 1).await?;
    days::add(db, brand, day, days::Came::Follower).await?;
    Ok(is_there)
}

/// Has `user` follow `brand` no more, from `day` on. Says whether they did.
pub async fn remove(
    db: &impl ConnectionTrait,
    user: Uuid,
    brand: Uuid,
    day: NaiveDate,
) -> Result<bool, DbErr> {
    let gone = followed_brand::Entity::delete_by_id((user, brand))
        .exec(db)
        .await?;
    if gone.rows_affected == 0 {
        return Ok(false);
    }
    brand_follower::Entity::delete_by_id((brand, user))
        .exec(db)
        .await?;
    // Of a page that is gone nothing counts any more.
    if add(db, brand, -1).await? {
        days::add(db, brand, day, days::Came::Loss).await?;
    }
    Ok(true)
}

/// Adds `by` to the followers of `brand`. Says whether it is there.
async fn add(db: &impl ConnectionTrait, brand: Uuid, by: i64) -> Result<bool, DbErr> {
    let mut sql = Sql::of(db);
    let (by, brand) = (sql.bind(by), sql.bind(brand));
    let text =
        format!("UPDATE brands SET follower_count = follower_count + {by} WHERE id = {brand}");
    Ok(sql.run(db, text).await? == 1)
}

/// Removes up to `limit` followers of `brand`, which is gone, at both ends. Says how many.
pub async fn forget_some(db: &impl ConnectionTrait, brand: Uuid, limit: i64) -> Result<u64, DbErr> {
    let mut sql = Sql::of(db);
    let (of_brand, limit) = (sql.bind(brand), sql.bind(limit));
    let text = format!(
        "SELECT user_id FROM brand_followers WHERE brand_id = {of_brand} ORDER BY user_id LIMIT {limit}"
    );
    let rows = sql.rows(db, text).await?;
    let users: Result<Vec<Uuid>, _> = rows.iter().map(|row| row.try_get_by_index(0)).collect();
    let users = users?;
    if users.is_empty() {
        return Ok(0);
    }
    // In the order in which whoever follows no more removes the two.
    let mut sql = Sql::of(db);
    let (among, of_brand) = (sql.among("user_id", &users), sql.bind(brand));
    let text = format!("DELETE FROM followed_brands WHERE {among} AND brand_id = {of_brand}");
    sql.run(db, text).await?;
    let mut sql = Sql::of(db);
    let (of_brand, among) = (sql.bind(brand), sql.among("user_id", &users));
    let text = format!("DELETE FROM brand_followers WHERE brand_id = {of_brand} AND {among}");
    sql.run(db, text).await?;
    Ok(u64::try_from(users.len()).unwrap_or(u64::MAX))
}
