//! What happened, told after the commit to who waits for it.
//!
//! An event is a wake-up, nothing more: the rows are the truth. Who waits reads them from the
//! last number that was delivered, so that an event that is merged with another, or lost, costs
//! time and never a row.
//!
//! An event bears where the primary's log stood after it (see [`Lsn`]): whoever reads for it
//! reads where that has arrived.
//!
//! Whatever changes what such a reading finds publishes, a removal too: each event has a version
//! that grows by one each time, so that rows that were read ahead are known to be out of date, and
//! a reading can be shared by all who stand at the same version.

use std::{
    any::Any,
    collections::HashMap,
    sync::{
        Arc, Mutex, OnceLock, PoisonError, Weak,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use crate::{
    cache::{Cache, Object},
    lsn::Lsn,
    viewer::Member,
};

/// What can be waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// Somebody left a footprint with this owner, or such a footprint has gone.
    FootprintLeft(Uuid),
    /// Somebody asked this user to become friends, or such a request has gone.
    FriendRequestReceived(Uuid),
    /// Somebody commented on a diary of this author, or such a comment has gone.
    DiaryCommented(Uuid),
    /// This user was told of something, or that has gone.
    Notified(Uuid),
    /// Something was published on the page of this brand, or changed there, or has gone; or the page has.
    BrandPosted(Uuid),
    /// This user follows other brands' pages than before.
    FollowsChanged(Uuid),
    /// This session was signed out.
    SessionEnded(Member),
    /// Somebody is absent for everybody from now on, or no more, or sees who is; or is a public figure, or no
    /// more.
    AbsencesChanged,
    /// This has changed: whatever is kept of it is forgotten, and nobody waits for it otherwise.
    Changed(Object),
}

/// The events of this process, and of those that it is linked with.
#[derive(Clone, Debug, Default)]
pub struct Events {
    topics: Arc<Mutex<HashMap<Event, Weak<Topic>>>>,
    link: Arc<OnceLock<mpsc::Sender<Told>>>,
    is_linked: Arc<AtomicBool>,
    cache: Cache,
    changes: Arc<AtomicU64>,
    owes_changes: Arc<AtomicBool>,
}

/// What a link to other servers hears of.
#[derive(Clone, Copy, Debug)]
pub enum Told {
    /// It happened here.
    Published(Event, Lsn),
    /// Somebody here begins to wait for it.
    Watched(Event),
    /// Nobody here waits for it any more.
    Forgotten(Event),
}

/// What those who wait for one event have in common.
#[derive(Debug)]
struct Topic {
    state: watch::Sender<State>,
    common: OnceLock<Arc<dyn Any + Send + Sync>>,
}

#[derive(Clone, Copy, Debug)]
struct State {
    version: u64,
    /// After everything that was published so far.
    lsn: Lsn,
}

impl Topic {
    fn publish(&self, lsn: Lsn) {
        self.state.send_modify(|state| {
            state.version += 1;
            state.lsn = state.lsn.max(lsn);
        });
    }
}

impl Events {
    /// Those after which `cache` is forgotten in part.
    pub fn with(cache: Cache) -> Self {
        Self {
            cache,
            ..Self::default()
        }
    }

    /// Wakes everybody who waits for `event`, which is in the log before `lsn`, here and at the
    /// servers that this one is linked with.
    pub fn publish(&self, event: Event, lsn: Lsn) {
        self.wake(event, lsn);
        self.tell(Told::Published(event, lsn));
        if matches!(event, Event::Changed(_)) {
            self.changes.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// How many changes were published here that others must hear of; none where there are no others.
    pub fn changes_told(&self) -> Option<u64> {
        self.link.get()?;
        Some(self.changes.load(Ordering::SeqCst))
    }

    /// Tells `link` of everything from now on. What it has no room for is not told: an event is a
    /// wake-up, and neighbours are looked for besides.
    pub fn link(&self, link: mpsc::Sender<Told>) {
        // Until it says otherwise, others' changes are not heard of.
        self.set_hearing(false);
        // There is one link a process.
        let _ = self.link.set(link);
    }

    /// Says whether the link carries events just now.
    pub fn set_linked(&self, is_linked: bool) {
        self.is_linked.store(is_linked, Ordering::Release);
        if !is_linked {
            self.set_hearing(false);
        }
    }

    /// Says whether what others change is heard of just now.
    pub fn set_hearing(&self, hears: bool) {
        self.cache.set_hearing(hears);
    }

    /// Whether a link carries events just now.
    pub fn is_linked(&self) -> bool {
        self.is_linked.load(Ordering::Acquire)
    }

    /// Notes that others were not told of something. Other events they find by themselves; of what has
    /// changed they must hear.
    pub fn not_told(&self, told: Told) {
        if matches!(told, Told::Published(Event::Changed(_), _)) {
            self.owes_changes.store(true, Ordering::SeqCst);
        }
    }

    /// What others must be told since something was not.
    pub fn owed(&self) -> Option<Told> {
        let owes = self.owes_changes.swap(false, Ordering::SeqCst);
        owes.then_some(Told::Published(
            Event::Changed(Object::Everything),
            Lsn::NEWEST,
        ))
    }

    fn tell(&self, told: Told) {
        if let Some(link) = self.link.get()
            && link.try_send(told).is_err()
        {
            self.not_told(told);
            tracing::debug!(?told, "the link to other servers has no room");
        }
    }

    /// Wakes everybody who waits for `event` here.
    pub fn wake(&self, event: Event, lsn: Lsn) {
        if let Event::Changed(object) = event {
            return self.cache.forget(object);
        }
        let topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(topic) = topics.get(&event).and_then(Weak::upgrade) {
            topic.publish(lsn);
        }
    }

    /// Says that what was published of `event` up to `version` is in the log before `lsn`,
    /// unless more was published since. Nobody is woken.
    pub fn locate(&self, event: Event, version: u64, lsn: Lsn) {
        let topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(topic) = topics.get(&event).and_then(Weak::upgrade) {
            topic.state.send_if_modified(|state| {
                if state.version == version {
                    state.lsn = state.lsn.min(lsn);
                }
                false
            });
        }
    }

    /// Wakes everybody, whatever they wait for, and forgets what was kept: something was written
    /// that nobody here saw.
    pub fn publish_all(&self) {
        self.cache.forget_all();
        let topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        for topic in topics.values().filter_map(Weak::upgrade) {
            topic.publish(Lsn::NEWEST);
        }
    }

    /// Begins to wait for `event`. What is published from now on is not missed.
    pub fn watch(&self, event: Event) -> Waiter {
        let mut topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        let topic = match topics.get(&event).and_then(Weak::upgrade) {
            Some(topic) => topic,
            None => {
                let topic = Arc::new(Topic {
                    // What was published before, and where, nobody here knows.
                    state: watch::Sender::new(State {
                        version: 0,
                        lsn: Lsn::NEWEST,
                    }),
                    common: OnceLock::new(),
                });
                topics.insert(event, Arc::downgrade(&topic));
                self.tell(Told::Watched(event));
                topic
            }
        };
        Waiter {
            events: self.clone(),
            event,
            receiver: topic.state.subscribe(),
            topic: Some(topic),
        }
    }

    /// What is waited for here, by anybody, and the version of each.
    pub fn watched(&self) -> Vec<(Event, u64)> {
        let topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        let living = topics.iter().filter_map(|(event, topic)| {
            let version = topic.upgrade()?.state.borrow().version;
            Some((*event, version))
        });
        living.collect()
    }

    fn forget(&self, event: Event) {
        let mut topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        if topics
            .get(&event)
            .is_some_and(|topic| topic.strong_count() == 0)
        {
            topics.remove(&event);
            self.tell(Told::Forgotten(event));
        }
    }
}

/// Waits for one kind of event.
#[derive(Debug)]
pub struct Waiter {
    events: Events,
    event: Event,
    receiver: watch::Receiver<State>,
    /// Held so that the topic lives as long as somebody waits; taken at the end.
    topic: Option<Arc<Topic>>,
}

impl Waiter {
    /// Comes back when the event was published since the last call, or at once if it was already.
    pub async fn wait(&mut self) {
        // The sender is held by this very waiter: it cannot have gone.
        let _ = self.receiver.changed().await;
    }

    /// The event's version as of now. What was published up to it is not waited for any more.
    pub fn version(&mut self) -> u64 {
        self.receiver.borrow_and_update().version
    }

    /// Where the log stood after everything that was published by now.
    pub fn lsn(&self) -> Lsn {
        self.receiver.borrow().lsn
    }

    /// Whether the event was published since [`Self::wait`] or [`Self::version`] was called.
    pub fn is_behind(&self) -> bool {
        self.receiver.has_changed().unwrap_or(false)
    }

    /// What all who wait for this event share: made by the first who asks, gone with the last.
    /// Each event has one type of it.
    pub fn common<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        let shared = self.topic.as_ref().and_then(|topic| {
            let common = topic.common.get_or_init(|| Arc::new(T::default()));
            Arc::clone(common).downcast().ok()
        });
        shared.unwrap_or_default()
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        drop(self.topic.take());
        self.events.forget(self.event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_log_is_known_once_somebody_has_looked_and_grows_with_each_event() {
        let (events, event) = (Events::default(), Event::FootprintLeft(Uuid::nil()));
        let [early, late, last] = [10, 20, 30].map(Lsn::from_number);
        let mut waiter = events.watch(event);
        assert_eq!(waiter.lsn(), Lsn::NEWEST, "what was before is not known");
        events.publish(event, early);
        assert_eq!(waiter.lsn(), Lsn::NEWEST);
        let version = waiter.version();
        events.locate(event, version - 1, early);
        assert_eq!(waiter.lsn(), Lsn::NEWEST, "somebody looked before it came");
        events.locate(event, version, early);
        assert_eq!(waiter.lsn(), early);
        assert!(!waiter.is_behind(), "nobody is woken by that");
        events.publish(event, last);
        events.publish(event, late);
        assert_eq!(
            waiter.lsn(),
            last,
            "commits may be told of in another order"
        );
        events.publish_all();
        assert_eq!(waiter.lsn(), Lsn::NEWEST);
    }
}
