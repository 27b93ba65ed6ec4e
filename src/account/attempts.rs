//! What may be tried a few times within a time, counted in the database: exactly, over all servers
//! and their restarts.
//!
//! An attempt counts from before it is made. Each that counts is kept with its time, so that no hour,
//! wherever it begins, has more of them than may be.

pub mod from;
pub mod store;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{Mutex, MutexGuard};

use self::store::Hash;
use crate::{app::App, database::Tx, error::Error, rejection::Rejection, secrets::Purpose};

/// How often something may be tried.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// What it is.
    pub purpose: Purpose,
    /// The most within the time; 0 for as often as one likes.
    pub most: u32,
    /// The time.
    pub within: TimeDelta,
    /// What is said where it was tried so often: that in so many seconds it can be again.
    pub spent: fn(u64) -> Rejection,
}

/// How many can be counted at the same time, as long as they are not of the same.
const TURNS: usize = 256;

/// What this server counts.
#[derive(Debug)]
pub struct Attempts {
    app: Arc<App>,
    /// Those who try the same take turns, in memory: who waits for a row has a connection.
    turns: Vec<Mutex<()>>,
}

/// An attempt that counts.
#[derive(Debug)]
pub struct Attempt {
    attempts: Arc<Attempts>,
    counted: Counted,
}

/// As what an attempt counts.
#[derive(Clone, Copy, Debug)]
pub struct Counted {
    hash: Hash,
    at: DateTime<Utc>,
    within: TimeDelta,
}

impl Attempts {
    /// Those of `app`.
    pub fn new(app: Arc<App>) -> Self {
        let turns = (0..TURNS).map(|_| Mutex::default()).collect();
        Self { app, turns }
    }

    /// The turn of those who try what has this `hash`: until it goes out of scope.
    pub async fn turn(&self, hash: &Hash) -> Option<MutexGuard<'_, ()>> {
        let place = usize::from(*hash.first()?) % TURNS;
        Some(self.turns.get(place)?.lock().await)
    }

    /// Counts an attempt at `what`, before it is made. None where there is no `limit`.
    ///
    /// # Errors
    /// What [`Limit::spent`] says, and the database's.
    pub async fn take(
        self: &Arc<Self>,
        limit: Limit,
        what: &[u8],
    ) -> Result<Option<Attempt>, Rejection> {
        if limit.most == 0 {
            return Ok(None);
        }
        let hashes = limit.hashes(&self.app, what)?;
        let hash = *hashes.first().ok_or(Error::KeyMissing)?;
        let _turn = self.turn(&hash).await;
        let app = self.app.clone();
        let counted = self
            .app
            .database
            .write(move |tx| {
                let (app, hashes) = (app.clone(), hashes.clone());
                Box::pin(async move { count(&app, tx, limit, hashes).await })
            })
            .await?;
        Ok(Some(Attempt {
            attempts: self.clone(),
            counted,
        }))
    }
}

impl Limit {
    /// What attempts at `what` are known by, under every key, the newest first.
    ///
    /// # Errors
    /// [`Error::Internal`], in theory.
    pub fn hashes(&self, app: &App, what: &[u8]) -> Result<Vec<Hash>, Error> {
        app.secrets.marks(self.purpose, what)
    }
}

