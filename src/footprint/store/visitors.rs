//! The SQL of what is kept of users as visitors. Who holds such rows has held before what is counted
//! of the owners who are visited: so no two wait for each other.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{values::FootprintPolicy, visitor};
use sea_orm::{ActiveEnum, ConnectionTrait, DbErr, EntityTrait};
use uuid::Uuid;

use super::{Held, by_user, hold_in_order};
use crate::{
    database::Source,
    paging::{by_keys, columns},
    sql::{Column, Sql, row},
};

row! {
    visitor::Model { user_id, footprint_policy, unlisted_until, recent_visits, take_back_month, take_backs, has_rest }
}

/// Visitors by their ids.
pub type Visitors = BTreeMap<Uuid, visitor::Model>;

/// Somebody who has chosen, visited and taken back nothing.
fn new(user_id: Uuid) -> (Uuid, visitor::Model) {
    let visitor = visitor::Model {
        user_id,
        footprint_policy: FootprintPolicy::Named,
        unlisted_until: None,
        recent_visits: None,
        take_back_month: None,
        take_backs: 0,
        has_rest: false,
    };
    (user_id, visitor)
}

/// What is kept of each of `users`, as of now.
pub async fn of(db: &impl Source, users: &[Uuid]) -> Result<Visitors, DbErr> {
    let keys: Vec<_> = users.iter().map(|id| [*id]).collect();
    let key_of = |row: &visitor::Model| [row.user_id];
    let found = by_keys(db, "visitors", ["user_id"], &keys, key_of).await?;
    let mut visitors: Visitors = users.iter().map(|id| new(*id)).collect();
    visitors.extend(found.into_iter().map(|([id], row)| (id, row)));
    Ok(visitors)
}

/// Whether `user` sees the names of those who visit them, whoever they are; and whether they have ever chosen to
/// rest.
pub async fn marks(db: &impl ConnectionTrait, user: Uuid) -> Result<[bool; 2], DbErr> {
    let row = visitor::Entity::find_by_id(user).one(db).await?;
    let row = row.unwrap_or_else(|| new(user).1);
    let sees_names = row.footprint_policy == FootprintPolicy::Named;
    Ok([sees_names, row.has_rest])
}

/// Holds what is kept of `users`, who are in order, until the transaction ends, and gives it as it is
/// then; but for those who are passed by. Who is new gets a row.
pub async fn hold(
    db: &impl ConnectionTrait,
    users: &[Uuid],
    held: Held,
) -> Result<Visitors, DbErr> {
    let awaits = held == Held::Await;
    let mut visitors = Visitors::new();
    for users in by_user(db, users, |id| *id) {
        visitors.append(&mut hold_there(db, users, awaits).await?);
        let missing = without(users, &visitors);
        if missing.is_empty() {
            continue;
        }
        visitors.append(&mut insert(db, &missing).await?);
        let missing = without(users, &visitors);
        // Another transaction wrote them in between, or they are to be passed by.
        if awaits && !missing.is_empty() {
            visitors.append(&mut hold_there(db, &missing, awaits).await?);
        }
    }
    Ok(visitors)
}

fn without(users: &[Uuid], visitors: &Visitors) -> Vec<Uuid> {
    let missing = users.iter().filter(|id| !visitors.contains_key(id));
    missing.copied().collect()
}

/// The same of those who have a row.
async fn hold_there(
    db: &impl ConnectionTrait,
    users: &[Uuid],
    awaits: bool,
) -> Result<Visitors, DbErr> {
    let mut sql = Sql::of(db);
    let of_users = match users {
        [user] => format!("user_id = {}", sql.bind(*user)),
        _ => sql.among("user_id", users),
    };
    let hold = hold_in_order(&sql, awaits);
    let read = columns::<visitor::Model>("visitors");
    let text = format!("SELECT {read} FROM visitors WHERE {of_users}{hold}");
    let rows = sql.models::<visitor::Model>(db, text).await?;
    Ok(rows.into_iter().map(|row| (row.user_id, row)).collect())
}

/// Gives those of `users` a row who have none. Gives them.
async fn insert(db: &impl ConnectionTrait, users: &[Uuid]) -> Result<Visitors, DbErr> {
    let mut sql = Sql::of(db);
    let keys: Vec<_> = users.iter().map(|id| [*id]).collect();
    let rows = match users {
        // There it is one at a time, and no subquery looks at a list.
        [user] if sql.is_citus() => format!("VALUES ({})", sql.bind(*user)),
        // ON CONFLICT would wait for who changes a row that is there.
        _ => format!(
            "SELECT p.k0 FROM {} WHERE NOT EXISTS \
             (SELECT 1 FROM visitors AS v WHERE v.user_id = p.k0)",
            sql.keys("p", &keys)
        ),
    };
    let text = format!(
        "INSERT INTO visitors (user_id) {rows} ON CONFLICT (user_id) DO NOTHING RETURNING user_id"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter()
        .map(|row| Ok(new(row.try_get_by_index(0)?)))
        .collect()
}

/// Writes the recent visits of each of `visitors`, who are held, and in order.
pub async fn count(db: &impl ConnectionTrait, visitors: &[(Uuid, String)]) -> Result<(), DbErr> {
    for visitors in by_user(db, visitors, |(id, _)| *id) {
        let mut sql = Sql::of(db);
        let text = if let [(id, recent)] = visitors {
            let (id, recent) = (sql.bind(*id), sql.bind(recent.as_str()));
            format!("UPDATE visitors SET recent_visits = {recent} WHERE user_id = {id}")
        } else {
            let (ids, recent) = visitors.iter().cloned().unzip();
            let p = sql.table(
                "p",
                vec![("id", Column::Ids(ids)), ("recent", Column::Texts(recent))],
            );
            format!(
                "UPDATE visitors SET recent_visits = p.recent FROM {p} \
                 WHERE visitors.user_id = p.id"
            )
        };
        sql.run(db, text).await?;
    }
    Ok(())
}

/// Has `user`, who is held, be named as `policy` says. Visits of before may be unlisted until
/// `unlisted_until`.
pub async fn choose(
    db: &impl ConnectionTrait,
    user: Uuid,
    policy: FootprintPolicy,
    unlisted_until: DateTime<Utc>,
) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let (policy, until) = (sql.bind(policy.to_value()), sql.bind(unlisted_until));
    let user = sql.bind(user);
    let text = format!(
        "UPDATE visitors SET footprint_policy = {policy}, unlisted_until = {until} \
         WHERE user_id = {user}"
    );
    sql.run(db, text).await?;
    Ok(())
}

/// Notes that `user`, who is held, has taken back `count` footprints in `month`. A visit may be
/// unlisted until `unlisted_until`, if that is given.
pub async fn take_back(
    db: &impl ConnectionTrait,
    user: Uuid,
    month: NaiveDate,
    count: i64,
    unlisted_until: Option<DateTime<Utc>>,
) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let (month, count) = (sql.bind(month), sql.bind(count));
    let (until, user) = (sql.bind(unlisted_until), sql.bind(user));
    let text = format!(
        "UPDATE visitors SET take_back_month = {month}, take_backs = {count}, \
         unlisted_until = {until} WHERE user_id = {user}"
    );
    sql.run(db, text).await?;
    Ok(())
}
