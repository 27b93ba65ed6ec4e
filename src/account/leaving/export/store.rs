//! The SQL of data exports, and of their parts.

use chrono::{DateTime, Utc};
use entity::{data_export, data_export_part, values::ExportState};
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr,
    EntityTrait, IntoActiveModel, QueryFilter, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    paging::{Page, Position, Slice, columns},
    sql::{Row, Sql, is_of, row},
};

row! {
    data_export::Model { user_id, id, state, requested_at, ready_at, expires_at, rows_done, rows_total, size, tries, next_at, held_by, fetched_by, fetched_until, session_id }
}

/// What names an export: its user and its own id.
pub type ExportKey = [Uuid; 2];

/// The export with `key`.
pub async fn find(
    db: &impl ConnectionTrait,
    [user, id]: ExportKey,
) -> Result<Option<data_export::Model>, DbErr> {
    data_export::Entity::find_by_id((user, id)).one(db).await
}

/// `page` of the exports of `user`, the last one first.
pub async fn page(
    db: &impl ConnectionTrait,
    user: Uuid,
    page: &Page<Uuid>,
) -> Result<Slice<data_export::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let (user, above) = (
        sql.bind(user),
        sql.bind(page.after.unwrap_or_else(Uuid::greatest)),
    );
    let limit = sql.bind(i64::from(page.limit + 1));
    let read = columns::<data_export::Model>("t");
    let text = format!(
        "SELECT {read} FROM data_exports AS t WHERE t.user_id = {user} AND t.id < {above} \
         ORDER BY t.id DESC LIMIT {limit}"
    );
    Ok(Slice::new(sql.models(db, text).await?, page))
}

