//! Every server reads again and again who has more friends than a user can have. How many that is can be
//! set otherwise at any start, so they are found by how many they have, and not by what was written when
//! they came to have them.

use sea_orm_migration::prelude::*;

use crate::m20261130_000028_figures::too_many_friends;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        for change in [
            "CREATE INDEX idx_users_friend_count ON users (friend_count, id)",
            "DROP INDEX idx_user_counters_figures",
        ] {
            connection.execute_unprepared(change).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let too_many_friends = too_many_friends(manager.get_database_backend());
        connection.execute_unprepared(&too_many_friends).await?;
        connection
            .execute_unprepared("DROP INDEX idx_users_friend_count")
            .await?;
        Ok(())
    }
}
