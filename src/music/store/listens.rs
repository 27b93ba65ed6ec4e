//! The SQL of what somebody listened to: each time, by week and song, and the last time of each song.

use entity::{listen, song_listener};
use foldhash::{HashMap, HashMapExt, HashSet};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::charts::Uncharted;
use crate::{
    database::Source,
    paging::{List, LookUp, Narrow, Page, Position, Slice, children},
    sql::{Column, Sql, is_of, row},
};

row! {
    listen::Model { user_id, id, item_id }
    song_listener::Model { user_id, item_id, listen_id }
    Weekly { week, item_id, listens }
}

/// What somebody listened to, the last first.
const OF_USER: List<1> = List {
    table: "listens",
    parent: ["user_id"],
    beside: ("users", ["id"]),
    order: "id",
    index: None,
    newest_first: true,
    brief: None,
};

/// How often somebody listened to a song in a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Weekly {
    /// The week's number.
    pub week: i64,
    /// The song.
    pub item_id: Uuid,
    /// How often.
    pub listens: i64,
}

/// `page` of what each of `users` listened to.
pub async fn of_users(
    db: &impl Source,
    users: &[Uuid],
    page: &Page<Uuid>,
) -> Result<HashMap<Uuid, Slice<listen::Model>>, DbErr> {
    let parents: Vec<_> = users.iter().map(|id| [*id]).collect();
    let parent_of = |row: &listen::Model| [row.user_id];
    let found = children(db, &OF_USER, &parents, page, &Narrow::All, parent_of).await?;
    Ok(found.into_iter().map(|([id], slice)| (id, slice)).collect())
}

/// `page` of those of `users` who listened to each of `songs` after `since`, a listen's id, who did so last
/// first: one look-up a user and song. (Ranking is no scan here: somebody has one row for a song, which the
/// key finds.)
pub async fn listeners(
    db: &impl ConnectionTrait,
    songs: &[Uuid],
    users: &[Uuid],
    since: Uuid,
    page: &Page<Uuid>,
) -> Result<HashMap<Uuid, Slice<song_listener::Model>>, DbErr> {
    let keys = |ids: &[Uuid]| ids.iter().map(|id| [*id]).collect::<Vec<_>>();
    let users = keys(users);
    let mut sql = Sql::of(db);
    let (i, p) = (sql.keys("i", &keys(songs)), sql.keys("p", &users));
    let by_key = "f.user_id = p.k0 AND f.item_id = i.k0";
    let columns = "f.user_id, f.item_id, f.listen_id";
    let LookUp { from, condition } = LookUp::of(&sql, "song_listeners", "f", columns, by_key);
    let on_shards = sql.on_shards(&["f.user_id"], &users);
    let (since, above) = (
        sql.bind(since),
        sql.bind(page.after.unwrap_or_else(Uuid::greatest)),
    );
    let limit = sql.bind(i64::from(page.limit + 1));
    let text = format!(
        "SELECT k.user_id, k.item_id, k.listen_id FROM (SELECT i.n, {columns}, \
         ROW_NUMBER() OVER (PARTITION BY i.n ORDER BY f.listen_id DESC) AS place \
         FROM {i} CROSS JOIN {p} CROSS JOIN {from} WHERE {condition}{on_shards} \
         AND f.listen_id > {since} AND f.listen_id < {above}) AS k \
         WHERE k.place <= {limit} ORDER BY k.n, k.place"
    );
    let mut by_song: HashMap<Uuid, Vec<song_listener::Model>> = HashMap::new();
    for row in sql.models::<song_listener::Model>(db, text).await? {
        by_song.entry(row.item_id).or_default().push(row);
    }
    let found = by_song.into_iter();
    Ok(found
        .map(|(song, rows)| (song, Slice::new(rows, page)))
        .collect())
}

