//! The SQL of who is close to whom.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use foldhash::{HashSet, HashSetExt};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{
    block::store::without_block,
    friendship::store::with_friend_among,
    sql::{Cells, Row, Sql, row},
};

row! {
    Person { id, friend_count, birth_date }
    Other { id, friend_count, birth_date, is_tied_by_friend, is_tied_by_figure }
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
    is_tied_by_friend: bool,
    is_tied_by_figure: bool,
}

/// Who has a friend among those that are asked for.
#[derive(Debug, Default)]
pub struct Tied {
    /// One who is no public figure.
    pub by_friends: HashSet<Uuid>,
    /// One who is.
    pub by_figures: HashSet<Uuid>,
}

/// What it is of each of `users`.
pub async fn people(db: &impl ConnectionTrait, users: &[Uuid]) -> Result<Vec<Person>, DbErr> {
    let mut sql = Sql::of(db);
    let among = sql.among("id", users);
    let text = format!("SELECT id, friend_count, birth_date FROM users WHERE {among}");
    sql.models(db, text).await
}

/// Which of `pairs`, of one who looks and a user, are so that the user is there and there is no block
/// between the two; and what it is of the users of those, and of who looks.
pub async fn seen_among(
    db: &impl ConnectionTrait,
    pairs: &[[Uuid; 2]],
) -> Result<(HashSet<[Uuid; 2]>, Vec<Person>), DbErr> {
    // Nobody has a block with oneself.
    let themselves = pairs.iter().map(|[me, _]| [*me, *me]);
    let keys = pairs.iter().map(|[me, user]| [*user, *me]);
    let keys: BTreeSet<_> = keys.chain(themselves).collect();
    let keys: Vec<_> = keys.into_iter().collect();
    let (mut seen, mut people) = (HashSet::with_capacity(keys.len()), Vec::new());
    if keys.is_empty() {
        return Ok((seen, people));
    }
    let mut sql = Sql::of(db);
    let p = sql.keys("p", &keys);
    let on_shards = sql.on_shards(&["u.id", "u.id"], &keys);
    let without_block = without_block("u.id", "p.k1");
    let text = format!(
        "SELECT p.k1, u.id, u.friend_count, u.birth_date FROM {p} CROSS JOIN users AS u \
         WHERE u.id = p.k0 AND {without_block}{on_shards}"
    );
    for row in sql.rows(db, text).await? {
        let mut cells = Cells::of(&row);
        let me = cells.one()?;
        let person = Person::read(&mut cells)?;
        seen.insert([me, person.id]);
        people.push(person);
    }
    Ok((seen, people))
}

/// What it is of `users`, and which of them have a friend among `friends`, and which among `figures`.
pub async fn with_ties(
    db: &impl ConnectionTrait,
    users: &[Uuid],
    friends: Vec<Uuid>,
    figures: Vec<Uuid>,
) -> Result<(Vec<Person>, Tied), DbErr> {
    let mut sql = Sql::of(db);
    // Citus has no subquery among what is read.
    if sql.is_citus() {
        let mut tied = Tied {
            by_friends: with_friend_among(db, users, &friends).await?,
            ..Tied::default()
        };
        if !figures.is_empty() {
            tied.by_figures = with_friend_among(db, users, &figures).await?;
        }
        return Ok((people(db, users).await?, tied));
    }
    let keys: Vec<_> = users.iter().map(|id| [*id]).collect();
    let p = sql.keys("p", &keys);
    let (friends, figures) = (
        sql.among("f.friend_id", &friends),
        sql.among("f.friend_id", &figures),
    );
    // With an OFFSET it stays a look-up of each: PostgreSQL could gather the friends of all `friends`.
    let each = if sql.is_postgres() { " OFFSET 0" } else { "" };
    let has_one = |among: String| {
        format!("EXISTS (SELECT 1 FROM friendships AS f WHERE f.user_id = u.id AND {among}{each})")
    };
    let (by_friend, by_figure) = (has_one(friends), has_one(figures));
    let text = format!(
        "SELECT u.id, u.friend_count, u.birth_date, {by_friend} AS is_tied_by_friend, \
         {by_figure} AS is_tied_by_figure FROM {p} CROSS JOIN users AS u WHERE u.id = p.k0"
    );
    let others: Vec<Other> = sql.models(db, text).await?;
    let of_those = |is_tied: fn(&Other) -> bool| {
        let those = others.iter().filter(|other| is_tied(other));
        those.map(|other| other.id).collect()
    };
    let tied = Tied {
        by_friends: of_those(|other| other.is_tied_by_friend),
        by_figures: of_those(|other| other.is_tied_by_figure),
    };
    let people = others.into_iter().map(|other| Person {
        id: other.id,
        friend_count: other.friend_count,
        birth_date: other.birth_date,
    });
    Ok((people.collect(), tied))
}
