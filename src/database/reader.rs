//! The connections that read.
//!
//! Whenever a connection comes back to its pool, sqlx asks it whether it is still there: a second way
//! to the database and back for every statement, in a task of its own (a third of what a small page
//! cost). One that has just answered is there. So those that did are kept beside the pool, and read
//! again without; one whose statement failed, or was given up, goes back by sqlx's way.

use std::{
    fmt::{self, Debug, Formatter},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::FutureExt;
use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    ExecResult, QueryResult, RuntimeErr, Statement, TransactionTrait,
    metric::Info,
    sea_query::Values,
    sqlx::{
        AssertSqlSafe, Database, Error, Executor, IntoArguments, Pool, Postgres, Sqlite,
        pool::PoolConnection, query_with,
    },
};
use sea_query_sqlx::SqlxValues;
use tracing::{Dispatch, instrument::WithSubscriber};

use super::{OnStatement, reads::Reads};
use crate::{error::is_lost, sql::speaks_citus};

/// How long a connection is kept: then sqlx has its turn, which ends one that is half an hour old.
const LONGEST: Duration = Duration::from_secs(60);

/// Reads, and what else is one statement.
#[derive(Clone)]
pub struct Reader(Arc<Inner>);

struct Inner {
    pool: DatabaseConnection,
    lines: Lines,
    reads: Reads,
    on_statement: Option<OnStatement>,
}

enum Lines {
    Postgres(Kept<Postgres>),
    Sqlite(Kept<Sqlite>),
}

/// Connections of `pool` that have answered.
struct Kept<D: Database> {
    pool: Pool<D>,
    /// None once the pool is to close.
    free: Mutex<Option<Vec<Line<D>>>>,
    /// How many wait for a connection of the pool.
    waiting: AtomicUsize,
}

struct Line<D: Database> {
    connection: PoolConnection<D>,
    since: Instant,
}

/// While this is there, no connection is kept that the pool could give to who waits.
struct Waiting<'k>(&'k AtomicUsize);

impl<'k> Waiting<'k> {
    fn at(waiting: &'k AtomicUsize) -> Self {
        waiting.fetch_add(1, Ordering::SeqCst);
        Self(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl<D: Database> Kept<D> {
    fn new(pool: &Pool<D>) -> Self {
        Self {
            pool: pool.clone(),
            free: Mutex::new(Some(Vec::new())),
            waiting: AtomicUsize::new(0),
        }
    }

    fn free(&self) -> MutexGuard<'_, Option<Vec<Line<D>>>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pop(&self) -> Option<Line<D>> {
        self.free().as_mut().and_then(Vec::pop)
    }

    async fn wait_for(&self) -> Result<Line<D>, DbErr> {
        let _waiting = Waiting::at(&self.waiting);
        // One that came between the two.
        if let Some(line) = self.pop() {
            return Ok(line);
        }
        let connection = self.pool.acquire().await.map_err(|error| match error {
            Error::PoolTimedOut => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
            Error::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
            other => DbErr::Conn(RuntimeErr::SqlxError(other.into())),
        })?;
        let since = Instant::now();
        Ok(Line { connection, since })
    }

    fn keep(&self, line: Line<D>) {
        let mut free = self.free();
        if let Some(free) = free.as_mut()
            && self.waiting.load(Ordering::SeqCst) == 0
            && line.since.elapsed() < LONGEST
        {
            free.push(line);
        }
    }

    /// For who is about to ask the pool: where it has none left, it gets one back.
    fn wait(&self) -> Waiting<'_> {
        let waiting = Waiting::at(&self.waiting);
        let most = self.pool.options().get_max_connections();
        if self.pool.num_idle() == 0 && self.pool.size() >= most {
            drop(self.pop());
        }
        waiting
    }

    async fn rows(&self, sql: &str, values: Option<Values>) -> Result<Vec<QueryResult>, DbErr>
    where
        SqlxValues: IntoArguments<D>,
        for<'c> &'c mut D::Connection: Executor<'c, Database = D>,
        QueryResult: From<D::Row>,
    {
        let values = SqlxValues(values.unwrap_or(Values(Vec::new())));
        let mut line = match self.pop() {
            Some(line) => line,
            None => self.wait_for().boxed().await?,
        };
        let asked = query_with(AssertSqlSafe(sql), values);
        // To the end of the answer: a connection that has more to say is not kept. In no span: sqlx
        // enters and leaves the request's for every row, a tenth of what a hundred rows cost. (Of
        // reads its own log tells nothing, then.)
        let rows = asked.fetch_all(&mut *line.connection);
        let rows = rows.with_subscriber(Dispatch::none()).await;
        let rows = rows.map_err(|error| DbErr::Query(RuntimeErr::SqlxError(error.into())));
        // Where one is lost the others may be, too: sqlx asks each that comes back.
        if rows.as_ref().is_err_and(is_lost)
            && let Some(free) = self.free().as_mut()
        {
            free.clear();
        }
        let rows = rows?;
        self.keep(line);
        Ok(rows.into_iter().map(QueryResult::from).collect())
    }
}

impl Reader {
    /// Reads by the connections of `pool`.
    pub(super) fn new(pool: DatabaseConnection, on_statement: Option<OnStatement>) -> Self {
        let lines = match pool.get_database_backend() {
            DbBackend::Postgres => Lines::Postgres(Kept::new(pool.get_postgres_connection_pool())),
            _ => Lines::Sqlite(Kept::new(pool.get_sqlite_connection_pool())),
        };
        Self(Arc::new(Inner {
            pool,
            lines,
            reads: Reads::default(),
            on_statement,
        }))
    }

    /// Where reads meet others', to be one statement.
    pub fn reads(&self) -> &Reads {
        &self.0.reads
    }

    /// Whether they may.
    pub(super) fn is_shared(&self) -> bool {
        matches!(self.0.lines, Lines::Postgres(_)) && !speaks_citus()
    }

    /// A transaction.
    ///
    /// # Errors
    /// The database's.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let _waiting = self.wait();
        self.0.pool.begin().await
    }

    /// Keeps none any more: then the pool, which this gives, can close.
    pub(super) fn end(&self) -> &DatabaseConnection {
        match &self.0.lines {
            Lines::Postgres(kept) => drop(kept.free().take()),
            Lines::Sqlite(kept) => drop(kept.free().take()),
        }
        &self.0.pool
    }

    fn wait(&self) -> Waiting<'_> {
        match &self.0.lines {
            Lines::Postgres(kept) => kept.wait(),
            Lines::Sqlite(kept) => kept.wait(),
        }
    }

    async fn read(&self, sql: &str, values: Option<Values>) -> Result<Vec<QueryResult>, DbErr> {
        match &self.0.lines {
            // Boxed each: a future has room for whatever it may wait for, and is moved.
            Lines::Postgres(kept) => kept.rows(sql, values).boxed().await,
            Lines::Sqlite(kept) => kept.rows(sql, values).boxed().await,
        }
    }
}

impl Debug for Reader {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Reader").field(&self.0.pool).finish()
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Reader {
    fn get_database_backend(&self) -> DbBackend {
        self.0.pool.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let _waiting = self.wait();
        self.0.pool.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let _waiting = self.wait();
        self.0.pool.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let rows = self.query_all_raw(statement).await?;
        Ok(rows.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let Some(tell) = &self.0.on_statement else {
            return self.read(&statement.sql, statement.values).await;
        };
        let began = Instant::now();
        let rows = self.read(&statement.sql, statement.values.clone()).await;
        tell(&Info {
            elapsed: began.elapsed(),
            statement: &statement,
            failed: rows.is_err(),
        });
        rows
    }
}
