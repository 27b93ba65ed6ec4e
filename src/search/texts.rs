//! What texts are found by in the database: on PostgreSQL a `tsvector` with a GIN index, on SQLite a table of
//! FTS5's, and in both a row a text, which is written with the text, in its transaction, and goes with it.
//!
//! For whom a text is stands among its terms: so what is for others is not read on the way to what is for the
//! viewer, and neither the answer nor its time tells that it is there. On Citus the rows lie with their authors,
//! and a search asks every shard.
//!
//! Measured with 20,000 texts of 150 Japanese characters on SQLite: 600 bytes a text, 0.3 ms for a page of two
//! characters, 27 ms for one of what a thousand friends wrote. A text of 10,000 characters is written in 8 ms. (A
//! row a term, as names have, would be 10,700 rows for that, and 45 bytes each, twice.)

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::{place::PLACES, times::times};
use crate::{
    paging::{by_keys_as, columns},
    sql::{Column, Sql, row},
};

/// The tables that texts of one kind are found by.
#[derive(Clone, Copy, Debug)]
pub struct Texts {
    /// A row a text: whose, which, where it stands, and of which version.
    pub table: &'static str,
    /// On SQLite the terms, under the place of the row.
    pub words: &'static str,
    /// Where the texts themselves are.
    pub of: &'static str,
    /// What names one there, beside its author.
    pub id: &'static str,
}

/// A text as it is found.
#[derive(Clone, Debug)]
pub struct Text {
    /// Whose it is.
    pub author: Uuid,
    /// What names it beside that.
    pub id: Uuid,
    /// An id that was made when it was written, which orders it.
    pub order: Uuid,
    /// When this version was written, where it is not the first.
    pub edited_at: Option<DateTime<Utc>>,
    /// Its terms.
    pub terms: Vec<String>,
}

/// Which version of a text there is, or is found.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Version {
    author_id: Uuid,
    id: Uuid,
    edited_at: Option<DateTime<Utc>>,
}

row! {
    Version { author_id, id, edited_at }
}

impl Version {
    fn key(&self) -> [Uuid; 2] {
        [self.author_id, self.id]
    }
}

impl Text {
    /// The first place of the millisecond in which it was written: its own, but on SQLite, where each has another.
    pub fn place(&self) -> i64 {
        self.written_at() * PLACES
    }

    /// What finds it: its terms, and on PostgreSQL those that say when it was written.
    pub fn found_by(&self, is_postgres: bool) -> Vec<String> {
        let times = times(self.written_at()).filter(|_| is_postgres);
        self.terms.iter().cloned().chain(times).collect()
    }

    /// In milliseconds of the Unix epoch.
    fn written_at(&self) -> i64 {
        i64::try_from(self.order.as_u128() >> 80).unwrap_or(0)
    }
}

impl Texts {
    /// Has searches find `text`, and no earlier version of it. Whoever calls holds its author, or has just written
    /// it.
    ///
    /// # Errors
    /// The database's.
    pub async fn write(&self, db: &impl ConnectionTrait, text: &Text) -> Result<(), DbErr> {
        let Self { table, words, .. } = self;
        let mut sql = Sql::of(db);
        let (author, id) = (sql.bind(text.author), sql.bind(text.id));
        let (first, edited_at) = (sql.bind(text.place()), sql.bind(text.edited_at));
        if sql.is_postgres() {
            let terms = sql.table("p", vec![("term", Column::Texts(text.found_by(true)))]);
            let statement = format!(
                "INSERT INTO {table} (author_id, id, place, edited_at, terms) \
                 VALUES ({author}, {id}, {first}, {edited_at}, \
                 array_to_tsvector(ARRAY(SELECT p.term FROM {terms}))) \
                 ON CONFLICT (author_id, id) \
                 DO UPDATE SET edited_at = excluded.edited_at, terms = excluded.terms"
            );
            sql.run(db, statement).await?;
            return Ok(());
        }
        // Behind those that were written in the same millisecond.
        let places = sql.bind(PLACES);
        let statement = format!(
            "INSERT INTO {table} (author_id, id, place, edited_at) \
             VALUES ({author}, {id}, coalesce((SELECT max(place) + 1 FROM {table} \
             WHERE place >= {first} AND place < {first} + {places}), {first}), {edited_at}) \
             ON CONFLICT (author_id, id) DO UPDATE SET edited_at = excluded.edited_at \
             RETURNING place"
        );
        let rows = sql.rows(db, statement).await?;
        let place: i64 = match rows.first() {
            Some(row) => row.try_get_by_index(0)?,
            None => return Err(DbErr::RecordNotInserted),
        };
        let mut sql = Sql::of(db);
        let (place, terms) = (sql.bind(place), sql.bind(text.terms.join(" ")));
        let statement =
            format!("INSERT OR REPLACE INTO {words} (rowid, terms) VALUES ({place}, {terms})");
        sql.run(db, statement).await?;
        Ok(())
    }

    /// The next `limit` texts after the one with the key `after`, in the order of their keys, and whether each is
    /// found as another version of it said, or not at all.
    ///
    /// # Errors
    /// The database's.
    pub async fn outdated(
        &self,
        db: &impl ConnectionTrait,
        [author, id]: [Uuid; 2],
        limit: i64,
    ) -> Result<Vec<([Uuid; 2], bool)>, DbErr> {
        let Self {
            table,
            of,
            id: name,
            ..
        } = self;
        let mut sql = Sql::of(db);
        let (author, id, limit) = (sql.bind(author), sql.bind(id), sql.bind(limit));
        let text = format!(
            "SELECT d.author_id, d.{name}, d.edited_at FROM {of} AS d \
             WHERE (d.author_id, d.{name}) > ({author}, {id}) \
             ORDER BY d.author_id, d.{name} LIMIT {limit}"
        );
        let there: Vec<Version> = sql.models(db, text).await?;
        let keys: Vec<_> = there.iter().map(Version::key).collect();
        let names = ["author_id", "id"];
        let read = columns::<Version>("t");
        let found = by_keys_as(db, &read, table, names, &keys, Version::key).await?;
        let with_key = there.into_iter().map(|version| {
            let key = version.key();
            (key, found.get(&key) != Some(&version))
        });
        Ok(with_key.collect())
    }

    /// Every term of every text, by the text's key: for the recount.
    ///
    /// # Errors
    /// The database's.
    pub async fn all(
        &self,
        db: &impl ConnectionTrait,
    ) -> Result<BTreeMap<[Uuid; 2], BTreeSet<String>>, DbErr> {
        let Self { table, words, .. } = self;
        let sql = Sql::of(db);
        let text = match sql.is_postgres() {
            true => format!(
                "SELECT t.author_id, t.id, unnest(tsvector_to_array(t.terms)) FROM {table} AS t"
            ),
            false => format!(
                "SELECT t.author_id, t.id, l.term FROM {words}_listed AS l \
                 CROSS JOIN {table} AS t WHERE t.place = l.doc"
            ),
        };
        let mut all: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
        for row in sql.rows(db, text).await? {
            let key = [row.try_get_by_index(0)?, row.try_get_by_index(1)?];
            all.entry(key).or_default().insert(row.try_get_by_index(2)?);
        }
        Ok(all)
    }
}
