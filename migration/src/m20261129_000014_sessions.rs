//! What a user sees of their sessions, and what a user has beside the password: recovery codes, and a
//! second factor. When a session was last used stands with its tokens, too, so that finding the
//! session finds it.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{add, drop_all, index, keyed, remove, within_shard};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // What an older program writes while this one is rolled out says nothing of either.
        add(manager, "sessions", string_len("device", 100).default("")).await?;
        let mut last_used_at = timestamp_with_time_zone_null("last_used_at");
        add(manager, "sessions", &mut last_used_at).await?;
        let mut used_at = timestamp_with_time_zone_null("used_at");
        add(manager, "session_tokens", &mut used_at).await?;
        manager
            .create_table(
                keyed(manager, "recovery_codes", &["user_id", "code_hash"])
                    .col(uuid("user_id"))
                    .col(binary_len("code_hash", 32))
                    .col(uuid("batch"))
                    .col(timestamp_with_time_zone_null("used_at"))
                    .col(binary_len_null("used_by", 32))
                    .foreign_key(&mut within_shard(
                        "recovery_codes",
                        &["user_id"],
                        "users",
                        &["id"],
                    ))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                keyed(manager, "two_factors", &["user_id"])
                    .col(uuid("user_id"))
                    .col(binary("secret"))
                    .col(timestamp_with_time_zone_null("pending_until"))
                    .col(big_integer("last_step").default(0))
                    .col(binary_len_null("last_used_by", 32))
                    .foreign_key(&mut within_shard(
                        "two_factors",
                        &["user_id"],
                        "users",
                        &["id"],
                    ))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("two_factors", &["pending_until"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["two_factors", "recovery_codes"]).await?;
        remove(manager, "session_tokens", "used_at").await?;
        remove(manager, "sessions", "last_used_at").await?;
        remove(manager, "sessions", "device").await
    }
}
