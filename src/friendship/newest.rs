//! Which of a user's friends wrote last: what a home feed looks at first, and all that it looks at.
//!
//! Beside each friend stands the newest diary that they wrote for friends, or for a group that the user
//! is in. Writing tells every friend, of whom there are 1,000 at most; who has more (a tarento) tells
//! nobody, and is looked at by every feed. So a page of `n` diaries asks `n + 1` authors, however many
//! friends its reader has. It is exact: it changes in the transaction that changes the diaries, or who is
//! in a group, which holds their author's row, and a friendship begins with it.
//!
//! And there stands whether the friend has diaries for groups that the user is in: they are looked for
//! apart, and of who has none not at all.

use foldhash::HashMap;
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use uuid::Uuid;

use super::store::friend_ids;
use crate::{
    database::{Answer, Question, Source, ask},
    paging::Page,
    sql::Sql,
};

/// Stands in the place of the newest diary of who has too many friends to tell each: newer than any.
pub const EVERY: Uuid = Uuid::max();

/// The authors whose diaries come to a page of a home feed.
#[derive(Clone, Debug)]
pub struct Sources {
    /// Whose diaries are to be merged.
    pub authors: Vec<Uuid>,
    /// Which of them have diaries for groups that the user is in.
    pub with_groups: Vec<Uuid>,
    /// The page can hold nothing older than this: authors that are not among these may have written
    /// what comes then. None where these are all.
    pub floor: Option<Uuid>,
}

/// Who wrote something as new as `from` among a user's friends, and of the others the `limit` who wrote
/// last: with what was the newest of each, and whether there are diaries for groups that the user is in.
#[derive(Clone)]
struct Newest {
    from: Uuid,
    limit: usize,
    /// None of these.
    without: Vec<Uuid>,
}

impl Question for Newest {
    type Key = Uuid;
    type Found = Vec<(Uuid, Uuid, bool)>;
    type Same = (Uuid, usize, Vec<Uuid>);

    fn same(&self) -> Self::Same {
        (self.from, self.limit, self.without.clone())
    }

    fn rows_each(&self) -> usize {
        // Far down, most friends have written since.
        if self.from == EVERY {
            self.limit
        } else {
            self.limit + 1_000
        }
    }

    async fn ask(&self, db: &impl ConnectionTrait, users: &[Uuid]) -> Result<Answer<Self>, DbErr> {
        let mut found = Answer::<Self>::default();
        // Where statements are not shared, of one at a time: SQLite joins no such subquery, and Citus
        // takes none that looks at a list.
        let together = Sql::of(db).is_postgres() && !Sql::of(db).is_citus();
        for users in users.chunks(if together { users.len().max(1) } else { 1 }) {
            for row in self.rows(db, users, together).await? {
                let friend = (
                    row.try_get_by_index(1)?,
                    row.try_get_by_index(2)?,
                    row.try_get_by_index(3)?,
                );
                let user = row.try_get_by_index(0)?;
                found.entry(user).or_default().push(friend);
            }
        }
        Ok(found)
    }
}

impl Newest {
    async fn rows(
        &self,
        db: &impl ConnectionTrait,
        users: &[Uuid],
        together: bool,
    ) -> Result<Vec<QueryResult>, DbErr> {
        let mut sql = Sql::of(db);
        let from = sql.bind(self.from);
        let limit = sql.bind(i64::try_from(self.limit).unwrap_or(i64::MAX));
        let but = match &*self.without {
            [] => String::new(),
            ids => format!(" AND {}", sql.none_of("friend_id", ids)),
        };
        // SQLite's planner would rather read all friends.
        let table = if sql.is_postgres() {
            "friendships"
        } else {
            "friendships INDEXED BY idx_friendships_user_id_newest_diary_id"
        };
        const COLUMNS: &str = "user_id, friend_id, newest_diary_id, sees_group_diaries";
        let read = |user: &str| {
            format!(
                "SELECT {COLUMNS} FROM {table} \
                 WHERE user_id = {user} AND newest_diary_id >= {from}{but} \
                 UNION ALL SELECT {COLUMNS} FROM (SELECT {COLUMNS} FROM {table} \
                 WHERE user_id = {user} AND newest_diary_id < {from}{but} \
                 ORDER BY newest_diary_id DESC LIMIT {limit}) AS segment"
            )
        };
        let text = if together {
            let keys: Vec<_> = users.iter().map(|id| [*id]).collect();
            let p = sql.keys("p", &keys);
            let read = read("p.k0");
            format!(
                "SELECT t.user_id, t.friend_id, t.newest_diary_id, t.sees_group_diaries \
                 FROM {p} CROSS JOIN LATERAL ({read}) AS t"
            )
        } else {
            let user = sql.bind(users.first().copied().unwrap_or_default());
            read(&user)
        };
        sql.rows(db, text).await
    }
}

