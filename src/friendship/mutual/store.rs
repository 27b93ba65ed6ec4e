//! The SQL of mutual friends.

use std::collections::HashMap;

use entity::friendship;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{
    paging::{LookUp, Page, Position, Slice, columns},
    sql::Sql,
};

/// A friend of a user's, and what orders the friendships.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Friend {
    /// Who.
    pub id: Uuid,
    /// The friendship's.
    pub friendship: Uuid,
}

/// The friends of each of `users`; nothing where all together have more than `most`.
pub async fn friends_of(
    db: &impl ConnectionTrait,
    users: &[Uuid],
    most: i64,
) -> Result<Option<HashMap<Uuid, Vec<Friend>>>, DbErr> {
    let mut sql = Sql::of(db);
    let of_users = sql.among("user_id", users);
    let limit = sql.bind(most + 1);
    let text =
        format!("SELECT user_id, friend_id, id FROM friendships WHERE {of_users} LIMIT {limit}");
    let rows = sql.rows(db, text).await?;
    if i64::try_from(rows.len()).is_ok_and(|rows| rows > most) {
        return Ok(None);
    }
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        let (id, friendship) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        let user = row.try_get_by_index(0)?;
        found
            .entry(user)
            .or_default()
            .push(Friend { id, friendship });
    }
    Ok(Some(found))
}

/// `page` of the friends of each of `users` among `mine`, newest first: one look-up a user and
/// friend, by the key. (Ranking is no scan here: the key finds one row for each of both.)
pub async fn friends_page(
    db: &impl ConnectionTrait,
    users: &[Uuid],
    mine: &[Uuid],
    page: &Page<Uuid>,
) -> Result<HashMap<Uuid, Slice<friendship::Model>>, DbErr> {
    let keys = |ids: &[Uuid]| ids.iter().map(|id| [*id]).collect::<Vec<_>>();
    let users = keys(users);
    let mut sql = Sql::of(db);
    let (p, i) = (sql.keys("p", &users), sql.keys("i", &keys(mine)));
    let read = columns::<friendship::Model>("f");
    let by_key = "f.user_id = p.k0 AND f.friend_id = i.k0";
    let LookUp { from, condition } = LookUp::of(&sql, "friendships", "f", &read, by_key);
    let on_shards = sql.on_shards(&["f.user_id"], &users);
    let below = sql.bind(page.before.unwrap_or_else(Uuid::least));
    let above = sql.bind(page.after.unwrap_or_else(Uuid::greatest));
    let limit = sql.bind(i64::from(page.limit + 1));
    let direction = if page.backwards { "ASC" } else { "DESC" };
    let text = format!(
        "SELECT {} FROM (SELECT {read}, \
         ROW_NUMBER() OVER (PARTITION BY f.user_id ORDER BY f.id {direction}) AS place \
         FROM {p} CROSS JOIN {i} CROSS JOIN {from} \
         WHERE {condition}{on_shards} AND f.id > {below} AND f.id < {above}) AS k \
         WHERE k.place <= {limit} ORDER BY k.user_id, k.place",
        columns::<friendship::Model>("k")
    );
    let mut by_user: HashMap<Uuid, Vec<friendship::Model>> = HashMap::new();
    for row in sql.models::<friendship::Model>(db, text).await? {
        by_user.entry(row.user_id).or_default().push(row);
    }
    Ok(by_user
        .into_iter()
        .map(|(user, rows)| (user, Slice::new(rows, page)))
        .collect())
}
