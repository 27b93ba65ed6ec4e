//! The tokens of a session are numbered as they are given, so that the oldest can end. (Those of
//! before have the number 0.)

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut tokens = Table::alter();
        tokens
            .table(Alias::new("session_tokens"))
            .add_column(big_integer("number").default(0));
        manager.alter_table(tokens).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut tokens = Table::alter();
        tokens
            .table(Alias::new("session_tokens"))
            .drop_column(Alias::new("number"));
        manager.alter_table(tokens).await
    }
}
