//! The SQL of the weekly charts.

use foldhash::HashMap;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::sql::{Column, Sql, row};

row! {
    Counted { item_id, listens, listeners }
    Uncharted { week, item_id, listens, listeners }
}

/// A song, and how it was counted in a week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Which song.
    pub item_id: Uuid,
    /// How often it was listened to.
    pub listens: i64,
    /// By how many.
    pub listeners: i64,
}

/// What is to be added to a chart, or taken off it where it is less than nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uncharted {
    /// The week's number.
    pub week: i64,
    /// Which song.
    pub item_id: Uuid,
    /// So many listens more.
    pub listens: i64,
    /// So many listeners more.
    pub listeners: i64,
}

/// The `most` songs that most listened to in `week`.
pub async fn of_week(
    db: &impl ConnectionTrait,
    week: i64,
    most: i64,
) -> Result<Vec<Counted>, DbErr> {
    let mut sql = Sql::of(db);
    let (week, most) = (sql.bind(week), sql.bind(most));
    let text = format!(
        "SELECT c.item_id, c.listens, c.listeners FROM song_charts AS c \
         WHERE c.week = {week} AND c.listeners > 0 \
         ORDER BY c.listeners DESC, c.listens DESC, c.item_id DESC LIMIT {most}"
    );
    sql.models(db, text).await
}

/// The `most` songs that most of `users` listened to in `week`: of each user those `each` that they listened
/// to most often are looked at.
pub async fn of_users(
    db: &impl ConnectionTrait,
    users: &[Uuid],
    week: i64,
    [each, most]: [i64; 2],
) -> Result<Vec<Counted>, DbErr> {
    let users: Vec<_> = users.iter().map(|id| [*id]).collect();
    let mut sql = Sql::of(db);
    let p = sql.keys("p", &users);
    let (week, each, most) = (sql.bind(week), sql.bind(each), sql.bind(most));
    // SQLite's planner would rather sort what it finds by another.
    let by = match sql.is_postgres() {
        true => "",
        false => " INDEXED BY idx_weekly_listens_user_id_week_listens_item_id",
    };
    let first = |columns: &str, user: &str| {
        format!(
            "SELECT {columns} FROM weekly_listens AS w{by} WHERE w.user_id = {user} \
             AND w.week = {week} ORDER BY w.listens DESC, w.item_id DESC LIMIT {each}"
        )
    };
    let theirs = if sql.is_citus() {
        // It takes no subquery with a LIMIT that looks at a list.
        let on_shards = sql.on_shards(&["o.id"], &users);
        format!(
            "{p} CROSS JOIN users AS o CROSS JOIN LATERAL ({}) AS t WHERE o.id = p.k0{on_shards}",
            first("w.item_id, w.listens", "o.id")
        )
    } else if sql.is_postgres() {
        let theirs = first("w.item_id, w.listens", "p.k0");
        format!("{p} CROSS JOIN LATERAL ({theirs}) AS t")
    } else {
        let theirs = first("w.item_id", "p.k0");
        format!(
            "{p} CROSS JOIN weekly_listens AS t WHERE t.user_id = p.k0 AND t.week = {week} \
             AND t.item_id IN ({theirs})"
        )
    };
    let text = format!(
        "SELECT t.item_id, CAST(sum(t.listens) AS bigint) AS listens, count(*) AS listeners \
         FROM {theirs} GROUP BY t.item_id ORDER BY 3 DESC, 2 DESC, 1 DESC LIMIT {most}"
    );
    sql.models(db, text).await
}

/// Whether there is anything that the charts do not count yet.
pub async fn is_behind(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let text = "SELECT id FROM uncharted_listens ORDER BY id LIMIT 1";
    Ok(!Sql::of(db).rows(db, text).await?.is_empty())
}

/// Takes up to `limit` of what the charts do not count yet, the oldest first. What another server takes at
/// the same time is passed by.
pub async fn take(db: &impl ConnectionTrait, limit: i64) -> Result<Vec<Uncharted>, DbErr> {
    let mut sql = Sql::of(db);
    let limit = sql.bind(limit);
    // (On Citus the rows of several users are not held: the other is waited for there.)
    let passing = if sql.is_postgres() && !sql.is_citus() {
        " FOR UPDATE SKIP LOCKED"
    } else {
        ""
    };
    let text = format!(
        "DELETE FROM uncharted_listens WHERE (user_id, id) IN (SELECT user_id, id \
         FROM uncharted_listens ORDER BY id LIMIT {limit}{passing}) \
         RETURNING week, item_id, listens, listeners"
    );
    sql.models(db, text).await
}

/// Takes what the charts do not count of `user` yet.
pub async fn take_of(db: &impl ConnectionTrait, user: Uuid) -> Result<Vec<Uncharted>, DbErr> {
    let mut sql = Sql::of(db);
    let user = sql.bind(user);
    let text = format!(
        "DELETE FROM uncharted_listens WHERE user_id = {user} \
         RETURNING week, item_id, listens, listeners"
    );
    sql.models(db, text).await
}

/// Adds `rows` to the charts, each song of a week once.
pub async fn add(db: &impl ConnectionTrait, rows: &[Uncharted]) -> Result<(), DbErr> {
    let mut sums: HashMap<(i64, Uuid), Uncharted> = HashMap::default();
    for row in rows {
        let none = Uncharted {
            listens: 0,
            listeners: 0,
            ..*row
        };
        let sum = sums.entry((row.week, row.item_id)).or_insert(none);
        sum.listens += row.listens;
        sum.listeners += row.listeners;
    }
    let mut sums: Vec<_> = sums.into_values().collect();
    if sums.is_empty() {
        return Ok(());
    }
    // In the order in which everybody takes them.
    sums.sort_unstable_by_key(|sum| (sum.week, sum.item_id));
    let numbers =
        |of: fn(&Uncharted) -> i64| Column::Numbers(sums.iter().map(of).collect::<Vec<_>>());
    let mut sql = Sql::of(db);
    let p = sql.table(
        "p",
        vec![
            ("week", numbers(|sum| sum.week)),
            (
                "item_id",
                Column::Ids(sums.iter().map(|sum| sum.item_id).collect()),
            ),
            ("listens", numbers(|sum| sum.listens)),
            ("listeners", numbers(|sum| sum.listeners)),
        ],
    );
    let text = format!(
        "INSERT INTO song_charts (week, item_id, listens, listeners) \
         SELECT p.week, p.item_id, p.listens, p.listeners FROM {p} WHERE true ORDER BY p.n \
         ON CONFLICT (week, item_id) DO UPDATE SET \
         listens = song_charts.listens + excluded.listens, \
         listeners = song_charts.listeners + excluded.listeners"
    );
    sql.run(db, text).await?;
    Ok(())
}
