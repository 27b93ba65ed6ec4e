//! What is kept of users as visitors: whether they are named, how many visits they made of late, how
//! many footprints they took back. And the visits that stand in no list, as long as the pause after
//! them lasts.
//!
//! A user without a row has the defaults: nothing need be written for those who are there, nor by an
//! older program for those who join while this one is rolled out.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{drop_all, index, keyed, within_shard};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                keyed(manager, "visitors", &["user_id"])
                    .col(uuid("user_id"))
                    .col(string_len("footprint_policy", 20).default("NAMED"))
                    .col(timestamp_with_time_zone_null("unlisted_until"))
                    .col(text_null("recent_visits"))
                    .col(date_null("take_back_month"))
                    .col(big_integer("take_backs").default(0))
                    .foreign_key(&mut within_shard(
                        "visitors",
                        &["user_id"],
                        "users",
                        &["id"],
                    ))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                keyed(manager, "unlisted_visits", &["owner_id", "visitor_id"])
                    .col(uuid("owner_id"))
                    .col(uuid("visitor_id"))
                    .col(timestamp_with_time_zone("visited_at"))
                    .foreign_key(&mut within_shard(
                        "unlisted_visits",
                        &["owner_id"],
                        "users",
                        &["id"],
                    ))
                    .to_owned(),
            )
            .await?;
        // What the pause needs no more is found by its time.
        manager
            .create_index(index("unlisted_visits", &["visited_at"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["unlisted_visits", "visitors"]).await
    }
}
