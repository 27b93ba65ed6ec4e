//! Recoveries by a verified number, under way: a row for each code that was asked for, whether an account
//! has the number or not.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{drop_all, index, keyed};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                keyed(manager, "phone_recoveries", &["recovery_hash"])
                    .col(binary_len("recovery_hash", 32))
                    .col(binary_len("number_hash", 32))
                    .col(binary_len("code_hash", 32))
                    .col(big_integer("tries"))
                    .col(timestamp_with_time_zone_null("used_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("phone_recoveries", &["expires_at"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["phone_recoveries"]).await
    }
}
