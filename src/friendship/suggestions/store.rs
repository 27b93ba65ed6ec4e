//! The SQL of who can be suggested.

use foldhash::HashSet;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::sql::Sql;

/// Which of `users` do not wish to be found by searches.
pub async fn who_are_not_searchable(
    db: &impl ConnectionTrait,
    users: &[Uuid],
) -> Result<HashSet<Uuid>, DbErr> {
    let mut sql = Sql::of(db);
    let among = sql.among("id", users);
    let text = format!("SELECT id FROM users WHERE {among} AND NOT is_searchable");
    let rows = sql.rows(db, text).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}
