//! What a counter holds too many for one viewer.

use std::hash::Hash;

use foldhash::HashMap;
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use uuid::Uuid;

use super::{LookUp, statement::matches};
use crate::sql::Sql;

/// From so many ids on, what each parent has is read, and held to them: a look-up for each of both would
/// take longer (100 parents, 10,000 ids: a million). Nobody has so many but where thousands are absent.
const MANY: usize = 100;

/// How many rows of `table` each of `parents` has whose `column` is one of `ids`, where there are
/// any: one statement, in which neither a parent nor an id may stand twice. An index on the parent columns and
/// `column` must be there.
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
    let key = (0..N).map(|part| format!("p.k{part}"));
    let key = key.collect::<Vec<_>>().join(", ");
    if ids.len() > MANY {
        let of_parent = matches(&columns, "p") + &sql.on_shards(&columns, parents);
        let among = sql.among(&format!("t.{column}"), ids);
        let text = format!(
            "SELECT {key}, count(*) FILTER (WHERE {among}) FROM {p} CROSS JOIN {table} AS t \
             WHERE {of_parent} GROUP BY {key}"
        );
        return counted(&sql.rows(db, text).await?);
    }
    let found = if sql.is_postgres() && !sql.is_citus() {
        let i = sql.keys("i", &ids.iter().map(|id| [*id]).collect::<Vec<_>>());
        // By the shard key and the id: PostgreSQL takes what lies under two columns for few, and
        // would read all that a parent of two has.
        let shard = columns.first().map_or_else(String::new, String::clone);
        let by = format!("{shard} = p.k0 AND t.{column} = i.k0");
        let LookUp { from, condition } = LookUp::of(&sql, table, "t", &columns.join(", "), &by);
        let of_parent = matches(&columns, "p");
        format!("{i} CROSS JOIN {from} WHERE {condition} AND {of_parent}")
    } else {
        let of_parent = matches(&columns, "p") + &sql.on_shards(&columns, parents);
        let among = sql.among(&format!("t.{column}"), ids);
        format!("{table} AS t WHERE {of_parent} AND {among}")
    };
    let text = format!("SELECT {key}, count(*) FROM {p} CROSS JOIN {found} GROUP BY {key}");
    counted(&sql.rows(db, text).await?)
}

fn counted<const N: usize>(rows: &[QueryResult]) -> Result<HashMap<[Uuid; N], i64>, DbErr>
where
    [Uuid; N]: Hash,
{
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
