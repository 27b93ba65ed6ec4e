//! The SQL of absences. Whoever writes here publishes
//! [`AbsencesChanged`](crate::events::Event::AbsencesChanged), and has this server read them anew.

use chrono::{DateTime, Utc};
use entity::{absence, values::AbsenceCause};
use foldhash::HashSet;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait};
use uuid::Uuid;

use crate::sql::{Sql, is_ended};

/// Everybody who is absent, and until when; those whose time is over, too, until they are swept out.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<(Uuid, Option<DateTime<Utc>>)>, DbErr> {
    let rows = Sql::of(db).rows(db, "SELECT user_id, until FROM absences");
    let rows = rows.await?;
    rows.iter()
        .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
        .collect()
}

/// Until when `user` is absent at `now`, for each cause: nothing of it where that is until it is ended.
pub async fn lasting(
    db: &impl ConnectionTrait,
    user: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<Option<DateTime<Utc>>>, DbErr> {
    let mut sql = Sql::of(db);
    let (user, now) = (sql.bind(user), sql.bind(now));
    let text = format!(
        "SELECT until FROM absences WHERE user_id = {user} AND (until IS NULL OR until > {now})"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// Who sees the absent all the same: moderators and administrators.
pub async fn staff(db: &impl ConnectionTrait) -> Result<HashSet<Uuid>, DbErr> {
    // As the index says it.
    let rows = Sql::of(db).rows(db, "SELECT id FROM users WHERE role <> 'MEMBER'");
    let rows = rows.await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// Has `user` be absent for `cause` until then, or until it is ended.
pub async fn begin(
    db: &impl ConnectionTrait,
    user: Uuid,
    cause: AbsenceCause,
    until: Option<DateTime<Utc>>,
) -> Result<(), DbErr> {
    end(db, user, cause).await?;
    absence::Entity::insert(absence::ActiveModel {
        user_id: Set(user),
        cause: Set(cause),
        until: Set(until),
    })
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// Ends the absence of `user` for `cause`.
pub async fn end(db: &impl ConnectionTrait, user: Uuid, cause: AbsenceCause) -> Result<(), DbErr> {
    absence::Entity::delete_by_id((user, cause))
        .exec(db)
        .await?;
    Ok(())
}

/// Removes up to `limit` absences that ended before `now`. Says how many there were.
pub async fn purge(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<u64, DbErr> {
    let mut sql = Sql::of(db);
    // Of two causes of one user the later goes at another turn, where its time is over, too.
    let these = is_ended(&mut sql, "absences", "user_id", "until", now, limit);
    let now = sql.bind(now);
    let text = format!("DELETE FROM absences WHERE {these} AND until < {now}");
    sql.run(db, text).await
}
