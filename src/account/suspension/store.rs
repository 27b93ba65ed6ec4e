//! The SQL of suspensions.

use chrono::{DateTime, Utc};
use entity::suspension;
use foldhash::HashMap;
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use crate::{
    database::Source,
    paging::by_keys,
    sql::{Sql, is_ended, row},
};

row! {
    suspension::Model { user_id, by_id, since, until, reason }
}

/// The suspension of `user`, lasting or over.
pub async fn find(
    db: &impl ConnectionTrait,
    user: Uuid,
) -> Result<Option<suspension::Model>, DbErr> {
    suspension::Entity::find_by_id(user).one(db).await
}

/// Those of `users`.
pub async fn of(
    db: &impl Source,
    users: &[Uuid],
) -> Result<HashMap<Uuid, suspension::Model>, DbErr> {
    let keys: Vec<_> = users.iter().map(|id| [*id]).collect();
    let key_of = |row: &suspension::Model| [row.user_id];
    let found = by_keys(db, "suspensions", ["user_id"], &keys, key_of).await?;
    Ok(found.into_iter().map(|([id], row)| (id, row)).collect())
}

/// Writes `row` in the place of an earlier one. Whoever calls holds the user.
pub async fn set(db: &impl ConnectionTrait, row: suspension::Model) -> Result<(), DbErr> {
    remove(db, row.user_id).await?;
    suspension::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Removes the suspension of `user`.
pub async fn remove(db: &impl ConnectionTrait, user: Uuid) -> Result<(), DbErr> {
    suspension::Entity::delete_by_id(user).exec(db).await?;
    Ok(())
}

/// Removes up to `limit` suspensions that ended before `now`. Says how many there were.
pub async fn purge(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<u64, DbErr> {
    let mut sql = Sql::of(db);
    let these = is_ended(&mut sql, "suspensions", "user_id", "until", now, limit);
    let text = format!("DELETE FROM suspensions WHERE {these}");
    sql.run(db, text).await
}
