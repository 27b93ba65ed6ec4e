//! The database: readers, and the one writer that commits in groups.

mod file;
mod writer;

use std::time::Duration;

use futures_util::future::BoxFuture;
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbErr, metric::Info};

use crate::{error::Error, events::Events, rejection::Rejection};
use file::DatabaseFile;
pub use writer::Tx;
use writer::{Connect, Writer};

/// How long a statement waits for a lock that another process holds, and a request for a
/// connection.
const PATIENCE: Duration = Duration::from_secs(1);

/// Read-only connections: as many as can be at work on a small machine at once.
const READERS: u32 = 4;

/// Is told of every statement (tests count them).
pub type OnStatement = std::sync::Arc<dyn Fn(&Info<'_>) + Send + Sync>;

/// The database.
#[derive(Debug)]
pub struct Database {
    reader: DatabaseConnection,
    writer: Writer,
    file: DatabaseFile,
}

impl Database {
    /// Opens the database at `url`, makes it where it is missing, and brings its tables up to
    /// date.
    ///
    /// # Errors
    /// A sentence that says what to change, where the database cannot be opened or written.
    pub async fn open(
        url: &str,
        events: Events,
        on_statement: Option<OnStatement>,
    ) -> anyhow::Result<Self> {
        check_url(url)?;
        let (place, tell) = (url.to_owned(), on_statement.clone());
        // Made anew, it never makes a file: that would hide that the old one has gone.
        let connect_writer: Connect =
            Box::new(move || Box::pin(writer(place.clone(), tell.clone(), false)));
        let writer = writer(url.to_owned(), on_statement.clone(), true)
            .await
            .map_err(|error| cannot_open(url, &error))?;
        Migrator::up(&writer, None)
            .await
            .map_err(|error| cannot_open(url, &error))?;
        let file = DatabaseFile::opened(url).map_err(|error| cannot_open(url, &error))?;
        let mut reader = connect(url, READERS, |options| options.read_only(true))
            .await
            .map_err(|error| cannot_open(url, &error))?;
        if let Some(tell) = on_statement {
            reader.set_metric_callback(move |info| tell(info));
        }
        Ok(Self {
            reader,
            writer: Writer::start(writer, connect_writer, events),
            file,
        })
    }

    /// For statements that only read.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Runs `work` in a transaction, and comes back when it is committed and on disk.
    ///
    /// `work` can run again where the transaction of the group that it was in was lost.
    ///
    /// # Errors
    /// What `work` answers, and [`Error::Unavailable`] where the database refuses, or its file is
    /// not where it was opened.
    pub async fn write<T, F>(&self, work: F) -> Result<T, Rejection>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t Tx) -> BoxFuture<'t, Result<T, Rejection>> + Send + Sync + 'static,
    {
        self.check_file()?;
        self.writer.write(work).await
    }

    /// Whether the file that is open is the one that its path names: what is written into a file
    /// that was deleted or renamed is lost at the end.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where it is not.
    pub fn check_file(&self) -> Result<(), Error> {
        self.file.check()
    }

    /// Whether the database answers a read. (SQLite's own ping never leaves the process.)
    ///
    /// # Errors
    /// [`Error::Unavailable`] where it does not.
    pub async fn ping(&self) -> Result<(), Error> {
        self.reader
            .execute_unprepared("SELECT 1 FROM users LIMIT 1")
            .await?;
        Ok(())
    }

    /// Ends after what is being written is on disk.
    pub async fn close(&self) {
        self.writer.close().await;
        if let Err(error) = self.reader.close_by_ref().await {
            tracing::warn!(%error, "the readers did not close");
        }
    }
}

fn check_url(url: &str) -> anyhow::Result<()> {
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
    let file = url.trim_start_matches("sqlite:").trim_start_matches("//");
    if url.starts_with("sqlite:") && file.is_empty() {
        anyhow::bail!(
            "the database URL `{url}` names no file: name one, for example sqlite://ashiato.db"
        );
    }
    if !url.starts_with("sqlite:") {
        anyhow::bail!(
            "the database URL must begin with `sqlite:`, for example sqlite://ashiato.db"
        );
    }
    Ok(())
}

fn cannot_open(url: &str, error: &DbErr) -> anyhow::Error {
    anyhow::anyhow!(
        "cannot open the database `{url}`: {error}. Check that the folder exists, that the file \
         and its folder can be written by this user, that the disk has room and that no other \
         program holds the file; or name another with --database-url"
    )
}

async fn writer(
    url: String,
    on_statement: Option<OnStatement>,
    create: bool,
) -> Result<DatabaseConnection, DbErr> {
    let mut writer = connect(&url, 1, move |options| {
        options
            .create_if_missing(create)
            .pragma("journal_mode", "wal")
            .pragma("synchronous", "full")
            .pragma("foreign_keys", "on")
    })
    .await?;
    if let Some(tell) = on_statement {
        writer.set_metric_callback(move |info| tell(info));
    }
    Ok(writer)
}

async fn connect(
    url: &str,
    connections: u32,
    set: impl Fn(SqliteOptions) -> SqliteOptions + Send + Sync + 'static,
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
    sea_orm::Database::connect(options).await
}

type SqliteOptions = sea_orm::sqlx::sqlite::SqliteConnectOptions;