/// The sources of `page` of the home feed of `user`, which is read forwards: who wrote something as new
/// as where the page begins, and of the others the `limit + 1` who wrote last; but for those `without`.
pub async fn sources(
    db: &impl Source,
    user: Uuid,
    page: &Page<Uuid>,
    without: &[Uuid],
) -> Result<Sources, DbErr> {
    let limit = usize::try_from(page.limit).unwrap_or_default() + 1;
    let from = page.after.unwrap_or(EVERY);
    let newest = Newest {
        from,
        limit,
        without: without.to_vec(),
    };
    let found = ask(db, newest, &[user]).await?;
    let (mut authors, mut with_groups, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for (friend, newest, sees_group_diaries) in found.into_values().flatten() {
        authors.push(friend);
        if sees_group_diaries {
            with_groups.push(friend);
        }
        if page.after.is_none_or(|after| newest < after) && newest < EVERY {
            others.push(newest);
        }
    }
    let is_full = others.len() >= limit;
    Ok(Sources {
        authors,
        with_groups,
        floor: others.into_iter().min().filter(|_| is_full),
    })
}

/// The newest diaries of `authors`, as they stand in their friends' lists; of those who have any.
pub async fn of(db: &impl ConnectionTrait, authors: &[Uuid]) -> Result<HashMap<Uuid, Uuid>, DbErr> {
    let keys: Vec<_> = authors.iter().map(|id| [*id]).collect();
    let mut sql = Sql::of(db);
    let p = sql.keys("p", &keys);
    let on_shards = sql.on_shards(&["c.user_id"], &keys);
    let text = format!(
        "SELECT c.user_id, c.newest_diary_id FROM {p} CROSS JOIN user_counters AS c \
         WHERE c.user_id = p.k0 AND c.newest_diary_id IS NOT NULL{on_shards}"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter()
        .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
        .collect()
}

/// Has `newest` stand for `author` in the lists of all friends, where something else did. Says whether it
/// did. Who calls this holds the author's row.
pub async fn tell(
    db: &impl ConnectionTrait,
    author: Uuid,
    newest: Option<Uuid>,
) -> Result<bool, DbErr> {
    let mut sql = Sql::of(db);
    let (id, newest_id) = (sql.bind(author), sql.bind(newest));
    let text = format!(
        "UPDATE user_counters SET newest_diary_id = {newest_id} WHERE user_id = {id} \
         AND newest_diary_id IS DISTINCT FROM {newest_id}"
    );
    if sql.run(db, text).await? == 0 {
        return Ok(false);
    }
    let friends = friend_ids(db, author).await?;
    if friends.is_empty() {
        return Ok(true);
    }
    let mut sql = Sql::of(db);
    let (author, newest) = (sql.bind(author), sql.bind(newest));
    let of_friends = sql.among("user_id", &friends);
    let text = format!(
        "UPDATE friendships SET newest_diary_id = {newest} \
         WHERE {of_friends} AND friend_id = {author}"
    );
    sql.run(db, text).await?;
    Ok(true)
}

/// Has `newest` stand for `author` in the lists of `friends`, and whether there are diaries for groups
/// that they are in. Who calls this holds the author's row.
pub async fn tell_some(
    db: &impl ConnectionTrait,
    author: Uuid,
    friends: &[Uuid],
    newest: Option<Uuid>,
    sees_group_diaries: bool,
) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let (author, newest) = (sql.bind(author), sql.bind(newest));
    let sees = sql.bind(sees_group_diaries);
    let of_friends = sql.among("user_id", friends);
    let text = format!(
        "UPDATE friendships SET newest_diary_id = {newest}, sees_group_diaries = {sees} \
         WHERE {of_friends} AND friend_id = {author}"
    );
    sql.run(db, text).await?;
    Ok(())
}
