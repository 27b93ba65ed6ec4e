//! The SQL of accounts that are to be deleted.

use chrono::{DateTime, Utc};
use entity::account_deletion;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::sql::{Row, Sql, row};

row! {
    account_deletion::Model { user_id, requested_at, due_at, begun_at, gone_at, removed, next_at, held_by }
}

/// That `user` is to be deleted, where that is so.
pub async fn find(
    db: &impl ConnectionTrait,
    user: Uuid,
) -> Result<Option<account_deletion::Model>, DbErr> {
    account_deletion::Entity::find_by_id(user).one(db).await
}

/// Has a user be deleted.
pub async fn insert(db: &impl ConnectionTrait, row: account_deletion::Model) -> Result<(), DbErr> {
    account_deletion::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Has a user who is to be deleted be so from `now` on. What has begun goes on.
pub async fn hasten(
    db: &impl ConnectionTrait,
    user: Uuid,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    use account_deletion::Column::{BegunAt, DueAt, NextAt, UserId};
    account_deletion::Entity::update_many()
        .col_expr(DueAt, Expr::value(now))
        .col_expr(NextAt, Expr::value(now))
        .filter(UserId.eq(user))
        .filter(BegunAt.is_null())
        .exec(db)
        .await?;
    Ok(())
}

/// Has `user` not be deleted, unless that has begun. Says whether it was to be.
pub async fn cancel(db: &impl ConnectionTrait, user: Uuid) -> Result<bool, DbErr> {
    let gone = account_deletion::Entity::delete_by_id(user)
        .filter(account_deletion::Column::BegunAt.is_null())
        .exec(db)
        .await?;
    Ok(gone.rows_affected == 1)
}

/// Up to `limit` users of whom somebody is to see to it now. Who is suspended waits until that is over:
/// they could not come in to take it back, and would come back as somebody else.
pub async fn due(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Uuid>, DbErr> {
    let mut sql = Sql::of(db);
    let (now, limit) = (sql.bind(now), sql.bind(limit));
    let text = format!(
        "SELECT user_id FROM account_deletions AS d WHERE next_at <= {now} \
         AND NOT EXISTS (SELECT 1 FROM suspensions AS s WHERE s.user_id = d.user_id \
         AND (s.until IS NULL OR s.until > {now})) ORDER BY next_at LIMIT {limit}"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// Has `server` see to `user` until `until`, if nobody does at `now`. Says whether it is so.
pub async fn claim(
    db: &impl ConnectionTrait,
    user: Uuid,
    server: Uuid,
    [now, until]: [DateTime<Utc>; 2],
) -> Result<bool, DbErr> {
    use account_deletion::Column::{HeldBy, NextAt, UserId};
    let claimed = account_deletion::Entity::update_many()
        .col_expr(HeldBy, Expr::value(Some(server)))
        .col_expr(NextAt, Expr::value(until))
        .filter(UserId.eq(user))
        .filter(NextAt.lte(now))
        .exec(db)
        .await?;
    Ok(claimed.rows_affected == 1)
}

/// Goes on seeing to `user` as `server`, until `until`; none where another does since. The row is held
/// until the transaction ends: two never do the same.
pub async fn go_on(
    db: &impl ConnectionTrait,
    user: Uuid,
    server: Uuid,
    until: DateTime<Utc>,
) -> Result<Option<account_deletion::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let (until, user, server) = (sql.bind(until), sql.bind(user), sql.bind(server));
    let columns = account_deletion::Model::COLUMNS.join(", ");
    let text = format!(
        "UPDATE account_deletions SET next_at = {until} \
         WHERE user_id = {user} AND held_by = {server} RETURNING {columns}"
    );
    Ok(sql.models(db, text).await?.pop())
}

/// Notes that it has begun with `user` at `at`: from here on there is no way back.
pub async fn begin(db: &impl ConnectionTrait, user: Uuid, at: DateTime<Utc>) -> Result<(), DbErr> {
    use account_deletion::Column::{BegunAt, UserId};
    account_deletion::Entity::update_many()
        .col_expr(BegunAt, Expr::value(Some(at)))
        .filter(UserId.eq(user))
        .exec(db)
        .await?;
    Ok(())
}

/// Notes that `removed` more rows of `user` are gone.
pub async fn note(db: &impl ConnectionTrait, user: Uuid, removed: u64) -> Result<(), DbErr> {
    use account_deletion::Column::{Removed, UserId};
    let more = i64::try_from(removed).unwrap_or(i64::MAX);
    account_deletion::Entity::update_many()
        .col_expr(Removed, Expr::col(Removed).add(more))
        .filter(UserId.eq(user))
        .exec(db)
        .await?;
    Ok(())
}

/// Notes that `user` is gone at `at`. Somebody looks for the last time at `next`.
pub async fn gone(
    db: &impl ConnectionTrait,
    user: Uuid,
    [at, next]: [DateTime<Utc>; 2],
) -> Result<(), DbErr> {
    use account_deletion::Column::{GoneAt, HeldBy, NextAt, UserId};
    account_deletion::Entity::update_many()
        .col_expr(GoneAt, Expr::value(Some(at)))
        .col_expr(NextAt, Expr::value(next))
        .col_expr(HeldBy, Expr::value(None::<Uuid>))
        .filter(UserId.eq(user))
        .exec(db)
        .await?;
    Ok(())
}

/// Forgets `user`.
pub async fn forget(db: &impl ConnectionTrait, user: Uuid) -> Result<(), DbErr> {
    account_deletion::Entity::delete_by_id(user)
        .exec(db)
        .await?;
    Ok(())
}
