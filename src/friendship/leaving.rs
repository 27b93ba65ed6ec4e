//! What of somebody's friendships and requests they take along, and how those end.

use std::collections::BTreeMap;

use entity::values::RequestDirection;
use futures_util::future::try_join_all;
use sea_orm::ActiveEnum;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    group::{loader::friends_count, node::FriendGroup, parting, store as groups},
    introduction::store as introductions,
    service::friends_changed,
    store::{self, FriendsPage},
};
use crate::{
    block::loader::hidden,
    cache::Object,
    database::Tx,
    error::Error,
    events::Event,
    loaders::Loaders,
    paging::Page,
    rejection::Rejection,
    sql::Sql,
    user::leaving::{Taken, hold, hold_counters, ids, with_users},
};

/// Friendships that end in one transaction.
const FRIENDS: i64 = 100;
/// Requests that do.
const REQUESTS: i64 = 20;

/// `page` of the friends of `me`, the first ones first.
///
/// # Errors
/// The database's.
pub async fn friends(loaders: &Loaders, me: Uuid, page: &Page<Uuid>) -> Result<Taken<Uuid>, Error> {
    let hidden = hidden(loaders).await?;
    let wanted = FriendsPage {
        page,
        newest_first: false,
        among: None,
        without: hidden.ids(),
    };
    let mut found = store::friends_page(&loaders.db(), &[me], wanted).await?;
    let slice = found.remove(&me).unwrap_or_default();
    let db = loaders.app.database.reader();
    let names: BTreeMap<_, _> = groups::all(db, me)
        .await?
        .into_iter()
        .map(|it| (it.id, it.name))
        .collect();
    let friends: Vec<_> = slice.rows.iter().map(|row| row.friend_id).collect();
    let groups = groups::groups_with(db, me, &friends).await?;
    let tell = |row: entity::friendship::Model, user| {
        let of_friend = groups.get(&row.friend_id).into_iter().flatten();
        let of_friend: Vec<_> = of_friend.filter_map(|group| names.get(group)).collect();
        (
            row.id,
            json!({ "user": user, "since": row.since, "groups": of_friend }),
        )
    };
    with_users(loaders, slice, |row| row.friend_id, tell).await
}

/// The groups of friends of `me`. (Who is in which stands with the friends.)
///
/// # Errors
/// The database's.
pub async fn groups_of(loaders: &Loaders, me: Uuid) -> Result<Vec<Value>, Error> {
    let rows = groups::all(loaders.app.database.reader(), me).await?;
    let groups: Vec<_> = rows.iter().map(FriendGroup::from).collect();
    // Together: one statement for all, where somebody is absent.
    let counts = groups.iter().map(|group| friends_count(loaders, group));
    let counts = try_join_all(counts).await?;
    let tell = |(group, friends): (entity::friend_group::Model, i64)| {
        json!({
            "name": group.name,
            "friendCount": friends,
            "diaryCount": group.diary_count,
        })
    };
    Ok(rows.into_iter().zip(counts).map(tell).collect())
}

/// Removes the groups of `user`, who has no friends and no diaries any more. Says how many.
///
/// # Errors
/// The database's.
pub async fn remove_groups(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    Ok(parting::delete_all(&tx.sql, user).await?)
}

/// `page` of the requests of `direction` in the list of `me`.
///
/// # Errors
/// The database's.
pub async fn requests(
    loaders: &Loaders,
    me: Uuid,
    direction: RequestDirection,
    page: &Page<Uuid>,
) -> Result<Taken<Uuid>, Error> {
    let hidden = hidden(loaders).await?;
    let db = &loaders.db();
    let slice = store::requests_page(db, me, direction, page, hidden.ids()).await?;
    let tell = |row: entity::friend_request::Model, user| {
        let told = json!({
            "direction": row.direction.to_value(), "user": user,
            "message": row.message, "createdAt": row.created_at,
        });
        (row.id, told)
    };
    with_users(loaders, slice, |row| row.other_id, tell).await
}

