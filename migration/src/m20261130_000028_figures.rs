//! Every server reads again and again who is a public figure: a tarento, or who stands in the lists of all
//! friends as one with too many of them. They are found by indexes of few rows.

use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

/// Both databases know indexes of a part of a table.
const FIGURES: &str = "CREATE INDEX idx_users_figures ON users (id) WHERE kind <> 'MEMBER'";

/// As the value stands there that is greater than any diary's id.
pub fn too_many_friends(backend: DatabaseBackend) -> String {
    let every = match backend {
        DatabaseBackend::Postgres => "'ffffffff-ffff-ffff-ffff-ffffffffffff'",
        _ => "X'ffffffffffffffffffffffffffffffff'",
    };
    format!(
        "CREATE INDEX idx_user_counters_figures ON user_counters (user_id) \
         WHERE newest_diary_id = {every}"
    )
}

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection.execute_unprepared(FIGURES).await?;
        let too_many_friends = too_many_friends(manager.get_database_backend());
        connection.execute_unprepared(&too_many_friends).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for index in ["idx_user_counters_figures", "idx_users_figures"] {
            manager
                .get_connection()
                .execute_unprepared(&format!("DROP INDEX {index}"))
                .await?;
        }
        Ok(())
    }
}
