//! Finding texts by their terms, the newest first.
//!
//! SQLite's table of words gives what it finds in the order of their places, one after the other: a page of a word
//! that is everywhere costs what one of a rare one costs. PostgreSQL's index gives it in no order, and all of it is
//! sorted. So a search there asks for what was written lately first, and for what is older only where there is not
//! enough (see `times`): of 60,000 texts of five years that all have a word, a page takes 0.5 ms for 35. On Citus,
//! which would carry out all of that, it asks for everything at once.

use std::cmp::Reverse;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::{
    place::{Hit, Moment, Place},
    query::{Query, Rank},
    texts::Texts,
    times::{Stretch, stretches},
    words::Scope,
};
use crate::sql::{Column, Sql};

const NEWEST: &str = "ORDER BY t.place DESC, t.id DESC, t.author_id DESC";

/// What texts are looked for.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'q> {
    /// The words.
    pub query: &'q Query,
    /// Where they are.
    pub rank: Rank,
    /// When.
    pub now: DateTime<Utc>,
}

/// Those of what has the terms that are looked at together.
#[derive(Clone, Debug, Default)]
pub struct Lane<'l> {
    /// Only of authors who wish to be found, and were born on this day or before, if given.
    pub findable_by: Option<NaiveDate>,
    /// Only of authors who have one of these as a friend, if given.
    pub with_friend: Option<&'l [Uuid]>,
    /// Of none of these.
    pub without: &'l [Uuid],
}

/// A statement of a lane.
struct Search<'l> {
    /// What finds its texts.
    expression: String,
    lane: Lane<'l>,
    /// Before which.
    before: Moment,
    now: DateTime<Utc>,
    limit: i64,
}

