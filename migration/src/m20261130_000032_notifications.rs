//! What users are told of: a row each, and beside them an inbox a user, whose number orders them.
//!
//! A user without an inbox is told of everything, and has been told of nothing: nobody need be given one, nor
//! by an older program who joins while this one is rolled out. (What happens there is told to nobody.)

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{drop_all, index, keyed, within_shard};

const NOTIFICATIONS: &str = "notifications";
const INBOXES: &str = "inboxes";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                keyed(manager, INBOXES, &["user_id"])
                    .col(uuid("user_id"))
                    .col(big_integer("number").default(0))
                    .col(big_integer("read_number").default(0))
                    .col(big_integer("unread_count").default(0))
                    .col(big_integer("unwanted").default(0))
                    .foreign_key(&mut within_shard(INBOXES, &["user_id"], "users", &["id"]))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                keyed(manager, NOTIFICATIONS, &["user_id", "id"])
                    .col(uuid("user_id"))
                    .col(uuid("id"))
                    .col(big_integer("number"))
                    .col(string_len("kind", 30))
                    .col(timestamp_with_time_zone("at"))
                    .col(date("day"))
                    .col(uuid("actor_id"))
                    .col(uuid_null("diary_id"))
                    .col(big_integer_null("kiriban"))
                    .foreign_key(&mut within_shard(
                        NOTIFICATIONS,
                        &["user_id"],
                        "users",
                        &["id"],
                    ))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                index(NOTIFICATIONS, &["user_id", "number"])
                    .unique()
                    .to_owned(),
            )
            .await?;
        // What somebody did to one user, and to all.
        manager
            .create_index(index(NOTIFICATIONS, &["actor_id", "user_id", "id"]))
            .await?;
        // What is past its time is found by its day.
        manager.create_index(index(NOTIFICATIONS, &["day"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &[NOTIFICATIONS, INBOXES]).await
    }
}
