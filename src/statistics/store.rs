//! The SQL of the service's figures, and of counting them.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    statistics_day, statistics_run,
    values::{HomeRegion, Sex},
};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{
    paging::columns,
    sql::{Cells, Column, Row, Sql, row},
};

row! {
    statistics_day::Model { kind, day, part, figure }
    statistics_run::Model { day, place, sums, next_at, held_by, is_done }
    Counted { id, birth_date, home_region, joined_at, friends, diaries, reviews }
}

/// More figures than there are of a day and of the months that are shown.
const MOST: i64 = 5_000;

/// What is counted of a user by their row.
#[derive(Clone, Debug)]
pub struct Counted {
    /// The user.
    pub id: Uuid,
    /// The day of birth.
    pub birth_date: NaiveDate,
    /// Where they are at home, if they said.
    pub home_region: Option<HomeRegion>,
    /// Since when they are here.
    pub joined_at: DateTime<Utc>,
    /// How many friends they have.
    pub friends: i64,
    /// How many diaries.
    pub diaries: i64,
    /// How many reviews.
    pub reviews: i64,
}

/// The last day before `before` that was counted.
pub async fn last_day(
    db: &impl ConnectionTrait,
    before: NaiveDate,
) -> Result<Option<NaiveDate>, DbErr> {
    let mut sql = Sql::of(db);
    let before = sql.bind(before);
    let text = format!(
        "SELECT day FROM statistics_days WHERE kind = 'USERS' AND day < {before} \
         ORDER BY day DESC LIMIT 1"
    );
    let rows = sql.rows(db, text).await?;
    rows.first().map(|row| Cells::of(row).one()).transpose()
}

/// Whether `day` is counted, whatever is known of how that went.
pub async fn is_counted(db: &impl ConnectionTrait, day: NaiveDate) -> Result<bool, DbErr> {
    let mut sql = Sql::of(db);
    let day = sql.bind(day);
    let text =
        format!("SELECT part FROM statistics_days WHERE kind = 'USERS' AND day = {day} LIMIT 1");
    Ok(!sql.rows(db, text).await?.is_empty())
}

/// The figures of `day`, of the groups of the month that begins with `month`, and of the months since `since`.
pub async fn figures(
    db: &impl ConnectionTrait,
    day: NaiveDate,
    month: NaiveDate,
    since: NaiveDate,
) -> Result<Vec<statistics_day::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let (day, month) = (sql.bind(day), sql.bind(month));
    let (since, most) = (sql.bind(since), sql.bind(MOST));
    let read = statistics_day::Model::COLUMNS.join(", ");
    let select = |kinds: &str, days: String| {
        format!("SELECT {read} FROM statistics_days WHERE kind IN ({kinds}) AND {days}")
    };
    let parts = [
        select(
            "'USERS', 'JOINED', 'ACTIVE', 'MONTHLY_ACTIVE', 'FRIENDSHIPS', 'DIARIES', 'REVIEWS', \
             'FOOTPRINTS'",
            format!("day = {day}"),
        ),
        select("'AGE', 'SEX', 'REGION'", format!("day = {month}")),
        select(
            "'ACTIVE_OF_MONTH', 'ACCESS'",
            format!("day >= {since} AND day <= {day}"),
        ),
    ];
    let text = format!(
        "SELECT {read} FROM ({}) AS t LIMIT {most}",
        parts.join(" UNION ALL ")
    );
    sql.models(db, text).await
}

/// The groups as they were told last, of the month that begins with `month` or of one before.
pub async fn groups(
    db: &impl ConnectionTrait,
    month: NaiveDate,
) -> Result<Vec<statistics_day::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let (month, most) = (sql.bind(month), sql.bind(MOST));
    let read = statistics_day::Model::COLUMNS.join(", ");
    let text = format!(
        "SELECT {read} FROM statistics_days WHERE kind IN ('AGE', 'SEX', 'REGION') AND day = \
         (SELECT day FROM statistics_days WHERE kind = 'AGE' AND day <= {month} \
         ORDER BY day DESC LIMIT 1) LIMIT {most}"
    );
    sql.models(db, text).await
}

