//! Raw statements in the dialect of the database.
//!
//! A list travels as one value a column, so that a statement's text, and with it its prepared
//! form, is the same for one key and for a thousand: arrays through `unnest` on PostgreSQL, one
//! JSON array through `json_each` on SQLite. Placeholders are `$1`, `$2`, …, which both read.

use std::{
    collections::BTreeSet,
    fmt::Write,
    sync::atomic::{AtomicBool, Ordering},
};

use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, QueryResult, Statement, Value, sea_query::ArrayType,
};
use uuid::Uuid;

pub use column::Column;
use column::json_rows;
pub use ended::{is_ended, is_of, remove_before, remove_ended};
pub(crate) use rows::row;
pub use rows::{Cell, Cells, Row};
pub use told::{Told, tell_sessions};

mod column;
mod ended;
mod rows;
mod told;

/// Whether this process has opened a Citus cluster.
static CITUS: AtomicBool = AtomicBool::new(false);

/// From here on statements are put as Citus needs them. They say the same on every PostgreSQL, only
/// not as cheaply; so it does no harm that a process answers once for all its databases.
pub fn speak_citus() {
    CITUS.store(true, Ordering::Relaxed);
}

/// Whether statements are put so.
pub fn speaks_citus() -> bool {
    CITUS.load(Ordering::Relaxed)
}

/// A statement in the making: its dialect, and the values bound so far.
#[derive(Debug)]
pub struct Sql {
    backend: DbBackend,
    values: Vec<Value>,
}

impl Sql {
    /// A statement for `db`.
    pub fn of(db: &impl ConnectionTrait) -> Self {
        Self {
            backend: db.get_database_backend(),
            values: Vec::new(),
        }
    }

    /// Whether the statement is for PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.backend == DbBackend::Postgres
    }

    /// Whether the statement is for PostgreSQL, and tables may be spread over several of them.
    pub fn is_citus(&self) -> bool {
        self.is_postgres() && speaks_citus()
    }

    /// That the first of `columns`, a shard key, is that of one of `keys`, to follow other conditions
    /// that say so already: from this one Citus knows which shards to ask. Nothing elsewhere, nor
    /// for so many that they lie on every shard: PostgreSQL 15 tries each of them at each row that
    /// it looks up (1,000: 211 ms for 4 ms; 32: 0.31 for 0.24).
    pub fn on_shards<const N: usize>(
        &mut self,
        columns: &[impl AsRef<str>; N],
        keys: &[[Uuid; N]],
    ) -> String {
        const MOST: usize = 32;
        let Some(column) = columns.first().filter(|_| self.is_citus()) else {
            return String::new();
        };
        let shards: BTreeSet<_> = keys.iter().filter_map(|key| key.first().copied()).collect();
        if shards.len() > MOST {
            return String::new();
        }
        let shards = self.bind(ids_array(shards));
        format!(" AND {} = ANY({shards})", column.as_ref())
    }

    /// Binds `value` and gives its placeholder.
    pub fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// As [`Self::bind`], for thousands of values that each stand in the text once and in this order:
    /// SQLite's placeholders with a number are looked up one by one, its `?` is not.
    pub fn bind_in_order(&mut self, value: impl Into<Value>) -> String {
        let placeholder = self.bind(value);
        if self.is_postgres() {
            placeholder
        } else {
            "?".to_owned()
        }
    }

    /// `keys` as the table `name` with the columns `k0`, `k1`, … and `n`, the key's place.
    ///
    /// On SQLite a key is one hexadecimal text that is cut by `unhex`: a blob never equals its
    /// text, nothing would match, silently.
    pub fn keys<const N: usize>(&mut self, name: &str, keys: &[[Uuid; N]]) -> String {
        let (mut sources, mut columns) = (Vec::with_capacity(N), Vec::with_capacity(N));
        if self.is_postgres() {
            for part in 0..N {
                let ids = keys.iter().filter_map(|key| key.get(part).copied());
                sources.push(self.bind(ids_array(ids)));
                columns.push(format!("k{part}"));
            }
            return unnest(&sources, name, &columns);
        }
        for part in 0..N {
            let start = part * 32 + 1;
            columns.push(format!("unhex(substr(value, {start}, 32)) AS k{part}"));
        }
        let json = self.bind(json_keys(keys));
        json_table(&json, name, &columns)
    }

    /// `columns` as the table `name` with these columns and `n`, the row's place.
    pub fn table(&mut self, name: &str, columns: Vec<(&str, Column)>) -> String {
        let (mut sources, mut names) = (Vec::new(), Vec::new());
        if self.is_postgres() {
            for (column, values) in columns {
                sources.push(self.bind(values.into_array()));
                names.push(column.to_owned());
            }
            return unnest(&sources, name, &names);
        }
        for (place, (column, values)) in columns.iter().enumerate() {
            names.push(match values {
                Column::Ids(_) | Column::Bytes(_) => {
                    format!("unhex(value ->> {place}) AS {column}")
                }
                Column::Numbers(_) | Column::Texts(_) => format!("value ->> {place} AS {column}"),
            });
        }
        let json = self.bind(json_rows(&columns));
        json_table(&json, name, &names)
    }

    /// The day that stands in `column`, a text of a list.
    pub fn day(&self, column: &str) -> String {
        match self.is_postgres() {
            true => format!("CAST({column} AS date)"),
            // There it is a text anyhow.
            false => column.to_owned(),
        }
    }

    /// That `column` is one of `ids`.
    pub fn among(&mut self, column: &str, ids: &[Uuid]) -> String {
        if self.is_postgres() {
            let ids = self.bind(ids_array(ids.iter().copied()));
            return format!("{column} = ANY({ids})");
        }
        let keys: Vec<_> = ids.iter().map(|id| [*id]).collect();
        let json = self.bind(json_keys(&keys));
        format!("{column} IN (SELECT unhex(value) FROM json_each({json}))")
    }

    /// That `column` is one of `values`: on PostgreSQL.
    pub fn bytes_among(&mut self, column: &str, values: &[Vec<u8>]) -> String {
        let values = values.iter().map(|value| value.clone().into());
        format!(
            "{column} = ANY({})",
            self.bind(array(ArrayType::Bytes, values))
        )
    }

    /// That `column` is one of `texts`.
    pub fn texts_among(&mut self, column: &str, texts: &[String]) -> String {
        let list = Column::Texts(texts.to_vec());
        if self.is_postgres() {
            return format!("{column} = ANY({})", self.bind(list.into_array()));
        }
        let json = self.bind(json_rows(&[("value", list)]));
        format!("{column} IN (SELECT value ->> 0 FROM json_each({json}))")
    }

    /// That `column`, which is never null, is none of `ids`.
    pub fn none_of(&mut self, column: &str, ids: &[Uuid]) -> String {
        if self.is_postgres() {
            let ids = self.bind(ids_array(ids.iter().copied()));
            return format!("{column} <> ALL({ids})");
        }
        format!("NOT {}", self.among(column, ids))
    }

    /// The rows of `text`.
    ///
    /// # Errors
    /// The database's.
    pub async fn rows(
        self,
        db: &impl ConnectionTrait,
        text: impl Into<String>,
    ) -> Result<Vec<QueryResult>, DbErr> {
        db.query_all_raw(self.statement(text)).await
    }

    /// The rows of `text`, whose columns are those of `R`.
    ///
    /// # Errors
    /// The database's.
    pub async fn models<R: Row>(
        self,
        db: &impl ConnectionTrait,
        text: impl Into<String>,
    ) -> Result<Vec<R>, DbErr> {
        let rows = self.rows(db, text).await?;
        rows.iter()
            .map(|row| R::read(&mut Cells::of(row)))
            .collect()
    }

    /// Runs `text`. Says how many rows it changed.
    ///
    /// # Errors
    /// The database's.
    pub async fn run(
        self,
        db: &impl ConnectionTrait,
        text: impl Into<String>,
    ) -> Result<u64, DbErr> {
        let done = db.execute_raw(self.statement(text)).await?;
        Ok(done.rows_affected())
    }

    fn statement(self, text: impl Into<String>) -> Statement {
        Statement::from_sql_and_values(self.backend, text.into(), self.values)
    }
}

