//! The SQL of what many are to others.

use entity::friendship;
use foldhash::{HashMap, HashSet};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{database::Source, paging::by_keys, sql::Sql};

/// Which of `pairs` are friends.
pub async fn friends_among(
    db: &impl Source,
    pairs: &[[Uuid; 2]],
) -> Result<HashSet<[Uuid; 2]>, DbErr> {
    Ok(friendships(db, pairs).await?.into_keys().collect())
}

/// The rows of those of `pairs` who are friends.
pub async fn friendships(
    db: &impl Source,
    pairs: &[[Uuid; 2]],
) -> Result<HashMap<[Uuid; 2], friendship::Model>, DbErr> {
    let key_of = |row: &friendship::Model| [row.user_id, row.friend_id];
    by_keys(db, "friendships", ["user_id", "friend_id"], pairs, key_of).await
}

/// The ids of all friends of each of `users`.
pub async fn friends_of(
    db: &impl ConnectionTrait,
    users: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Uuid>>, DbErr> {
    let mut sql = Sql::of(db);
    let among = sql.among("user_id", users);
    let text = format!("SELECT user_id, friend_id FROM friendships WHERE {among}");
    let mut friends: HashMap<Uuid, Vec<Uuid>> = HashMap::default();
    for row in sql.rows(db, text).await? {
        let of = friends.entry(row.try_get_by_index(0)?).or_default();
        of.push(row.try_get_by_index(1)?);
    }
    Ok(friends)
}
