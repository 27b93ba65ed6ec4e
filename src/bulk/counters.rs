//! Changing the counters of many rows with one statement.

use std::{collections::BTreeMap, fmt::Write};

use sea_orm::{ConnectionTrait, DbErr, Statement};
use uuid::Uuid;

/// How a counter changes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Change {
    /// By so many.
    Add,
    /// To this number, unless it is higher already.
    AtLeast,
}

/// Changes `columns` of those rows of `table` whose `keys` are the map's, each by its own numbers.
pub(super) async fn change<const K: usize, const C: usize>(
    db: &impl ConnectionTrait,
    table: &str,
    keys: [&str; K],
    columns: [(&str, Change); C],
    by_key: &BTreeMap<[Uuid; K], [i64; C]>,
) -> Result<(), DbErr> {
    if by_key.is_empty() {
        return Ok(());
    }
    let mut set = Vec::with_capacity(C);
    let mut taken = Vec::with_capacity(K + C);
    let mut matched = Vec::with_capacity(K);
    for (index, key) in keys.iter().enumerate() {
        taken.push(format!("unhex(value ->> {index}) AS k{index}"));
        matched.push(format!("{table}.{key} = d.k{index}"));
    }
    for (index, (column, change)) in columns.iter().enumerate() {
        taken.push(format!("value ->> {} AS c{index}", index + K));
        set.push(match change {
            Change::Add => format!("{column} = {column} + d.c{index}"),
            Change::AtLeast => format!("{column} = max({column}, d.c{index})"),
        });
    }
    let sql = format!(
        "UPDATE {table} SET {} FROM (SELECT {} FROM json_each(?1)) AS d WHERE {}",
        set.join(", "),
        taken.join(", "),
        matched.join(" AND ")
    );
    let statement =
        Statement::from_sql_and_values(db.get_database_backend(), sql, [json(by_key).into()]);
    db.execute_raw(statement).await?;
    Ok(())
}

/// One array a row: the parts of its key in hexadecimal, then its numbers.
fn json<const K: usize, const C: usize>(by_key: &BTreeMap<[Uuid; K], [i64; C]>) -> String {
    let mut json = String::from("[");
    for (key, numbers) in by_key {
        json.push(if json.len() > 1 { ',' } else { ' ' });
        json.push('[');
        // Writing to a String cannot fail.
        for (index, part) in key.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            let _ = write!(json, "{comma}\"{}\"", part.simple());
        }
        for number in numbers {
            let _ = write!(json, ",{number}");
        }
        json.push(']');
    }
    json.push(']');
    json
}
