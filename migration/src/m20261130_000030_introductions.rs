//! What friends write to introduce each other: the row of whom it is of, and the row by which its author
//! lists it.
//!
//! What an older program ends of friendships while this one is rolled out ends what the two wrote of each
//! other, too: both rows refer to the friendship. (It knows of no number that counts them: who had one from
//! somebody whom they part from there, in those minutes, is said to have one more than they have.)

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{add, drop_all, index, keyed, keyed_with_texts, remove, within_shard};

const INTRODUCTIONS: &str = "introductions";
const WRITTEN: &str = "written_introductions";
const COUNT: &str = "introduction_count";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                keyed_with_texts(INTRODUCTIONS, &["subject_id", "author_id"])
                    .col(uuid("subject_id"))
                    .col(uuid("author_id"))
                    .col(uuid("id"))
                    .col(text("body"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("edited_at"))
                    .foreign_key(&mut within_shard(
                        INTRODUCTIONS,
                        &["subject_id", "author_id"],
                        "friendships",
                        &["user_id", "friend_id"],
                    ))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                index(INTRODUCTIONS, &["subject_id", "id"])
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                keyed(manager, WRITTEN, &["author_id", "subject_id"])
                    .col(uuid("author_id"))
                    .col(uuid("subject_id"))
                    .col(uuid("id"))
                    .foreign_key(&mut within_shard(
                        WRITTEN,
                        &["author_id", "subject_id"],
                        "friendships",
                        &["user_id", "friend_id"],
                    ))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index(WRITTEN, &["author_id", "id"]).unique().to_owned())
            .await?;
        add(manager, "users", big_integer(COUNT).default(0)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        remove(manager, "users", COUNT).await?;
        drop_all(manager, &[WRITTEN, INTRODUCTIONS]).await
    }
}
