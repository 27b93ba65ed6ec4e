//! Numbers of visits that owners have named (*kiriban*), and who made those visits. The next one stands
//! beside the counter that it is a number of: a visit that finds none there looks for nothing else.
//!
//! What an older program counts past while this one is rolled out is reached by nobody: the row stays as
//! it was named, and its owner can remove it.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{add, drop_all, index, keyed, remove, within_shard};

const KIRIBANS: &str = "kiribans";
const COUNTERS: &str = "user_counters";
const NEXT: &str = "next_kiriban";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                keyed(manager, KIRIBANS, &["owner_id", "number"])
                    .col(uuid("owner_id"))
                    .col(big_integer("number"))
                    .col(timestamp_with_time_zone("named_at"))
                    .col(timestamp_with_time_zone_null("reached_at"))
                    .col(uuid_null("visitor_id"))
                    .col(boolean("named_to_all").default(false))
                    .foreign_key(&mut within_shard(KIRIBANS, &["owner_id"], "users", &["id"]))
                    .to_owned(),
            )
            .await?;
        // What a visitor reached, for who takes it along, or goes.
        manager
            .create_index(index(KIRIBANS, &["visitor_id", "owner_id", "number"]))
            .await?;
        add(manager, COUNTERS, big_integer(NEXT).default(0)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        remove(manager, COUNTERS, NEXT).await?;
        drop_all(manager, &[KIRIBANS]).await
    }
}
