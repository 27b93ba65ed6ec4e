//! The SQL of notifications.

mod removing;

use entity::{inbox, notification};
use foldhash::HashMap;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{
    database::Source,
    paging::{List, LookUp, Narrow, Page, Slice, by_keys, children},
    sql::{self, Sql, row},
};
pub use removing::{Which, by_actor, remove, unname, with_some_before};

row! {
    notification::Model { user_id, id, number, kind, at, day, actor_id, diary_id, kiriban }
    inbox::Model { user_id, number, read_number, unread_count, unwanted }
}

/// A user's notifications, by their numbers.
fn notifications(newest_first: bool) -> List<1> {
    List {
        table: "notifications",
        parent: ["user_id"],
        beside: ("users", ["id"]),
        order: "number",
        index: Some("idx_notifications_user_id_number"),
        newest_first,
        brief: None,
    }
}

/// What names a notification: who is told, and its own id.
pub type NotificationKey = [Uuid; 2];

/// `page` of the notifications of `user`, but for those of the doing of `without`.
pub async fn page(
    db: &impl Source,
    user: Uuid,
    page: &Page<i64>,
    newest_first: bool,
    without: &[Uuid],
) -> Result<Slice<notification::Model>, DbErr> {
    let parent_of = |row: &notification::Model| [row.user_id];
    let list = notifications(newest_first);
    let narrow = Narrow::All.without("actor_id", without);
    let mut found = children(db, &list, &[[user]], page, &narrow, parent_of).await?;
    Ok(found.remove(&[user]).unwrap_or_default())
}

/// The notifications with `keys`.
pub async fn by_users_and_ids(
    db: &impl Source,
    keys: &[NotificationKey],
) -> Result<HashMap<NotificationKey, notification::Model>, DbErr> {
    let key_of = |row: &notification::Model| [row.user_id, row.id];
    by_keys(db, "notifications", ["user_id", "id"], keys, key_of).await
}

/// How many of the notifications of `user` over the number `read` are of the doing of `actors`.
pub async fn count_unread_by(
    db: &impl ConnectionTrait,
    user: Uuid,
    actors: &[Uuid],
    read: i64,
) -> Result<i64, DbErr> {
    let mut sql = Sql::of(db);
    let (user, read) = (sql.bind(user), sql.bind(read));
    let keys: Vec<_> = actors.iter().map(|id| [*id]).collect();
    let p = sql.keys("p", &keys);
    let by = format!("t.user_id = {user} AND t.actor_id = p.k0");
    let LookUp { from, condition } = LookUp::of(&sql, "notifications", "t", "t.number", &by);
    let text = format!(
        "SELECT count(*) FILTER (WHERE t.number > {read}) FROM {p} CROSS JOIN {from} \
         WHERE {condition}"
    );
    let rows = sql.rows(db, text).await?;
    rows.first().map_or(Ok(0), |row| row.try_get_by_index(0))
}

/// The inbox of `user`; none where nothing was told or chosen yet.
pub async fn inbox(db: &impl ConnectionTrait, user: Uuid) -> Result<Option<inbox::Model>, DbErr> {
    inbox::Entity::find_by_id(user).one(db).await
}

/// The inboxes of `users`.
pub async fn inboxes(
    db: &impl Source,
    users: &[Uuid],
) -> Result<HashMap<Uuid, inbox::Model>, DbErr> {
    let keys: Vec<_> = users.iter().map(|id| [*id]).collect();
    let key_of = |row: &inbox::Model| [row.user_id];
    let found = by_keys(db, "inboxes", ["user_id"], &keys, key_of).await?;
    Ok(found.into_iter().map(|([id], row)| (id, row)).collect())
}

/// Takes the next number of the inbox of `user`, and counts one more that is unread; nothing where they do
/// not want what `kind` stands for. The order of the numbers is the order of the commits.
pub async fn next_number(
    db: &impl ConnectionTrait,
    user: Uuid,
    kind: i64,
) -> Result<Option<i64>, DbErr> {
    let mut sql = Sql::of(db);
    let (user, first, kind) = (sql.bind(user), sql.bind(1_i64), sql.bind(kind));
    let text = format!(
        "INSERT INTO inboxes (user_id, number, unread_count) VALUES ({user}, {first}, {first}) \
         ON CONFLICT (user_id) DO UPDATE SET number = inboxes.number + 1, \
         unread_count = inboxes.unread_count + 1 WHERE (inboxes.unwanted & {kind}) = 0 \
         RETURNING number"
    );
    let rows = sql.rows(db, text).await?;
    rows.first().map(|row| row.try_get_by_index(0)).transpose()
}

/// Writes a notification. Whoever calls has taken its number.
pub async fn insert(db: &impl ConnectionTrait, row: notification::Model) -> Result<(), DbErr> {
    notification::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Holds the inbox of `user` until the transaction ends.
pub async fn hold(db: &impl ConnectionTrait, user: Uuid) -> Result<(), DbErr> {
    sql::hold(db, "inboxes", ["user_id"], [user]).await
}

/// The same. Gives up to which number the user has read.
pub async fn hold_read_number(db: &impl ConnectionTrait, user: Uuid) -> Result<i64, DbErr> {
    let mut sql = Sql::of(db);
    let hold = match sql.is_postgres() {
        true => " FOR NO KEY UPDATE",
        false => "",
    };
    let user = sql.bind(user);
    let text = format!("SELECT read_number FROM inboxes WHERE user_id = {user}{hold}");
    let rows = sql.rows(db, text).await?;
    rows.first().map_or(Ok(0), |row| row.try_get_by_index(0))
}

/// Counts `unread` less in the inbox of `user`, who is held, after some were removed. That takes a number: by
/// it other servers see that there are less.
pub async fn take_off(db: &impl ConnectionTrait, user: Uuid, unread: i64) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let (unread, user) = (sql.bind(unread), sql.bind(user));
    let text = format!(
        "UPDATE inboxes SET number = number + 1, unread_count = unread_count - {unread} \
         WHERE user_id = {user}"
    );
    sql.run(db, text).await?;
    Ok(())
}

/// Marks the notifications of `user`, whose inbox is held, up to `number` as read. A lower number than before
/// changes nothing.
pub async fn mark_read(db: &impl ConnectionTrait, user: Uuid, number: i64) -> Result<(), DbErr> {
    let unread = notification::Entity::find()
        .filter(notification::Column::UserId.eq(user))
        .filter(notification::Column::Number.gt(number))
        .count(db)
        .await?;
    let unread = i64::try_from(unread).unwrap_or(i64::MAX);
    inbox::Entity::update_many()
        .col_expr(inbox::Column::ReadNumber, Expr::value(number))
        .col_expr(inbox::Column::UnreadCount, Expr::value(unread))
        .filter(inbox::Column::UserId.eq(user))
        .filter(Expr::col(inbox::Column::ReadNumber).lt(number))
        .exec(db)
        .await?;
    Ok(())
}

/// Has `user` not be told of what `unwanted` stands for.
pub async fn choose(db: &impl ConnectionTrait, user: Uuid, unwanted: i64) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let (user, unwanted) = (sql.bind(user), sql.bind(unwanted));
    let text = format!(
        "INSERT INTO inboxes (user_id, unwanted) VALUES ({user}, {unwanted}) \
         ON CONFLICT (user_id) DO UPDATE SET unwanted = excluded.unwanted"
    );
    sql.run(db, text).await?;
    Ok(())
}
