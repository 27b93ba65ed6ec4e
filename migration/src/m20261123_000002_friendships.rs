//! Friendships and the requests that lead to them: two directed rows each.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{drop_all, found_again, index, keyed, within_shard};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                keyed(manager, "friendships", &["user_id", "friend_id"])
                    .col(uuid("user_id"))
                    .col(uuid("friend_id"))
                    .col(uuid("id"))
                    .col(timestamp_with_time_zone("since"))
                    .foreign_key(&mut within_shard(
                        "friendships",
                        &["user_id"],
                        "users",
                        &["id"],
                    ))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("friendships", &["user_id", "id"]))
            .await?;

        manager
            .create_table(
                keyed(manager, "friend_requests", &["user_id", "other_id"])
                    .col(uuid("user_id"))
                    .col(uuid("other_id"))
                    .col(string_len("direction", 20))
                    .col(uuid("id"))
                    .col(big_integer("number"))
                    .col(string_len("message", 500))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut within_shard(
                        "friend_requests",
                        &["user_id"],
                        "users",
                        &["id"],
                    ))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("friend_requests", &["user_id", "direction", "id"]))
            .await?;
        found_again(manager, "friend_requests", &["user_id", "id"]).await?;
        manager
            .create_index(index("friend_requests", &["user_id", "number"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["friend_requests", "friendships"]).await
    }
}