/// Writes an export that is to be made.
pub async fn insert(db: &impl ConnectionTrait, row: data_export::Model) -> Result<(), DbErr> {
    data_export::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Has the link of the export with `key` be shown to `session`.
pub async fn hand_over(
    db: &impl ConnectionTrait,
    [user, id]: ExportKey,
    session: Uuid,
) -> Result<(), DbErr> {
    data_export::Entity::update_many()
        .col_expr(data_export::Column::SessionId, Expr::value(Some(session)))
        .filter(data_export::Column::UserId.eq(user))
        .filter(data_export::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// Up to `limit` exports to which somebody is to see now.
pub async fn due(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<data_export::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let (now, limit) = (sql.bind(now), sql.bind(limit));
    let read = columns::<data_export::Model>("t");
    let text = format!(
        "SELECT {read} FROM data_exports AS t WHERE t.next_at <= {now} \
         ORDER BY t.next_at LIMIT {limit}"
    );
    sql.models(db, text).await
}

/// Has `server` make the export with `key`, from the beginning, until `until`, if that is to be done and
/// nobody does it at `now`. Gives it as it is then.
pub async fn claim(
    db: &impl ConnectionTrait,
    [user, id]: ExportKey,
    server: Uuid,
    [now, until]: [DateTime<Utc>; 2],
) -> Result<Option<data_export::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let (server, until) = (sql.bind(server), sql.bind(until));
    let (user, id, now) = (sql.bind(user), sql.bind(id), sql.bind(now));
    let columns = data_export::Model::COLUMNS.join(", ");
    let text = format!(
        "UPDATE data_exports SET state = 'RUNNING', held_by = {server}, next_at = {until}, \
         tries = tries + 1, rows_done = 0 WHERE user_id = {user} AND id = {id} \
         AND next_at <= {now} AND state IN ('QUEUED', 'RUNNING') RETURNING {columns}"
    );
    Ok(sql.models(db, text).await?.pop())
}

/// Notes how far `server` is, and that it goes on until `until`. Says whether it is still its to make.
pub async fn go_on(
    db: &impl ConnectionTrait,
    [user, id]: ExportKey,
    server: Uuid,
    [done, total]: [i64; 2],
    until: DateTime<Utc>,
) -> Result<bool, DbErr> {
    use data_export::Column::{HeldBy, Id, NextAt, RowsDone, RowsTotal, State, UserId};
    let going = data_export::Entity::update_many()
        .col_expr(RowsDone, Expr::value(done))
        .col_expr(RowsTotal, Expr::value(total))
        .col_expr(NextAt, Expr::value(until))
        .filter(UserId.eq(user))
        .filter(Id.eq(id))
        .filter(HeldBy.eq(server))
        .filter(State.eq(ExportState::Running))
        .exec(db)
        .await?;
    Ok(going.rows_affected == 1)
}

/// Writes a part.
pub async fn put_part(
    db: &impl ConnectionTrait,
    [user, id]: ExportKey,
    number: i64,
    bytes: Vec<u8>,
) -> Result<(), DbErr> {
    data_export_part::Entity::insert(data_export_part::ActiveModel {
        user_id: Set(user),
        export_id: Set(id),
        number: Set(number),
        bytes: Set(bytes),
    })
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// A part.
pub async fn part(
    db: &impl ConnectionTrait,
    [user, id]: ExportKey,
    number: i64,
) -> Result<Option<Vec<u8>>, DbErr> {
    let row = data_export_part::Entity::find_by_id((user, id, number));
    Ok(row.one(db).await?.map(|row| row.bytes))
}

/// Removes up to `limit` parts. Says how many there were.
pub async fn remove_parts(
    db: &impl ConnectionTrait,
    [user, id]: ExportKey,
    limit: i64,
) -> Result<u64, DbErr> {
    let mut sql = Sql::of(db);
    let (user, id, limit) = (sql.bind(user), sql.bind(id), sql.bind(limit));
    let first = format!(
        "SELECT number FROM data_export_parts WHERE user_id = {user} AND export_id = {id} \
         ORDER BY number LIMIT {limit}"
    );
    let these = is_of(&sql, "number", &first);
    let text = format!(
        "DELETE FROM data_export_parts WHERE user_id = {user} AND export_id = {id} AND {these}"
    );
    sql.run(db, text).await
}

/// Removes an export that has no parts.
pub async fn remove(db: &impl ConnectionTrait, [user, id]: ExportKey) -> Result<(), DbErr> {
    data_export::Entity::delete_by_id((user, id))
        .exec(db)
        .await?;
    Ok(())
}

/// Notes that the export is ready, of `size` bytes, and can be fetched until `until`.
pub async fn ready(
    db: &impl ConnectionTrait,
    [user, id]: ExportKey,
    size: i64,
    [at, until]: [DateTime<Utc>; 2],
) -> Result<(), DbErr> {
    use data_export::Column::{ExpiresAt, HeldBy, Id, NextAt, ReadyAt, Size, State, UserId};
    data_export::Entity::update_many()
        .col_expr(State, Expr::value(ExportState::Ready.to_value()))
        .col_expr(ReadyAt, Expr::value(Some(at)))
        .col_expr(ExpiresAt, Expr::value(Some(until)))
        .col_expr(NextAt, Expr::value(until))
        .col_expr(Size, Expr::value(size))
        .col_expr(HeldBy, Expr::value(None::<Uuid>))
        .filter(UserId.eq(user))
        .filter(Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// Has the export be as `state` says, which somebody sees to again at `next`; unless it is not as `before`
/// says any more.
pub async fn turn(
    db: &impl ConnectionTrait,
    [user, id]: ExportKey,
    [before, state]: [ExportState; 2],
    next: DateTime<Utc>,
) -> Result<bool, DbErr> {
    use data_export::Column::{HeldBy, Id, NextAt, State, UserId};
    let turned = data_export::Entity::update_many()
        .col_expr(State, Expr::value(state.to_value()))
        .col_expr(NextAt, Expr::value(next))
        .col_expr(HeldBy, Expr::value(None::<Uuid>))
        .filter(UserId.eq(user))
        .filter(Id.eq(id))
        .filter(State.eq(before))
        .exec(db)
        .await?;
    Ok(turned.rows_affected == 1)
}

/// Has the download `by` have the export for itself until `until`, if it can be fetched at `now` by a link that
/// was shown to `session`, which lives, and no other has. Gives it. Of those who come at the same time, too, one gets it.
pub async fn begin_fetching(
    db: &impl ConnectionTrait,
    [user, id]: ExportKey,
    [session, by]: [Uuid; 2],
    [now, until]: [DateTime<Utc>; 2],
) -> Result<Option<data_export::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let (by, until) = (sql.bind(by), sql.bind(until));
    let (user, id, now) = (sql.bind(user), sql.bind(id), sql.bind(now));
    let session = sql.bind(session);
    let columns = data_export::Model::COLUMNS.join(", ");
    let text = format!(
        "UPDATE data_exports SET fetched_by = {by}, fetched_until = {until} \
         WHERE user_id = {user} AND id = {id} AND state = 'READY' AND expires_at > {now} \
         AND (fetched_until IS NULL OR fetched_until <= {now}) AND session_id = {session} \
         AND EXISTS (SELECT 1 FROM sessions AS s WHERE s.user_id = {user} AND s.id = {session} \
         AND s.expires_at > {now}) RETURNING {columns}"
    );
    Ok(sql.models(db, text).await?.pop())
}

/// Has the download `by` go on until `until`; with none, it has ended, and another can begin. Says whether
/// it had the export still.
pub async fn go_on_fetching(
    db: &impl ConnectionTrait,
    [user, id]: ExportKey,
    by: Uuid,
    until: Option<DateTime<Utc>>,
) -> Result<bool, DbErr> {
    use data_export::Column::{FetchedBy, FetchedUntil, Id, State, UserId};
    let going = data_export::Entity::update_many()
        .col_expr(FetchedUntil, Expr::value(until))
        .filter(UserId.eq(user))
        .filter(Id.eq(id))
        .filter(FetchedBy.eq(by))
        .filter(State.eq(ExportState::Ready))
        .exec(db)
        .await?;
    Ok(going.rows_affected == 1)
}
