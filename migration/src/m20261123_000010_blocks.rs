//! Blocks: two directed rows each. Nearly nobody has one, and finding the session says so. The
//! comments that are hidden under a diary are counted by an index of their own. (The diary stands last
//! in it, or PostgreSQL, which takes a diary's comments for few, would find one of them by it.)

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{add, drop_all, index, keyed, remove, within_shard};

const COMMENTS_BY_AUTHOR: &[&str] = &["diary_author_id", "author_id", "diary_id"];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                keyed(manager, "blocks", &["user_id", "other_id"])
                    .col(uuid("user_id"))
                    .col(uuid("other_id"))
                    .col(uuid_null("made"))
                    .col(timestamp_with_time_zone_null("since"))
                    .col(boolean("received"))
                    .foreign_key(&mut within_shard("blocks", &["user_id"], "users", &["id"]))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("blocks", &["user_id", "made"]))
            .await?;
        add(manager, "users", big_integer("block_count").default(0)).await?;
        // What an older program writes while this one is rolled out says nothing of blocks: then
        // they are looked for.
        add(
            manager,
            "session_tokens",
            boolean("has_blocks").default(true),
        )
        .await?;
        let known = Query::update()
            .table(Alias::new("session_tokens"))
            .value(Alias::new("has_blocks"), false)
            .to_owned();
        manager.execute(known).await?;
        manager
            .create_index(index("diary_comments", COMMENTS_BY_AUTHOR))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let name = format!("idx_diary_comments_{}", COMMENTS_BY_AUTHOR.join("_"));
        let index = Index::drop()
            .name(name)
            .table(Alias::new("diary_comments"))
            .to_owned();
        manager.drop_index(index).await?;
        remove(manager, "session_tokens", "has_blocks").await?;
        remove(manager, "users", "block_count").await?;
        drop_all(manager, &["blocks"]).await
    }
}
