//! Where the database is.

use std::{
    fmt::{Display, Formatter},
    path::Path,
    time::Duration,
};

use sea_orm::DatabaseConnection;

use super::{postgres, sqlite, tables};

/// Connections to PostgreSQL where nothing else is said: enough to keep a small machine busy.
pub const CONNECTIONS: u32 = 16;

/// How far behind its primary a replica may be where nothing else is said.
pub const MAX_REPLICA_LAG: Duration = Duration::from_secs(10);

/// Where the database is, and how much of it the service takes.
#[derive(Clone)]
pub struct Place {
    /// `sqlite://FILE` or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`.
    pub url: String,
    /// The most connections to PostgreSQL.
    pub connections: u32,
    /// Streaming replicas of that PostgreSQL, which share the reading.
    pub replicas: Vec<String>,
    /// How far behind the primary a replica may be that is read.
    pub max_replica_lag: Duration,
    /// Whether missing steps of the tables are taken at the start; otherwise it is refused.
    pub migrate: bool,
}

impl Place {
    /// At `url`, with as many connections as where nothing else is said.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            connections: CONNECTIONS,
            replicas: Vec::new(),
            max_replica_lag: MAX_REPLICA_LAG,
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
    /// As [`super::Database::open`].
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

    pub(super) async fn settle_tables(&self, db: &DatabaseConnection) -> anyhow::Result<()> {
        if self.migrate {
            tables::up(db).await?;
        } else {
            tables::Steps::read(db).await?.refuse_other()?;
        }
        Ok(())
    }

    pub(super) fn is_postgres(&self) -> bool {
        self.url.starts_with("postgres://") || self.url.starts_with("postgresql://")
    }

    /// Refuses what names no database.
    ///
    /// # Errors
    /// A sentence that says what to change.
    pub fn check(&self) -> anyhow::Result<()> {
        let url = &self.url;
        anyhow::ensure!(
            self.replicas.is_empty() || self.is_postgres(),
            "--read-database-url names replicas of a PostgreSQL, and --database-url is none: leave \
             it out, or name the PostgreSQL that they replicate"
        );
        for replica in &self.replicas {
            postgres::check_url(replica)?;
        }
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
