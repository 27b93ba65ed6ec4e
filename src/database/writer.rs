//! One connection that writes, in groups: `BEGIN IMMEDIATE`, each waiting mutation as a
//! savepoint, one `COMMIT` (one fsync), then all the answers.
//!
//! Measured (design.md, section 4): 36,000-165,000 durable writes a second in groups against
//! 2,000 one by one, and no `SQLITE_BUSY` between our own writers.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::future::BoxFuture;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
    time::timeout,
};

use super::{tx::Tx, work::Work};
use crate::{
    error::Error,
    events::{Event, Events},
    lsn::Lsn,
    rejection::Rejection,
};

/// The most mutations in one group: bounds how long the first waits for the last.
const GROUP: usize = 256;
/// The most mutations that wait.
const QUEUE: usize = 4096;
/// How long a mutation waits for a place in the queue.
const PATIENCE: Duration = Duration::from_secs(1);

/// The handle of the task that writes.
#[derive(Debug)]
pub(super) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Mutation>>>,
    task: tokio::sync::Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub(super) fn start(connection: DatabaseConnection, connect: Connect, events: Events) -> Self {
        let line = Line {
            connect,
            connection: Some(connection),
        };
        let (queue, jobs) = mpsc::channel(QUEUE);
        Self {
            queue: Mutex::new(Some(queue)),
            task: tokio::sync::Mutex::new(Some(tokio::spawn(run(line, jobs, events)))),
        }
    }

    pub(super) async fn write(&self, work: Arc<dyn Work>) -> Result<(), Rejection> {
        let queue = self
            .queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
            .ok_or_else(|| unavailable("the service is stopping"))?;
        let (reply, answer) = oneshot::channel();
        let job = Mutation {
            work,
            outcome: None,
            events: Vec::new(),
            reply,
        };
        timeout(PATIENCE, queue.send(job))
            .await
            .map_err(|_| unavailable("the queue of the writer is full"))?
            .map_err(|_| unavailable("the writer has ended"))?;
        drop(queue);
        answer
            .await
            .map_err(|_| unavailable("the writer has ended"))?
    }

    pub(super) async fn close(&self) {
        drop(
            self.queue
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        if let Some(task) = self.task.lock().await.take()
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the writer did not end as it should");
        }
    }
}

fn unavailable(why: &str) -> Error {
    Error::Unavailable(why.into())
}

/// What one member of a group came to, for the group.
enum Step {
    /// It is done, or was refused and left no trace. The group goes on.
    Settled,
    /// The database itself refused: the outer transaction may be gone.
    Lost(Error),
}

/// A mutation in the queue.
struct Mutation {
    work: Arc<dyn Work>,
    outcome: Option<Result<(), Rejection>>,
    events: Vec<Event>,
    reply: oneshot::Sender<Result<(), Rejection>>,
}

impl Mutation {
    async fn run(&mut self, group: &DatabaseTransaction) -> Step {
        // It may be the second time.
        self.outcome = None;
        let sql = match group.begin().await {
            Ok(savepoint) => savepoint,
            Err(error) => return Step::Lost(error.into()),
        };
        let tx = Tx::new(sql);
        let outcome = tx.run(&*self.work).await;
        let (sql, happened) = tx.into_parts();
        let ended = match &outcome {
            Ok(_) => sql.commit().await,
            Err(Rejection::Failed(error @ Error::Unavailable(_))) => {
                return Step::Lost(error.clone());
            }
            Err(_) => sql.rollback().await,
        };
        if let Err(error) = ended {
            return Step::Lost(error.into());
        }
        if outcome.is_ok() {
            self.events = happened;
        }
        self.outcome = Some(outcome);
        Step::Settled
    }

