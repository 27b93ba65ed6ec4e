//! Changing the counters of many rows with one statement.

use std::collections::BTreeMap;

use sea_orm::DbErr;
use uuid::Uuid;

use super::{kept::Change, target::Target};
use crate::sql::{Column, Sql};

/// What is counted of a user for that user alone.
pub(super) const COUNTERS: &str = "user_counters";

/// Changes `columns` of those rows of `table` whose `keys` are the map's, each by its own numbers.
pub(super) async fn change<const K: usize, const C: usize>(
    to: Target<'_>,
    table: &'static str,
    keys: [&str; K],
    columns: [(&'static str, Change); C],
    by_key: &BTreeMap<[Uuid; K], [i64; C]>,
) -> Result<(), DbErr> {
    if by_key.is_empty() {
        return Ok(());
    }
    let tx = match to {
        Target::Statements(tx) => tx,
        Target::Whole(copying) => {
            return copying.count(table, |kept| {
                for (ids, numbers) in by_key {
                    let mut key = [Uuid::nil(); 2];
                    key.iter_mut().zip(ids).for_each(|(part, id)| *part = *id);
                    for ((column, change), number) in columns.iter().zip(numbers) {
                        kept.change(key, column, *change, *number);
                    }
                }
            });
        }
    };
    let db = &tx.sql;
    let mut set = Vec::with_capacity(C);
    let mut taken = Vec::with_capacity(K + C);
    let mut matched = Vec::with_capacity(K);
    let names: Vec<_> = (0..K.max(C))
        .map(|index| (format!("k{index}"), format!("c{index}")))
        .collect();
    for (index, (key, (name, _))) in keys.iter().zip(&names).enumerate() {
        let ids = by_key.keys().filter_map(|key| key.get(index).copied());
        taken.push((name.as_str(), Column::Ids(ids.collect())));
        matched.push(format!("{table}.{key} = d.{name}"));
    }
    for (index, ((column, change), (_, name))) in columns.iter().zip(&names).enumerate() {
        let numbers = by_key.values().filter_map(|row| row.get(index).copied());
        taken.push((name.as_str(), Column::Numbers(numbers.collect())));
        let kept = format!("{table}.{column}");
        set.push(match change {
            Change::Add => format!("{column} = {kept} + d.{name}"),
            Change::AtLeast => {
                format!("{column} = CASE WHEN {kept} > d.{name} THEN {kept} ELSE d.{name} END")
            }
        });
    }
    let mut sql = Sql::of(db);
    let d = sql.table("d", taken);
    let text = format!(
        "UPDATE {table} SET {} FROM {d} WHERE {}",
        set.join(", "),
        matched.join(" AND ")
    );
    sql.run(db, text).await?;
    Ok(())
}
