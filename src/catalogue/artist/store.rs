//! The SQL of artists.

use std::collections::BTreeSet;

use entity::{artist, artist_name, catalogue_item, values::CatalogueKind};
use foldhash::{HashMap, HashMapExt};
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait,
    IntoActiveModel, QueryFilter,
};
use uuid::Uuid;

use crate::{
    database::Source,
    paging::{List, Narrow, Page, Slice, by_keys, children, columns},
    search,
    sql::{Column, Sql, row},
};

row! {
    artist::Model { id, name, created_at }
    artist_name::Model { name_key, artist_id, position, name }
}

/// An artist's CDs and songs.
const OF_ARTIST: List<1> = List {
    table: "catalogue_items",
    parent: ["artist_id"],
    beside: ("artists", ["id"]),
    order: "id",
    index: Some("idx_catalogue_items_artist_id_id"),
    newest_first: true,
    brief: None,
};

/// What has an artist.
const MUSIC: [CatalogueKind; 2] = [CatalogueKind::Cd, CatalogueKind::Song];

/// A name, and as what it is looked for.
#[derive(Clone, Debug)]
pub struct Name {
    /// The name, folded.
    pub key: String,
    /// The name.
    pub name: String,
}

/// The artists with `ids`.
pub async fn artists(
    db: &impl Source,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, artist::Model>, DbErr> {
    let keys: Vec<_> = ids.iter().map(|id| [*id]).collect();
    let key_of = |row: &artist::Model| [row.id];
    let found = by_keys(db, "artists", ["id"], &keys, key_of).await?;
    Ok(found.into_iter().map(|([id], row)| (id, row)).collect())
}

/// The artist with `id`.
pub async fn artist(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<artist::Model>, DbErr> {
    artist::Entity::find_by_id(id).one(db).await
}

/// The artist to whom the folded name `key` leads.
pub async fn named(db: &impl ConnectionTrait, key: &str) -> Result<Option<artist::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let key = sql.bind(key);
    let read = columns::<artist::Model>("a");
    let text = format!(
        "SELECT {read} FROM artist_names AS n CROSS JOIN artists AS a \
         WHERE n.name_key = {key} AND a.id = n.artist_id"
    );
    Ok(sql.models(db, text).await?.pop())
}

/// The further names of the artists with `ids`, in their order.
pub async fn other_names(
    db: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<String>>, DbErr> {
    let keys: Vec<_> = ids.iter().map(|id| [*id]).collect();
    let mut sql = Sql::of(db);
    let p = sql.keys("p", &keys);
    let read = columns::<artist_name::Model>("t");
    let text = format!(
        "SELECT {read} FROM {p} CROSS JOIN artist_names AS t \
         WHERE t.artist_id = p.k0 AND t.position > 0 ORDER BY p.n, t.position"
    );
    let mut found: HashMap<Uuid, Vec<String>> = HashMap::new();
    for row in sql.models::<artist_name::Model>(db, text).await? {
        found.entry(row.artist_id).or_default().push(row.name);
    }
    Ok(found)
}

/// `page` of the CDs and songs of each of `artists`, or of those of `kind`, the last added first.
pub async fn items(
    db: &impl Source,
    artists: &[Uuid],
    page: &Page<Uuid>,
    kind: Option<CatalogueKind>,
) -> Result<HashMap<Uuid, Slice<catalogue_item::Model>>, DbErr> {
    let parents: Vec<_> = artists.iter().map(|id| [*id]).collect();
    let kinds = MUSIC
        .iter()
        .filter(|of| kind.is_none_or(|kind| kind == **of));
    let narrow = Narrow::Segments("kind", kinds.map(|kind| kind.to_value()).collect());
    // None that has no artist is found by one.
    let parent_of = |row: &catalogue_item::Model| [row.artist_id.unwrap_or_default()];
    let found = children(db, &OF_ARTIST, &parents, page, &narrow, parent_of).await?;
    Ok(found.into_iter().map(|([id], slice)| (id, slice)).collect())
}

/// Writes an artist with `names`, the first of which is the main one: of the further ones those that lead
/// to nobody yet. Says whether it was new: the main name led to nobody.
pub async fn insert(
    db: &impl ConnectionTrait,
    row: artist::Model,
    names: &[Name],
) -> Result<bool, DbErr> {
    let mut in_order: Vec<_> = (0..).zip(names).collect();
    // Whoever adds others of these names at the same time takes them in the same order.
    in_order.sort_unstable_by(|(_, one), (_, other)| one.key.cmp(&other.key));
    let column = |of: fn(&Name) -> &String| {
        Column::Texts(in_order.iter().map(|(_, name)| of(name).clone()).collect())
    };
    let places = in_order.iter().map(|(place, _)| *place).collect();
    let mut sql = Sql::of(db);
    let id = sql.bind(row.id);
    let p = sql.table(
        "p",
        vec![
            ("name_key", column(|name| &name.key)),
            ("place", Column::Numbers(places)),
            ("name", column(|name| &name.name)),
        ],
    );
    let text = format!(
        "INSERT INTO artist_names (name_key, artist_id, position, name) \
         SELECT p.name_key, {id}, p.place, p.name FROM {p} WHERE true ORDER BY p.n \
         ON CONFLICT DO NOTHING RETURNING position"
    );
    let taken = sql.rows(db, text).await?;
    let taken = taken.iter().map(|row| row.try_get_by_index(0));
    let taken: Vec<i32> = taken.collect::<Result<_, _>>()?;
    let Some(main) = names.first().filter(|_| taken.contains(&0)) else {
        artist_name::Entity::delete_many()
            .filter(artist_name::Column::ArtistId.eq(row.id))
            .exec(db)
            .await?;
        return Ok(false);
    };
    let kept = (0..).zip(names).filter(|(place, _)| taken.contains(place));
    let grams = grams(kept.map(|(_, name)| name.key.as_str()));
    let artist = row.id;
    artist::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    let mut sql = Sql::of(db);
    let key = sql.bind(main.key.as_str());
    let id = sql.bind(artist);
    let grams = Column::Texts(grams.into_iter().collect());
    let p = sql.table("p", vec![("gram", grams)]);
    let text = format!(
        "INSERT INTO artist_grams (gram, name_key, artist_id) SELECT p.gram, {key}, {id} FROM {p}"
    );
    sql.run(db, text).await?;
    Ok(true)
}

/// What an artist is found by who bears these folded names.
pub fn grams<'n>(keys: impl Iterator<Item = &'n str>) -> BTreeSet<String> {
    keys.flat_map(search::grams_of).collect()
}

/// Up to `limit` artists that bear every one of `grams`, by name, after `after`.
pub async fn search(
    db: &impl ConnectionTrait,
    grams: &[String],
    after: &(String, Uuid),
    limit: i64,
) -> Result<Vec<(String, Uuid)>, DbErr> {
    let index = search::Index {
        table: "artist_grams",
        order: "name_key",
        id: "artist_id",
    };
    index
        .find(db, grams, search::Only::default(), after, limit)
        .await
}
