//! The SQL of listens past their days.

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::sql::{Sql, remove_before};

/// Removes up to `limit` listens from before `oldest`, a listen's id. Says how many there were.
pub async fn purge(db: &impl ConnectionTrait, oldest: Uuid, limit: i64) -> Result<u64, DbErr> {
    remove_before(db, "listens", ["id", "id"], oldest, limit).await
}

/// The same of what says when somebody listened last.
pub async fn purge_last(db: &impl ConnectionTrait, oldest: Uuid, limit: i64) -> Result<u64, DbErr> {
    remove_before(
        db,
        "song_listeners",
        ["listen_id", "listen_id"],
        oldest,
        limit,
    )
    .await
}

/// Removes up to `limit` counts of weeks before `oldest`. Says how many there were.
pub async fn purge_weeks(db: &impl ConnectionTrait, oldest: i64, limit: i64) -> Result<u64, DbErr> {
    let mut sql = Sql::of(db);
    let (oldest, limit) = (sql.bind(oldest), sql.bind(limit));
    let text = format!(
        "DELETE FROM weekly_listens WHERE (user_id, week, item_id) IN (SELECT user_id, week, \
         item_id FROM weekly_listens WHERE week < {oldest} ORDER BY week LIMIT {limit})"
    );
    sql.run(db, text).await
}
