//! A session can have several tokens: callers that sign in at the same time with one idempotency
//! key get one each. They are found by their session, which keeps none of them itself.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_index(
                // It was made alone where a step broke off half way.
                index("session_tokens", &["user_id", "session_id"])
                    .if_not_exists()
                    .to_owned(),
            )
            .await?;
        let mut sessions = Table::alter();
        sessions
            .table(Alias::new("sessions"))
            .drop_column(Alias::new("token_hash"));
        manager.alter_table(sessions).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Which of its tokens a session should keep cannot be said: everybody signs in again.
        for table in ["session_tokens", "sessions"] {
            let all = Query::delete().from_table(Alias::new(table)).to_owned();
            manager.execute(all).await?;
        }
        let mut sessions = Table::alter();
        sessions
            .table(Alias::new("sessions"))
            .add_column(binary_len("token_hash", 32).default(""));
        manager.alter_table(sessions).await?;
        let index = Index::drop()
            .name("idx_session_tokens_user_id_session_id")
            .table(Alias::new("session_tokens"))
            .to_owned();
        manager.drop_index(index).await
    }
}
