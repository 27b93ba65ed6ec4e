//! What is asked of a database before it is served from. Nothing of it changes anything.

use chrono::{DateTime, Utc};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbErr, QueryResult, SqliteTransactionMode,
    TransactionOptions, TransactionTrait, TryGetable,
};
use uuid::Uuid;

use super::{postgres, shards, tables::Steps};
use crate::sql::Sql;

/// The oldest PostgreSQL that the service is for, as its server numbers it.
pub const OLDEST_POSTGRES: i64 = 150_000;

/// Which database it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// In words, such as `SQLite 3.46.0` or `PostgreSQL 15.3`.
    pub name: String,
    /// Whether it is older than what the service is for.
    pub is_too_old: bool,
    /// How many connections PostgreSQL takes, of everybody.
    pub connections: Option<i64>,
}

/// Which database `db` leads to.
///
/// # Errors
/// The database's.
pub async fn version(db: &impl ConnectionTrait) -> Result<Version, DbErr> {
    if !Sql::of(db).is_postgres() {
        let version: Option<String> = one(db, "SELECT sqlite_version()").await?;
        return Ok(Version {
            name: format!("SQLite {}", version.unwrap_or_default()),
            is_too_old: false,
            connections: None,
        });
    }
    let text = "SELECT current_setting('server_version'), \
                CAST(current_setting('server_version_num') AS bigint), \
                CAST(current_setting('max_connections') AS bigint)";
    let rows = Sql::of(db).rows(db, text).await?;
    let row = rows.first().ok_or_else(nothing)?;
    let number: i64 = row.try_get_by_index(1)?;
    let name: String = row.try_get_by_index(0)?;
    let citus = match shards::is_citus(db).await? {
        true => ", with Citus",
        false => "",
    };
    Ok(Version {
        name: format!("PostgreSQL {name}{citus}"),
        is_too_old: number < OLDEST_POSTGRES,
        connections: Some(row.try_get_by_index(2)?),
    })
}

/// Whether `db`, which has taken `steps`, takes writes: one is made and taken back.
///
/// # Errors
/// The database's, where it does not.
pub async fn takes_writes(db: &DatabaseConnection, steps: &Steps) -> Result<(), DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let tx = db.begin_with_options(options).await?;
    let text = match steps.taken.is_empty() {
        true => "CREATE TABLE ashiato_doctor (number bigint)",
        false => "UPDATE seaql_migrations SET version = version",
    };
    let done = tx.execute_unprepared(text).await;
    tx.rollback().await?;
    done.map(|_| ())
}

/// What the clock of PostgreSQL says. (SQLite has none of its own.)
///
/// # Errors
/// The database's.
pub async fn now(db: &impl ConnectionTrait) -> Result<Option<DateTime<Utc>>, DbErr> {
    match Sql::of(db).is_postgres() {
        true => postgres::now(db).await,
        false => Ok(None),
    }
}

/// When the newest user was made, or the newest call was kept: no clock says less. None where there is neither.
///
/// # Errors
/// The database's.
pub async fn newest(db: &impl ConnectionTrait) -> Result<Option<DateTime<Utc>>, DbErr> {
    let user: Option<Uuid> = one(db, "SELECT id FROM users ORDER BY id DESC LIMIT 1").await?;
    let user = user.and_then(|id| {
        let (seconds, nanos) = id.get_timestamp()?.to_unix();
        DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos)
    });
    let text = "SELECT created_at FROM idempotency_keys ORDER BY created_at DESC LIMIT 1";
    let call: Option<DateTime<Utc>> = one(db, text).await?;
    Ok(user.max(call))
}

/// Some of what is sealed with the service's own keys.
///
/// # Errors
/// The database's.
pub async fn sealed(db: &impl ConnectionTrait) -> Result<Vec<Vec<u8>>, DbErr> {
    let rows = Sql::of(db)
        .rows(db, "SELECT secret FROM two_factors LIMIT 1000")
        .await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// The first column of the first row of `text`.
async fn one<T: TryGetable>(db: &impl ConnectionTrait, text: &str) -> Result<Option<T>, DbErr> {
    let rows: Vec<QueryResult> = Sql::of(db).rows(db, text).await?;
    rows.first().map(|row| row.try_get_by_index(0)).transpose()
}

fn nothing() -> DbErr {
    DbErr::Custom("the database answers nothing".to_owned())
}
