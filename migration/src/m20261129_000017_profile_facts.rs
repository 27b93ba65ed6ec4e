//! What users say about themselves, and to whom: nothing of it where there is no row.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{drop_all, keyed, within_shard};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                keyed(manager, "user_facts", &["user_id"])
                    .col(uuid("user_id"))
                    .col(string_len_null("real_name", 50))
                    .col(string_len("real_name_for", 20))
                    .col(string_len("birthday_for", 20))
                    .col(string_len("birth_year_for", 20))
                    .col(string_len_null("sex", 20))
                    .col(string_len("sex_for", 20))
                    .col(string_len("home_region_for", 20))
                    .col(string_len_null("hometown", 50))
                    .col(string_len("hometown_for", 20))
                    .col(string_len_null("occupation", 50))
                    .col(string_len("occupation_for", 20))
                    .foreign_key(&mut within_shard(
                        "user_facts",
                        &["user_id"],
                        "users",
                        &["id"],
                    ))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_all(manager, &["user_facts"]).await
    }
}
