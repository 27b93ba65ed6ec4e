//! Brands' pages: the page, who runs it, who follows it, and what it publishes. A post is one row, however many
//! follow: whose pages somebody follows stands with them, and their feed is read from there.
//!
//! Where a page and a user meet there are two rows, one on the shard of each (as with friendships): who runs a page
//! (`brands.owner_id` and `brand_editors`, `run_brands`), and who follows it (`brand_followers`, `followed_brands`).
//! Nothing refers to the page: it is removed at once with who runs it, and its followers and posts in small batches
//! after it.
//!
//! Posts bear numbers of one sequence for all pages, which is held from the last but one statement of a
//! publishing to its commit. So whoever follows a live feed needs one number, whichever pages they follow.
//!
//! An older program that runs beside this one while it is rolled out knows of no pages. An account that is deleted
//! through it leaves its pages without an owner, and is counted among the followers of others still: have none be
//! deleted meanwhile, or see `bulk::recount`.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{add, drop_all, index, keyed, keyed_with_texts, ordered, remove, within_shard};

/// The longest handle.
const HANDLE: u32 = 20;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        pages(manager).await?;
        people(manager).await?;
        posts(manager).await?;
        add(
            manager,
            "user_counters",
            big_integer("follow_number").default(0),
        )
        .await?;
        for column in ["first_post", "last_post"] {
            add(manager, "rest_digests", big_integer(column).default(0)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["first_post", "last_post"] {
            remove(manager, "rest_digests", column).await?;
        }
        remove(manager, "user_counters", "follow_number").await?;
        drop_all(
            manager,
            &[
                "sequences",
                "brand_days",
                "brand_posts",
                "followed_brands",
                "brand_followers",
                "run_brands",
                "brand_editors",
                "brand_removals",
                "brand_grams",
                "brand_handles",
                "brands",
            ],
        )
        .await
    }
}

/// The pages, and by what they are found.
async fn pages(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            keyed_with_texts("brands", &["id"])
                .col(uuid("id"))
                .col(string_len("handle", HANDLE))
                .col(string_len("name", 50))
                .col(string_len("description", 1_000))
                .col(uuid("owner_id"))
                .col(boolean("is_verified").default(false))
                .col(big_integer("editor_count").default(0))
                .col(big_integer("follower_count").default(0))
                .col(big_integer("post_count").default(0))
                .col(big_integer("post_number").default(0))
                .col(timestamp_with_time_zone("created_at"))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            keyed(manager, "brand_handles", &["handle"])
                .col(string_len("handle", HANDLE))
                .col(uuid("brand_id"))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            keyed(manager, "brand_grams", &["brand_id", "gram"])
                .col(uuid("brand_id"))
                .col(ordered(manager, "gram", 8))
                .col(ordered(manager, "handle", HANDLE))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("brand_grams", &["gram", "handle", "brand_id"]))
        .await?;
    manager
        .create_table(
            keyed(manager, "brand_removals", &["brand_id"])
                .col(uuid("brand_id"))
                .to_owned(),
        )
        .await
}

/// Who runs the pages, and who follows them.
async fn people(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            keyed(manager, "brand_editors", &["brand_id", "user_id"])
                .col(uuid("brand_id"))
                .col(uuid("user_id"))
                .col(uuid("id"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("brand_editors", &["brand_id", "id"]))
        .await?;
    manager
        .create_table(
            keyed(manager, "run_brands", &["user_id", "brand_id"])
                .col(uuid("user_id"))
                .col(uuid("brand_id"))
                .col(uuid("id"))
                .col(boolean("is_owner"))
                .foreign_key(&mut of_user("run_brands"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("run_brands", &["user_id", "id"]))
        .await?;
    manager
        .create_table(
            keyed(manager, "brand_followers", &["brand_id", "user_id"])
                .col(uuid("brand_id"))
                .col(uuid("user_id"))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            keyed(manager, "followed_brands", &["user_id", "brand_id"])
                .col(uuid("user_id"))
                .col(uuid("brand_id"))
                .col(uuid("id"))
                .col(timestamp_with_time_zone("since"))
                .foreign_key(&mut of_user("followed_brands"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("followed_brands", &["user_id", "id"]))
        .await
}

/// What is published, and what comes to a page by day.
async fn posts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            keyed_with_texts("brand_posts", &["brand_id", "id"])
                .col(uuid("brand_id"))
                .col(uuid("id"))
                .col(uuid("author_id"))
                .col(big_integer("number"))
                .col(string_len("body", 5_000))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("edited_at"))
                .to_owned(),
        )
        .await?;
    for columns in [["brand_id", "number"], ["author_id", "id"]] {
        manager.create_index(index("brand_posts", &columns)).await?;
    }
    manager
        .create_table(
            keyed(manager, "brand_days", &["brand_id", "day"])
                .col(uuid("brand_id"))
                .col(date("day"))
                .col(big_integer("gained").default(0))
                .col(big_integer("lost").default(0))
                .col(big_integer("posts").default(0))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            keyed(manager, "sequences", &["name"])
                .col(string_len("name", 30))
                .col(big_integer("number"))
                .to_owned(),
        )
        .await
}

fn of_user(table: &str) -> ForeignKeyCreateStatement {
    within_shard(table, &["user_id"], "users", &["id"])
}
