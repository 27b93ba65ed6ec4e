//! Footprints: who visited, on which of Japan's days.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{drop_all, index, keyed, within_shard};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                keyed(manager, "footprints", &["owner_id", "id"])
                    .col(uuid("owner_id"))
                    .col(uuid("id"))
                    .col(uuid("visitor_id"))
                    .col(date("day"))
                    .col(big_integer("number"))
                    .col(timestamp_with_time_zone("visited_at"))
                    .col(string_len_null("origin", 20))
                    .foreign_key(&mut within_shard(
                        "footprints",
                        &["owner_id"],
                        "users",
                        &["id"],
                    ))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                index("footprints", &["owner_id", "visitor_id", "day"])
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("footprints", &["owner_id", "number"]))
            .await?;
        // What is a year old is found by its day.
        manager.create_index(index("footprints", &["day"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["footprints"]).await
    }
}