impl Texts {
    /// Up to `limit` texts after `from`, the newest first, that are `sought`, in any of `lanes`, each for its
    /// scopes: one statement a lane.
    ///
    /// # Errors
    /// The database's.
    pub async fn of_rank<'l>(
        &self,
        db: &impl ConnectionTrait,
        sought: Sought<'_>,
        lanes: impl Iterator<Item = (&'l [Scope], Lane<'l>)>,
        from: &Place,
        limit: usize,
    ) -> Result<Vec<Hit>, DbErr> {
        let Sought { query, rank, now } = sought;
        let Some(before) = from.begins(rank) else {
            return Ok(Vec::new());
        };
        let most = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut hits = Vec::new();
        for (scopes, lane) in lanes {
            let search = Search {
                expression: query.expression(rank, scopes, Sql::of(db).is_postgres()),
                lane,
                before,
                now,
                limit: most,
            };
            hits.extend(self.find(db, search).await?);
        }
        hits.sort_unstable_by_key(|hit| Reverse(hit.moment()));
        hits.dedup(); // What a friend wrote for everybody stands in two lanes.
        hits.truncate(limit);
        Ok(hits)
    }

    async fn find(&self, db: &impl ConnectionTrait, search: Search<'_>) -> Result<Vec<Hit>, DbErr> {
        let mut sql = Sql::of(db);
        let text = match sql.is_postgres() {
            true => self.on_postgres(&mut sql, search),
            false => self.on_sqlite(&mut sql, search),
        };
        let rows = sql.rows(db, text).await?;
        rows.iter()
            .map(|row| {
                Ok(Hit {
                    author: row.try_get_by_index(0)?,
                    id: row.try_get_by_index(1)?,
                    place: row.try_get_by_index(2)?,
                })
            })
            .collect()
    }

    /// PostgreSQL goes through the stretches of time one after the other, and no further than there is enough.
    fn on_postgres(&self, sql: &mut Sql, search: Search<'_>) -> String {
        let Self { table, .. } = self;
        let Search {
            before: (place, id, author),
            lane,
            ..
        } = &search;
        let stretches = stretches(*place, search.now.timestamp_millis());
        let is_citus = sql.is_citus();
        let expression = sql.bind(search.expression.as_str());
        let (place, id, author) = (sql.bind(*place), sql.bind(*id), sql.bind(*author));
        let (query, written) = match is_citus {
            true => (expression, ""),
            false => (
                format!("{expression} || p.spans"),
                " AND t.place >= p.since AND t.place < p.older",
            ),
        };
        let mut found = format!(
            "SELECT t.author_id, t.id, t.place FROM {table} AS t \
             WHERE t.terms @@ CAST({query} AS tsquery) \
             AND (t.place, t.id, t.author_id) < ({place}, {id}, {author}){written}"
        );
        if !lane.without.is_empty() {
            let none_of = sql.none_of("t.author_id", lane.without);
            found.push_str(&format!(" AND {none_of}"));
        }
        let authors = of_authors(sql, lane).join(" AND ");
        let all = match (authors.is_empty(), is_citus) {
            (true, _) => found,
            // (Citus takes no OFFSET here: there it is one query.)
            (false, true) => format!("{found} AND {authors}"),
            // It is sorted, and then looked at until there is enough: what is asked of authors is not asked of all.
            (false, false) => format!(
                "SELECT t.author_id, t.id, t.place FROM ({found} {NEWEST} OFFSET 0) AS t \
                 WHERE {authors}"
            ),
        };
        let limit = sql.bind(search.limit);
        let newest = format!("{all} {NEWEST} LIMIT {limit}");
        if is_citus {
            return newest;
        }
        let column = |of: fn(&Stretch) -> i64| Column::Numbers(stretches.iter().map(of).collect());
        let spans = stretches.iter().map(|it| it.spans.clone()).collect();
        let (since, older) = (column(|it| it.since), column(|it| it.older));
        let p = sql.table(
            "p",
            vec![
                ("spans", Column::Texts(spans)),
                ("since", since),
                ("older", older),
            ],
        );
        format!(
            "SELECT f.author_id, f.id, f.place FROM {p} CROSS JOIN LATERAL ({newest}) AS f \
             LIMIT {limit}"
        )
    }

    fn on_sqlite(&self, sql: &mut Sql, search: Search<'_>) -> String {
        let Self { table, words, .. } = self;
        let (place, _, _) = search.before;
        let (expression, place) = (sql.bind(search.expression), sql.bind(place));
        let lane = &search.lane;
        let mut text = format!(
            "SELECT t.author_id, t.id, t.place FROM {words}({expression}) AS w \
             CROSS JOIN {table} AS t WHERE t.place = w.rowid AND w.rowid < {place}"
        );
        if !lane.without.is_empty() {
            let none_of = sql.none_of("t.author_id", lane.without);
            text.push_str(&format!(" AND {none_of}"));
        }
        for condition in of_authors(sql, lane) {
            text.push_str(&format!(" AND {condition}"));
        }
        let limit = sql.bind(search.limit);
        text.push_str(&format!(" ORDER BY w.rowid DESC LIMIT {limit}"));
        text
    }
}

/// What `lane` asks of the authors, each a look-up.
fn of_authors(sql: &mut Sql, lane: &Lane<'_>) -> Vec<String> {
    let each = match sql.is_postgres() && !sql.is_citus() {
        true => " OFFSET 0",
        false => "",
    };
    let mut conditions = Vec::new();
    if let Some(born_by) = lane.findable_by {
        let born_by = sql.bind(born_by);
        conditions.push(format!(
            "EXISTS (SELECT 1 FROM users AS u WHERE u.id = t.author_id \
             AND u.birth_date <= {born_by} AND u.is_searchable{each})"
        ));
    }
    if let Some(friends) = lane.with_friend {
        let among = sql.among("f.friend_id", friends);
        conditions.push(format!(
            "EXISTS (SELECT 1 FROM friendships AS f WHERE f.user_id = t.author_id \
             AND {among}{each})"
        ));
    }
    conditions
}
