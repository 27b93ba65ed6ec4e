//! SQLite: one file, some connections that read and one that writes.

use std::time::Duration;

use sea_orm::{
    ConnectOptions, DatabaseConnection, DbErr, RuntimeErr, sqlx::sqlite::SqliteConnectOptions,
};
use tokio::time::{Instant, sleep};

use super::{OnStatement, told};

/// How long a statement waits for a lock that another process holds, and a request for a
/// connection.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long a start waits for others that start on the same file, asking again and again: who turns
/// a new file's journal into a log holds it alone, and SQLite tells the others so at once, whatever
/// [`PATIENCE`] it was given.
const STARTING: Duration = Duration::from_secs(10);
const ASKING_AGAIN: Duration = Duration::from_millis(20);

/// Read-only connections: as many as can be at work on a small machine at once.
const READERS: u32 = 4;

/// Refuses what names no file, or sets what the service sets itself.
pub(super) fn check_url(url: &str) -> anyhow::Result<()> {
    if url.contains(":memory:") || url.contains("mode=memory") {
        anyhow::bail!(
            "the database URL `{url}` names a database in memory, which would be lost with its \
             connection: name a file, for example sqlite://ashiato.db"
        );
    }
    if ["mode=", "vfs=", "cache=", "immutable="]
        .iter()
        .any(|part| url.contains(part))
    {
        anyhow::bail!(
            "the database URL `{url}` has parameters that the service sets itself: name the file \
             alone, for example sqlite://ashiato.db"
        );
    }
    if file(url).is_empty() {
        anyhow::bail!(
            "the database URL `{url}` names no file: name one, for example sqlite://ashiato.db"
        );
    }
    Ok(())
}

/// The file that `url` names.
pub(super) fn file(url: &str) -> &str {
    let file = url.trim_start_matches("sqlite:").trim_start_matches("//");
    file.split('?').next().unwrap_or_default()
}

pub(super) fn cannot_open(url: &str, error: &DbErr) -> anyhow::Error {
    anyhow::anyhow!(
        "cannot open the database `{url}`: {error}. Check that the folder exists, that the file \
         and its folder can be written by this user, that the disk has room and that no other \
         program holds the file; or name another with --database-url"
    )
}

/// The connection that writes; if told so, it makes the file where it is missing.
pub(super) async fn writer(
    url: String,
    on_statement: Option<OnStatement>,
    create: bool,
) -> Result<DatabaseConnection, DbErr> {
    let patience = if create { STARTING } else { PATIENCE };
    let writer = connect(&url, 1, patience, move |options| {
        options
            .create_if_missing(create)
            .pragma("journal_mode", "wal")
            .pragma("synchronous", "full")
            .pragma("foreign_keys", "on")
    })
    .await?;
    Ok(told(writer, on_statement))
}

/// The connections that read.
pub(super) async fn reader(
    url: &str,
    on_statement: Option<OnStatement>,
) -> Result<DatabaseConnection, DbErr> {
    let reader = connect(url, READERS, STARTING, |options| {
        // A connection opens the log beside the file as it first reads, and has it from then on:
        // the log outlives the connection that writes, and whoever removes its name.
        options.read_only(true).pragma("table_info", "users")
    })
    .await?;
    Ok(told(reader, on_statement))
}

async fn connect(
    url: &str,
    connections: u32,
    patience: Duration,
    set: impl Fn(SqliteConnectOptions) -> SqliteConnectOptions + Send + Sync + 'static,
) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(connections)
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .acquire_timeout(PATIENCE)
        // Costs 24% and tells nothing of a file.
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |options| {
            set(options.busy_timeout(PATIENCE).statement_cache_capacity(256))
        });
    let began = Instant::now();
    loop {
        match sea_orm::Database::connect(options.clone()).await {
            Err(error) if began.elapsed() < patience && is_locked(&error) => {
                sleep(ASKING_AGAIN).await;
            }
            connected => return connected,
        }
    }
}

/// `SQLITE_BUSY`, in each of its kinds.
fn is_locked(error: &DbErr) -> bool {
    let (DbErr::Conn(RuntimeErr::SqlxError(error))
    | DbErr::Exec(RuntimeErr::SqlxError(error))
    | DbErr::Query(RuntimeErr::SqlxError(error))) = error
    else {
        return false;
    };
    let code = error.as_database_error().and_then(|error| error.code());
    code.and_then(|code| code.parse::<i32>().ok())
        .is_some_and(|code| code & 0xff == 5)
}
