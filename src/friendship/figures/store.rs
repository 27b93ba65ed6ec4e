//! The SQL of public figures.

use foldhash::HashSet;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::sql::Sql;

/// Who is a tarento, or has more friends than `limit`.
pub async fn all(db: &impl ConnectionTrait, limit: i64) -> Result<HashSet<Uuid>, DbErr> {
    let mut sql = Sql::of(db);
    let limit = sql.bind(limit);
    // Whoever has more stands so in the lists of all friends (see `newest::EVERY`). Both as the indexes say it.
    let every = if sql.is_postgres() {
        "'ffffffff-ffff-ffff-ffff-ffffffffffff'"
    } else {
        "X'ffffffffffffffffffffffffffffffff'"
    };
    let text = format!(
        "SELECT id FROM users WHERE kind <> 'MEMBER' UNION ALL \
         SELECT c.user_id FROM user_counters AS c CROSS JOIN users AS u \
         WHERE c.newest_diary_id = {every} AND u.id = c.user_id AND u.friend_count > {limit}"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}
