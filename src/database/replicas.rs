//! Streaming replicas of a PostgreSQL: how far each has come, and which may be read.
//!
//! Each is asked a few times a second how far it has replayed the primary's log. What it says is
//! true from then on, so a reader that needs a place in it, and finds it passed, reads nothing older;
//! a replica that was not asked yet, does not answer, is no replica (any more), or is too far
//! behind, is not read.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::ensure;
use futures_util::future::join_all;
use sea_orm::{DatabaseConnection, DbErr};
use tokio::time::{Instant, timeout};
use tokio_util::task::AbortOnDropHandle;

use super::{OnStatement, Place, postgres, shards};
use crate::{lsn::Lsn, sql::Sql};

/// How often the replicas are asked how far they are.
const EVERY: Duration = Duration::from_millis(100);
/// How long any may take to say so.
const PATIENCE: Duration = Duration::from_millis(900);
/// Where the primary's log ends, as far as it is written out: an idle replica gets there.
const STREAMED: &str = "SELECT (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint";
/// How far a replica is; null where it is none. And which database it is of.
const REPLAYED: &str = "SELECT CASE WHEN pg_is_in_recovery() \
     THEN (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint END, \
     (SELECT system_identifier FROM pg_control_system())";
const IDENTITY: &str = "SELECT system_identifier FROM pg_control_system()";

/// A replica.
#[derive(Debug)]
pub struct Replica {
    /// Its URL without the password, for the log.
    name: String,
    connection: DatabaseConnection,
    /// A connection of its own for asking how far it is: readers may hold all others.
    asked: DatabaseConnection,
    /// How far it has come; 0 while it is not to be read.
    replayed: AtomicU64,
}

impl Replica {
    pub(super) fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// Leaves it alone until it answers again.
    pub(super) fn doubt(&self, why: &str) {
        if self.replayed.swap(0, Ordering::AcqRel) > 0 {
            tracing::warn!(replica = self.name, why, "a replica is not read for now");
        }
    }

    fn trust(&self, replayed: u64) {
        if self.replayed.swap(replayed, Ordering::AcqRel) == 0 {
            tracing::info!(replica = self.name, "a replica is read");
        }
    }
}

/// The replicas of a database.
#[derive(Debug)]
pub(super) struct Replicas {
    all: Arc<[Replica]>,
    next: AtomicUsize,
    _asking: AbortOnDropHandle<()>,
}

impl Replicas {
    /// Those of `place`, whose primary is `primary`; none where it names none. One that is away is
    /// waited for meanwhile.
    ///
    /// # Errors
    /// A sentence that says what to change, where there can be none, or one is another's.
    pub(super) async fn open(
        place: &Place,
        primary: &DatabaseConnection,
        on_statement: Option<&OnStatement>,
    ) -> anyhow::Result<Option<Self>> {
        if place.replicas.is_empty() {
            return Ok(None);
        }
        ensure!(
            !shards::is_citus(primary).await?,
            "--read-database-url cannot be used on Citus: each of its nodes has a log of its own, \
             so that no one place says what a replica has. Leave it out; the nodes share the \
             reading among them"
        );
        let identity = number(primary, IDENTITY).await?;
        let mut all = Vec::with_capacity(place.replicas.len());
        for url in &place.replicas {
            let connect =
                |connections| postgres::connect_later(url, connections, on_statement.cloned());
            all.push(Replica {
                name: postgres::redacted(url),
                connection: connect(place.connections).await?,
                asked: connect(1).await?,
                replayed: AtomicU64::new(0),
            });
        }
        let all: Arc<[_]> = all.into();
        let mut asking = Asking {
            primary: postgres::connect_later(&place.url, 1, on_statement.cloned()).await?,
            identity,
            fresh: vec![None; all.len()],
            all: all.clone(),
            marks: VecDeque::new(),
            longest: place.max_replica_lag,
        };
        for (replica, state) in all.iter().zip(asking.round().await) {
            if let Err(state @ (State::Primary | State::Another)) = state {
                anyhow::bail!(
                    "--read-database-url `{}` {state}: give the address of a streaming replica of \
                     the database of --database-url",
                    replica.name
                );
            }
        }
        Ok(Some(Self {
            all,
            next: AtomicUsize::new(0),
            _asking: AbortOnDropHandle::new(tokio::spawn(asking.run())),
        }))
    }

