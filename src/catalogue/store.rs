//! The SQL of the catalogue.

use std::collections::BTreeSet;

use entity::{catalogue_item, catalogue_title, values::CatalogueKind};
use foldhash::{HashMap, HashMapExt};
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait,
    IntoActiveModel, QueryFilter, Value, sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{
    database::Source,
    paging::{by_keys, columns},
    search,
    sql::{Column, Sql, row},
};

row! {
    catalogue_item::Model { id, kind, title, title_key, edition, year, platform, artist_id, created_at }
    catalogue_title::Model { item_id, position, title }
}

/// The items with `ids`.
pub async fn items(
    db: &impl Source,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, catalogue_item::Model>, DbErr> {
    let keys: Vec<_> = ids.iter().map(|id| [*id]).collect();
    let key_of = |row: &catalogue_item::Model| [row.id];
    let found = by_keys(db, "catalogue_items", ["id"], &keys, key_of).await?;
    Ok(found.into_iter().map(|([id], row)| (id, row)).collect())
}

/// The item with `id`.
pub async fn item(
    db: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<catalogue_item::Model>, DbErr> {
    catalogue_item::Entity::find_by_id(id).one(db).await
}

/// The item that bears this title already.
pub async fn twin(
    db: &impl ConnectionTrait,
    row: &catalogue_item::Model,
) -> Result<Option<catalogue_item::Model>, DbErr> {
    catalogue_item::Entity::find()
        .filter(catalogue_item::Column::Kind.eq(row.kind))
        .filter(catalogue_item::Column::TitleKey.eq(row.title_key.as_str()))
        .filter(catalogue_item::Column::Edition.eq(row.edition.as_str()))
        .one(db)
        .await
}

/// The further titles of the items with `ids`, in their order.
pub async fn titles(
    db: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<String>>, DbErr> {
    let keys: Vec<_> = ids.iter().map(|id| [*id]).collect();
    let mut sql = Sql::of(db);
    let p = sql.keys("p", &keys);
    let read = columns::<catalogue_title::Model>("t");
    let text = format!(
        "SELECT {read} FROM {p} CROSS JOIN catalogue_titles AS t \
         WHERE t.item_id = p.k0 ORDER BY p.n, t.position"
    );
    let mut found: HashMap<Uuid, Vec<String>> = HashMap::new();
    for row in sql.models::<catalogue_title::Model>(db, text).await? {
        found.entry(row.item_id).or_default().push(row.title);
    }
    Ok(found)
}

/// Writes an item with its further titles, found by each of them. Says whether it was new.
pub async fn insert(
    db: &impl ConnectionTrait,
    row: catalogue_item::Model,
    titles: &[String],
) -> Result<bool, DbErr> {
    let grams = grams(&row.title, titles);
    let (id, kind, title_key) = (row.id, row.kind, row.title_key.clone());
    let inserted = catalogue_item::Entity::insert(row.into_active_model().reset_all())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    if inserted == 0 {
        return Ok(false);
    }
    let mut sql = Sql::of(db);
    let item = sql.bind(id);
    let places = (0..).take(titles.len()).collect();
    let columns = vec![
        ("place", Column::Numbers(places)),
        ("title", Column::Texts(titles.to_vec())),
    ];
    let p = sql.table("p", columns);
    let text = format!(
        "INSERT INTO catalogue_titles (item_id, position, title) \
         SELECT {item}, p.place, p.title FROM {p}"
    );
    sql.run(db, text).await?;
    let mut sql = Sql::of(db);
    let (key, item, kind) = (sql.bind(title_key), sql.bind(id), sql.bind(kind));
    let p = sql.table(
        "p",
        vec![("gram", Column::Texts(grams.into_iter().collect()))],
    );
    let text = format!(
        "INSERT INTO catalogue_grams (gram, title_key, item_id, kind) \
         SELECT p.gram, {key}, {item}, {kind} FROM {p}"
    );
    sql.run(db, text).await?;
    Ok(true)
}

/// What an item is found by.
pub fn grams(title: &str, titles: &[String]) -> BTreeSet<String> {
    std::iter::once(title)
        .chain(titles.iter().map(String::as_str))
        .flat_map(|title| search::grams_of(&search::fold(title)))
        .collect()
}

/// Up to `limit` items that bear every one of `grams`, by title, after `after`.
pub async fn search(
    db: &impl ConnectionTrait,
    grams: &[String],
    kind: Option<CatalogueKind>,
    after: &(String, Uuid),
    limit: i64,
) -> Result<Vec<(String, Uuid)>, DbErr> {
    let only = search::Only {
        with: kind.map(|kind| ("kind", Value::from(kind.to_value()))),
        ..Default::default()
    };
    let index = search::Index {
        table: "catalogue_grams",
        order: "title_key",
        id: "item_id",
    };
    index.find(db, grams, only, after, limit).await
}
