//! Asks a replica how far it is, again and again.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use sea_orm::{DatabaseConnection, DbErr, QueryResult};
use tokio::time::{Instant, timeout};

use super::Replica;
use crate::sql::Sql;

/// How often it is asked.
const EVERY: Duration = Duration::from_millis(100);
/// How long it may take to answer.
const PATIENCE: Duration = Duration::from_millis(900);
/// Of the primary: where its log ends, as far as it is written out (an idle replica gets there), and
/// the log's timeline, which a replica that is made primary begins anew.
const PRIMARY: &str = "SELECT (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint, \
     ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint, \
     (SELECT system_identifier FROM pg_control_system()), \
     (SELECT oid::bigint FROM pg_database WHERE datname = current_database())";
/// Of a replica: how far it is, null where it is none; its timeline; and which database it is of.
const REPLICA: &str = "SELECT CASE WHEN pg_is_in_recovery() \
     THEN (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint END, \
     (SELECT coalesce(nullif(r.min_recovery_end_timeline, 0), c.timeline_id)::bigint \
     FROM pg_control_recovery() AS r, pg_control_checkpoint() AS c), \
     (SELECT system_identifier FROM pg_control_system()), \
     (SELECT oid::bigint FROM pg_database WHERE datname = current_database())";

/// Why a replica is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum State {
    #[error("does not answer")]
    Silent,
    #[error("cannot be compared: the primary does not answer")]
    Unknown,
    #[error("is no replica: it is written to itself")]
    Primary,
    #[error("is a replica of another database")]
    Another,
    #[error("follows a primary that is none any more")]
    Astray,
    #[error("is too far behind")]
    Behind,
}

/// Asks one replica.
pub(super) struct Asking {
    primary: DatabaseConnection,
    replica: Arc<Replica>,
    longest: Duration,
    /// Ends of the primary's log at moments that the replica has yet to reach, oldest first.
    marks: VecDeque<(Instant, i64)>,
    /// When what the replica has was the primary's last; none where that was too long ago.
    fresh: Option<Instant>,
}

/// What either says of itself.
struct Said {
    /// Where its log ends, or how far it was replayed.
    end: Option<i64>,
    timeline: i64,
    /// Of which cluster it is, and of which database of that: a replica has the same numbers.
    identity: [i64; 2],
}

impl Asking {
    /// For a replica of `primary`, which may be `longest` behind.
    pub(super) fn new(
        primary: DatabaseConnection,
        replica: Arc<Replica>,
        longest: Duration,
    ) -> Self {
        Self {
            primary,
            replica,
            longest,
            marks: VecDeque::new(),
            fresh: None,
        }
    }

    /// Asks for ever.
    pub(super) async fn run(mut self) {
        loop {
            tokio::time::sleep(EVERY).await;
            // What it says then is known to it.
            let _ = self.ask().await;
        }
    }

    /// Asks once. From then on the replica is read, or not.
    pub(super) async fn ask(&mut self) -> Result<(), State> {
        let began = Instant::now();
        let replayed = self.replayed(began).await;
        match &replayed {
            Ok(replayed) => self.replica.trust(*replayed, began),
            // One that was made a moment ago may have to catch up: that is said once it is not read
            // any more.
            Err(state) => self
                .replica
                .leave(&state.to_string(), *state != State::Behind),
        }
        replayed.map(|_| ())
    }

    async fn replayed(&mut self, now: Instant) -> Result<u64, State> {
        let before = said(&self.primary, PRIMARY).await;
        let replica = said(&self.replica.asked, REPLICA)
            .await
            .ok_or(State::Silent)?;
        let before = before.ok_or(State::Unknown)?;
        if replica.identity != before.identity {
            return Err(State::Another);
        }
        let replayed = replica.end.ok_or(State::Primary)?;
        let end = before.end.ok_or(State::Unknown)?;
        // Of another timeline it may have what never was, and be "ahead" with it.
        if replica.timeline != before.timeline {
            self.marks.clear();
            self.fresh = None;
            return Err(State::Astray);
        }
        self.marks.push_back((now, end));
        while let Some((at, _)) = self.marks.front().filter(|(_, end)| *end <= replayed) {
            self.fresh = Some(*at);
            self.marks.pop_front();
        }
        // Those that it reaches later than that are worth nothing.
        while self
            .marks
            .front()
            .is_some_and(|(at, _)| now - *at > self.longest)
        {
            self.marks.pop_front();
        }
        let near = self.fresh.is_some_and(|at| now - at <= self.longest);
        let replayed = u64::try_from(replayed).map_err(|_| State::Silent)?;
        near.then_some(replayed).ok_or(State::Behind)
    }
}

/// What the server at the other end of `db` says of itself, in time.
async fn said(db: &DatabaseConnection, question: &str) -> Option<Said> {
    let answer = timeout(PATIENCE, async {
        let rows = Sql::of(db).rows(db, question).await?;
        rows.first().map(read).transpose()
    });
    match answer.await {
        Ok(Ok(said)) => said,
        Ok(Err(error)) => {
            tracing::debug!(%error, "cannot ask how far a log is");
            None
        }
        Err(_) => None,
    }
}

fn read(row: &QueryResult) -> Result<Said, DbErr> {
    Ok(Said {
        end: row.try_get_by_index(0)?,
        timeline: row.try_get_by_index(1)?,
        identity: [row.try_get_by_index(2)?, row.try_get_by_index(3)?],
    })
}