/// Which of the listens `ids` of `user` are there.
pub async fn known(
    db: &impl ConnectionTrait,
    user: Uuid,
    ids: &[Uuid],
) -> Result<HashSet<Uuid>, DbErr> {
    let mut sql = Sql::of(db);
    let user = sql.bind(user);
    let among = sql.among("id", ids);
    let text = format!("SELECT id FROM listens WHERE user_id = {user} AND {among}");
    let rows = sql.rows(db, text).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// How many listens of `user` there are from the first id of each of `ranges` to before its second, by the
/// first.
pub async fn count_within(
    db: &impl ConnectionTrait,
    user: Uuid,
    ranges: &[[Uuid; 2]],
) -> Result<HashMap<Uuid, i64>, DbErr> {
    let mut sql = Sql::of(db);
    let user = sql.bind(user);
    let p = sql.keys("p", ranges);
    let within = format!("l.user_id = {user} AND l.id >= p.k0 AND l.id < p.k1");
    // PostgreSQL would rather read all of the user's, and hold them to the ranges. (Citus takes no such
    // subquery.)
    let text = match sql.is_citus() {
        true => format!(
            "SELECT p.k0, count(*) FROM {p} CROSS JOIN listens AS l WHERE {within} GROUP BY p.k0"
        ),
        false => {
            format!("SELECT p.k0, (SELECT count(*) FROM listens AS l WHERE {within}) FROM {p}")
        }
    };
    let rows = sql.rows(db, text).await?;
    rows.iter()
        .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
        .collect()
}

/// Writes listens of `user`, who is held, to the songs of their ids.
pub async fn insert(
    db: &impl ConnectionTrait,
    user: Uuid,
    listens: &[(Uuid, Uuid)],
) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let user = sql.bind(user);
    let columns = vec![
        (
            "id",
            Column::Ids(listens.iter().map(|(id, _)| *id).collect()),
        ),
        (
            "item_id",
            Column::Ids(listens.iter().map(|(_, song)| *song).collect()),
        ),
    ];
    let p = sql.table("p", columns);
    let text = format!(
        "INSERT INTO listens (user_id, id, item_id) SELECT {user}, p.id, p.item_id FROM {p}"
    );
    sql.run(db, text).await?;
    Ok(())
}

/// `rows`, as the table `p`.
fn weeks(sql: &mut Sql, rows: &[Weekly]) -> String {
    let numbers = |of: fn(&Weekly) -> i64| Column::Numbers(rows.iter().map(of).collect::<Vec<_>>());
    sql.table(
        "p",
        vec![
            ("week", numbers(|row| row.week)),
            (
                "item_id",
                Column::Ids(rows.iter().map(|row| row.item_id).collect()),
            ),
            ("listens", numbers(|row| row.listens)),
        ],
    )
}

/// Adds to how often `user`, who is held, listened to songs in weeks. Gives what there is of each then.
pub async fn add_to_weeks(
    db: &impl ConnectionTrait,
    user: Uuid,
    rows: &[Weekly],
) -> Result<Vec<Weekly>, DbErr> {
    let mut sql = Sql::of(db);
    let user = sql.bind(user);
    let p = weeks(&mut sql, rows);
    let text = format!(
        "INSERT INTO weekly_listens (user_id, week, item_id, listens) \
         SELECT {user}, p.week, p.item_id, p.listens FROM {p} WHERE true \
         ON CONFLICT (user_id, week, item_id) \
         DO UPDATE SET listens = weekly_listens.listens + excluded.listens \
         RETURNING week, item_id, listens"
    );
    sql.models(db, text).await
}

/// Takes `rows` off how often `user`, who is held, listened to songs in weeks. Gives what is left of each;
/// where that is nothing the row is gone.
pub async fn take_from_weeks(
    db: &impl ConnectionTrait,
    user: Uuid,
    rows: &[Weekly],
) -> Result<Vec<Weekly>, DbErr> {
    let mut sql = Sql::of(db);
    let id = sql.bind(user);
    let p = weeks(&mut sql, rows);
    let text = format!(
        "UPDATE weekly_listens SET listens = weekly_listens.listens - p.listens FROM {p} \
         WHERE weekly_listens.user_id = {id} AND weekly_listens.week = p.week \
         AND weekly_listens.item_id = p.item_id \
         RETURNING weekly_listens.week, weekly_listens.item_id, weekly_listens.listens"
    );
    let left: Vec<Weekly> = sql.models(db, text).await?;
    let empty: Vec<_> = left
        .iter()
        .filter(|row| row.listens <= 0)
        .copied()
        .collect();
    if !empty.is_empty() {
        let mut sql = Sql::of(db);
        let user = sql.bind(user);
        let p = weeks(&mut sql, &empty);
        let text = format!(
            "DELETE FROM weekly_listens WHERE user_id = {user} \
             AND (week, item_id) IN (SELECT p.week, p.item_id FROM {p})"
        );
        sql.run(db, text).await?;
    }
    Ok(left)
}