/// Writes `figures`, in the place of those that are there.
pub async fn put(
    db: &impl ConnectionTrait,
    figures: &[statistics_day::Model],
) -> Result<(), DbErr> {
    let texts = |text: fn(&statistics_day::Model) -> String| {
        Column::Texts(figures.iter().map(text).collect())
    };
    let mut sql = Sql::of(db);
    let p = sql.table(
        "p",
        vec![
            ("kind", texts(|row| row.kind.clone())),
            ("day", texts(|row| row.day.to_string())),
            ("part", texts(|row| row.part.clone())),
            (
                "figure",
                Column::Numbers(figures.iter().map(|row| row.figure).collect()),
            ),
        ],
    );
    let day = sql.day("p.day");
    let text = format!(
        "INSERT INTO statistics_days (kind, day, part, figure) \
         SELECT p.kind, {day}, p.part, p.figure FROM {p} WHERE true ORDER BY p.n \
         ON CONFLICT (kind, day, part) DO UPDATE SET figure = excluded.figure"
    );
    sql.run(db, text).await?;
    Ok(())
}

/// How far the count of `day` has come.
pub async fn run(
    db: &impl ConnectionTrait,
    day: NaiveDate,
) -> Result<Option<statistics_run::Model>, DbErr> {
    let mut sql = Sql::of(db);
    let day = sql.bind(day);
    let read = columns::<statistics_run::Model>("t");
    let text = format!("SELECT {read} FROM statistics_runs AS t WHERE t.day = {day}");
    Ok(sql.models(db, text).await?.pop())
}

/// Notes that `day` is to be counted, from `now` on, unless that is known.
pub async fn begin(
    db: &impl ConnectionTrait,
    day: NaiveDate,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let (day, now) = (sql.bind(day), sql.bind(now));
    let text = format!(
        "INSERT INTO statistics_runs (day, sums, next_at, is_done) VALUES ({day}, '{{}}', {now}, FALSE) \
         ON CONFLICT (day) DO NOTHING"
    );
    sql.run(db, text).await?;
    Ok(())
}

/// Has `server` count `day` until `until`, if that is to be done and nobody does it at `now`. Says whether it is so.
pub async fn claim(
    db: &impl ConnectionTrait,
    day: NaiveDate,
    server: Uuid,
    [now, until]: [DateTime<Utc>; 2],
) -> Result<bool, DbErr> {
    let mut sql = Sql::of(db);
    let (server, until) = (sql.bind(server), sql.bind(until));
    let (day, now) = (sql.bind(day), sql.bind(now));
    let text = format!(
        "UPDATE statistics_runs SET held_by = {server}, next_at = {until} WHERE day = {day} \
         AND NOT is_done AND next_at <= {now}"
    );
    Ok(sql.run(db, text).await? == 1)
}

/// Notes that `server` has counted up to the user `place`, what came together, and that it goes on until `until`.
/// Says whether it is still its to count.
pub async fn go_on(
    db: &impl ConnectionTrait,
    day: NaiveDate,
    server: Uuid,
    (place, sums): (Uuid, String),
    until: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let mut sql = Sql::of(db);
    let (place, sums, until) = (sql.bind(place), sql.bind(sums), sql.bind(until));
    let (day, server) = (sql.bind(day), sql.bind(server));
    let text = format!(
        "UPDATE statistics_runs SET place = {place}, sums = {sums}, next_at = {until} \
         WHERE day = {day} AND held_by = {server} AND NOT is_done"
    );
    Ok(sql.run(db, text).await? == 1)
}

/// Notes that `server` is done with `day`. Says whether it was still its to count.
pub async fn finish(
    db: &impl ConnectionTrait,
    day: NaiveDate,
    server: Uuid,
    at: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let mut sql = Sql::of(db);
    let at = sql.bind(at);
    let (day, server) = (sql.bind(day), sql.bind(server));
    let text = format!(
        "UPDATE statistics_runs SET is_done = TRUE, place = NULL, sums = '{{}}', held_by = NULL, \
         next_at = {at} WHERE day = {day} AND held_by = {server} AND NOT is_done"
    );
    Ok(sql.run(db, text).await? == 1)
}

