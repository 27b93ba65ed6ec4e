//! What everybody does by day, and the service's figures, counted once a day.
//!
//! An older program that runs beside this one while it is rolled out counts nothing: what it serves stands in
//! no figure. It removes a user with what is counted of them all the same, by the foreign key.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{drop_all, index, keyed, keyed_with_texts, within_shard};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                keyed(manager, "usage_days", &["user_id", "day", "device"])
                    .col(uuid("user_id"))
                    .col(date("day"))
                    .col(string_len("device", 20))
                    .col(big_integer("visits"))
                    .col(big_integer("writings"))
                    .col(big_integer("readings"))
                    .foreign_key(&mut within_shard(
                        "usage_days",
                        &["user_id"],
                        "users",
                        &["id"],
                    ))
                    .to_owned(),
            )
            .await?;
        // What is past its days is found by its day.
        manager.create_index(index("usage_days", &["day"])).await?;
        manager
            .create_table(
                keyed(manager, "access_days", &["day", "device"])
                    .col(date("day"))
                    .col(string_len("device", 20))
                    .col(big_integer("operations"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                keyed(manager, "statistics_days", &["kind", "day", "part"])
                    .col(string_len("kind", 20))
                    .col(date("day"))
                    .col(string_len("part", 20))
                    .col(big_integer("figure"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                keyed_with_texts("statistics_runs", &["day"])
                    .col(date("day"))
                    .col(uuid_null("place"))
                    .col(text("sums"))
                    .col(timestamp_with_time_zone("next_at"))
                    .col(uuid_null("held_by"))
                    .col(boolean("is_done"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            "statistics_runs",
            "statistics_days",
            "access_days",
            "usage_days",
        ];
        drop_all(manager, &tables).await
    }
}
