//! The SQL of friendships and of the requests that lead to them.

pub mod requests;

use chrono::{DateTime, Utc};
use entity::{
    friend_request, friendship, user, user_counter,
    values::{RequestDirection, UserKind},
};
use foldhash::{HashMap, HashSet};
use sea_orm::{
    ActiveEnum, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    QuerySelect,
};
use uuid::Uuid;

use super::{group::store as groups, introduction::store as introductions};
use crate::{
    database::Source,
    paging::{List, Narrow, Page, Slice, by_keys, children, count_among},
    sql::{Sql, in_order, row},
    user::store as users,
};

row! {
    friendship::Model { user_id, friend_id, id, since, newest_diary_id, sees_group_diaries }
    friend_request::Model { user_id, other_id, direction, id, number, message, created_at }
    Tie { is_blocked, are_friends }
}

/// A user's friends by when they became so.
fn friends(newest_first: bool) -> List<1> {
    List {
        table: "friendships",
        parent: ["user_id"],
        beside: ("users", ["id"]),
        order: "id",
        index: Some("idx_friendships_user_id_id"),
        newest_first,
        brief: None,
    }
}

/// A user's friend requests of one direction.
const REQUESTS: List<1> = List {
    table: "friend_requests",
    parent: ["user_id"],
    beside: ("users", ["id"]),
    order: "id",
    index: Some("idx_friend_requests_user_id_id"),
    newest_first: true,
    brief: None,
};

/// A user's received friend requests, in the order in which they came.
const RECEIVED: List<1> = List {
    table: "friend_requests",
    parent: ["user_id"],
    beside: ("users", ["id"]),
    order: "number",
    index: Some("idx_friend_requests_user_id_number"),
    newest_first: false,
    brief: None,
};

/// Which friends are wanted of each user.
#[derive(Clone, Copy, Debug)]
pub struct FriendsPage<'p> {
    /// Which part of the list.
    pub page: &'p Page<Uuid>,
    /// In which order.
    pub newest_first: bool,
    /// Of those among these, if given.
    pub among: Option<&'p [Uuid]>,
    /// None of these.
    pub without: &'p [Uuid],
}

/// The page of the friends of each of `users`.
pub async fn friends_page(
    db: &impl Source,
    users: &[Uuid],
    wanted: FriendsPage<'_>,
) -> Result<HashMap<Uuid, Slice<friendship::Model>>, DbErr> {
    let parents: Vec<_> = users.iter().map(|id| [*id]).collect();
    let narrow = match wanted.among {
        None => Narrow::All,
        Some(ids) => Narrow::Among("friend_id", ids.to_vec()),
    };
    let narrow = narrow.without("friend_id", wanted.without);
    let parent_of = |row: &friendship::Model| [row.user_id];
    let list = friends(wanted.newest_first);
    let found = children(db, &list, &parents, wanted.page, &narrow, parent_of).await?;
    Ok(found.into_iter().map(|([id], slice)| (id, slice)).collect())
}

/// How many friends each of `users` has among `others`, where there are any.
pub async fn friends_of_each_among(
    db: &impl ConnectionTrait,
    users: &[Uuid],
    others: &[Uuid],
) -> Result<HashMap<Uuid, i64>, DbErr> {
    let parents: Vec<_> = users.iter().map(|id| [*id]).collect();
    let List { table, parent, .. } = friends(true);
    let found = count_among(db, table, parent, &parents, "friend_id", others).await?;
    Ok(found.into_iter().map(|([id], count)| (id, count)).collect())
}

/// The ids of all friends of `user`.
pub async fn friend_ids(db: &impl ConnectionTrait, user: Uuid) -> Result<Vec<Uuid>, DbErr> {
    friendship::Entity::find()
        .select_only()
        .column(friendship::Column::FriendId)
        .filter(friendship::Column::UserId.eq(user))
        .into_tuple()
        .all(db)
        .await
}

/// Which of `others` are friends of `user`.
pub async fn friends_among(
    db: &impl Source,
    user: Uuid,
    others: &[Uuid],
) -> Result<HashSet<Uuid>, DbErr> {
    let keys: Vec<_> = others.iter().map(|other| [user, *other]).collect();
    let key_of = |row: &friendship::Model| [row.user_id, row.friend_id];
    let found = by_keys(db, "friendships", ["user_id", "friend_id"], &keys, key_of).await?;
    Ok(found.into_keys().map(|[_, friend]| friend).collect())
}