    /// A number by which a request, or a user, stays with one replica.
    pub(super) fn seat(&self) -> usize {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// One that has come to `lsn`, the same for the same `seat` while nothing changes.
    pub(super) fn at(&self, lsn: Lsn, seat: usize) -> Option<&Replica> {
        let count = self.all.len();
        let mut seats = (0..count).map(|step| seat.wrapping_add(step) % count);
        seats.find_map(|seat| {
            let replica = self.all.get(seat)?;
            let replayed = replica.replayed.load(Ordering::Acquire);
            (replayed > 0 && lsn <= Lsn::from_number(replayed.cast_signed())).then_some(replica)
        })
    }

    /// Gives the connections back.
    pub(super) async fn close(&self) {
        for replica in &*self.all {
            for connection in [&replica.connection, &replica.asked] {
                if let Err(error) = connection.close_by_ref().await {
                    tracing::warn!(%error, replica = replica.name, "a replica did not close");
                }
            }
        }
    }
}

/// Why a replica is not read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum State {
    #[error("does not answer")]
    Silent,
    #[error("is no replica: it is written to itself")]
    Primary,
    #[error("is a replica of another database")]
    Another,
    #[error("is too far behind")]
    Behind,
}

/// Asks the replicas, again and again.
struct Asking {
    primary: DatabaseConnection,
    identity: i64,
    all: Arc<[Replica]>,
    /// Ends of the primary's log at moments that a replica has yet to reach, oldest first.
    marks: VecDeque<(Instant, i64)>,
    /// When what each replica has was the primary's last; none where that was too long ago.
    fresh: Vec<Option<Instant>>,
    longest: Duration,
}

impl Asking {
    async fn run(mut self) {
        loop {
            tokio::time::sleep(EVERY).await;
            self.round().await;
        }
    }

    /// Asks each once, and says how it is.
    async fn round(&mut self) -> Vec<Result<(), State>> {
        let now = Instant::now();
        if let Ok(Ok(end)) = timeout(PATIENCE, number(&self.primary, STREAMED)).await {
            self.marks.push_back((now, end));
        }
        let answers = self
            .all
            .iter()
            .map(|replica| replayed(replica, self.identity));
        let answers = join_all(answers).await;
        let mut states = Vec::with_capacity(answers.len());
        for ((replica, fresh), answer) in self.all.iter().zip(&mut self.fresh).zip(answers) {
            let state = answer.and_then(|replayed| {
                let reached = self.marks.iter().rev().find(|(_, end)| *end <= replayed);
                *fresh = (*fresh).max(reached.map(|(at, _)| *at));
                let behind = fresh.map(|at| now.saturating_duration_since(at));
                let near = behind.is_some_and(|behind| behind <= self.longest);
                let lsn = u64::try_from(replayed).unwrap_or(0);
                near.then_some(lsn).ok_or(State::Behind)
            });
            states.push(match state {
                Ok(lsn) => {
                    replica.trust(lsn);
                    Ok(())
                }
                Err(state) => {
                    replica.doubt(&state.to_string());
                    Err(state)
                }
            });
        }
        // What every replica is past, or has been behind for too long, needs no mark.
        let oldest = now.checked_sub(self.longest);
        let settled = self.fresh.iter().min().copied().flatten();
        while let Some((at, _)) = self.marks.front()
            && (oldest.is_some_and(|oldest| *at < oldest)
                || settled.is_some_and(|settled| *at < settled))
        {
            self.marks.pop_front();
        }
        states
    }
}

async fn replayed(replica: &Replica, identity: i64) -> Result<i64, State> {
    let asked = timeout(PATIENCE, row(&replica.asked, REPLAYED)).await;
    let row = asked.map_err(|_| State::Silent)?;
    let row = row.map_err(|error| {
        tracing::debug!(%error, replica = replica.name, "cannot ask a replica how far it is");
        State::Silent
    })?;
    if row.try_get_by_index(1).ok() != Some(identity) {
        return Err(State::Another);
    }
    let replayed: Option<i64> = row.try_get_by_index(0).map_err(|_| State::Silent)?;
    replayed.ok_or(State::Primary)
}

async fn number(db: &DatabaseConnection, text: &str) -> Result<i64, DbErr> {
    row(db, text).await?.try_get_by_index(0)
}

async fn row(db: &DatabaseConnection, text: &str) -> Result<sea_orm::QueryResult, DbErr> {
    let rows = Sql::of(db).rows(db, text).await?;
    let row = rows.into_iter().next();
    row.ok_or_else(|| DbErr::RecordNotFound(text.to_owned()))
}
