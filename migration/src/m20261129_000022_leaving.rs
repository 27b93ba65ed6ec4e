//! Leaving: copies of what is a user's, on their way to them, and accounts that are to be deleted. What a
//! user left with others is found by an index of its own, for it lies with them.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{drop_all, index, keyed, keyed_with_texts, within_shard};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// By whom something is that lies with another.
const LEFT_WITH_OTHERS: [(&str, [&str; 2]); 5] = [
    ("footprints", ["visitor_id", "id"]),
    ("unlisted_visits", ["visitor_id", "owner_id"]),
    ("diary_comments", ["author_id", "id"]),
    ("friend_requests", ["other_id", "user_id"]),
    ("invitation_codes", ["inviter_id", "code_hash"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // No foreign key: it outlives its user by a moment.
        manager
            .create_table(
                keyed(manager, "account_deletions", &["user_id"])
                    .col(uuid("user_id"))
                    .col(timestamp_with_time_zone("requested_at"))
                    .col(timestamp_with_time_zone("due_at"))
                    .col(timestamp_with_time_zone_null("begun_at"))
                    .col(timestamp_with_time_zone_null("gone_at"))
                    .col(big_integer("removed").default(0))
                    .col(timestamp_with_time_zone("next_at"))
                    .col(uuid_null("held_by"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                keyed(manager, "data_exports", &["user_id", "id"])
                    .col(uuid("user_id"))
                    .col(uuid("id"))
                    .col(string_len("state", 20))
                    .col(timestamp_with_time_zone("requested_at"))
                    .col(timestamp_with_time_zone_null("ready_at"))
                    .col(timestamp_with_time_zone_null("expires_at"))
                    .col(big_integer("rows_done").default(0))
                    .col(big_integer("rows_total").default(0))
                    .col(big_integer("size").default(0))
                    .col(big_integer("tries").default(0))
                    .col(timestamp_with_time_zone("next_at"))
                    .col(uuid_null("held_by"))
                    .col(uuid_null("fetched_by"))
                    .col(timestamp_with_time_zone_null("fetched_until"))
                    .foreign_key(&mut within_shard(
                        "data_exports",
                        &["user_id"],
                        "users",
                        &["id"],
                    ))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                keyed_with_texts("data_export_parts", &["user_id", "export_id", "number"])
                    .col(uuid("user_id"))
                    .col(uuid("export_id"))
                    .col(big_integer("number"))
                    .col(binary("bytes"))
                    .foreign_key(&mut within_shard(
                        "data_export_parts",
                        &["user_id", "export_id"],
                        "data_exports",
                        &["user_id", "id"],
                    ))
                    .to_owned(),
            )
            .await?;
        for table in ["account_deletions", "data_exports"] {
            manager.create_index(index(table, &["next_at"])).await?;
        }
        for (table, columns) in LEFT_WITH_OTHERS {
            manager.create_index(index(table, &columns)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in LEFT_WITH_OTHERS {
            let index = Index::drop()
                .name(format!("idx_{table}_{}", columns.join("_")))
                .table(Alias::new(table))
                .to_owned();
            manager.drop_index(index).await?;
        }
        let tables = ["data_export_parts", "data_exports", "account_deletions"];
        drop_all(manager, &tables).await
    }
}
