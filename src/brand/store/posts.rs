//! The SQL of what is published on pages. One row a post, whoever follows: the followers' feeds read it from here.

use chrono::{DateTime, Utc};
use entity::brand_post;
use foldhash::HashMap;
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use crate::{
    database::Source,
    paging::{List, Narrow, Page, Position, Slice, brief, by_keys, children, columns, merged},
    sql::{Sql, is_of, row},
};

row! {
    brand_post::Model { brand_id, id, author_id, number, body, created_at, edited_at }
}

/// What names a post: its page and its own id.
pub type PostKey = [Uuid; 2];

/// The sequence that the posts of all pages are numbered by.
pub const SEQUENCE: &str = "brand_posts";

/// A page's posts, the newest first.
const OF_BRAND: List<1> = List {
    table: "brand_posts",
    parent: ["brand_id"],
    beside: ("brands", ["id"]),
    order: "id",
    index: None,
    newest_first: true,
    brief: Some(|alias| brief::<brand_post::Model>(alias, "body")),
};

/// The same in the order in which they were published.
const BY_NUMBER: List<1> = List {
    order: "number",
    index: Some("idx_brand_posts_brand_id_number"),
    newest_first: false,
    brief: None,
    ..OF_BRAND
};

/// `page` of the posts of each of `brands`.
pub async fn of_brands(
    db: &impl Source,
    brands: &[Uuid],
    page: &Page<Uuid>,
) -> Result<HashMap<Uuid, Slice<brand_post::Model>>, DbErr> {
    let parents: Vec<_> = brands.iter().map(|id| [*id]).collect();
    let parent_of = |row: &brand_post::Model| [row.brand_id];
    let found = children(db, &OF_BRAND, &parents, page, &Narrow::All, parent_of).await?;
    Ok(found.into_iter().map(|([id], slice)| (id, slice)).collect())
}

/// `page` of the posts of all `brands` together, the newest first: one statement, however many these are.
pub async fn feed_page(
    db: &impl ConnectionTrait,
    brands: &[Uuid],
    page: &Page<Uuid>,
) -> Result<Slice<brand_post::Model>, DbErr> {
    let parents: Vec<_> = brands.iter().map(|id| [*id]).collect();
    merged(db, &OF_BRAND, &parents, page, &Narrow::All).await
}

/// `page` of them in the order in which they were published.
pub async fn since(
    db: &impl ConnectionTrait,
    brands: &[Uuid],
    page: &Page<i64>,
) -> Result<Vec<brand_post::Model>, DbErr> {
    let parents: Vec<_> = brands.iter().map(|id| [*id]).collect();
    let slice = merged(db, &BY_NUMBER, &parents, page, &Narrow::All).await?;
    Ok(slice.rows)
}

/// The posts with `keys`.
pub async fn by_posts(
    db: &impl Source,
    keys: &[PostKey],
) -> Result<HashMap<PostKey, brand_post::Model>, DbErr> {
    let key_of = |row: &brand_post::Model| [row.brand_id, row.id];
    by_keys(db, "brand_posts", ["brand_id", "id"], keys, key_of).await
}

/// The post with `key`.
pub async fn find(
    db: &impl ConnectionTrait,
    [brand, id]: PostKey,
) -> Result<Option<brand_post::Model>, DbErr> {
    brand_post::Entity::find_by_id((brand, id)).one(db).await
}

/// Publishes a post, whose number is given here: whoever publishes anything waits from here to the end of the
/// transaction, so that the order of the numbers is that of the commits. Whoever calls holds the page.
pub async fn insert(db: &impl ConnectionTrait, row: brand_post::Model) -> Result<(), DbErr> {
    count(db, row.brand_id, 1).await?;
    let row = brand_post::Model {
        number: next_number(db).await?,
        ..row
    };
    brand_post::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Has the post with `key`, whose page is held, say `body`, as of `at`.
pub async fn edit(
    db: &impl ConnectionTrait,
    [brand, id]: PostKey,
    body: &str,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let (body, at, of_brand, id) = (sql.bind(body), sql.bind(at), sql.bind(brand), sql.bind(id));
    let text = format!(
        "UPDATE brand_posts SET body = {body}, edited_at = {at} \
         WHERE brand_id = {of_brand} AND id = {id}"
    );
    sql.run(db, text).await?;
    count(db, brand, 0).await
}

/// Removes the post with `key`, whose page is held. Says whether there was one.
pub async fn remove(db: &impl ConnectionTrait, [brand, id]: PostKey) -> Result<bool, DbErr> {
    let gone = brand_post::Entity::delete_by_id((brand, id))
        .exec(db)
        .await?;
    if gone.rows_affected == 0 {
        return Ok(false);
    }
    count(db, brand, -1).await?;
    Ok(true)
}

/// Adds `by` to the posts of `brand`, and notes that they changed.
async fn count(db: &impl ConnectionTrait, brand: Uuid, by: i64) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let (by, brand) = (sql.bind(by), sql.bind(brand));
    let text = format!(
        "UPDATE brands SET post_count = post_count + {by}, post_number = post_number + 1 \
         WHERE id = {brand}"
    );
    sql.run(db, text).await?;
    Ok(())
}