/// Whether `user` has a friend still, or there is a request between them and another.
///
/// # Errors
/// The database's.
pub async fn has_ties(tx: &Tx, user: Uuid) -> Result<bool, Rejection> {
    let has_friends = !some_friends(tx, user).await?.is_empty();
    Ok(has_friends || !some_with_requests(tx, user).await?.is_empty())
}

async fn some_friends(tx: &Tx, user: Uuid) -> Result<Vec<Uuid>, Rejection> {
    let mut sql = Sql::of(&tx.sql);
    let (mine, limit) = (sql.bind(user), sql.bind(FRIENDS));
    let text = format!(
        "SELECT friend_id FROM friendships WHERE user_id = {mine} ORDER BY friend_id LIMIT {limit}"
    );
    Ok(ids(&tx.sql, sql, text).await?)
}

/// Each once, in order.
async fn some_with_requests(tx: &Tx, user: Uuid) -> Result<Vec<Uuid>, Rejection> {
    let mut others = Vec::new();
    // Of what was refused the row of who asked is left alone.
    for (of, with) in [("user_id", "other_id"), ("other_id", "user_id")] {
        let mut sql = Sql::of(&tx.sql);
        let (id, limit) = (sql.bind(user), sql.bind(REQUESTS));
        let text = format!(
            "SELECT {with} FROM friend_requests WHERE {of} = {id} ORDER BY {with} LIMIT {limit}"
        );
        others.extend(ids(&tx.sql, sql, text).await?);
    }
    others.sort_unstable();
    others.dedup();
    Ok(others)
}

/// Ends some friendships of `user`, in both directions. Says how many; none where there are no more.
///
/// # Errors
/// The database's.
pub async fn end_friendships(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    let db = &tx.sql;
    let friends = some_friends(tx, user).await?;
    if friends.is_empty() {
        return Ok(0);
    }
    hold(db, friends.iter().copied().chain([user]).collect()).await?;
    parting::part(db, user, &friends).await?;
    introductions::part(db, user, &friends).await?;
    let mut sql = Sql::of(db);
    let of_friends = sql.among("user_id", &friends);
    let with = sql.bind(user);
    let text = format!(
        "DELETE FROM friendships WHERE {of_friends} AND friend_id = {with} RETURNING user_id"
    );
    let ended = ids(db, sql, text).await?;
    let mut sql = Sql::of(db);
    let (of, with) = (sql.bind(user), sql.among("friend_id", &friends));
    let text = format!("DELETE FROM friendships WHERE user_id = {of} AND {with}");
    let mine = sql.run(db, text).await?;
    let mut sql = Sql::of(db);
    let among = sql.among("id", &ended);
    let text = format!("UPDATE users SET friend_count = friend_count - 1 WHERE {among}");
    sql.run(db, text).await?;
    let mut sql = Sql::of(db);
    let (by, id) = (sql.bind(i64::try_from(mine).unwrap_or(0)), sql.bind(user));
    let text = format!("UPDATE users SET friend_count = friend_count - {by} WHERE id = {id}");
    sql.run(db, text).await?;
    for friend in ended {
        friends_changed(tx, [friend, user]);
    }
    Ok(mine.max(1))
}

/// Ends some requests from `user` and to `user`, those among them that the user refused. Says how many;
/// none where there are no more.
///
/// # Errors
/// The database's.
pub async fn end_requests(tx: &Tx, user: Uuid) -> Result<u64, Rejection> {
    let db = &tx.sql;
    let others = some_with_requests(tx, user).await?;
    if others.is_empty() {
        return Ok(0);
    }
    let both: Vec<_> = others.iter().copied().chain([user]).collect();
    hold(db, both.clone()).await?;
    hold_counters(db, both).await?;
    let mut ended = 0;
    for other in others {
        for direction in [RequestDirection::Incoming, RequestDirection::Outgoing] {
            for (mine, theirs) in [(user, other), (other, user)] {
                let gone = store::delete_request(db, mine, theirs, direction).await?;
                ended += u64::from(gone);
            }
        }
        tx.after_commit(Event::FriendRequestReceived(other));
    }
    tx.changes(Object::User(user));
    Ok(ended.max(1))
}
