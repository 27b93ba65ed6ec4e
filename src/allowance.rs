//! What each of many may take within a time, in the memory of this server: sign-ins, points.
//!
//! All of it is there at once, and comes back one after the other. Of several servers each counts by
//! itself: what must be exact is counted in the database.

use std::{
    collections::HashMap,
    hash::Hash,
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use governor::{
    NotUntil, Quota, RateLimiter, clock, middleware::NoOpMiddleware, nanos::Nanos,
    state::StateStore,
};

use crate::clock::Clock;

/// The most that is remembered: a few megabytes. Where more come those are forgotten who have used
/// the least of theirs, so that who has used it up gains nothing by a crowd of others.
const MOST: usize = 100_000;

/// What each of many may take.
#[derive(Debug)]
pub struct Allowance<K: Copy + Eq + Hash> {
    limiter: RateLimiter<K, Taken<K>, Now, NoOpMiddleware<Duration>>,
    taken: Taken<K>,
    most: NonZeroU32,
    /// The time in which one comes back.
    each: Nanos,
}

/// What is left after something was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// So many.
    pub remaining: u32,
    /// The time until all is back.
    pub whole_in: Duration,
}

/// Why nothing was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Short {
    /// In so many seconds as much is back.
    For(u64),
    /// It is more than there ever is.
    Always,
}

impl<K: Copy + Eq + Hash> Allowance<K> {
    /// `most` at once, and as many more `within` that time; none where there is no limit, for 0.
    pub fn new(clock: Arc<dyn Clock>, most: u32, within: Duration) -> Option<Self> {
        let most = NonZeroU32::new(most)?;
        let each = within / most.get();
        let taken = Taken(Arc::default());
        // Only a period of nothing is none.
        let quota = Quota::with_period(each).unwrap_or(Quota::per_second(most));
        Some(Self {
            limiter: RateLimiter::new(quota.allow_burst(most), taken.clone(), Now::new(clock)),
            taken,
            most,
            each: each.into(),
        })
    }

    /// The most that there is.
    pub fn most(&self) -> u32 {
        self.most.get()
    }

    /// Takes one for `key`.
    ///
    /// # Errors
    /// In how many seconds one comes back, where all are taken.
    pub fn take(&self, key: K) -> Result<(), u64> {
        let taken = self.limiter.check_key(&key);
        taken.map_err(|later| self.seconds(&later))
    }

    /// Takes `count` for `key`, all or none.
    ///
    /// # Errors
    /// Why there are not so many.
    pub fn take_many(&self, key: K, count: NonZeroU32) -> Result<Left, Short> {
        use clock::Clock as _;
        let taken = self.limiter.check_key_n(&key, count);
        taken
            .map_err(|_| Short::Always)?
            .map_err(|later| Short::For(self.seconds(&later)))?;
        let full = self.taken.lock().get(&key).copied();
        let now = self.limiter.clock().now().into();
        let used = full.map_or(0, |full| full.saturating_sub(now).as_u64());
        let gone = used.div_ceil(self.each.as_u64());
        let remaining = u64::from(self.most.get()).saturating_sub(gone);
        Ok(Left {
            remaining: u32::try_from(remaining).unwrap_or(u32::MAX),
            whole_in: Duration::from_nanos(used),
        })
    }

    fn seconds(&self, later: &NotUntil<Duration>) -> u64 {
        use clock::Clock as _;
        let wait = later.wait_time_from(self.limiter.clock().now());
        wait.as_secs().saturating_add(1)
    }

    /// Gives back `count` that were taken for `key`.
    pub fn give_back(&self, key: K, count: NonZeroU32) {
        if let Some(full) = self.taken.lock().get_mut(&key) {
            *full = full.saturating_sub(self.each * u64::from(count.get()));
        }
    }
}

/// When each will have everything back, counted from the making of the limiter.
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

/// The service's clock, for the library: the time since it was asked for the first time, as the
/// limiter is made.
#[derive(Clone, Debug)]
struct Now {
    clock: Arc<dyn Clock>,
    first: OnceLock<u64>,
}

impl Now {
    fn new(clock: Arc<dyn Clock>) -> Self {
        let first = OnceLock::new();
        Self { clock, first }
    }
}

impl clock::Clock for Now {
    type Instant = Duration;

    fn now(&self) -> Duration {
        let since_1970 = self.clock.now().timestamp_millis();
        let now = u64::try_from(since_1970).unwrap_or_default();
        let first = self.first.get_or_init(|| now);
        Duration::from_millis(now.saturating_sub(*first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    fn many(count: u32) -> NonZeroU32 {
        NonZeroU32::new(count).unwrap()
    }

    #[test]
    fn what_is_remembered_is_bounded_and_what_was_used_up_is_kept() {
        let hour = Duration::from_secs(3600);
        let allowance = Allowance::new(Arc::new(SystemClock), 2, hour).unwrap();
        let used_up = |key| allowance.take(key).is_err();
        assert!(!used_up(0) && !used_up(0) && used_up(0));
        for key in 1..=MOST * 2 {
            assert!(!used_up(key));
            assert!(allowance.taken.lock().len() <= MOST);
        }
        assert!(used_up(0));
        allowance.give_back(0, many(1));
        assert!(!used_up(0) && used_up(0));
    }

    #[test]
    fn many_are_taken_together_or_not_at_all() {
        let century = Duration::from_secs(100 * 365 * 86_400);
        let allowance = Allowance::new(Arc::new(SystemClock), 7, century).unwrap();
        let left = |remaining| move |left: Left| left.remaining == remaining;
        assert!(allowance.take_many(1, many(5)).is_ok_and(left(2)));
        assert!(matches!(
            allowance.take_many(1, many(3)),
            Err(Short::For(_))
        ));
        assert_eq!(allowance.take_many(1, many(8)), Err(Short::Always));
        assert!(allowance.take_many(1, many(2)).is_ok_and(left(0)));
        assert!(allowance.take_many(2, many(7)).is_ok_and(left(0)));
    }

    #[test]
    fn nothing_bounds_what_has_no_limit() {
        let clock = Arc::new(SystemClock);
        assert!(Allowance::<u8>::new(clock, 0, Duration::from_secs(1)).is_none());
    }
}
