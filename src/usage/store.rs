//! The SQL of what people do by day.

use chrono::NaiveDate;
use entity::{access_day, usage_day};
use foldhash::HashSet;
use sea_orm::{ActiveEnum, ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{
    paging::columns,
    sql::{Column, Sql, row},
};

row! {
    usage_day::Model { user_id, day, device, visits, writings, readings }
}

/// The most rows that a day of a user has: one a device.
pub const DEVICES: i64 = 4;

/// Which of `users` there are.
pub async fn there(db: &impl ConnectionTrait, users: &[Uuid]) -> Result<HashSet<Uuid>, DbErr> {
    if users.is_empty() {
        return Ok(HashSet::default());
    }
    let mut sql = Sql::of(db);
    let among = sql.among("id", users);
    let rows = sql.rows(db, format!("SELECT id FROM users WHERE {among}"));
    let rows = rows.await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// Adds `rows`, each user, day and device once, to what is there, in this order.
pub async fn add(db: &impl ConnectionTrait, rows: &[usage_day::Model]) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    let texts =
        |text: fn(&usage_day::Model) -> String| Column::Texts(rows.iter().map(text).collect());
    let numbers =
        |number: fn(&usage_day::Model) -> i64| Column::Numbers(rows.iter().map(number).collect());
    let mut sql = Sql::of(db);
    let p = sql.table(
        "p",
        vec![
            (
                "user_id",
                Column::Ids(rows.iter().map(|row| row.user_id).collect()),
            ),
            ("day", texts(|row| row.day.to_string())),
            ("device", texts(|row| row.device.to_value())),
            ("visits", numbers(|row| row.visits)),
            ("writings", numbers(|row| row.writings)),
            ("readings", numbers(|row| row.readings)),
        ],
    );
    let day = sql.day("p.day");
    let text = format!(
        "INSERT INTO usage_days (user_id, day, device, visits, writings, readings) \
         SELECT p.user_id, {day}, p.device, p.visits, p.writings, p.readings FROM {p} \
         WHERE true ORDER BY p.n ON CONFLICT (user_id, day, device) DO UPDATE SET \
         visits = usage_days.visits + excluded.visits, \
         writings = usage_days.writings + excluded.writings, \
         readings = usage_days.readings + excluded.readings"
    );
    sql.run(db, text).await?;
    Ok(())
}

/// The same of what everybody does.
pub async fn add_access(
    db: &impl ConnectionTrait,
    rows: &[access_day::Model],
) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    let texts =
        |text: fn(&access_day::Model) -> String| Column::Texts(rows.iter().map(text).collect());
    let mut sql = Sql::of(db);
    let p = sql.table(
        "p",
        vec![
            ("day", texts(|row| row.day.to_string())),
            ("device", texts(|row| row.device.to_value())),
            (
                "operations",
                Column::Numbers(rows.iter().map(|row| row.operations).collect()),
            ),
        ],
    );
    let day = sql.day("p.day");
    let text = format!(
        "INSERT INTO access_days (day, device, operations) \
         SELECT {day}, p.device, p.operations FROM {p} WHERE true ORDER BY p.n \
         ON CONFLICT (day, device) DO UPDATE SET \
         operations = access_days.operations + excluded.operations"
    );
    sql.run(db, text).await?;
    Ok(())
}

/// What `user` did from the first of `days` to the last, the last first: of `most` days and devices at the most.
pub async fn of_user(
    db: &impl ConnectionTrait,
    user: Uuid,
    [first, last]: [NaiveDate; 2],
    most: i64,
) -> Result<Vec<usage_day::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let (user, first, last) = (sql.bind(user), sql.bind(first), sql.bind(last));
    let most = sql.bind(most);
    let read = columns::<usage_day::Model>("t");
    let text = format!(
        "SELECT {read} FROM usage_days AS t WHERE t.user_id = {user} AND t.day >= {first} \
         AND t.day <= {last} ORDER BY t.day DESC, t.device DESC LIMIT {most}"
    );
    sql.models(db, text).await
}

/// Removes up to `limit` rows of `user`. Says how many there were.
pub async fn remove(db: &impl ConnectionTrait, user: Uuid, limit: i64) -> Result<u64, DbErr> {
    let mut sql = Sql::of(db);
    let (user, limit) = (sql.bind(user), sql.bind(limit));
    let text = format!(
        "DELETE FROM usage_days WHERE user_id = {user} AND (day, device) IN (SELECT day, device \
         FROM usage_days WHERE user_id = {user} ORDER BY day, device LIMIT {limit})"
    );
    sql.run(db, text).await
}

/// Removes up to `limit` rows from before the day `before`. Says how many there were.
pub async fn purge(db: &impl ConnectionTrait, before: NaiveDate, limit: i64) -> Result<u64, DbErr> {
    let mut sql = Sql::of(db);
    let (before, limit) = (sql.bind(before), sql.bind(limit));
    let text = format!(
        "DELETE FROM usage_days WHERE (user_id, day, device) IN (SELECT user_id, day, device \
         FROM usage_days WHERE day < {before} ORDER BY day LIMIT {limit})"
    );
    sql.run(db, text).await
}
