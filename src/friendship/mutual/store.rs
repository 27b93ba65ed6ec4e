//! The SQL of mutual friends.

use std::sync::Arc;

use entity::friendship;
use foldhash::{HashMap, HashMapExt};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::{
    database::{Answer, Question, Source, ask},
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

/// All friends of each of some users: nothing in the place of more than `most`.
#[derive(Clone, Copy)]
struct AllFriendsOf {
    most: i64,
}

impl Question for AllFriendsOf {
    type Key = [Uuid; 1];
    type Found = Option<Arc<[Friend]>>;
    type Same = i64;

    fn same(&self) -> i64 {
        self.most
    }

    /// More than most users have. (What few have, up to `most`, is 32 bytes a friend.)
    fn rows_each(&self) -> usize {
        100
    }

    async fn ask(
        &self,
        db: &impl ConnectionTrait,
        users: &[Self::Key],
    ) -> Result<Answer<Self>, DbErr> {
        let mut sql = Sql::of(db);
        let p = sql.keys("p", users);
        let limit = sql.bind(self.most + 1);
        // One value a user: a row for each friend cost four times as much to read.
        let all = if sql.is_postgres() {
            "string_agg(uuid_send(k.friend_id) || uuid_send(k.id), ''::bytea)"
        } else {
            "group_concat(hex(k.friend_id) || hex(k.id), '')"
        };
        let text = format!(
            "SELECT p.k0, (SELECT {all} FROM (SELECT friend_id, id FROM friendships \
             WHERE user_id = p.k0 LIMIT {limit}) AS k) FROM {p}"
        );
        let is_postgres = sql.is_postgres();
        let mut found = Answer::<Self>::default();
        for row in sql.rows(db, text).await? {
            let friends = if is_postgres {
                let bytes: Option<Vec<u8>> = row.try_get_by_index(1)?;
                friends(bytes.unwrap_or_default().as_chunks().0)
            } else {
                let digits: Option<String> = row.try_get_by_index(1)?;
                let bytes = from_hex(&digits.unwrap_or_default());
                friends(bytes.as_chunks().0)
            };
            let are_all = i64::try_from(friends.len()).is_ok_and(|count| count <= self.most);
            found.insert([row.try_get_by_index(0)?], are_all.then(|| friends.into()));
        }
        Ok(found)
    }
}

/// Two ids a friend.
fn friends(ids: &[[u8; 32]]) -> Vec<Friend> {
    let id = |bytes: &[u8]| Uuid::from_slice(bytes).unwrap_or_default();
    let friend = |ids: &[u8; 32]| {
        let (friend, friendship) = ids.split_at(16);
        Friend {
            id: id(friend),
            friendship: id(friendship),
        }
    };
    ids.iter().map(friend).collect()
}

fn from_hex(digits: &str) -> Vec<u8> {
    let (ids, _) = digits.as_bytes().as_chunks::<32>();
    ids.iter()
        .flat_map(|id| Uuid::try_parse_ascii(id).unwrap_or_default().into_bytes())
        .collect()
}

/// The friends of each of `users`; nothing where all together have more than `most`.
pub async fn friends_of(
    db: &impl Source,
    users: &[Uuid],
    most: i64,
) -> Result<Option<HashMap<Uuid, Arc<[Friend]>>>, DbErr> {
    let keys: Vec<_> = users.iter().map(|id| [*id]).collect();
    let found = ask(db, AllFriendsOf { most }, &keys).await?;
    let found = found.into_iter();
    let found = found.map(|([user], friends)| Some((user, friends?)));
    let found: Option<HashMap<_, Arc<[Friend]>>> = found.collect();
    Ok(found.filter(|found| {
        let count: usize = found.values().map(|friends| friends.len()).sum();
        i64::try_from(count).is_ok_and(|count| count <= most)
    }))
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

/// How many friends each of `users` has among `mine`, where there are any: by as many look-ups, of who has
/// very many.
pub async fn count_among(
    db: &impl ConnectionTrait,
    users: &[Uuid],
    mine: &[Uuid],
) -> Result<HashMap<Uuid, i64>, DbErr> {
    let keys = |ids: &[Uuid]| ids.iter().map(|id| [*id]).collect::<Vec<_>>();
    let users = keys(users);
    let mut sql = Sql::of(db);
    let (p, i) = (sql.keys("p", &users), sql.keys("i", &keys(mine)));
    let by_key = "f.user_id = p.k0 AND f.friend_id = i.k0";
    let LookUp { from, condition } = LookUp::of(&sql, "friendships", "f", "f.user_id", by_key);
    let on_shards = sql.on_shards(&["f.user_id"], &users);
    let text = format!(
        "SELECT f.user_id, count(*) FROM {p} CROSS JOIN {i} CROSS JOIN {from} \
         WHERE {condition}{on_shards} GROUP BY f.user_id"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter()
        .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
        .collect()
}

/// The ids of the friends of `user`, the newest first: so many at the most.
pub async fn newest_friend_ids(
    db: &impl ConnectionTrait,
    user: Uuid,
    most: usize,
) -> Result<Vec<Uuid>, DbErr> {
    friendship::Entity::find()
        .select_only()
        .column(friendship::Column::FriendId)
        .filter(friendship::Column::UserId.eq(user))
        .order_by_desc(friendship::Column::Id)
        .limit(u64::try_from(most).unwrap_or(u64::MAX))
        .into_tuple()
        .all(db)
        .await
}
