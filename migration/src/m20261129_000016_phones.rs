//! Mobile numbers that were verified, and codes on their way to them: of a number only a keyed hash.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{drop_all, index, keyed, within_shard};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                keyed(manager, "phone_numbers", &["number_hash"])
                    .col(binary_len("number_hash", 32))
                    .col(uuid("user_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                keyed(manager, "user_phones", &["user_id"])
                    .col(uuid("user_id"))
                    .col(binary_len("number_hash", 32))
                    .col(timestamp_with_time_zone("verified_at"))
                    .foreign_key(&mut within_shard(
                        "user_phones",
                        &["user_id"],
                        "users",
                        &["id"],
                    ))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                keyed(manager, "phone_codes", &["number_hash"])
                    .col(binary_len("number_hash", 32))
                    .col(binary_len("code_hash", 32))
                    .col(big_integer("tries"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("phone_codes", &["expires_at"]))
            .await?;
        manager
            .create_table(
                keyed(manager, "phone_code_requests", &["number_hash", "id"])
                    .col(binary_len("number_hash", 32))
                    .col(uuid("id"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("phone_code_requests", &["expires_at"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            "phone_code_requests",
            "phone_codes",
            "user_phones",
            "phone_numbers",
        ];
        drop_all(manager, &tables).await
    }
}
