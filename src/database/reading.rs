//! Where a statement that only reads goes.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use tokio::time::timeout;

use super::{reader::Reader, replicas::Replica};
use crate::error::Error;

/// How long a replica may take for a statement before the primary is asked in its place.
const PATIENCE: Duration = Duration::from_secs(2);

/// For statements that only read: a replica where one has what is needed, else the primary; the
/// primary, too, where the replica fails.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'d> {
    primary: &'d Reader,
    replica: Option<&'d Replica>,
}

impl<'d> Reading<'d> {
    pub(super) fn new(primary: &'d Reader, replica: Option<&'d Replica>) -> Self {
        Self { primary, replica }
    }

    /// Whether a replica is asked.
    pub fn is_replica(&self) -> bool {
        self.replica.is_some()
    }

    /// The primary, where that is asked.
    pub(super) fn primary(&self) -> Option<&Reader> {
        match self.replica {
            Some(_) => None,
            None => Some(self.primary),
        }
    }
}

/// What `asked` gets of `replica`; nothing where it fails.
async fn answer<T>(replica: &Replica, asked: impl Future<Output = Result<T, DbErr>>) -> Option<T> {
    match timeout(PATIENCE, asked).await {
        Ok(Ok(answer)) => Some(answer),
        Ok(Err(error)) => {
            // What the replica refuses, the primary is asked: were the statement itself at fault, it
            // would fail there just the same.
            if let Error::Unavailable(why) = Error::from(error) {
                replica.doubt(&why);
            }
            None
        }
        Err(_) => {
            replica.doubt("a statement took too long");
            None
        }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Reading<'_> {
    fn get_database_backend(&self) -> DbBackend {
        self.primary.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.primary.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.primary.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        if let Some(replica) = self.replica {
            let asked = replica.connection().query_one_raw(statement.clone());
            if let Some(row) = answer(replica, asked).await {
                return Ok(row);
            }
        }
        self.primary.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        if let Some(replica) = self.replica {
            let asked = replica.connection().query_all_raw(statement.clone());
            if let Some(rows) = answer(replica, asked).await {
                return Ok(rows);
            }
        }
        self.primary.query_all_raw(statement).await
    }
}
