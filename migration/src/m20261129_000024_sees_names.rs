//! A session's tokens tell whether their user sees the names of those who visit them, as nearly
//! everybody does: then it is not looked for.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{add, remove};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Of tokens of before, and of those that an older program writes while this one is rolled
        // out, it is not known: then it is looked for.
        add(
            manager,
            "session_tokens",
            boolean("sees_names").default(false),
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        remove(manager, "session_tokens", "sees_names").await
    }
}
