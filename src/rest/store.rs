//! The SQL of rests.

pub mod came;
pub mod digests;
mod posts;

use chrono::{DateTime, Utc};
use entity::rest;
use foldhash::HashMap;
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{
    database::{Answer, Question, Source, ask},
    paging::by_keys,
    sql::{Sql, Told, hold, row, tell_sessions},
};

row! {
    rest::Model { user_id, began_at, ends_at, weekly, weekly_from, is_shown, due_at }
}

/// What `user` has chosen, if they ever did.
pub async fn find(db: &impl ConnectionTrait, user: Uuid) -> Result<Option<rest::Model>, DbErr> {
    rest::Entity::find_by_id(user).one(db).await
}

/// What each of `users` has chosen, of those who ever did.
pub async fn of(db: &impl Source, users: &[Uuid]) -> Result<HashMap<Uuid, rest::Model>, DbErr> {
    let keys: Vec<_> = users.iter().map(|id| [*id]).collect();
    let key_of = |row: &rest::Model| [row.user_id];
    let found = by_keys(db, "rests", ["user_id"], &keys, key_of).await?;
    Ok(found.into_iter().map(|([id], row)| (id, row)).collect())
}

/// The same as [`find`], as it stays until the transaction ends. (Of who is new nothing is held: whoever writes a
/// first row has held the user.)
pub async fn held(db: &impl ConnectionTrait, user: Uuid) -> Result<Option<rest::Model>, DbErr> {
    hold(db, "rests", ["user_id"], [user]).await?;
    find(db, user).await
}

/// Writes what a user has chosen, who is held.
pub async fn write(db: &impl ConnectionTrait, row: rest::Model) -> Result<(), DbErr> {
    use rest::Column::{BeganAt, DueAt, EndsAt, IsShown, UserId, Weekly, WeeklyFrom};
    let over = OnConflict::column(UserId)
        .update_columns([BeganAt, EndsAt, Weekly, WeeklyFrom, IsShown, DueAt])
        .to_owned();
    rest::Entity::insert(row.into_active_model().reset_all())
        .on_conflict(over)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Has it stand where nobody need look for it that `user`, who is held, has a row: with their sessions, and with
/// what is kept of them as a visitor.
pub async fn mark(db: &impl ConnectionTrait, user: Uuid) -> Result<(), DbErr> {
    tell_sessions(db, user, Told::HasRest, true).await?;
    let mut sql = Sql::of(db);
    let (of_user, is) = (sql.bind(user), sql.bind(true));
    let text = format!(
        "INSERT INTO visitors (user_id, has_rest) VALUES ({of_user}, {is}) \
         ON CONFLICT (user_id) DO UPDATE SET has_rest = excluded.has_rest"
    );
    sql.run(db, text).await?;
    Ok(())
}

/// Up to `limit` users whose rest is over by `now`, and was not told of yet.
pub async fn due(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Uuid>, DbErr> {
    let mut sql = Sql::of(db);
    let (now, limit) = (sql.bind(now), sql.bind(limit));
    let text =
        format!("SELECT user_id FROM rests WHERE due_at <= {now} ORDER BY due_at LIMIT {limit}");
    let rows = sql.rows(db, text).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// What a live feed has to know of its user before it gives a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    /// Whether there are blocks of theirs, or against them.
    pub has_blocks: bool,
    /// Whether they have ever chosen to rest.
    pub has_rest: bool,
}

/// The marks of users.
#[derive(Clone)]
struct MarksOf;

impl Question for MarksOf {
    type Key = Uuid;
    type Found = Marks;
    type Same = ();

    fn same(&self) {}

    async fn ask(&self, db: &impl ConnectionTrait, users: &[Uuid]) -> Result<Answer<Self>, DbErr> {
        let mut sql = Sql::of(db);
        let among = sql.among("u.id", users);
        // The rows of one user lie on one shard.
        let text = format!(
            "SELECT u.id, u.block_count > 0, \
             EXISTS (SELECT 1 FROM rests AS r WHERE r.user_id = u.id) FROM users AS u WHERE {among}"
        );
        let mut found = Answer::<Self>::default();
        for row in sql.rows(db, text).await? {
            let marks = Marks {
                has_blocks: row.try_get_by_index(1)?,
                has_rest: row.try_get_by_index(2)?,
            };
            found.insert(row.try_get_by_index(0)?, marks);
        }
        Ok(found)
    }
}

/// The marks of `user`. Who is gone could have both.
pub async fn marks(db: &impl Source, user: Uuid) -> Result<Marks, DbErr> {
    let mut found = ask(db, MarksOf, &[user]).await?;
    Ok(found.remove(&user).unwrap_or(Marks {
        has_blocks: true,
        has_rest: true,
    }))
}
