//! Music: the artists of CDs and songs, favourite songs, what people listened to, and the weekly charts.
//! Catalogue tables are small and stand on every node.
//!
//! A week is the number of weeks since 1 January of the year 1, which was a Monday: a number is the same
//! on each database, and what follows another is one more.
//!
//! When somebody listened stands in the id of that: its first 48 bits are the milliseconds.
//!
//! An older program that runs beside this one while it is rolled out adds CDs and songs without an artist,
//! and writes nothing of the rest. (Whom it deletes stays counted in the charts, as everything that is past
//! its days does.)

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{add, drop_all, found_again, index, keyed, ordered, remove, within_shard};

const ITEMS: &str = "catalogue_items";
const ARTIST: &str = "artist_id";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        artists(manager).await?;
        favourites(manager).await?;
        listens(manager).await?;
        charts(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(
            manager,
            &[
                "song_charts",
                "uncharted_listens",
                "song_listeners",
                "weekly_listens",
                "listens",
                "favourite_songs",
            ],
        )
        .await?;
        for columns in [&[ARTIST, "kind", "id"][..], &[ARTIST, "id"]] {
            let name = format!("idx_{ITEMS}_{}", columns.join("_"));
            let mut index = Index::drop();
            index.name(name).table(Alias::new(ITEMS)).if_exists();
            manager.drop_index(index).await?;
        }
        remove(manager, ITEMS, ARTIST).await?;
        drop_all(manager, &["artist_grams", "artist_names", "artists"]).await
    }
}

/// Who made CDs and songs, and by which names they are found.
async fn artists(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            keyed(manager, "artists", &["id"])
                .col(uuid("id"))
                .col(string_len("name", 100))
                .col(timestamp_with_time_zone("created_at"))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            keyed(manager, "artist_names", &["name_key"])
                .col(ordered(manager, "name_key", 100))
                .col(uuid("artist_id"))
                .col(integer("position"))
                .col(string_len("name", 100))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("artist_names", &["artist_id", "position"]))
        .await?;
    manager
        .create_table(
            keyed(manager, "artist_grams", &["gram", "name_key", "artist_id"])
                .col(ordered(manager, "gram", 8))
                .col(ordered(manager, "name_key", 100))
                .col(uuid("artist_id"))
                .to_owned(),
        )
        .await?;
    add(manager, ITEMS, &mut uuid_null(ARTIST)).await?;
    manager
        .create_index(index(ITEMS, &[ARTIST, "kind", "id"]))
        .await?;
    found_again(manager, ITEMS, &[ARTIST, "id"]).await
}

/// The songs that somebody likes best: places from 1, none left out.
async fn favourites(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            keyed(manager, "favourite_songs", &["user_id", "item_id"])
                .col(uuid("user_id"))
                .col(uuid("item_id"))
                .col(big_integer("place"))
                .col(timestamp_with_time_zone("added_at"))
                .foreign_key(&mut of_user("favourite_songs"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("favourite_songs", &["user_id", "place"]))
        .await
}

/// What somebody listened to: each time; by week and song; and the last time of each song.
async fn listens(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            keyed(manager, "listens", &["user_id", "id"])
                .col(uuid("user_id"))
                .col(uuid("id"))
                .col(uuid("item_id"))
                .foreign_key(&mut of_user("listens"))
                .to_owned(),
        )
        .await?;
    manager.create_index(index("listens", &["id"])).await?;
    manager
        .create_table(
            keyed(manager, "weekly_listens", &["user_id", "week", "item_id"])
                .col(uuid("user_id"))
                .col(big_integer("week"))
                .col(uuid("item_id"))
                .col(big_integer("listens"))
                .foreign_key(&mut of_user("weekly_listens"))
                .to_owned(),
        )
        .await?;
    for columns in [&["user_id", "week", "listens", "item_id"][..], &["week"]] {
        manager
            .create_index(index("weekly_listens", columns))
            .await?;
    }
    manager
        .create_table(
            keyed(manager, "song_listeners", &["user_id", "item_id"])
                .col(uuid("user_id"))
                .col(uuid("item_id"))
                .col(uuid("listen_id"))
                .foreign_key(&mut of_user("song_listeners"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("song_listeners", &["listen_id"]))
        .await
}

/// What everybody listened to in a week, and what is still to be counted there.
async fn charts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            keyed(manager, "uncharted_listens", &["user_id", "id"])
                .col(uuid("user_id"))
                .col(uuid("id"))
                .col(big_integer("week"))
                .col(uuid("item_id"))
                .col(big_integer("listens"))
                .col(big_integer("listeners"))
                .foreign_key(&mut of_user("uncharted_listens"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("uncharted_listens", &["id"]))
        .await?;
    manager
        .create_table(
            keyed(manager, "song_charts", &["week", "item_id"])
                .col(big_integer("week"))
                .col(uuid("item_id"))
                .col(big_integer("listens"))
                .col(big_integer("listeners"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index(
            "song_charts",
            &["week", "listeners", "listens", "item_id"],
        ))
        .await
}

fn of_user(table: &str) -> ForeignKeyCreateStatement {
    within_shard(table, &["user_id"], "users", &["id"])
}