/// Counts an attempt that has these `hashes`, under the first, in a transaction that does more: where that
/// is refused for something else, it does not count. (Who counts several in one transaction does so in one
/// order everywhere.)
///
/// # Errors
/// What [`Limit::spent`] says, and the database's.
pub async fn count(
    app: &App,
    tx: &Tx,
    limit: Limit,
    hashes: Vec<Hash>,
) -> Result<Counted, Rejection> {
    let hash = *hashes.first().ok_or(Error::KeyMissing)?;
    // Whoever holds several holds them in one order, whichever key is the newest there.
    let mut held = hashes;
    held.sort_unstable();
    let (mut all, mut own) = (Vec::new(), Vec::new());
    for one in &held {
        let times = read(&store::hold(&tx.sql, one, app.clock.now()).await?);
        all.extend(times.iter().copied());
        if *one == hash {
            own = times;
        }
    }
    // Only now: what is counted is read when nobody else can count, and dated then.
    let now = app.clock.now();
    let at = now.timestamp_millis();
    let counts = |time: &i64| counts(*time, at, limit.within);
    all.retain(counts);
    own.retain(counts);
    if let Some(free) = free_at(all, limit.most, limit.within) {
        return Err((limit.spent)(seconds(free.saturating_sub(at))));
    }
    own.push(at);
    store::set(&tx.sql, &hash, text(&own), now + limit.within).await?;
    Ok(Counted {
        hash,
        at: now,
        within: limit.within,
    })
}

impl Counted {
    /// Has it count no more.
    ///
    /// # Errors
    /// The database's.
    pub async fn give_back(self, tx: &Tx) -> Result<(), Rejection> {
        let Self { hash, at, within } = self;
        let mut own = read(&store::hold(&tx.sql, &hash, at).await?);
        let at = at.timestamp_millis();
        if let Some(place) = own.iter().position(|time| *time == at) {
            own.remove(place);
        }
        let last = own.iter().max().copied().unwrap_or_default();
        let last = DateTime::from_timestamp_millis(last).unwrap_or_default();
        Ok(store::set(&tx.sql, &hash, text(&own), last + within).await?)
    }
}

impl Attempt {
    /// Has it count no more: what was tried has shown to be right. Where that fails it goes on
    /// counting, and what was tried is done all the same.
    pub async fn give_back(self) {
        let Self { attempts, counted } = self;
        let _turn = attempts.turn(&counted.hash).await;
        let given_back = attempts
            .app
            .database
            .write(move |tx| Box::pin(counted.give_back(tx)))
            .await;
        if let Err(why) = given_back {
            let why = why.in_words();
            tracing::warn!(why, "an attempt that was right goes on counting");
        }
    }
}

/// Whether what was tried at `time` still counts. (What another server's clock had far ahead would
/// count for ever.)
fn counts(time: i64, now: i64, within: TimeDelta) -> bool {
    now.saturating_sub(time).abs() < within.num_milliseconds()
}

/// When one more is within `most`; none where it is so already.
fn free_at(mut times: Vec<i64>, most: u32, within: TimeDelta) -> Option<i64> {
    times.sort_unstable_by_key(|time| std::cmp::Reverse(*time));
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let last = times.get(most.checked_sub(1)?)?;
    Some(last.saturating_add(within.num_milliseconds()))
}

/// In whole seconds, the one that has begun among them.
fn seconds(milliseconds: i64) -> u64 {
    milliseconds.max(1).unsigned_abs().div_ceil(1000)
}

fn read(times: &str) -> Vec<i64> {
    let times = times.split(' ').map(str::parse);
    times.filter_map(Result::ok).collect()
}

fn text(times: &[i64]) -> String {
    let times: Vec<_> = times.iter().map(ToString::to_string).collect();
    times.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_hour_has_more_than_may_be_and_nobody_waits_for_longer() {
        let hour = TimeDelta::hours(1);
        let end = hour.num_milliseconds();
        assert_eq!(free_at(vec![], 2, hour), None);
        assert_eq!(free_at(vec![5], 2, hour), None);
        assert_eq!(free_at(vec![5, 9], 2, hour), Some(5 + end));
        // More than may be, as where the limit was lowered.
        assert_eq!(free_at(vec![9, 5, 7], 2, hour), Some(7 + end));
        assert!(counts(5, 4 + end, hour) && !counts(5, 5 + end, hour));
        assert!(counts(9, 5, hour) && !counts(5 + end, 5, hour));
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(read(&text(&[])), Vec::<i64>::new());
        assert_eq!(read(&text(&[3, 5])), [3, 5]);
        assert_eq!(seconds(1), 1);
        assert_eq!(seconds(1001), 2);
    }
}
