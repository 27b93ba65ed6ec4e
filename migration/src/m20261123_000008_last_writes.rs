//! Where the primary's log stood after the last write of a session: what its reads at a replica
//! must not be older than. And through which server that was, and when: another may have kept
//! something older. It stands with the tokens, so that finding the session finds it too.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut tokens = Table::alter();
        tokens
            .table(Alias::new("session_tokens"))
            .add_column(big_integer_null("last_write"));
        manager.alter_table(tokens).await?;
        // One column at a time, for SQLite.
        let mut tokens = Table::alter();
        tokens
            .table(Alias::new("session_tokens"))
            .add_column(uuid_null("written_by"));
        manager.alter_table(tokens).await?;
        let mut tokens = Table::alter();
        tokens
            .table(Alias::new("session_tokens"))
            .add_column(timestamp_with_time_zone_null("written_at"));
        manager.alter_table(tokens).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["written_at", "written_by", "last_write"] {
            let mut tokens = Table::alter();
            tokens
                .table(Alias::new("session_tokens"))
                .drop_column(Alias::new(column));
            manager.alter_table(tokens).await?;
        }
        Ok(())
    }
}
