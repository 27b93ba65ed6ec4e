//! Rows by their keys.

use std::hash::Hash;

use foldhash::HashMap;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::{columns, statement::matches};
use crate::{
    database::{Answer, Question, Source, ask},
    sql::{Row, Sql},
};

#[derive(Clone)]
struct ByKeys<R, const N: usize> {
    table: &'static str,
    names: [&'static str; N],
    key_of: fn(&R) -> [Uuid; N],
}

impl<R, const N: usize> Question for ByKeys<R, N>
where
    R: Row + Clone + Sync + 'static,
{
    type Key = [Uuid; N];
    type Found = R;
    type Same = (&'static str, [&'static str; N]);

    fn same(&self) -> Self::Same {
        (self.table, self.names)
    }

    async fn ask(
        &self,
        db: &impl ConnectionTrait,
        keys: &[Self::Key],
    ) -> Result<Answer<Self>, DbErr> {
        let Self { table, names, .. } = *self;
        by_keys_as(db, &columns::<R>("t"), table, names, keys, self.key_of).await
    }
}

/// The rows of `table` whose columns `names` equal one of `keys`, by key.
///
/// # Errors
/// The database's.
pub async fn by_keys<R, const N: usize>(
    db: &impl Source,
    table: &'static str,
    names: [&'static str; N],
    keys: &[[Uuid; N]],
    key_of: fn(&R) -> [Uuid; N],
) -> Result<HashMap<[Uuid; N], R>, DbErr>
where
    R: Row + Clone + Sync + 'static,
{
    let question = ByKeys {
        table,
        names,
        key_of,
    };
    ask(db, question, keys).await
}

/// The same by a statement of its own, of which `read` is read: columns of the table `t`.
///
/// # Errors
/// The database's.
pub async fn by_keys_as<R, const N: usize>(
    db: &impl ConnectionTrait,
    read: &str,
    table: &str,
    columns: [&str; N],
    keys: &[[Uuid; N]],
    key_of: impl Fn(&R) -> [Uuid; N],
) -> Result<HashMap<[Uuid; N], R>, DbErr>
where
    R: Row,
    [Uuid; N]: Hash,
{
    let mut sql = Sql::of(db);
    let p = sql.keys("p", keys);
    let columns = columns.map(|column| format!("t.{column}"));
    let of_key = matches(&columns, "p");
    let on_shards = sql.on_shards(&columns, keys);
    let text = format!("SELECT {read} FROM {p} CROSS JOIN {table} AS t WHERE {of_key}{on_shards}");
    let rows = sql.models(db, text).await?;
    Ok(rows.into_iter().map(|row| (key_of(&row), row)).collect())
}
