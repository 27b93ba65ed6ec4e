//! Streaming replicas of a PostgreSQL: how far each has come, and which may be read.
//!
//! Each is asked a few times a second how far it has replayed the primary's log. What it says is
//! true from then on, so a reader that needs a place in it, and finds it passed, reads nothing older;
//! a replica that was not asked yet, does not answer, is no replica (any more), or is too far
//! behind, is not read.

mod asking;

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::ensure;
use futures_util::future::join_all;
use sea_orm::DatabaseConnection;
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;

use super::{OnStatement, Place, postgres, shards};
use crate::lsn::Lsn;
use asking::{Asking, State};

/// How long a replica is left alone that failed a reader, though it says how far it is.
const REST: Duration = Duration::from_secs(5);

/// A replica.
#[derive(Debug)]
pub struct Replica {
    /// Its URL without the password, for the log.
    name: String,
    connection: DatabaseConnection,
    /// A connection of its own for asking how far it is: readers may hold all others.
    asked: DatabaseConnection,
    trust: Mutex<Trust>,
}

/// Whether a replica is to be read.
#[derive(Debug, Default)]
struct Trust {
    /// How far it has come; none while it is not to be read.
    replayed: Option<u64>,
    /// Until when it is not, whatever it says.
    rests_until: Option<Instant>,
    /// What the log was told of why it is not, since it was.
    told: HashSet<String>,
}

impl Replica {
    pub(super) fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// A reader got no answer: it is left alone for a while.
    pub(super) fn doubt(&self, why: &str) {
        self.leave(why, false);
        self.trust_now().rests_until = Some(Instant::now() + REST);
    }

    /// It is not read, for now. The log hears of it where it was read before, and of a reason that is
    /// `worth_telling` once in any case.
    fn leave(&self, why: &str, worth_telling: bool) {
        let mut trust = self.trust_now();
        let was_read = trust.replayed.take().is_some();
        let is_new = (was_read || worth_telling) && trust.told.insert(why.to_owned());
        drop(trust);
        if is_new {
            tracing::warn!(replica = self.name, why, "a replica is not read for now");
        }
    }

    /// It has come to `replayed`, as it said when it was asked at `asked`.
    fn trust(&self, replayed: u64, asked: Instant) {
        let mut trust = self.trust_now();
        if trust.rests_until.is_some_and(|until| asked < until) {
            return;
        }
        if trust.replayed.replace(replayed).is_none() {
            trust.told.clear();
            tracing::info!(replica = self.name, "a replica is read");
        }
    }

    fn has(&self, lsn: Lsn) -> bool {
        let replayed = self.trust_now().replayed;
        replayed.is_some_and(|replayed| lsn <= Lsn::from_number(replayed.cast_signed()))
    }

    fn trust_now(&self) -> std::sync::MutexGuard<'_, Trust> {
        self.trust.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The replicas of a database.
#[derive(Debug)]
pub(super) struct Replicas {
    all: Vec<Arc<Replica>>,
    next: AtomicUsize,
    asking: Vec<AbortOnDropHandle<()>>,
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
        let connect =
            |url, connections| postgres::connect_later(url, connections, on_statement.cloned());
        // So that a busy primary does not keep its replicas from being compared.
        let compared = connect(&place.url, 1).await?;
        let mut replicas = Self {
            all: Vec::with_capacity(place.replicas.len()),
            next: AtomicUsize::new(0),
            asking: Vec::with_capacity(place.replicas.len()),
        };
        for url in &place.replicas {
            let replica = Arc::new(Replica {
                name: postgres::redacted(url),
                connection: connect(url, place.connections).await?,
                asked: connect(url, 1).await?,
                trust: Mutex::default(),
            });
            let longest = place.max_replica_lag;
            let mut asking = Asking::new(compared.clone(), replica.clone(), longest);
            if let Err(state @ (State::Primary | State::Another)) = asking.ask().await {
                anyhow::bail!(
                    "--read-database-url `{}` {state}: give the address of a streaming replica of \
                     the database of --database-url",
                    replica.name
                );
            }
            let asking = tokio::spawn(asking.run());
            replicas.asking.push(AbortOnDropHandle::new(asking));
            replicas.all.push(replica);
        }
        Ok(Some(replicas))
    }

    /// A number by which a request, or a user, stays with one replica.
    pub(super) fn seat(&self) -> usize {
        self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// One that has come to `lsn`, the same for the same `seat` while nothing changes.
    pub(super) fn at(&self, lsn: Lsn, seat: usize) -> Option<&Replica> {
        let count = self.all.len();
        let mut seats = (0..count).map(|step| seat.wrapping_add(step) % count);
        seats
            .find_map(|seat| self.all.get(seat).filter(|replica| replica.has(lsn)))
            .map(|replica| &**replica)
    }

    /// Gives the connections back.
    pub(super) async fn close(&self) {
        for asking in &self.asking {
            asking.abort();
        }
        let connections = self.all.iter().flat_map(|it| [&it.connection, &it.asked]);
        join_all(connections.map(postgres::close)).await;
    }
}
