//! Search by pieces of words. Japanese has no spaces and many two-character words (京都), which
//! three-character indexes miss: a text is cut into every two neighbouring characters.
//!
//! A gram table's key is (gram, order..., id), so that a page of a search is one range of the
//! text's first gram, each row of which is looked up under the other grams: for names and titles. Texts of
//! many words are found otherwise: see [`Texts`].

mod place;
mod query;
mod texts;
mod words;

pub use place::{Hit, Looked, Moment, Place, Searched, look};
pub use query::{Query, Rank};
pub use texts::{Lane, Text, Texts};
pub use words::{Scope, terms};

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DbErr, Value};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use crate::{
    error::{Error, text::service::ServiceText},
    sql::Sql,
};

/// The most grams of a query that are looked up: more than enough to tell titles apart.
const MOST: usize = 12;

/// What is searched for, folded.
///
/// # Errors
/// [`Error::InvalidArgument`] where it is longer than any name or title that is looked for.
pub fn asked(text: &str) -> Result<String, Error> {
    const LIMIT: usize = 100;
    if text.chars().nth(LIMIT).is_some() {
        let text = ServiceText::SearchTooLong { limit: LIMIT };
        return Err(Error::InvalidArgument(text));
    }
    Ok(fold(text))
}

/// `text` as it is compared: half and full width, upper and lower case, hiragana and katakana are
/// one, and neighbouring spaces, or control characters, are one space.
pub fn fold(text: &str) -> String {
    let folded: String = text
        .nfkc()
        .flat_map(char::to_lowercase)
        .map(to_hiragana)
        .collect();
    folded
        .split(|character: char| character.is_whitespace() || character.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn to_hiragana(character: char) -> char {
    const KATAKANA_TO_HIRAGANA: u32 = 0x60;
    match character {
        'ァ'..='ヶ' => {
            char::from_u32(u32::from(character) - KATAKANA_TO_HIRAGANA).unwrap_or(character)
        }
        _ => character,
    }
}

/// The grams that `folded` is found by: its pairs of characters, and each character of a script
/// whose words can have one character.
pub fn grams_of(folded: &str) -> BTreeSet<String> {
    let mut grams = pairs(folded).collect::<BTreeSet<_>>();
    grams.extend(
        folded
            .chars()
            .filter(|c| !c.is_ascii() && !c.is_whitespace())
            .map(String::from),
    );
    grams
}

/// The grams that a search for `folded` looks up; none where the text is too short to search by.
pub fn grams_to_find(folded: &str) -> Vec<String> {
    let mut characters = folded.chars();
    match (characters.next(), characters.next()) {
        (Some(only), None) if !only.is_ascii() => vec![folded.to_owned()],
        _ => {
            let mut seen = BTreeSet::new();
            pairs(folded)
                .filter(|gram| seen.insert(gram.clone()))
                .take(MOST)
                .collect()
        }
    }
}

fn pairs(folded: &str) -> impl Iterator<Item = String> + '_ {
    folded
        .chars()
        .zip(folded.chars().skip(1))
        .map(|(left, right)| String::from_iter([left, right]))
}

/// A table of grams with an index on (gram, `order`, `id`).
#[derive(Clone, Copy, Debug)]
pub struct Index {
    /// The table.
    pub table: &'static str,
    /// The column that orders what is found.
    pub order: &'static str,
    /// The column that names what is found.
    pub id: &'static str,
}

/// Which of what is found is wanted.
#[derive(Clone, Debug, Default)]
pub struct Only<'o> {
    /// What has this value in this column, if given.
    pub with: Option<(&'o str, Value)>,
    /// None of these.
    pub without: &'o [Uuid],
    /// What is of a kind by another table, if given.
    pub beside: Option<Beside>,
}

/// Of what is found those that have a row in a table, under the same id, of which a column is true, and
/// another at most this.
#[derive(Clone, Debug)]
pub struct Beside {
    /// The table, in which ids are the key.
    pub table: &'static str,
    /// The column that is true.
    pub holds: &'static str,
    /// The other.
    pub column: &'static str,
    /// The most that it holds.
    pub at_most: Value,
}

impl Index {
    /// Up to `limit` rows (order, id) after `after` that stand under every one of `grams`, as far as
    /// `only` leaves them.
    ///
    /// # Errors
    /// The database's.
    pub async fn find(
        &self,
        db: &impl ConnectionTrait,
        grams: &[String],
        only: Only<'_>,
        after: &(String, Uuid),
        limit: i64,
    ) -> Result<Vec<(String, Uuid)>, DbErr> {
        let Some((first, others)) = grams.split_first() else {
            return Ok(Vec::new());
        };
        let Self { table, order, id } = self;
        let mut sql = Sql::of(db);
        let gram = sql.bind(first.as_str());
        let (after, after_id) = (sql.bind(after.0.as_str()), sql.bind(after.1));
        let limit = sql.bind(limit);
        let mut text = format!(
            "SELECT g.{order}, g.{id} FROM {table} AS g \
             WHERE g.gram = {gram} AND (g.{order}, g.{id}) > ({after}, {after_id})"
        );
        // With an OFFSET it stays a look-up of each row: PostgreSQL would rather join all that stands
        // under one gram with all under another, and sort it, for each page. (Citus takes none.)
        let each = if sql.is_postgres() && !sql.is_citus() {
            " OFFSET 0"
        } else {
            ""
        };
        for gram in others {
            let gram = sql.bind(gram.as_str());
            text.push_str(&format!(
                " AND EXISTS (SELECT 1 FROM {table} AS o WHERE o.gram = {gram} \
                 AND o.{order} = g.{order} AND o.{id} = g.{id}{each})"
            ));
        }
        if let Some((column, value)) = only.with {
            let value = sql.bind(value);
            text.push_str(&format!(" AND g.{column} = {value}"));
        }
        if let Some(Beside {
            table,
            holds,
            column,
            at_most,
        }) = only.beside
        {
            let at_most = sql.bind(at_most);
            text.push_str(&format!(
                " AND EXISTS (SELECT 1 FROM {table} AS b WHERE b.id = g.{id} \
                 AND b.{column} <= {at_most} AND b.{holds}{each})"
            ));
        }
        if !only.without.is_empty() {
            let none_of = sql.none_of(&format!("g.{id}"), only.without);
            text.push_str(&format!(" AND {none_of}"));
        }
        text.push_str(&format!(" ORDER BY g.{order}, g.{id} LIMIT {limit}"));
        let rows = sql.rows(db, text).await?;
        rows.iter()
            .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
            .collect()
    }
}