async fn next_number(db: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let mut sql = Sql::of(db);
    let name = sql.bind(SEQUENCE);
    let text = format!(
        "INSERT INTO sequences (name, number) VALUES ({name}, 1) \
         ON CONFLICT (name) DO UPDATE SET number = sequences.number + 1 RETURNING number"
    );
    sql.rows(db, text)
        .await?
        .first()
        .ok_or_else(|| DbErr::RecordNotFound("sequences".to_owned()))?
        .try_get_by_index(0)
}

/// The last number that a post was given; 0 where there is none.
pub async fn last_number(db: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let mut sql = Sql::of(db);
    let name = sql.bind(SEQUENCE);
    let text = format!("SELECT number FROM sequences WHERE name = {name}");
    let rows = sql.rows(db, text).await?;
    rows.first().map_or(Ok(0), |row| row.try_get_by_index(0))
}

/// `page` of what `author` wrote on pages, the last first.
pub async fn by_author(
    db: &impl ConnectionTrait,
    author: Uuid,
    page: &Page<Uuid>,
) -> Result<Slice<brand_post::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let author = sql.bind(author);
    let after = sql.bind(page.after.unwrap_or_else(Uuid::greatest));
    let limit = sql.bind(i64::from(page.limit + 1));
    let read = columns::<brand_post::Model>("t");
    let text = format!(
        "SELECT {read} FROM brand_posts AS t WHERE t.author_id = {author} AND t.id < {after} \
         ORDER BY t.id DESC LIMIT {limit}"
    );
    Ok(Slice::new(sql.models(db, text).await?, page))
}

/// Has up to `limit` posts that `author` wrote be by nobody. Says how many these were.
pub async fn forget_author(
    db: &impl ConnectionTrait,
    author: Uuid,
    limit: i64,
) -> Result<u64, DbErr> {
    let mut sql = Sql::of(db);
    let (author, limit) = (sql.bind(author), sql.bind(limit));
    let text = format!(
        "SELECT brand_id, id FROM brand_posts WHERE author_id = {author} ORDER BY id LIMIT {limit}"
    );
    let rows = sql.rows(db, text).await?;
    let keys = rows
        .iter()
        .map(|row| Ok([row.try_get_by_index(0)?, row.try_get_by_index(1)?]));
    let keys: Vec<PostKey> = keys.collect::<Result<_, DbErr>>()?;
    if keys.is_empty() {
        return Ok(0);
    }
    let mut sql = Sql::of(db);
    let nobody = sql.bind(Uuid::nil());
    let these = sql.keys("k", &keys);
    let text = format!(
        "UPDATE brand_posts SET author_id = {nobody} \
         WHERE (brand_id, id) IN (SELECT k0, k1 FROM {these})"
    );
    sql.run(db, text).await?;
    Ok(u64::try_from(keys.len()).unwrap_or(u64::MAX))
}

/// Removes up to `limit` posts of `brand`, which is gone. Says how many.
pub async fn forget_some(db: &impl ConnectionTrait, brand: Uuid, limit: i64) -> Result<u64, DbErr> {
    let mut sql = Sql::of(db);
    let (brand, limit) = (sql.bind(brand), sql.bind(limit));
    let first =
        format!("SELECT id FROM brand_posts WHERE brand_id = {brand} ORDER BY id LIMIT {limit}");
    let these = is_of(&sql, "id", &first);
    let text = format!("DELETE FROM brand_posts WHERE brand_id = {brand} AND {these}");
    sql.run(db, text).await
}
