//! The catalogue and its reviews. Catalogue tables are small and stand on every node.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{drop_all, found_again, index, keyed, keyed_with_texts, ordered, within_shard};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                keyed(manager, "catalogue_items", &["id"])
                    .col(uuid("id"))
                    .col(string_len("kind", 20))
                    .col(string_len("title", 300))
                    .col(ordered(manager, "title_key", 300))
                    .col(string_len("edition", 100))
                    .col(integer_null("year"))
                    .col(string_len_null("platform", 100))
                    .col(timestamp_with_time_zone("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                index("catalogue_items", &["kind", "title_key", "edition"])
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                keyed(manager, "catalogue_titles", &["item_id", "position"])
                    .col(uuid("item_id"))
                    .col(integer("position"))
                    .col(string_len("title", 300))
                    .foreign_key(&mut within_shard(
                        "catalogue_titles",
                        &["item_id"],
                        "catalogue_items",
                        &["id"],
                    ))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                keyed(
                    manager,
                    "catalogue_grams",
                    &["gram", "title_key", "item_id"],
                )
                .col(ordered(manager, "gram", 8))
                .col(ordered(manager, "title_key", 300))
                .col(uuid("item_id"))
                .col(string_len("kind", 20))
                .to_owned(),
            )
            .await?;

        manager
            .create_table(
                keyed_with_texts("reviews", &["author_id", "item_id"])
                    .col(uuid("author_id"))
                    .col(uuid("item_id"))
                    .col(uuid("id"))
                    .col(string_len("kind", 20))
                    .col(integer("rating"))
                    .col(text("body"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("edited_at"))
                    .foreign_key(&mut within_shard(
                        "reviews",
                        &["author_id"],
                        "users",
                        &["id"],
                    ))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("reviews", &["author_id", "kind", "id"]))
            .await?;
        found_again(manager, "reviews", &["author_id", "id"]).await?;
        manager
            .create_table(
                keyed(manager, "item_reviews", &["item_id", "id"])
                    .col(uuid("item_id"))
                    .col(uuid("id"))
                    .col(uuid("author_id"))
                    .to_owned(),
            )
            .await?;
        let mut ratings = keyed(manager, "item_ratings", &["item_id"]);
        ratings.col(uuid("item_id"));
        for stars in 1..=5 {
            ratings.col(big_integer(format!("stars_{stars}")).default(0));
        }
        manager.create_table(ratings).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(
            manager,
            &[
                "item_ratings",
                "item_reviews",
                "reviews",
                "catalogue_grams",
                "catalogue_titles",
                "catalogue_items",
            ],
        )
        .await
    }
}
