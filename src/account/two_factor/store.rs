//! The SQL of second factors.

use chrono::{DateTime, Utc};
use entity::two_factor;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::Expr,
};
use uuid::Uuid;

use crate::sql::{Sql, is_ended};

/// The second factor of `user`, on or waiting for its first code.
pub async fn find(
    db: &impl ConnectionTrait,
    user: Uuid,
) -> Result<Option<two_factor::Model>, DbErr> {
    two_factor::Entity::find_by_id(user).one(db).await
}

/// Writes `sealed` as the secret of `user`, whose first code is waited for until `pending_until`, in
/// the place of another.
pub async fn begin(
    db: &impl ConnectionTrait,
    user: Uuid,
    sealed: Vec<u8>,
    pending_until: DateTime<Utc>,
) -> Result<(), DbErr> {
    remove(db, user).await?;
    two_factor::Entity::insert(two_factor::ActiveModel {
        user_id: Set(user),
        secret: Set(sealed),
        pending_until: Set(Some(pending_until)),
        last_step: Set(0),
        last_used_by: Set(None),
    })
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// Keeps that the code of `step` was used, by the call with the key `by`: with the first one the
/// factor is on.
pub async fn use_up(
    db: &impl ConnectionTrait,
    user: Uuid,
    step: i64,
    by: Option<Vec<u8>>,
) -> Result<(), DbErr> {
    let none = None::<DateTime<Utc>>;
    two_factor::Entity::update_many()
        .col_expr(two_factor::Column::PendingUntil, Expr::value(none))
        .col_expr(two_factor::Column::LastStep, Expr::value(step))
        .col_expr(two_factor::Column::LastUsedBy, Expr::value(by))
        .filter(two_factor::Column::UserId.eq(user))
        .exec(db)
        .await?;
    Ok(())
}

/// Takes the second factor of `user` away. Says whether there was one.
pub async fn remove(db: &impl ConnectionTrait, user: Uuid) -> Result<bool, DbErr> {
    let removed = two_factor::Entity::delete_by_id(user).exec(db).await?;
    Ok(removed.rows_affected > 0)
}

/// Removes up to `limit` second factors whose first code did not come before `now`. Says how many
/// there were.
pub async fn purge(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<u64, DbErr> {
    let mut sql = Sql::of(db);
    let these = is_ended(
        &mut sql,
        "two_factors",
        "user_id",
        "pending_until",
        now,
        limit,
    );
    let text = format!("DELETE FROM two_factors WHERE {these}");
    sql.run(db, text).await
}