/// Which of `others` have a friend among `friends`.
pub async fn with_friend_among(
    db: &impl ConnectionTrait,
    others: &[Uuid],
    friends: &[Uuid],
) -> Result<HashSet<Uuid>, DbErr> {
    let keys: Vec<_> = others.iter().map(|other| [*other]).collect();
    let mut sql = Sql::of(db);
    // Citus has no subquery that looks at a list, which lies on no shard.
    let (of, user) = if sql.is_citus() {
        let among = sql.among("u.id", others);
        (format!("users AS u WHERE {among} AND"), "u.id")
    } else {
        (format!("{} WHERE", sql.keys("p", &keys)), "p.k0")
    };
    let among = sql.among("friend_id", friends);
    let on_shards = sql.on_shards(&["user_id"], &keys);
    let text = format!(
        "SELECT {user} FROM {of} EXISTS (SELECT 1 FROM friendships \
         WHERE user_id = {user} AND {among}{on_shards})"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// What stands between two users.
#[derive(Clone, Copy, Debug)]
pub struct Tie {
    /// Whether one of them blocks the other.
    pub is_blocked: bool,
    /// Whether they are friends.
    pub are_friends: bool,
}

/// What stands between `user` and `other`.
pub async fn tie(db: &impl ConnectionTrait, user: Uuid, other: Uuid) -> Result<Tie, DbErr> {
    let mut sql = Sql::of(db);
    let (user, other) = (sql.bind(user), sql.bind(other));
    let text = format!(
        "SELECT EXISTS (SELECT 1 FROM blocks AS b \
         WHERE b.user_id = {user} AND b.other_id = {other}) AS is_blocked, \
         EXISTS (SELECT 1 FROM friendships AS f \
         WHERE f.user_id = {user} AND f.friend_id = {other}) AS are_friends"
    );
    let row = sql.models(db, text).await?.pop();
    row.ok_or_else(|| DbErr::RecordNotFound("a tie".to_owned()))
}

/// Counts one friend more for `user`, unless they are full. Says how many there are then.
///
/// The check and the count are one statement, which holds the row until the transaction ends: no
/// number of concurrent accepts takes a user past `limit` (rules.md, Friendships 3).
pub async fn count_friend(
    db: &impl ConnectionTrait,
    user: Uuid,
    limit: i64,
) -> Result<Option<i64>, DbErr> {
    let mut sql = Sql::of(db);
    let (user, limit) = (sql.bind(user), sql.bind(limit));
    let tarento = sql.bind(UserKind::Tarento.to_value());
    let text = format!(
        "UPDATE users SET friend_count = friend_count + 1 WHERE id = {user} \
         AND (kind = {tarento} OR friend_count < {limit}) RETURNING friend_count"
    );
    let rows = sql.rows(db, text).await?;
    rows.first().map(|row| row.try_get_by_index(0)).transpose()
}

/// Writes both directions of a friendship, with the `newest` diaries of the two.
pub async fn insert(
    db: &impl ConnectionTrait,
    id: Uuid,
    pair: [Uuid; 2],
    since: DateTime<Utc>,
    newest: &HashMap<Uuid, Uuid>,
) -> Result<(), DbErr> {
    let rows = both_ends(pair).map(|(user_id, friend_id)| friendship::ActiveModel {
        user_id: Set(user_id),
        friend_id: Set(friend_id),
        id: Set(id),
        since: Set(since),
        newest_diary_id: Set(newest.get(&friend_id).copied()),
        // It begins in no group.
        sees_group_diaries: Set(false),
    });
    friendship::Entity::insert_many(rows)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Removes both directions of a friendship with their counts, each end from the groups of the other, and
/// what each has written of the other (rules.md, Friendships 5). Says whether there was one.
pub async fn delete(db: &impl ConnectionTrait, pair: [Uuid; 2]) -> Result<bool, DbErr> {
    let mut there = false;
    // In the order of the ids, as everybody locks two users.
    for (user, friend) in both_ends(pair) {
        groups::leave_all(db, user, friend).await?;
        introductions::remove(db, [user, friend]).await?;
        let gone = friendship::Entity::delete_by_id((user, friend))
            .exec(db)
            .await?;
        if gone.rows_affected == 1 {
            users::count(db, user, user::Column::FriendCount, -1).await?;
            there = true;
        }
    }
    Ok(there)
}

/// (user, other) for each end of `pair`, in the order of the ids.
pub fn both_ends(pair: [Uuid; 2]) -> [(Uuid, Uuid); 2] {
    let [a, b] = in_order(pair);
    [(a, b), (b, a)]
}

/// The row of a request that `user` has with `other`.
pub async fn request(
    db: &impl ConnectionTrait,
    user: Uuid,
    other: Uuid,
) -> Result<Option<friend_request::Model>, DbErr> {
    friend_request::Entity::find_by_id((user, other))
        .one(db)
        .await
}

/// The rows of requests that `user` has with each of `others`.
pub async fn requests_with(
    db: &impl Source,
    user: Uuid,
    others: &[Uuid],
) -> Result<HashMap<Uuid, friend_request::Model>, DbErr> {
    let keys: Vec<_> = others.iter().map(|other| [user, *other]).collect();
    let key_of = |row: &friend_request::Model| [row.user_id, row.other_id];
    let columns = ["user_id", "other_id"];
    let found = by_keys(db, "friend_requests", columns, &keys, key_of).await?;
    let found = found.into_iter();
    Ok(found.map(|([_, other], row)| (other, row)).collect())
}

/// `page` of the requests of `direction` in the list of `user`, but for those with `without`.
pub async fn requests_page(
    db: &impl Source,
    user: Uuid,
    direction: RequestDirection,
    page: &Page<Uuid>,
    without: &[Uuid],
) -> Result<Slice<friend_request::Model>, DbErr> {
    let narrow = Narrow::Segments("direction", vec![direction.to_value()]);
    let narrow = narrow.without("other_id", without);
    let parent_of = |row: &friend_request::Model| [row.user_id];
    let mut found = children(db, &REQUESTS, &[[user]], page, &narrow, parent_of).await?;
    Ok(found.remove(&[user]).unwrap_or_default())
}

/// The requests that reached `user` after the one with the number `after`.
pub async fn requests_since(
    db: &impl Source,
    user: Uuid,
    page: &Page<i64>,
) -> Result<Vec<friend_request::Model>, DbErr> {
    let parent_of = |row: &friend_request::Model| [row.user_id];
    let mut found = children(db, &RECEIVED, &[[user]], page, &Narrow::All, parent_of).await?;
    Ok(found.remove(&[user]).unwrap_or_default().rows)
}

/// Writes both ends of a request from `sender` to `recipient`.
pub async fn insert_request(
    db: &impl ConnectionTrait,
    id: Uuid,
    sender: Uuid,
    recipient: Uuid,
    message: &str,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let number = users::next_number(db, recipient, user_counter::Column::RequestNumber).await?;
    let end = |user_id, other_id, direction, number| friend_request::ActiveModel {
        user_id: Set(user_id),
        other_id: Set(other_id),
        direction: Set(direction),
        id: Set(id),
        number: Set(number),
        message: Set(message.to_owned()),
        created_at: Set(at),
    };
    friend_request::Entity::insert_many([
        end(sender, recipient, RequestDirection::Outgoing, 0),
        end(recipient, sender, RequestDirection::Incoming, number),
    ])
    .exec_without_returning(db)
    .await?;
    users::tally(db, sender, user_counter::Column::OutgoingRequestCount, 1).await?;
    users::tally(db, recipient, user_counter::Column::IncomingRequestCount, 1).await
}

/// Removes the end of a request that stands in the list of `user`, with its count. Says whether
/// there was one.
pub async fn delete_request(
    db: &impl ConnectionTrait,
    user: Uuid,
    other: Uuid,
    direction: RequestDirection,
) -> Result<bool, DbErr> {
    let gone = friend_request::Entity::delete_by_id((user, other))
        .filter(friend_request::Column::Direction.eq(direction))
        .exec(db)
        .await?;
    if gone.rows_affected == 0 {
        return Ok(false);
    }
    let column = match direction {
        RequestDirection::Incoming => user_counter::Column::IncomingRequestCount,
        RequestDirection::Outgoing => user_counter::Column::OutgoingRequestCount,
    };
    users::tally(db, user, column, -1).await?;
    Ok(true)
}
