//! The SQL that counts requests.

use entity::values::RequestDirection;
use sea_orm::{ActiveEnum, ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::sql::Sql;

/// How many requests of `direction` in the list of `user` are with `others`.
pub async fn count_with(
    db: &impl ConnectionTrait,
    user: Uuid,
    direction: RequestDirection,
    others: &[Uuid],
) -> Result<i64, DbErr> {
    let mut sql = Sql::of(db);
    let (user, direction) = (sql.bind(user), sql.bind(direction.to_value()));
    let among = sql.among("other_id", others);
    let text = format!(
        "SELECT count(*) FROM friend_requests \
         WHERE user_id = {user} AND {among} AND direction = {direction}"
    );
    let rows = sql.rows(db, text).await?;
    rows.first().map_or(Ok(0), |row| row.try_get_by_index(0))
}
