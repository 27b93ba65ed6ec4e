//! The SQL of who is close to whom.

use chrono::NaiveDate;
use foldhash::HashSet;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{
    friendship::store::with_friend_among,
    sql::{Sql, row},
};

row! {
    Person { id, friend_count, birth_date }
    Other { id, friend_count, birth_date, is_tied }
}

/// What of a user says how close they can be to others.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// Who it is.
    pub id: Uuid,
    /// How many friends they have.
    pub friend_count: i64,
    /// When they were born.
    pub birth_date: NaiveDate,
}

/// The same, and whether they have a friend among those that are asked for.
struct Other {
    id: Uuid,
    friend_count: i64,
    birth_date: NaiveDate,
    is_tied: bool,
}

/// What it is of each of `users`.
pub async fn people(db: &impl ConnectionTrait, users: &[Uuid]) -> Result<Vec<Person>, DbErr> {
    let mut sql = Sql::of(db);
    let among = sql.among("id", users);
    let text = format!("SELECT id, friend_count, birth_date FROM users WHERE {among}");
    sql.models(db, text).await
}

/// The same, and which of `users` have a friend among `friends`.
pub async fn with_ties(
    db: &impl ConnectionTrait,
    users: &[Uuid],
    friends: &[Uuid],
) -> Result<(Vec<Person>, HashSet<Uuid>), DbErr> {
    let mut sql = Sql::of(db);
    // Citus has no subquery among what is read.
    if sql.is_citus() {
        let tied = with_friend_among(db, users, friends).await?;
        return Ok((people(db, users).await?, tied));
    }
    let keys: Vec<_> = users.iter().map(|id| [*id]).collect();
    let p = sql.keys("p", &keys);
    let among = sql.among("f.friend_id", friends);
    // With an OFFSET it stays a look-up of each: PostgreSQL could gather the friends of all `friends`.
    let each = if sql.is_postgres() { " OFFSET 0" } else { "" };
    let text = format!(
        "SELECT u.id, u.friend_count, u.birth_date, EXISTS (SELECT 1 FROM friendships AS f \
         WHERE f.user_id = u.id AND {among}{each}) AS is_tied \
         FROM {p} CROSS JOIN users AS u WHERE u.id = p.k0"
    );
    let others: Vec<Other> = sql.models(db, text).await?;
    let tied = others.iter().filter(|other| other.is_tied);
    let tied = tied.map(|other| other.id).collect();
    let people = others.into_iter().map(|other| Person {
        id: other.id,
        friend_count: other.friend_count,
        birth_date: other.birth_date,
    });
    Ok((people.collect(), tied))
}
