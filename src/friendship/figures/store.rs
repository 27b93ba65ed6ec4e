//! The SQL of public figures.

use foldhash::HashSet;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::sql::Sql;

/// Who is a tarento, or has more friends than `limit`. Two statements, each as its index says it.
pub async fn all(db: &impl ConnectionTrait, limit: i64) -> Result<HashSet<Uuid>, DbErr> {
    let text = "SELECT id FROM users WHERE kind <> 'MEMBER'";
    let mut rows = Sql::of(db).rows(db, text).await?;
    let mut sql = Sql::of(db);
    let limit = sql.bind(limit);
    // Whoever has more stands so in the lists of all friends (see `newest::EVERY`).
    let every = if sql.is_postgres() {
        "'ffffffff-ffff-ffff-ffff-ffffffffffff'"
    } else {
        "X'ffffffffffffffffffffffffffffffff'"
    };
    let text = format!(
        "SELECT u.id FROM user_counters AS c CROSS JOIN users AS u \
         WHERE c.newest_diary_id = {every} AND u.id = c.user_id AND u.friend_count > {limit}"
    );
    rows.append(&mut sql.rows(db, text).await?);
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}