/// Forgets how far the counts of days before `day` had come.
pub async fn forget_runs(db: &impl ConnectionTrait, day: NaiveDate) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let day = sql.bind(day);
    sql.run(db, format!("DELETE FROM statistics_runs WHERE day < {day}"))
        .await?;
    Ok(())
}

/// Up to `limit` users after `place`, in the order of their ids.
pub async fn users(
    db: &impl ConnectionTrait,
    place: Uuid,
    limit: i64,
) -> Result<Vec<Counted>, DbErr> {
    let mut sql = Sql::of(db);
    let (place, limit) = (sql.bind(place), sql.bind(limit));
    let text = format!(
        "SELECT t.id, t.birth_date, t.home_region, t.joined_at, t.friend_count AS friends, \
         t.public_diaries + t.members_diaries + t.friends_of_friends_diaries + t.friends_diaries \
         + t.group_diaries + t.only_me_diaries AS diaries, t.cd_reviews + t.movie_reviews \
         + t.video_game_reviews + t.book_reviews + t.song_reviews AS reviews FROM users AS t \
         WHERE t.id > {place} ORDER BY t.id LIMIT {limit}"
    );
    sql.models(db, text).await
}

/// How many footprints lie with `users`.
pub async fn footprints(db: &impl ConnectionTrait, users: &[Uuid]) -> Result<i64, DbErr> {
    let mut sql = Sql::of(db);
    let among = sql.among("user_id", users);
    let text = format!(
        "SELECT CAST(COALESCE(sum(footprint_count), 0) AS bigint) FROM user_counters WHERE {among}"
    );
    let rows = sql.rows(db, text).await?;
    let sum = rows.first().map(|row| Cells::of(row).one()).transpose()?;
    Ok(sum.unwrap_or(0))
}

/// How many of `users` say of which sex they are.
pub async fn sexes(db: &impl ConnectionTrait, users: &[Uuid]) -> Result<Vec<(Sex, i64)>, DbErr> {
    let mut sql = Sql::of(db);
    let among = sql.among("user_id", users);
    let text = format!(
        "SELECT sex, count(*) FROM user_facts WHERE {among} AND sex IS NOT NULL GROUP BY sex"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter()
        .map(|row| {
            let mut cells = Cells::of(row);
            Ok((cells.one()?, cells.one()?))
        })
        .collect()
}

/// On which day each of `users` did anything last, from the first of `days` to the last: of those who did.
pub async fn last_active(
    db: &impl ConnectionTrait,
    users: &[Uuid],
    [first, last]: [NaiveDate; 2],
) -> Result<Vec<NaiveDate>, DbErr> {
    let mut sql = Sql::of(db);
    let among = sql.among("user_id", users);
    let (first, last) = (sql.bind(first), sql.bind(last));
    let text = format!(
        "SELECT max(day) FROM usage_days WHERE {among} AND day >= {first} AND day <= {last} \
         GROUP BY user_id"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter().map(|row| Cells::of(row).one()).collect()
}

/// How many operations there were from the first of `days` on and before the last, by what they came with.
pub async fn access(
    db: &impl ConnectionTrait,
    [first, last]: [NaiveDate; 2],
) -> Result<Vec<(String, i64)>, DbErr> {
    let mut sql = Sql::of(db);
    let (first, last) = (sql.bind(first), sql.bind(last));
    let text = format!(
        "SELECT device, CAST(sum(operations) AS bigint) FROM access_days WHERE day >= {first} \
         AND day < {last} GROUP BY device ORDER BY device"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter()
        .map(|row| {
            let mut cells = Cells::of(row);
            Ok((cells.one()?, cells.one()?))
        })
        .collect()
}
