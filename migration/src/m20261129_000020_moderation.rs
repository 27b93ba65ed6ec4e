//! Who is absent for a while and why, who is suspended, and what was reported. Who looks after all that
//! is found by an index of few rows.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{drop_all, index, keyed, keyed_with_texts, within_shard};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Both databases know indexes of a part of a table.
const STAFF: &str = "CREATE INDEX idx_users_staff ON users (id) WHERE role <> 'MEMBER'";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                keyed(manager, "absences", &["user_id", "cause"])
                    .col(uuid("user_id"))
                    .col(string_len("cause", 20))
                    .col(timestamp_with_time_zone_null("until"))
                    .foreign_key(&mut within_shard(
                        "absences",
                        &["user_id"],
                        "users",
                        &["id"],
                    ))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                keyed(manager, "suspensions", &["user_id"])
                    .col(uuid("user_id"))
                    .col(uuid_null("by_id"))
                    .col(timestamp_with_time_zone("since"))
                    .col(timestamp_with_time_zone_null("until"))
                    .col(string_len("reason", 500))
                    .foreign_key(&mut within_shard(
                        "suspensions",
                        &["user_id"],
                        "users",
                        &["id"],
                    ))
                    .to_owned(),
            )
            .await?;
        for table in ["absences", "suspensions"] {
            manager.create_index(index(table, &["until"])).await?;
        }
        manager
            .create_table(
                // It outlives who made it.
                keyed_with_texts("reports", &["reporter_id", "id"])
                    .col(uuid("reporter_id"))
                    .col(uuid("id"))
                    .col(string_len("subject", 80))
                    .col(uuid("author_id"))
                    .col(text("title"))
                    .col(text("body"))
                    .col(string_len("reason", 20))
                    .col(text("details"))
                    .col(string_len("state", 20))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(uuid_null("resolver_id"))
                    .col(timestamp_with_time_zone_null("resolved_at"))
                    .col(text("note"))
                    .to_owned(),
            )
            .await?;
        for columns in [
            &["state", "id"][..],
            &["subject", "state"],
            &["reporter_id", "subject", "state"],
            &["reporter_id", "created_at"],
            &["author_id"],
        ] {
            manager.create_index(index("reports", columns)).await?;
        }
        let connection = manager.get_connection();
        connection.execute_unprepared(STAFF).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection
            .execute_unprepared("DROP INDEX idx_users_staff")
            .await?;
        drop_all(manager, &["reports", "suspensions", "absences"]).await
    }
}
