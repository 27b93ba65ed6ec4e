//! The database: SQLite, whose one writer commits in groups, or PostgreSQL.

pub mod backup;
mod file;
mod postgres;
pub mod shards;
mod sqlite;
pub mod tables;
mod tx;
mod writer;

use std::{
    fmt::{Display, Formatter},
    path::Path,
    sync::Arc,
};

use futures_util::future::BoxFuture;
use sea_orm::{ConnectionTrait, DatabaseConnection, metric::Info};

use crate::{error::Error, events::Events, rejection::Rejection};
use file::DatabaseFiles;
pub use tx::Tx;
use writer::{Connect, Writer};

/// Connections to PostgreSQL where nothing else is said: enough to keep a small machine busy.
pub const CONNECTIONS: u32 = 16;

/// Is told of every statement (tests count them).
pub type OnStatement = Arc<dyn Fn(&Info<'_>) + Send + Sync>;

/// Where the database is, and how much of it the service takes.
#[derive(Clone)]
pub struct Place {
    /// `sqlite://FILE` or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`.
    pub url: String,
    /// The most connections to PostgreSQL.
    pub connections: u32,
    /// Whether missing steps of the tables are taken at the start; otherwise it is refused.
    pub migrate: bool,
}

impl Place {
    /// At `url`, with as many connections as where nothing else is said.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            connections: CONNECTIONS,
            migrate: true,
        }
    }

    /// The file that it is, where it is one.
    pub fn file(&self) -> Option<&Path> {
        (!self.is_postgres()).then(|| Path::new(sqlite::file(&self.url)))
    }

    /// A connection for steps that change the tables: one, that waits as long as it takes.
    ///
    /// # Errors
    /// As [`Database::open`].
    pub async fn connect_to_migrate(&self) -> anyhow::Result<DatabaseConnection> {
        self.check()?;
        if self.is_postgres() {
            postgres::connect_to_migrate(&self.url)
                .await
                .map_err(|error| postgres::cannot_open(&self.url, &error))
        } else {
            sqlite::writer(self.url.clone(), None, true)
                .await
                .map_err(|error| sqlite::cannot_open(&self.url, &error))
        }
    }

    async fn settle_tables(&self, db: &DatabaseConnection) -> anyhow::Result<()> {
        if self.migrate {
            tables::up(db).await?;
        } else {
            tables::Steps::read(db).await?.refuse_other()?;
        }
        Ok(())
    }

    fn is_postgres(&self) -> bool {
        self.url.starts_with("postgres://") || self.url.starts_with("postgresql://")
    }

    fn check(&self) -> anyhow::Result<()> {
        let url = &self.url;
        if self.is_postgres() {
            postgres::check_url(url)
        } else if url.starts_with("sqlite:") {
            sqlite::check_url(url)
        } else {
            anyhow::bail!(
                "the database URL must begin with `sqlite:` or `postgres:`, for example \
                 sqlite://ashiato.db or postgres://user@localhost/ashiato"
            )
        }
    }
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "Place({self}, {} connections)", self.connections)
    }
}

/// Without a password.
impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(&postgres::redacted(&self.url))
    }
}

/// The database.
#[derive(Debug)]
pub struct Database {
    reader: DatabaseConnection,
    writes: Writes,
}

/// How mutations are carried out.
#[derive(Debug)]
enum Writes {
    /// SQLite's one writer, on these files.
    InGroups(Writer, Arc<DatabaseFiles>),
    /// Each in a transaction of its own.
    Alone(Events),
}

impl Database {
    /// Opens the database at `place`, makes the file where it is missing, and brings its tables up
    /// to date.
    ///
    /// # Errors
    /// A sentence that says what to change, where the database cannot be opened or written.
    pub async fn open(
        place: &Place,
        events: Events,
        on_statement: Option<OnStatement>,
    ) -> anyhow::Result<Self> {
        place.check()?;
        if place.is_postgres() {
            Self::open_postgres(place, events, on_statement).await
        } else {
            Self::open_sqlite(place, events, on_statement).await
        }
    }

    async fn open_sqlite(
        place: &Place,
        events: Events,
        on_statement: Option<OnStatement>,
    ) -> anyhow::Result<Self> {
        let cannot_open = |error| sqlite::cannot_open(&place.url, &error);
        let (url, tell) = (place.url.clone(), on_statement.clone());
        let writer = sqlite::writer(place.url.clone(), on_statement.clone(), true)
            .await
            .map_err(cannot_open)?;
        place.settle_tables(&writer).await?;
        let reader = sqlite::reader(&place.url, on_statement)
            .await
            .map_err(cannot_open)?;
        let files = Arc::new(DatabaseFiles::opened(&place.url).map_err(cannot_open)?);
        // Made anew, it never makes a file: that would hide that the old one has gone.
        let open = files.clone();
        let connect_writer: Connect = Box::new(move || {
            let (checked, url, tell) = (open.check(), url.clone(), tell.clone());
            Box::pin(async move {
                checked?;
                Ok(sqlite::writer(url, tell, false).await?)
            })
        });
        Ok(Self {
            reader,
            writes: Writes::InGroups(Writer::start(writer, connect_writer, events), files),
        })
    }

    async fn open_postgres(
        place: &Place,
        events: Events,
        on_statement: Option<OnStatement>,
    ) -> anyhow::Result<Self> {
        let migrating = place.connect_to_migrate().await?;
        place.settle_tables(&migrating).await?;
        let cannot_open = |error| postgres::cannot_open(&place.url, &error);
        migrating.close().await.map_err(cannot_open)?;
        let reader = postgres::connect(&place.url, place.connections, on_statement)
            .await
            .map_err(cannot_open)?;
        Ok(Self {
            reader,
            writes: Writes::Alone(events),
        })
    }

    /// For statements that only read.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        matches!(self.writes, Writes::Alone(_))
    }

    /// Runs `work` in a transaction, and comes back when it is committed and on disk.
    ///
    /// `work` can run again where its transaction was lost or met another's.
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
        match &self.writes {
            Writes::InGroups(writer, _) => writer.write(work).await,
            Writes::Alone(events) => postgres::write(&self.reader, events, work).await,
        }
    }

    /// Whether SQLite's files that are open are those that their paths name: what is written into
    /// one that was deleted or renamed is lost at the end.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where they are not.
    pub fn check_file(&self) -> Result<(), Error> {
        match &self.writes {
            Writes::InGroups(_, files) => files.check(),
            Writes::Alone(_) => Ok(()),
        }
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
        if let Writes::InGroups(writer, _) = &self.writes {
            writer.close().await;
        }
        if let Err(error) = self.reader.close_by_ref().await {
            tracing::warn!(%error, "the readers did not close");
        }
    }
}

fn told(
    mut connection: DatabaseConnection,
    on_statement: Option<OnStatement>,
) -> DatabaseConnection {
    if let Some(tell) = on_statement {
        connection.set_metric_callback(move |info| tell(info));
    }
    connection
}
