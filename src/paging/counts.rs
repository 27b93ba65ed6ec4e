//! What a counter holds too many for one viewer.

use std::{collections::HashMap, hash::Hash};

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::statement::matches;
use crate::sql::Sql;

/// How many rows of `table` each of `parents` has whose `column` is one of `ids`, where there are
/// any: one statement, in which no parent may stand twice. The index on (parent columns, `column`)
/// must be there.
///
/// # Errors
/// The database's.
pub async fn count_among<const N: usize>(
    db: &impl ConnectionTrait,
    table: &str,
    parent: [&str; N],
    parents: &[[Uuid; N]],
    column: &str,
    ids: &[Uuid],
) -> Result<HashMap<[Uuid; N], i64>, DbErr>
where
    [Uuid; N]: Hash,
{
    let mut sql = Sql::of(db);
    let p = sql.keys("p", parents);
    let columns = parent.map(|column| format!("t.{column}"));
    let of_parent = matches(&columns, "p") + &sql.on_shards(&columns, parents);
    let among = sql.among(&format!("t.{column}"), ids);
    let key = (0..N).map(|part| format!("p.k{part}"));
    let key = key.collect::<Vec<_>>().join(", ");
    let text = format!(
        "SELECT {key}, count(*) FROM {p} CROSS JOIN {table} AS t \
         WHERE {of_parent} AND {among} GROUP BY {key}"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter()
        .map(|row| {
            let mut key = [Uuid::nil(); N];
            for (part, id) in key.iter_mut().enumerate() {
                *id = row.try_get_by_index(part)?;
            }
            Ok((key, row.try_get_by_index(N)?))
        })
        .collect()
}
