//! PostgreSQL: a pool of connections; each mutation is a transaction of its own, and the server
//! groups their commits itself.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr,
    TransactionTrait,
    sqlx::{self, Connection, PgConnection, postgres::PgConnectOptions},
};

use tokio::time::timeout;

use super::{OnStatement, Reader, told, tx::Tx, work::Work};
use crate::{
    error::Error,
    events::{Event, Events},
    lsn::{END_OF_LOG, Lsn},
    rejection::Rejection,
    sql::{Sql, speaks_citus},
};

/// How long a request waits for a connection, and a statement for a row: a busy database answers
/// within a second.
const PATIENCE: Duration = Duration::from_millis(900);
/// How long a statement waits for a lock. Where several want one row it waits for two, one after the
/// other: for its turn, and then for who has the row.
pub(super) const LOCK_PATIENCE: Duration = Duration::from_millis(450);
/// How long a statement may take. A request has its own, shorter deadline; this one ends what
/// nobody waits for any more.
const LONGEST_STATEMENT: Duration = Duration::from_secs(30);
/// Prepared statements that a connection keeps: more than there are texts.
const PREPARED: usize = 512;
/// How often a transaction is run that meets another's.
const TRIES: u32 = 10;

/// Refuses what does not name a database.
pub(super) fn check_url(url: &str) -> anyhow::Result<()> {
    match url.parse::<PgConnectOptions>() {
        Ok(options) if options.get_database().is_some_and(|name| !name.is_empty()) => Ok(()),
        Ok(_) => anyhow::bail!(
            "the database URL `{}` names no database: end it with one's name, for example \
             postgres://user@localhost/ashiato",
            redacted(url)
        ),
        Err(error) => anyhow::bail!(
            "the database URL `{}` cannot be read ({error}): write one such as \
             postgres://user:password@localhost:5432/ashiato",
            redacted(url)
        ),
    }
}

/// `url` without its password.
pub(super) fn redacted(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    // A password can hold any sign but the one that ends it.
    match rest.rsplit_once('@') {
        Some((who, at)) => {
            let user = who.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}@{at}")
        }
        None => url.to_owned(),
    }
}

pub(super) fn cannot_open(url: &str, error: &DbErr) -> anyhow::Error {
    anyhow::anyhow!(
        "cannot open the database `{}`: {error}. Check that PostgreSQL runs there, that the \
         database exists and that this user may use it and make tables; or name another with \
         --database-url",
        redacted(url)
    )
}

/// A pool of up to `connections`.
pub(super) async fn connect(
    url: &str,
    connections: u32,
    on_statement: Option<OnStatement>,
) -> Result<DatabaseConnection, DbErr> {
    let options = serving(url, connections);
    Ok(told(
        sea_orm::Database::connect(options).await?,
        on_statement,
    ))
}

/// As [`connect`], where the server may be away for now.
pub(super) async fn connect_later(
    url: &str,
    connections: u32,
    on_statement: Option<OnStatement>,
) -> Result<DatabaseConnection, DbErr> {
    let mut options = serving(url, connections);
    options.connect_lazy(true);
    Ok(told(
        sea_orm::Database::connect(options).await?,
        on_statement,
    ))
}

fn serving(url: &str, connections: u32) -> ConnectOptions {
    let mut options = pool(url, connections);
    // Every statement has one plan, whatever is bound: the index of its list. Left to choose,
    // PostgreSQL plans a page of one parent anew each time, for three times what it costs. Citus finds
    // shards by what is bound: it knows no such plans.
    let plans = if speaks_citus() {
        "auto"
    } else {
        "force_generic_plan"
    };
    options.map_sqlx_postgres_opts(|options| {
        options.statement_cache_capacity(PREPARED).options([
            ("lock_timeout", millis(LOCK_PATIENCE)),
            ("statement_timeout", millis(LONGEST_STATEMENT)),
            ("plan_cache_mode", plans.to_owned()),
            (
                "idle_in_transaction_session_timeout",
                millis(LONGEST_STATEMENT),
            ),
        ])
    });
    options
}

/// For what may take long, and what waits for it: whatever the database or its role has for others.
const WITHOUT_TIME_OUTS: [(&str, &str); 3] = [
    ("lock_timeout", "0"),
    ("statement_timeout", "0"),
    ("idle_in_transaction_session_timeout", "0"),
];

/// One connection without time-outs, for steps that change the tables.
pub(super) async fn connect_to_migrate(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = pool(url, 1);
    options.map_sqlx_postgres_opts(|options| options.options(WITHOUT_TIME_OUTS));
    sea_orm::Database::connect(options).await
}

/// A connection without time-outs, to fill an empty database through.
pub(super) async fn connect_to_fill(url: &str) -> Result<PgConnection, sqlx::Error> {
    let options: PgConnectOptions = url.parse()?;
    PgConnection::connect_with(&options.options(WITHOUT_TIME_OUTS)).await
}

/// A transaction on a connection of its own that holds the advisory lock `key`, once nobody else
/// does, and until it ends.
pub(super) async fn alone(url: &str, key: i64) -> Result<DatabaseTransaction, DbErr> {
    let tx = connect_to_migrate(url).await?.begin().await?;
    lock(&tx, key).await?;
    Ok(tx)
}

