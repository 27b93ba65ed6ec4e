//! Attempts at what may be tried a few times within a time, such as to sign in: of who tries what from
//! where only a keyed hash.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{drop_all, index, keyed};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                keyed(manager, "attempts", &["attempt_hash"])
                    .col(binary_len("attempt_hash", 32))
                    .col(text("times"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("attempts", &["expires_at"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["attempts"]).await
    }
}