/// Has the listens of `user` be the last ones to their songs, where they are later than those that are.
pub async fn heard_last(
    db: &impl ConnectionTrait,
    user: Uuid,
    last: &[(Uuid, Uuid)],
) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    let user = sql.bind(user);
    let columns = vec![
        ("id", Column::Ids(last.iter().map(|(id, _)| *id).collect())),
        (
            "item_id",
            Column::Ids(last.iter().map(|(_, song)| *song).collect()),
        ),
    ];
    let p = sql.table("p", columns);
    let text = format!(
        "INSERT INTO song_listeners (user_id, item_id, listen_id) \
         SELECT {user}, p.item_id, p.id FROM {p} WHERE true \
         ON CONFLICT (user_id, item_id) DO UPDATE SET listen_id = CASE \
         WHEN excluded.listen_id > song_listeners.listen_id THEN excluded.listen_id \
         ELSE song_listeners.listen_id END"
    );
    sql.run(db, text).await?;
    Ok(())
}

/// Notes that the charts do not count this of `user` yet. `ids` are new.
pub async fn uncharted(
    db: &impl ConnectionTrait,
    user: Uuid,
    ids: &[Uuid],
    rows: &[Uncharted],
) -> Result<(), DbErr> {
    let numbers =
        |of: fn(&Uncharted) -> i64| Column::Numbers(rows.iter().map(of).collect::<Vec<_>>());
    let mut sql = Sql::of(db);
    let user = sql.bind(user);
    let p = sql.table(
        "p",
        vec![
            ("id", Column::Ids(ids.to_vec())),
            ("week", numbers(|row| row.week)),
            (
                "item_id",
                Column::Ids(rows.iter().map(|row| row.item_id).collect()),
            ),
            ("listens", numbers(|row| row.listens)),
            ("listeners", numbers(|row| row.listeners)),
        ],
    );
    let text = format!(
        "INSERT INTO uncharted_listens (user_id, id, week, item_id, listens, listeners) \
         SELECT {user}, p.id, p.week, p.item_id, p.listens, p.listeners FROM {p}"
    );
    sql.run(db, text).await?;
    Ok(())
}

/// Removes up to `limit` of the oldest listens of `user`. Gives them.
pub async fn remove_some(
    db: &impl ConnectionTrait,
    user: Uuid,
    limit: i64,
) -> Result<Vec<(Uuid, Uuid)>, DbErr> {
    let mut sql = Sql::of(db);
    let (user, limit) = (sql.bind(user), sql.bind(limit));
    let first = format!("SELECT id FROM listens WHERE user_id = {user} ORDER BY id LIMIT {limit}");
    let these = is_of(&sql, "id", &first);
    let text =
        format!("DELETE FROM listens WHERE user_id = {user} AND {these} RETURNING id, item_id");
    let rows = sql.rows(db, text).await?;
    rows.iter()
        .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
        .collect()
}

/// Removes up to `limit` of the counts of weeks of `user`. Gives them.
pub async fn remove_weeks(
    db: &impl ConnectionTrait,
    user: Uuid,
    limit: i64,
) -> Result<Vec<Weekly>, DbErr> {
    let mut sql = Sql::of(db);
    let (user, limit) = (sql.bind(user), sql.bind(limit));
    let text = format!(
        "DELETE FROM weekly_listens WHERE user_id = {user} AND (week, item_id) IN \
         (SELECT week, item_id FROM weekly_listens WHERE user_id = {user} \
         ORDER BY week, item_id LIMIT {limit}) RETURNING week, item_id, listens"
    );
    sql.models(db, text).await
}

/// Removes what says when `user` listened last, of up to `limit` songs. Says of how many.
pub async fn forget_last(db: &impl ConnectionTrait, user: Uuid, limit: i64) -> Result<u64, DbErr> {
    let mut sql = Sql::of(db);
    let (user, limit) = (sql.bind(user), sql.bind(limit));
    let first = format!(
        "SELECT item_id FROM song_listeners WHERE user_id = {user} ORDER BY item_id LIMIT {limit}"
    );
    let these = is_of(&sql, "item_id", &first);
    let text = format!("DELETE FROM song_listeners WHERE user_id = {user} AND {these}");
    sql.run(db, text).await
}