/// The order in which everybody holds several users, so that no two wait for each other.
pub fn in_order<const N: usize>(mut ids: [Uuid; N]) -> [Uuid; N] {
    ids.sort_unstable();
    ids
}

/// Holds the row of `table` whose `columns` are `key` until the transaction ends, so that what is
/// read next stays so: on PostgreSQL, where many write at once. SQLite has one writer.
///
/// One row at a time: a statement that held two users' rows would cross shards. Who holds several
/// takes users before what is theirs, and each kind [`in_order`].
///
/// # Errors
/// The database's.
pub async fn hold<const N: usize>(
    db: &impl ConnectionTrait,
    table: &str,
    columns: [&str; N],
    key: [Uuid; N],
) -> Result<(), DbErr> {
    let mut sql = Sql::of(db);
    if !sql.is_postgres() {
        return Ok(());
    }
    let conditions: Vec<_> = columns
        .iter()
        .zip(key)
        .map(|(column, id)| format!("{column} = {}", sql.bind(id)))
        .collect();
    let text = format!(
        "SELECT 1 FROM {table} WHERE {} FOR NO KEY UPDATE",
        conditions.join(" AND ")
    );
    sql.rows(db, text).await?;
    Ok(())
}

fn ids_array(ids: impl IntoIterator<Item = Uuid>) -> Value {
    array(ArrayType::Uuid, ids.into_iter().map(Value::from))
}

fn array(of: ArrayType, values: impl Iterator<Item = Value>) -> Value {
    Value::Array(of, Some(Box::new(values.collect())))
}

fn unnest(arrays: &[String], name: &str, columns: &[String]) -> String {
    format!(
        "unnest({}) WITH ORDINALITY AS {name}({}, n)",
        arrays.join(", "),
        columns.join(", ")
    )
}

fn json_table(json: &str, name: &str, columns: &[String]) -> String {
    format!(
        "(SELECT key AS n, {} FROM json_each({json})) AS {name}",
        columns.join(", ")
    )
}

/// One hexadecimal text a key.
fn json_keys<const N: usize>(keys: &[[Uuid; N]]) -> String {
    let mut json = String::with_capacity(2 + keys.len() * (32 * N + 3));
    json.push('[');
    for key in keys {
        if json.len() > 1 {
            json.push(',');
        }
        json.push('"');
        for part in key {
            let _ = write!(json, "{}", part.simple());
        }
        json.push('"');
    }
    json.push(']');
    json
}
