//! Photos: a row each, whose files lie elsewhere; how much they take of their owner's space, which of them
//! is the picture of the profile, and how many a diary has.
//!
//! The rows refer to nothing: a photo that was removed stays as a row until its files are, also where its
//! owner is gone by then. (What an older program removes of a diary with photos, or of an account, while
//! this one is rolled out, leaves its photos behind: a recount tells of them.)

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{add, drop_all, index, keyed, remove};

const PHOTOS: &str = "photos";
const STORED: &str = "stored_bytes";
const PHOTO: &str = "photo_id";
const COUNT: &str = "photo_count";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                keyed(manager, PHOTOS, &["owner_id", "id"])
                    .col(uuid("owner_id"))
                    .col(uuid("id"))
                    .col(string_len("state", 20))
                    .col(uuid_null("diary_id"))
                    .col(big_integer("place").default(0))
                    .col(string_len("format", 10))
                    .col(big_integer("width"))
                    .col(big_integer("height"))
                    .col(big_integer("bytes"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("due_at"))
                    .to_owned(),
            )
            .await?;
        for columns in [
            &["owner_id", "diary_id"][..],
            &["owner_id", "state", "id"],
            &["due_at"],
        ] {
            manager.create_index(index(PHOTOS, columns)).await?;
        }
        add(manager, "user_counters", big_integer(STORED).default(0)).await?;
        add(manager, "users", &mut uuid_null(PHOTO)).await?;
        add(manager, "diaries", big_integer(COUNT).default(0)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        remove(manager, "diaries", COUNT).await?;
        remove(manager, "users", PHOTO).await?;
        remove(manager, "user_counters", STORED).await?;
        drop_all(manager, &[PHOTOS]).await
    }
}
