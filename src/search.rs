//! Search by pieces of words. Japanese has no spaces and many two-character words (京都), which
//! three-character indexes miss: a text is cut into every two neighbouring characters.
//!
//! A gram table's key is (gram, order..., id), so that a page of a search is one range of the
//! text's first gram, each row of which is looked up under the other grams.

use std::collections::BTreeSet;

use sea_orm::Value;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

/// The most grams of a query that are looked up: more than enough to tell titles apart.
const MOST: usize = 12;

/// `text` as it is compared: half and full width, upper and lower case, hiragana and katakana are
/// one, and neighbouring spaces are one space.
pub fn fold(text: &str) -> String {
    let folded: String = text
        .nfkc()
        .flat_map(char::to_lowercase)
        .map(to_hiragana)
        .collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
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

/// The statement that finds up to `limit` rows (order, id) of `table` that stand under every one
/// of `grams`, after `after`, in the order of `order`.
pub fn statement(
    table: &str,
    order: &str,
    id: &str,
    grams: &[String],
    after: &(String, Uuid),
    limit: i64,
) -> (String, Vec<Value>) {
    let mut sql = format!(
        "SELECT g.{order}, g.{id} FROM {table} AS g \
         WHERE g.gram = ?1 AND (g.{order}, g.{id}) > (?2, ?3)"
    );
    for index in 0..grams.len().saturating_sub(1) {
        let parameter = index + 5;
        sql.push_str(&format!(
            " AND EXISTS (SELECT 1 FROM {table} AS o WHERE o.gram = ?{parameter} \
             AND o.{order} = g.{order} AND o.{id} = g.{id})"
        ));
    }
    sql.push_str(&format!(" ORDER BY g.{order}, g.{id} LIMIT ?4"));
    let mut grams = grams.iter().map(|gram| Value::from(gram.as_str()));
    let mut values: Vec<Value> = vec![
        grams.next().unwrap_or_else(|| Value::from("")),
        after.0.as_str().into(),
        after.1.into(),
        limit.into(),
    ];
    values.extend(grams);
    (sql, values)
}
