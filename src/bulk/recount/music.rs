//! The checks of music: as [`super::checks`] has the others; and those that take an id apart, which is not
//! SQL's work.

use std::collections::BTreeMap;

use entity::{listen, song_listener, weekly_listen};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};
use uuid::Uuid;

use super::{Difference, checks::DIFFERS};
use crate::music::{listen::time_of, week::Week};

/// What is checked, how, and which of the rows are wrong.
pub(super) const CHECKS: &[(&str, &str, &str)] = &[
    (
        "favourite_songs: places from 1 on, none left out",
        "SELECT user_id, max(place) AS kept, count(*) AS counted FROM favourite_songs \
         GROUP BY user_id",
        DIFFERS,
    ),
    (
        "favourite_songs: no place twice",
        "SELECT user_id, count(*) AS kept, count(DISTINCT place) AS counted \
         FROM favourite_songs GROUP BY user_id",
        DIFFERS,
    ),
    (
        "favourite_songs: songs",
        "SELECT f.user_id, f.item_id, 1 AS kept, 0 AS counted FROM favourite_songs AS f \
         LEFT JOIN catalogue_items AS i ON i.id = f.item_id \
         WHERE i.kind IS DISTINCT FROM 'SONG'",
        DIFFERS,
    ),
    (
        "listens: to songs",
        "SELECT l.user_id, l.item_id, 1 AS kept, 0 AS counted FROM listens AS l \
         LEFT JOIN catalogue_items AS i ON i.id = l.item_id \
         WHERE i.kind IS DISTINCT FROM 'SONG'",
        DIFFERS,
    ),
    (
        "catalogue_items.artist_id: an artist, of music",
        "SELECT i.id, 1 AS kept, 0 AS counted FROM catalogue_items AS i LEFT JOIN artists AS a \
         ON a.id = i.artist_id WHERE i.artist_id IS NOT NULL \
         AND (a.id IS NULL OR i.kind NOT IN ('CD', 'SONG'))",
        DIFFERS,
    ),
    (
        "artists: the main name",
        "SELECT a.id, 1 AS kept, (SELECT count(*) FROM artist_names AS n WHERE n.artist_id = a.id \
         AND n.position = 0 AND n.name = a.name) AS counted FROM artists AS a",
        DIFFERS,
    ),
    // Of weeks whose listens are past their days the charts alone are left.
    (
        "song_charts.listens, with those to come",
        "WITH w AS MATERIALIZED (SELECT week, item_id, CAST(sum(listens) AS bigint) AS counted \
         FROM weekly_listens GROUP BY week, item_id), \
         k AS MATERIALIZED (SELECT c.week, c.item_id, CAST(sum(c.listens) AS bigint) AS kept \
         FROM (SELECT week, item_id, listens FROM song_charts UNION ALL \
         SELECT week, item_id, listens FROM uncharted_listens) AS c GROUP BY c.week, c.item_id), \
         b AS MATERIALIZED (SELECT k.week, k.item_id FROM k \
         WHERE k.week >= (SELECT min(week) FROM w) UNION SELECT w.week, w.item_id FROM w) \
         SELECT b.item_id, coalesce(k.kept, 0) AS kept, coalesce(w.counted, 0) AS counted FROM b \
         LEFT JOIN k ON k.week = b.week AND k.item_id = b.item_id \
         LEFT JOIN w ON w.week = b.week AND w.item_id = b.item_id",
        DIFFERS,
    ),
    (
        "song_charts.listeners, with those to come",
        "WITH w AS MATERIALIZED (SELECT week, item_id, count(*) AS counted \
         FROM weekly_listens GROUP BY week, item_id), \
         k AS MATERIALIZED (SELECT c.week, c.item_id, CAST(sum(c.listeners) AS bigint) AS kept \
         FROM (SELECT week, item_id, listeners FROM song_charts UNION ALL \
         SELECT week, item_id, listeners FROM uncharted_listens) AS c GROUP BY c.week, c.item_id), \
         b AS MATERIALIZED (SELECT k.week, k.item_id FROM k \
         WHERE k.week >= (SELECT min(week) FROM w) UNION SELECT w.week, w.item_id FROM w) \
         SELECT b.item_id, coalesce(k.kept, 0) AS kept, coalesce(w.counted, 0) AS counted FROM b \
         LEFT JOIN k ON k.week = b.week AND k.item_id = b.item_id \
         LEFT JOIN w ON w.week = b.week AND w.item_id = b.item_id",
        DIFFERS,
    ),
];

/// A user and a song.
type Pair = (Uuid, Uuid);

/// What is kept by week and song, and the last time of each, against each time. (Of the oldest week some of
/// the times can be past their days; so can all but the last of a song.)
pub(super) async fn listens(db: &impl ConnectionTrait) -> Result<Vec<Difference>, DbErr> {
    let mut weeks: BTreeMap<(i64, Pair), i64> = BTreeMap::new();
    let mut last: BTreeMap<Pair, Uuid> = BTreeMap::new();
    for row in listen::Entity::find().all(db).await? {
        let pair = (row.user_id, row.item_id);
        let week = Week::at(time_of(row.id)).number();
        *weeks.entry((week, pair)).or_default() += 1;
        let latest = last.entry(pair).or_insert(row.id);
        *latest = row.id.max(*latest);
    }
    let rows = weekly_listen::Entity::find().all(db).await?;
    let oldest = rows.iter().map(|row| row.week).min();
    let mut differences = Vec::new();
    let mut differ = |check: &str, (user, song): Pair, kept, counted| {
        differences.push(Difference {
            check: check.to_owned(),
            key: format!("{}{}", user.simple(), song.simple()),
            kept,
            counted,
        });
    };
    for row in rows {
        let pair = (row.user_id, row.item_id);
        let counted = weeks.remove(&(row.week, pair)).unwrap_or_default();
        let some_are_past = Some(row.week) == oldest && row.listens > counted;
        if row.listens != counted && !some_are_past {
            differ("weekly_listens.listens", pair, row.listens, counted);
        }
    }
    for ((_, pair), counted) in weeks {
        differ("weekly_listens.listens", pair, 0, counted);
    }
    for row in song_listener::Entity::find().all(db).await? {
        let pair = (row.user_id, row.item_id);
        let is_last = last.get(&pair).is_none_or(|last| *last == row.listen_id);
        if !is_last {
            differ("song_listeners: the last listen", pair, 1, 0);
        }
    }
    Ok(differences)
}