    /// Tells the mutation's caller; `lost` where the group was not committed.
    fn settle(self, lost: Option<Error>, events: &Events) {
        // Also where the group was lost: a disk may have taken what it said that it refused.
        for event in self.events {
            events.publish(event, Lsn::NEWEST);
        }
        let answer = match (lost, self.outcome) {
            // Also what was refused: another of the group, now lost, may have been the reason.
            (Some(error), _) => Err(error.into()),
            (None, Some(answer)) => answer,
            (None, None) => Err(Error::internal("a mutation was never run").into()),
        };
        // Who asked may have gone; what was written stays.
        let _ = self.reply.send(answer);
    }
}

async fn run(mut line: Line, mut jobs: mpsc::Receiver<Mutation>, events: Events) {
    while let Some(first) = jobs.recv().await {
        let mut group = vec![first];
        let outer = match line.begin().await {
            Ok(outer) => outer,
            Err(error) => {
                line.renew().await;
                // All that wait would wait in vain, one after the other: they hear of it now.
                while let Ok(job) = jobs.try_recv() {
                    group.push(job);
                }
                settle(group, Some(error), &events);
                continue;
            }
        };
        match commit(outer, &mut group, Some(&mut jobs)).await {
            Ok(()) => settle(group, None, &events),
            Err(error) => {
                line.renew().await;
                if group.len() == 1 {
                    settle(group, Some(error), &events);
                    continue;
                }
                // One by one, so that one member's trouble is not everybody's.
                for job in group {
                    let mut alone = vec![job];
                    let done = match line.begin().await {
                        Ok(outer) => commit(outer, &mut alone, None).await,
                        Err(error) => Err(error),
                    };
                    if done.is_err() {
                        line.renew().await;
                    }
                    settle(alone, done.err(), &events);
                }
            }
        }
    }
    line.end().await;
}

/// Makes the connection that writes.
pub(super) type Connect =
    Box<dyn Fn() -> BoxFuture<'static, Result<DatabaseConnection, Error>> + Send + Sync>;

/// The connection that writes, made anew whenever a transaction was lost on it: a full disk can
/// end a transaction behind the driver's back, which would then take every later one for a part
/// of it, and commit none.
struct Line {
    connect: Connect,
    connection: Option<DatabaseConnection>,
}

impl Line {
    async fn begin(&mut self) -> Result<DatabaseTransaction, Error> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => (self.connect)().await?,
        };
        begin(self.connection.insert(connection)).await
    }

    /// Brings everything written into the database file itself: also from a log that somebody
    /// removed, whose content only this connection still has.
    async fn end(&mut self) {
        if let Some(connection) = &self.connection
            && let Err(error) = connection
                .execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)")
                .await
        {
            tracing::warn!(%error, "the newest writes stay in the log beside the database file");
        }
        self.renew().await;
    }

    async fn renew(&mut self) {
        if let Some(connection) = self.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the connection that writes did not close");
        }
    }
}

async fn begin(connection: &DatabaseConnection) -> Result<DatabaseTransaction, Error> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    Ok(connection.begin_with_options(options).await?)
}

/// Runs `group`, and what comes from `more` meanwhile, in `outer`, and commits it.
async fn commit(
    outer: DatabaseTransaction,
    group: &mut Vec<Mutation>,
    mut more: Option<&mut mpsc::Receiver<Mutation>>,
) -> Result<(), Error> {
    let mut next = 0;
    loop {
        let Some(job) = group.get_mut(next) else {
            match more
                .as_mut()
                .filter(|_| next < GROUP)
                .map(|jobs| jobs.try_recv())
            {
                Some(Ok(job)) => {
                    group.push(job);
                    continue;
                }
                _ => break,
            }
        };
        if let Step::Lost(error) = job.run(&outer).await {
            let _ = outer.rollback().await;
            return Err(error);
        }
        next += 1;
    }
    Ok(outer.commit().await?)
}

fn settle(group: Vec<Mutation>, lost: Option<Error>, events: &Events) {
    for job in group {
        job.settle(lost.clone(), events);
    }
}
