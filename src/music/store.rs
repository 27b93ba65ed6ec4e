//! The SQL of music: of favourite songs here.

pub mod charts;
pub mod listens;
pub mod past;

use entity::favourite_song;
use foldhash::HashMap;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter,
};
use uuid::Uuid;

use crate::{
    database::Source,
    paging::{List, Narrow, Page, Slice, children},
    sql::{Sql, row},
};

row! {
    favourite_song::Model { user_id, item_id, place, added_at }
}

/// Somebody's favourite songs, the best liked first.
const OF_USER: List<1> = List {
    table: "favourite_songs",
    parent: ["user_id"],
    beside: ("users", ["id"]),
    order: "place",
    index: Some("idx_favourite_songs_user_id_place"),
    newest_first: false,
    brief: None,
};

/// `page` of the favourite songs of each of `users`.
pub async fn of_users(
    db: &impl Source,
    users: &[Uuid],
    page: &Page<i64>,
) -> Result<HashMap<Uuid, Slice<favourite_song::Model>>, DbErr> {
    let parents: Vec<_> = users.iter().map(|id| [*id]).collect();
    let parent_of = |row: &favourite_song::Model| [row.user_id];
    let found = children(db, &OF_USER, &parents, page, &Narrow::All, parent_of).await?;
    Ok(found.into_iter().map(|([id], slice)| (id, slice)).collect())
}

/// How many favourite songs each of `users` has, who has any: a hundred at the most.
pub async fn counts(
    db: &impl ConnectionTrait,
    users: &[Uuid],
) -> Result<HashMap<Uuid, i64>, DbErr> {
    let keys: Vec<_> = users.iter().map(|id| [*id]).collect();
    let mut sql = Sql::of(db);
    let p = sql.keys("p", &keys);
    let on_shards = sql.on_shards(&["f.user_id"], &keys);
    let text = format!(
        "SELECT f.user_id, count(*) FROM {p} CROSS JOIN favourite_songs AS f \
         WHERE f.user_id = p.k0{on_shards} GROUP BY f.user_id"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter()
        .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
        .collect()
}

/// How many favourite songs `user` has, who is held.
pub async fn count(db: &impl ConnectionTrait, user: Uuid) -> Result<i64, DbErr> {
    let mut sql = Sql::of(db);
    let user = sql.bind(user);
    let text = format!(
        "SELECT place FROM favourite_songs WHERE user_id = {user} ORDER BY place DESC LIMIT 1"
    );
    // None is left out: the last place is their number.
    let rows = sql.rows(db, text).await?;
    rows.first().map_or(Ok(0), |row| row.try_get_by_index(0))
}

/// The favourite song `item` of `user`.
pub async fn favourite(
    db: &impl ConnectionTrait,
    user: Uuid,
    item: Uuid,
) -> Result<Option<favourite_song::Model>, DbErr> {
    favourite_song::Entity::find_by_id((user, item))
        .one(db)
        .await
}

/// Puts a favourite song at its place, and those from there on one further down. Whoever calls holds its
/// user.
pub async fn insert(db: &impl ConnectionTrait, row: favourite_song::Model) -> Result<(), DbErr> {
    shift(db, row.user_id, row.place, 1).await?;
    favourite_song::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Takes a favourite song away, and those after it one further up. Whoever calls holds its user.
pub async fn remove(db: &impl ConnectionTrait, row: &favourite_song::Model) -> Result<(), DbErr> {
    favourite_song::Entity::delete_by_id((row.user_id, row.item_id))
        .exec(db)
        .await?;
    shift(db, row.user_id, row.place, -1).await
}

/// Moves the favourite songs of `user` from `place` on by so many places.
async fn shift(db: &impl ConnectionTrait, user: Uuid, place: i64, by: i64) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let (by, user, place) = (sql.bind(by), sql.bind(user), sql.bind(place));
    let text = format!(
        "UPDATE favourite_songs SET place = place + {by} \
         WHERE user_id = {user} AND place >= {place}"
    );
    sql.run(db, text).await?;
    Ok(())
}

/// Puts the favourite song `row` at another `place`, and those between the two by one towards the old one.
/// Whoever calls holds its user.
pub async fn place(
    db: &impl ConnectionTrait,
    row: &favourite_song::Model,
    place: i64,
) -> Result<(), DbErr> {
    let by = if place > row.place { -1 } else { 1 };
    let mut sql = Sql::of(db);
    let (item, at, by) = (sql.bind(row.item_id), sql.bind(place), sql.bind(by));
    let user = sql.bind(row.user_id);
    let first = sql.bind(place.min(row.place));
    let last = sql.bind(place.max(row.place));
    let text = format!(
        "UPDATE favourite_songs SET place = CASE WHEN item_id = {item} THEN {at} \
         ELSE place + {by} END WHERE user_id = {user} AND place >= {first} AND place <= {last}"
    );
    sql.run(db, text).await?;
    Ok(())
}

/// Takes all favourite songs of `user` away. Says how many there were.
pub async fn remove_all(db: &impl ConnectionTrait, user: Uuid) -> Result<u64, DbErr> {
    let gone = favourite_song::Entity::delete_many()
        .filter(favourite_song::Column::UserId.eq(user))
        .exec(db)
        .await?;
    Ok(gone.rows_affected)
}