/// Waits for the advisory lock `key`, and holds it until the transaction ends.
pub(super) async fn lock(tx: &DatabaseTransaction, key: i64) -> Result<(), DbErr> {
    let mut sql = Sql::of(tx);
    let key = sql.bind(key);
    sql.rows(tx, format!("SELECT pg_advisory_xact_lock({key})"))
        .await?;
    Ok(())
}

/// What its clock says.
pub(super) async fn now(db: &impl ConnectionTrait) -> Result<Option<DateTime<Utc>>, DbErr> {
    let rows = Sql::of(db).rows(db, "SELECT clock_timestamp()").await?;
    rows.first().map(|row| row.try_get_by_index(0)).transpose()
}

fn pool(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(PATIENCE)
        .connect_timeout(PATIENCE)
        // A connection that broke is found at its first statement.
        .test_before_acquire(false)
        .set_application_name("ashiato")
        .sqlx_logging(false);
    options
}

/// Gives the connections back. One that is just being tried where nobody answers is not waited for:
/// sqlx would try for five minutes.
pub(super) async fn close(db: &DatabaseConnection) {
    match timeout(PATIENCE, db.close_by_ref()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "the connections did not close"),
        Err(_) => tracing::warn!("the connections did not close in time, and are left"),
    }
}

pub(super) fn millis(time: Duration) -> String {
    format!("{}ms", time.as_millis())
}

/// Where the log ends: after everything that was committed by now, written out or not.
pub(super) async fn end_of_log(db: &impl ConnectionTrait) -> Result<Lsn, DbErr> {
    let rows = Sql::of(db).rows(db, format!("SELECT {END_OF_LOG}")).await?;
    let end = rows
        .first()
        .map(|row| row.try_get_by_index(0))
        .transpose()?;
    Ok(end.map_or(Lsn::NEWEST, Lsn::from_number))
}

/// Whether the tables are there, and can be written to.
pub(super) async fn ping(db: &impl ConnectionTrait) -> Result<(), Error> {
    let text = "SELECT current_setting('transaction_read_only')::boolean, \
                EXISTS (SELECT 1 FROM users)";
    let rows = Sql::of(db).rows(db, text).await?;
    match rows
        .first()
        .map(|row| row.try_get_by_index(0))
        .transpose()?
    {
        Some(false) => Ok(()),
        _ => Err(Error::Unavailable("PostgreSQL takes no writes".into())),
    }
}

/// Tells what happened, and where the log stood then, as far as anybody has use for that.
#[derive(Debug)]
pub(super) struct Publishing {
    pub(super) events: Events,
    pub(super) has_replicas: bool,
}

impl Publishing {
    async fn publish(&self, db: &Reader, happened: Vec<Event>) {
        // What has changed is forgotten at once, wherever the log stands.
        let (changed, happened): (Vec<_>, Vec<_>) = happened
            .into_iter()
            .partition(|event| matches!(event, Event::Changed(_)));
        for event in changed {
            self.events.publish(event, Lsn::NEWEST);
        }
        if happened.is_empty() {
            return;
        }
        let lsn = if self.has_replicas {
            let end = timeout(PATIENCE, end_of_log(db)).await;
            end.map_or(Lsn::NEWEST, |end| end.unwrap_or(Lsn::NEWEST))
        } else {
            Lsn::NEWEST
        };
        for event in happened {
            self.events.publish(event, lsn);
        }
    }
}

/// Runs `work` in a transaction of its own, again where it met another's.
pub(super) async fn write(
    db: &Reader,
    publishing: Publishing,
    work: Arc<dyn Work>,
) -> Result<(), Rejection> {
    let db = db.clone();
    // A task of its own: who asked may go, and what was begun is finished and told of all the same.
    let done = tokio::spawn(async move {
        let mut tries = 1;
        loop {
            match transaction(&db, &publishing, &*work).await {
                Err(Rejection::Failed(Error::Conflict(detail))) if tries < TRIES => {
                    tracing::debug!(detail = &*detail, tries, "a transaction met another's");
                    tries += 1;
                }
                done => return done,
            }
        }
    });
    done.await
        .unwrap_or_else(|error| Err(Error::internal(error).into()))
}

async fn transaction(
    db: &Reader,
    publishing: &Publishing,
    work: &dyn Work,
) -> Result<(), Rejection> {
    let tx = Tx::new(db.begin().await.map_err(Error::from)?);
    let outcome = tx.run(work).await;
    let (sql, happened) = tx.into_parts();
    if outcome.is_err() {
        // What cannot be rolled back is lost with its connection.
        let _ = sql.rollback().await;
        return outcome;
    }
    if let Err(error) = sql.commit().await {
        // It may have happened.
        for event in happened {
            publishing.events.publish(event, Lsn::NEWEST);
        }
        return Err(match Error::from(error) {
            // The connection broke before the answer came.
            Error::Unavailable(detail) => Error::OutcomeUnknown(detail).into(),
            other => other.into(),
        });
    }
    publishing.publish(db, happened).await;
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_shown() {
        assert_eq!(redacted("postgres://a:b@c/d"), "postgres://a@c/d");
        assert_eq!(redacted("postgres://a:p@ss:w@c:1/d"), "postgres://a@c:1/d");
        assert_eq!(redacted("postgres://c/d"), "postgres://c/d");
    }

    #[test]
    fn a_url_names_a_database() {
        assert!(check_url("postgres://a@b/c").is_ok());
        assert!(check_url("postgres://a@b").is_err());
        assert!(check_url("postgres://a@b:x/c").is_err());
    }
}
