//! The SQL of reviews: the row as its author lists it, the row as its item does, the figures.

pub mod words;

use entity::{item_rating, item_review, review, user, values::CatalogueKind};
use foldhash::{HashMap, HashMapExt};
use sea_orm::{
    ActiveEnum, ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, Iterable, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

use crate::{
    block::store::unless_blocked,
    database::Source,
    paging::{List, LookUp, Narrow, Page, Position, Slice, brief, by_keys, by_keys_as, children},
    sql::{Sql, row},
    user::store as users,
};

row! {
    review::Model { author_id, item_id, id, kind, rating, body, created_at, edited_at }
    item_review::Model { item_id, id, author_id }
    item_rating::Model { item_id, stars_1, stars_2, stars_3, stars_4, stars_5 }
}

/// An author's reviews.
const OF_AUTHOR: List<1> = List {
    table: "reviews",
    parent: ["author_id"],
    beside: ("users", ["id"]),
    order: "id",
    index: Some("idx_reviews_author_id_id"),
    newest_first: true,
    brief: Some(without_body),
};

fn without_body(alias: &str) -> String {
    brief::<review::Model>(alias, "body")
}

/// Who reviewed an item.
const OF_ITEM: List<1> = List {
    table: "item_reviews",
    parent: ["item_id"],
    beside: ("item_ratings", ["item_id"]),
    order: "id",
    index: None,
    newest_first: true,
    brief: None,
};

/// What names a review: its author and its item.
pub type ReviewKey = [Uuid; 2];

/// `page` of the reviews by each of `authors`, of items of `kind` if given.
pub async fn of_authors(
    db: &impl Source,
    authors: &[Uuid],
    page: &Page<Uuid>,
    kind: Option<CatalogueKind>,
) -> Result<HashMap<Uuid, Slice<review::Model>>, DbErr> {
    let parents: Vec<_> = authors.iter().map(|id| [*id]).collect();
    let kinds = match kind {
        Some(kind) => vec![kind.to_value()],
        None => CatalogueKind::iter().map(|kind| kind.to_value()).collect(),
    };
    let narrow = Narrow::Segments("kind", kinds);
    let parent_of = |row: &review::Model| [row.author_id];
    let found = children(db, &OF_AUTHOR, &parents, page, &narrow, parent_of).await?;
    Ok(found.into_iter().map(|([id], slice)| (id, slice)).collect())
}

/// `page` of who reviewed each of `items`, but for those of `without`.
pub async fn of_items(
    db: &impl Source,
    items: &[Uuid],
    page: &Page<Uuid>,
    without: &[Uuid],
) -> Result<HashMap<Uuid, Slice<item_review::Model>>, DbErr> {
    let parents: Vec<_> = items.iter().map(|id| [*id]).collect();
    let narrow = Narrow::All.without("author_id", without);
    let parent_of = |row: &item_review::Model| [row.item_id];
    let found = children(db, &OF_ITEM, &parents, page, &narrow, parent_of).await?;
    Ok(found.into_iter().map(|([id], slice)| (id, slice)).collect())
}

/// `items` as `i`, `authors` as `p`, and for each of both the review `f`, of which `columns` are read.
fn by_authors(
    sql: &mut Sql,
    items: &[Uuid],
    authors: &[Uuid],
    columns: &str,
) -> (String, String, LookUp) {
    let keys = |ids: &[Uuid]| ids.iter().map(|id| [*id]).collect::<Vec<_>>();
    let i = sql.keys("i", &keys(items));
    let p = sql.keys("p", &keys(authors));
    let of_both = "f.author_id = p.k0 AND f.item_id = i.k0";
    let found = LookUp::of(sql, "reviews", "f", columns, of_both);
    (i, p, found)
}

/// How many reviews of each of `items` are by `authors`, where there are any: one look-up an author
/// and item.
pub async fn count_by_authors(
    db: &impl ConnectionTrait,
    items: &[Uuid],
    authors: &[Uuid],
) -> Result<HashMap<Uuid, i64>, DbErr> {
    let mut sql = Sql::of(db);
    let (i, p, found) = by_authors(&mut sql, items, authors, "f.item_id");
    let LookUp { from, condition } = found;
    let text = format!(
        "SELECT f.item_id, count(*) FROM {i} CROSS JOIN {p} CROSS JOIN {from} \
         WHERE {condition} GROUP BY f.item_id"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter()
        .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
        .collect()
}

/// The reviews with `keys`, with their `texts` or without.
pub async fn reviews(
    db: &impl ConnectionTrait,
    keys: &[ReviewKey],
    texts: bool,
) -> Result<HashMap<ReviewKey, review::Model>, DbErr> {
    let key_of = |row: &review::Model| [row.author_id, row.item_id];
    let read = OF_AUTHOR.columns::<review::Model>("t", texts);
    by_keys_as(db, &read, "reviews", ["author_id", "item_id"], keys, key_of).await
}

/// Whether there is the review with `key`, by somebody with whom `me` has no block.
pub async fn is_seen(
    db: &impl ConnectionTrait,
    me: Uuid,
    [author, item]: ReviewKey,
) -> Result<bool, DbErr> {
    let mut sql = Sql::of(db);
    let (author, item) = (sql.bind(author), sql.bind(item));
    let unless_blocked = unless_blocked(&mut sql, "r.author_id", me);
    let text = format!(
        "SELECT 1 FROM reviews AS r \
         WHERE r.author_id = {author} AND r.item_id = {item} AND {unless_blocked}"
    );
    Ok(!sql.rows(db, text).await?.is_empty())
}

/// The review with `key`.
pub async fn review(
    db: &impl ConnectionTrait,
    [author, item]: ReviewKey,
) -> Result<Option<review::Model>, DbErr> {
    review::Entity::find_by_id((author, item)).one(db).await
}

/// The figures of `items`.
pub async fn ratings(
    db: &impl Source,
    items: &[Uuid],
) -> Result<HashMap<Uuid, item_rating::Model>, DbErr> {
    let keys: Vec<_> = items.iter().map(|id| [*id]).collect();
    let key_of = |row: &item_rating::Model| [row.item_id];
    let found = by_keys(db, "item_ratings", ["item_id"], &keys, key_of).await?;
    Ok(found.into_iter().map(|([id], row)| (id, row)).collect())
}

/// Writes a new review with everything that counts it, and with what searches find it by.
pub async fn insert(db: &impl ConnectionTrait, row: review::Model) -> Result<(), DbErr> {
    let listed = item_review::ActiveModel {
        item_id: Set(row.item_id),
        id: Set(row.id),
        author_id: Set(row.author_id),
    };
    item_review::Entity::insert(listed)
        .exec_without_returning(db)
        .await?;
    count(db, &row, 1).await?;
    users::count(db, row.author_id, counter(row.kind), 1).await?;
    let text = words::text_of(&row);
    review::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    words::TEXTS.write(db, &text).await
}

/// Writes `row` over `before`, the review of its key.
pub async fn update(
    db: &impl ConnectionTrait,
    before: &review::Model,
    row: review::Model,
) -> Result<(), DbErr> {
    if row.rating != before.rating {
        count(db, before, -1).await?;
        count(db, &row, 1).await?;
    }
    words::TEXTS.write(db, &words::text_of(&row)).await?;
    row.into_active_model().reset_all().update(db).await?;
    Ok(())
}

/// Removes a review with everything that counts it.
pub async fn delete(db: &impl ConnectionTrait, row: &review::Model) -> Result<(), DbErr> {
    review::Entity::delete_by_id((row.author_id, row.item_id))
        .exec(db)
        .await?;
    item_review::Entity::delete_by_id((row.item_id, row.id))
        .exec(db)
        .await?;
    count(db, row, -1).await?;
    users::count(db, row.author_id, counter(row.kind), -1).await
}

/// The counter of an author's reviews of items of `kind`.
pub fn counter(kind: CatalogueKind) -> user::Column {
    match kind {
        CatalogueKind::Cd => user::Column::CdReviews,
        CatalogueKind::Movie => user::Column::MovieReviews,
        CatalogueKind::VideoGame => user::Column::VideoGameReviews,
        CatalogueKind::Book => user::Column::BookReviews,
        CatalogueKind::Song => user::Column::SongReviews,
    }
}

async fn count(db: &impl ConnectionTrait, row: &review::Model, by: i64) -> Result<(), DbErr> {
    use item_rating::Column;
    let column = match row.rating {
        1 => Column::Stars1,
        2 => Column::Stars2,
        3 => Column::Stars3,
        4 => Column::Stars4,
        _ => Column::Stars5,
    };
    let nobodys = item_rating::ActiveModel {
        item_id: Set(row.item_id),
        ..Default::default()
    };
    item_rating::Entity::insert(nobodys)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    item_rating::Entity::update_many()
        .col_expr(column, Expr::col(column).add(by))
        .filter(Column::ItemId.eq(row.item_id))
        .exec(db)
        .await?;
    Ok(())
}

/// `page` of the reviews of each of `items` by `authors`, newest first: one look-up an author and
/// item. Their keys are ranked first, so that the rows' texts are read for the page alone. (Ranking
/// is no scan here: an author has one review of an item, which the key finds.)
pub async fn of_items_by(
    db: &impl ConnectionTrait,
    items: &[Uuid],
    authors: &[Uuid],
    page: &Page<Uuid>,
) -> Result<HashMap<Uuid, Slice<review::Model>>, DbErr> {
    let mut sql = Sql::of(db);
    let keys = "f.author_id, f.item_id, f.id";
    let (i, p, found) = by_authors(&mut sql, items, authors, keys);
    let LookUp { from, condition } = found;
    let above = sql.bind(page.after.unwrap_or_else(Uuid::greatest));
    let limit = sql.bind(i64::from(page.limit + 1));
    let read = OF_AUTHOR.columns::<review::Model>("r", page.texts);
    let text = format!(
        "SELECT {read} FROM (\
         SELECT i.n, f.author_id, f.item_id, \
         ROW_NUMBER() OVER (PARTITION BY i.n ORDER BY f.id DESC) AS place \
         FROM {i} CROSS JOIN {p} CROSS JOIN {from} \
         WHERE {condition} AND f.id < {above}) AS k \
         CROSS JOIN reviews AS r WHERE k.place <= {limit} \
         AND r.author_id = k.author_id AND r.item_id = k.item_id \
         ORDER BY k.n, k.place"
    );
    let mut by_item: HashMap<Uuid, Vec<review::Model>> = HashMap::new();
    for row in sql.models::<review::Model>(db, text).await? {
        by_item.entry(row.item_id).or_default().push(row);
    }
    Ok(by_item
        .into_iter()
        .map(|(item, rows)| (item, Slice::new(rows, page)))
        .collect())
}
