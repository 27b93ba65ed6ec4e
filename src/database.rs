//! The database: SQLite, whose one writer commits in groups, or PostgreSQL.

pub mod backup;
pub mod ephemeral;
mod file;
pub mod health;
mod place;
mod postgres;
mod reader;
mod reading;
mod reads;
mod replicas;
pub mod shards;
mod source;
mod sqlite;
pub mod tables;
mod tx;
mod work;
mod writer;

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr,
    metric::Info,
    sqlx::{self, PgConnection},
};
use tokio::time::timeout;

use crate::{
    error::Error,
    events::Events,
    lsn::Lsn,
    rejection::Rejection,
    sql::{Sql, speak_citus},
};
use file::DatabaseFiles;
pub use place::{CONNECTIONS, MAX_REPLICA_LAG, Place};
use postgres::Publishing;
pub use reader::Reader;
pub use reading::Reading;
pub use reads::{Answer, Question};
use replicas::Replicas;
pub use source::{Source, ask};
pub use tx::Tx;
use work::{Kept, Work};
use writer::{Connect, Writer};

/// Is told of every statement (tests count them).
pub type OnStatement = Arc<dyn Fn(&Info<'_>) + Send + Sync>;

/// How long anybody waits for what stands around an operation, such as whose session it is.
pub const PATIENCE: Duration = Duration::from_secs(1);

/// What `asked` answers in time: a database that has fallen silent keeps nobody for longer.
///
/// # Errors
/// What `asked` fails with, and [`Error::Unavailable`] where it takes too long.
pub async fn in_time<T, E>(asked: impl Future<Output = Result<T, E>>) -> Result<T, Error>
where
    Error: From<E>,
{
    match timeout(PATIENCE, asked).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(Error::Unavailable("the database is silent".into())),
    }
}

/// The database.
#[derive(Debug)]
pub struct Database {
    reader: Reader,
    replicas: Option<Replicas>,
    writes: Writes,
}

/// How mutations are carried out.
#[derive(Debug)]
enum Writes {
    /// SQLite's one writer, on these files.
    InGroups(Writer, Arc<DatabaseFiles>),
    /// Each in a transaction of its own, at this URL.
    Alone(Events, String),
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
        let reader = sqlite::reader(&place.url, on_statement.clone())
            .await
            .map_err(cannot_open)?;
        let reader = Reader::new(reader, on_statement);
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
            replicas: None,
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
        // How statements are put, and planned, depends on it. (With replicas it is refused below.)
        let is_citus = shards::is_citus(&migrating).await.map_err(cannot_open)?;
        if is_citus && place.replicas.is_empty() {
            speak_citus();
        }
        migrating.close().await.map_err(cannot_open)?;
        let reader = postgres::connect(&place.url, place.connections, on_statement.clone())
            .await
            .map_err(cannot_open)?;
        let replicas = Replicas::open(place, &reader, on_statement.as_ref()).await?;
        let reader = Reader::new(reader, on_statement);
        Ok(Self {
            replicas,
            reader,
            writes: Writes::Alone(events, place.url.clone()),
        })
    }

    /// For statements that only read, and whose reader needs what is true now: sessions, who may
    /// see what, and whatever is kept beyond the request.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// For statements that only read, and whose reader needs everything up to `lsn`: at a
    /// replica that has come so far, the same for the same `seat` while nothing changes.
    pub fn reading(&self, lsn: Lsn, seat: usize) -> Reading<'_> {
        let replicas = self.replicas.as_ref();
        let replica = replicas.and_then(|replicas| replicas.at(lsn, seat));
        Reading::new(&self.reader, replica)
    }

    /// A seat among the replicas.
    pub fn seat(&self) -> usize {
        self.replicas.as_ref().map_or(0, Replicas::seat)
    }

    /// Whether there are replicas, so that it matters where a write stands in the log.
    pub fn has_replicas(&self) -> bool {
        self.replicas.is_some()
    }

    /// After everything that was committed by now. Without replicas nobody needs to know where
    /// that is: it is [`Lsn::NEWEST`] then.
    ///
    /// # Errors
    /// The database's.
    pub async fn lsn(&self) -> Result<Lsn, Error> {
        if !self.has_replicas() {
            return Ok(Lsn::NEWEST);
        }
        Ok(postgres::end_of_log(&self.reader).await?)
    }

    /// Waits until no other process does what the number `key` stands for, and keeps others from it
    /// until the transaction ends. Nothing on SQLite.
    ///
    /// # Errors
    /// The database's.
    pub async fn alone(&self, key: i64) -> Result<Option<DatabaseTransaction>, DbErr> {
        match &self.writes {
            Writes::InGroups(..) => Ok(None),
            Writes::Alone(_, url) => postgres::alone(url, key).await.map(Some),
        }
    }

    /// A connection without time-outs to fill an empty database through. None on SQLite, and on Citus,
    /// whose workers need each row's statement.
    ///
    /// # Errors
    /// The database's.
    pub async fn to_fill(&self) -> Result<Option<PgConnection>, sqlx::Error> {
        match &self.writes {
            Writes::Alone(_, url) if !self.is_citus() => {
                postgres::connect_to_fill(url).await.map(Some)
            }
            _ => Ok(None),
        }
    }

    /// What the clock of PostgreSQL says. (SQLite has none of its own.)
    ///
    /// # Errors
    /// The database's.
    pub async fn now(&self) -> Result<Option<DateTime<Utc>>, DbErr> {
        match &self.writes {
            Writes::InGroups(..) => Ok(None),
            Writes::Alone(..) => postgres::now(&self.reader).await,
        }
    }

    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        matches!(self.writes, Writes::Alone(..))
    }

    /// Whether the tables may be spread over several PostgreSQL.
    pub fn is_citus(&self) -> bool {
        Sql::of(&self.reader).is_citus()
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
        let work = Kept::new(work);
        self.carry_out(work.clone()).await?;
        work.take()
    }

    async fn carry_out(&self, work: Arc<dyn Work>) -> Result<(), Rejection> {
        match &self.writes {
            Writes::InGroups(writer, _) => writer.write(work).await,
            Writes::Alone(events, _) => {
                let publishing = Publishing {
                    events: events.clone(),
                    has_replicas: self.has_replicas(),
                };
                postgres::write(&self.reader, publishing, work).await
            }
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
            Writes::Alone(..) => Ok(()),
        }
    }

    /// Whether the database answers a read (SQLite's own ping never leaves the process), has taken
    /// every step that this program knows, and, on PostgreSQL, would take a write. Steps of a newer
    /// version do no harm: that is how a new version is rolled out.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where it does not.
    pub async fn ping(&self) -> Result<(), Error> {
        let steps = tables::Steps::read(&self.reader).await?;
        if let Some(step) = steps.missing.first() {
            let detail = format!("the tables lack the step {step}");
            return Err(Error::Unavailable(detail.into()));
        }
        match &self.writes {
            Writes::InGroups(..) => {
                self.reader
                    .execute_unprepared("SELECT 1 FROM users LIMIT 1")
                    .await?;
                Ok(())
            }
            Writes::Alone(..) => postgres::ping(&self.reader).await,
        }
    }

    /// Ends after what is being written is on disk.
    pub async fn close(&self) {
        let pool = self.reader.end();
        match &self.writes {
            Writes::InGroups(writer, _) => {
                writer.close().await;
                if let Err(error) = pool.close_by_ref().await {
                    tracing::warn!(%error, "the readers did not close");
                }
            }
            Writes::Alone(..) => {
                if let Some(replicas) = &self.replicas {
                    replicas.close().await;
                }
                postgres::close(pool).await;
            }
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
