//! Beside each friend the newest diary that they wrote for friends, in an index of its own: from it a
//! home feed knows whose diaries to look at.

use sea_orm_migration::{prelude::*, schema::*};

use crate::table::{add, index, remove};

const NEWEST: &str = "newest_diary_id";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["user_counters", "friendships"] {
            add(manager, table, &mut uuid_null(NEWEST)).await?;
        }
        let db = manager.get_connection();
        db.execute_unprepared(
            "UPDATE user_counters SET newest_diary_id = (SELECT d.id FROM diaries AS d \
             WHERE d.author_id = user_counters.user_id AND d.audience <> 'ONLY_ME' \
             ORDER BY d.id DESC LIMIT 1)",
        )
        .await?;
        // Read whole first, as Citus needs it: a friend lies on another shard.
        db.execute_unprepared(
            "WITH c AS MATERIALIZED (SELECT user_id, newest_diary_id FROM user_counters \
             WHERE newest_diary_id IS NOT NULL) \
             UPDATE friendships SET newest_diary_id = c.newest_diary_id FROM c \
             WHERE c.user_id = friendships.friend_id",
        )
        .await?;
        manager
            .create_index(index("friendships", &["user_id", NEWEST]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = Index::drop()
            .name(format!("idx_friendships_user_id_{NEWEST}"))
            .table(Alias::new("friendships"))
            .to_owned();
        manager.drop_index(index).await?;
        for table in ["friendships", "user_counters"] {
            remove(manager, table, NEWEST).await?;
        }
        Ok(())
    }
}
