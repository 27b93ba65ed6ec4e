//! How many wrong passwords there may be, and codes that are sent, in the memory of this server.

use std::{
    collections::HashMap,
    hash::{BuildHasher, Hash, RandomState},
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use governor::{
    Quota, RateLimiter, clock, middleware::NoOpMiddleware, nanos::Nanos, state::StateStore,
};

use crate::clock::Clock;

/// The time in which all that was taken comes back, one after the other.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// The most that is remembered: a few megabytes. Each has cost the work of a password, so that
/// nobody drives out what others have used up without sending for many minutes.
const MOST: usize = 100_000;

/// A user name that was guessed at, whatever its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Guessed(u64);

/// What each of many may take.
#[derive(Debug)]
pub(super) struct Allowance<K: Copy + Eq + Hash> {
    limiter: RateLimiter<K, Taken<K>, Now, NoOpMiddleware<Duration>>,
    taken: Taken<K>,
    /// The time in which one comes back.
    each: Nanos,
    names: RandomState,
}

impl<K: Copy + Eq + Hash> Allowance<K> {
    /// `most` within 15 minutes.
    pub(super) fn new(clock: Arc<dyn Clock>, most: u32) -> Self {
        let most = NonZeroU32::new(most).unwrap_or(NonZeroU32::MIN);
        let each = WINDOW / most.get();
        let taken = Taken(Arc::default());
        // Only a period of nothing is none.
        let quota = Quota::with_period(each).unwrap_or(Quota::per_second(most));
        Self {
            limiter: RateLimiter::new(quota.allow_burst(most), taken.clone(), Now(clock)),
            taken,
            each: each.into(),
            names: RandomState::new(),
        }
    }

    /// `name`, to take for it.
    pub(super) fn guessed(&self, name: &str) -> Guessed {
        Guessed(self.names.hash_one(name))
    }

    /// Takes one for `key`.
    ///
    /// # Errors
    /// In how many seconds one comes back, where all are taken.
    pub(super) fn take(&self, key: K) -> Result<(), u64> {
        use clock::Clock as _;
        self.limiter.check_key(&key).map_err(|later| {
            let wait = later.wait_time_from(self.limiter.clock().now());
            wait.as_secs().saturating_add(1)
        })
    }

    /// Gives back what was taken for `key`.
    pub(super) fn give_back(&self, key: K) {
        if let Some(full) = self.taken.lock().get_mut(&key) {
            *full = full.saturating_sub(self.each);
        }
    }
}

/// When each will have everything back, counted from the start.
#[derive(Clone, Debug)]
struct Taken<K>(Arc<Mutex<HashMap<K, Nanos>>>);

impl<K> Taken<K> {
    fn lock(&self) -> MutexGuard<'_, HashMap<K, Nanos>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Copy + Eq + Hash> StateStore for Taken<K> {
    type Key = K;

    fn measure_and_replace<T, F, E>(&self, key: &K, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let mut taken = self.lock();
        let (outcome, full) = measure(taken.get(key).copied())?;
        if taken.len() >= MOST && !taken.contains_key(key) {
            forget_half(&mut taken);
        }
        taken.insert(*key, full);
        Ok(outcome)
    }
}

/// Those who have everything back, or will first.
fn forget_half<K: Copy + Eq + Hash>(taken: &mut HashMap<K, Nanos>) {
    let mut times: Vec<_> = taken.values().copied().collect();
    let middle = times.len() / 2;
    let (_, &mut middle, _) = times.select_nth_unstable(middle);
    let mut left = times.len() / 2;
    taken.retain(|_, full| {
        let keeps = *full >= middle && left > 0;
        left -= usize::from(keeps);
        keeps
    });
}

/// The service's clock, for the library.
#[derive(Clone, Debug)]
struct Now(Arc<dyn Clock>);

impl clock::Clock for Now {
    type Instant = Duration;

    fn now(&self) -> Duration {
        let since_1970 = self.0.now().timestamp_millis();
        Duration::from_millis(u64::try_from(since_1970).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    #[test]
    fn what_is_remembered_is_bounded_and_what_was_used_up_is_kept() {
        let guesses = Allowance::new(Arc::new(SystemClock), 2);
        let used_up = |key| guesses.take(key).is_err();
        assert!(!used_up(0) && !used_up(0) && used_up(0));
        for key in 1..=MOST * 2 {
            assert!(!used_up(key));
            assert!(guesses.taken.lock().len() <= MOST);
        }
        assert!(used_up(0));
        guesses.give_back(0);
        assert!(!used_up(0) && used_up(0));
    }
}
