//! Diaries and the comments under them.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{drop_all, index, keyed, keyed_with_texts, within_shard};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                keyed_with_texts("diaries", &["author_id", "id"])
                    .col(uuid("author_id"))
                    .col(uuid("id"))
                    .col(string_len("title", 100))
                    .col(text("body"))
                    .col(string_len("audience", 20))
                    .col(big_integer("comment_count").default(0))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("edited_at"))
                    .foreign_key(&mut within_shard(
                        "diaries",
                        &["author_id"],
                        "users",
                        &["id"],
                    ))
                    .to_owned(),
            )
            .await?;
        // A viewer's page of an author's diaries is one short range an audience, however many
        // diaries of other audiences lie between.
        manager
            .create_index(index("diaries", &["author_id", "audience", "id"]))
            .await?;

        manager
            .create_table(
                keyed(
                    manager,
                    "diary_comments",
                    &["diary_author_id", "diary_id", "id"],
                )
                .col(uuid("diary_author_id"))
                .col(uuid("diary_id"))
                .col(uuid("id"))
                .col(uuid("author_id"))
                .col(big_integer("number"))
                .col(text("body"))
                .col(timestamp_with_time_zone("created_at"))
                .foreign_key(&mut within_shard(
                    "diary_comments",
                    &["diary_author_id", "diary_id"],
                    "diaries",
                    &["author_id", "id"],
                ))
                .to_owned(),
            )
            .await?;
        manager
            .create_index(index("diary_comments", &["diary_author_id", "number"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["diary_comments", "diaries"]).await
    }
}
