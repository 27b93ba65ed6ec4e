//! Events that wake a feed beside its own: those of what its member follows, which changes.

use std::{
    collections::HashMap,
    future::pending,
    mem::take,
    sync::{Mutex, MutexGuard, PoisonError},
};

use futures_util::future::{FutureExt, select_all};

use crate::{
    events::{Event, Events, Waiter},
    lsn::Lsn,
};

/// Those that a feed waits for now.
#[derive(Debug, Default)]
pub struct Others(Mutex<HashMap<Event, Waiter>>);

impl Others {
    /// Waits for `wanted` from now on, and for no others. Says whether one of them was not waited for before: what
    /// was published of it may be in no replica yet.
    pub fn follow(&self, events: &Events, wanted: impl IntoIterator<Item = Event>) -> bool {
        let mut waiters = self.waiters();
        let mut before = take(&mut *waiters);
        let mut is_new = false;
        for event in wanted {
            let waiter = before.remove(&event).unwrap_or_else(|| {
                is_new = true;
                events.watch(event)
            });
            waiters.insert(event, waiter);
        }
        is_new
    }

    /// Comes back when one of them is published; never where there are none.
    pub(super) async fn wait(&self) {
        let mut waiting = Waiting {
            waiters: take(&mut *self.waiters()),
            of: self,
        };
        if waiting.waiters.is_empty() {
            return pending().await;
        }
        let all = waiting.waiters.values_mut();
        select_all(all.map(|waiter| waiter.wait().boxed())).await;
    }

    /// Whether one of them was published since [`Self::wait`] came back for it, or [`Self::see`] was called.
    pub(super) fn is_behind(&self) -> bool {
        self.waiters().values().any(Waiter::is_behind)
    }

    /// Waits no more for what was published of them by now. Gives where the log stood after it.
    pub(super) fn see(&self) -> Option<Lsn> {
        let mut waiters = self.waiters();
        waiters.values_mut().for_each(|waiter| {
            waiter.version();
        });
        waiters.values().map(Waiter::lsn).max()
    }

    fn waiters(&self) -> MutexGuard<'_, HashMap<Event, Waiter>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Those that are waited for, which are there again when the waiting ends, or is ended.
struct Waiting<'o> {
    waiters: HashMap<Event, Waiter>,
    of: &'o Others,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.of.waiters().extend(self.waiters.drain());
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;
    use uuid::Uuid;

    use super::*;

    async fn is_woken(others: &Others) -> bool {
        timeout(Duration::from_millis(50), others.wait())
            .await
            .is_ok()
    }

    #[tokio::test]
    async fn what_is_followed_wakes_and_nothing_else() {
        let (events, others) = (Events::default(), Others::default());
        let [a, b] = [1, 2].map(|id| Event::BrandPosted(Uuid::from_u128(id)));
        assert!(!is_woken(&others).await, "there is nothing to wait for");
        assert!(others.follow(&events, [a]) && !others.follow(&events, [a]));
        events.publish(b, Lsn::NEWEST);
        assert!(!is_woken(&others).await && !others.is_behind());
        events.publish(a, Lsn::NEWEST);
        assert!(others.is_behind() && is_woken(&others).await);
        assert!(!others.is_behind() && !is_woken(&others).await);
        assert!(others.follow(&events, [a, b]));
        events.publish(a, Lsn::NEWEST);
        events.publish(b, Lsn::NEWEST);
        assert!(is_woken(&others).await && others.is_behind());
        assert_eq!(others.see(), Some(Lsn::NEWEST));
        assert!(!others.is_behind());
        others.follow(&events, [b]);
        events.publish(a, Lsn::NEWEST);
        assert!(!is_woken(&others).await);
        assert_eq!(events.watched().len(), 1, "the other is forgotten");
    }
}
