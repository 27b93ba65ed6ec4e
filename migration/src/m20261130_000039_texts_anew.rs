//! What searches find diaries and reviews by is cut otherwise now: on PostgreSQL it says, too, when a text was
//! written, and everywhere what shows nothing is passed over. So all of it goes, and the program writes it anew in
//! the background, beginning at its start (see `src/indexing.rs`); until it has, searches find less.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for texts in ["diary_texts", "review_texts"] {
            // On SQLite the words go with them.
            manager
                .execute(Query::delete().from_table(Alias::new(texts)).to_owned())
                .await?;
        }
        Ok(())
    }

    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        // An older program finds by it what it found before.
        Ok(())
    }
}
