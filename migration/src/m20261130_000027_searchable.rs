//! Whether a search finds a user is theirs to choose.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{add, remove};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // So it was for everybody, and is for those whom an older program writes while this one is rolled
        // out.
        add(manager, "users", boolean("is_searchable").default(true)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        remove(manager, "users", "is_searchable").await
    }
}
