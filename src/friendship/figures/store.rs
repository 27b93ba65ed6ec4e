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
    // (What stands in the place of their newest diary says it of those alone who have written since they had
    // so many: see `newest::EVERY`. A limit can be lowered.)
    let text = format!("SELECT id FROM users WHERE friend_count > {limit}");
    rows.append(&mut sql.rows(db, text).await?);
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}
