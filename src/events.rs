//! What happened, told after the commit to who waits for it.
//!
//! An event is a wake-up, nothing more: the rows are the truth. Who waits reads them from the
//! last number that was delivered, so that an event that is merged with another, or lost, costs
//! time and never a row.
//!
//! Whatever changes what such a reading finds publishes, a removal too: each event has a version
//! that grows by one each time, so that rows that were read ahead are known to be out of date, and
//! a reading can be shared by all who stand at the same version.

use std::{
    any::Any,
    collections::HashMap,
    sync::{
        Arc, Mutex, OnceLock, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::{mpsc, watch};
use uuid::Uuid;

use crate::viewer::Member;

/// What can be waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// Somebody left a footprint with this owner.
    FootprintLeft(Uuid),
    /// Somebody asked this user to become friends, or such a request has gone.
    FriendRequestReceived(Uuid),
    /// Somebody commented on a diary of this author, or such a comment has gone.
    DiaryCommented(Uuid),
    /// This session was signed out.
    SessionEnded(Member),
}

/// The events of this process, and of those that it is linked with.
#[derive(Clone, Debug, Default)]
pub struct Events {
    topics: Arc<Mutex<HashMap<Event, Weak<Topic>>>>,
    link: Arc<OnceLock<mpsc::Sender<Told>>>,
    is_linked: Arc<AtomicBool>,
}

/// What a link to other servers hears of.
#[derive(Clone, Copy, Debug)]
pub enum Told {
    /// It happened here.
    Published(Event),
    /// Somebody here begins to wait for it.
    Watched(Event),
    /// Nobody here waits for it any more.
    Forgotten(Event),
}

/// What those who wait for one event have in common.
#[derive(Debug)]
struct Topic {
    version: watch::Sender<u64>,
    common: OnceLock<Arc<dyn Any + Send + Sync>>,
}

impl Topic {
    fn publish(&self) {
        self.version.send_modify(|version| *version += 1);
    }
}

impl Events {
    /// Wakes everybody who waits for `event`, here and at the servers that this one is linked with.
    pub fn publish(&self, event: Event) {
        self.wake(event);
        self.tell(Told::Published(event));
    }

    /// Tells `link` of everything from now on. What it has no room for is not told: an event is a
    /// wake-up, and neighbours are looked for besides.
    pub fn link(&self, link: mpsc::Sender<Told>) {
        // There is one link a process.
        let _ = self.link.set(link);
    }

    /// Says whether the link carries events just now.
    pub fn set_linked(&self, is_linked: bool) {
        self.is_linked.store(is_linked, Ordering::Release);
    }

    /// Whether a link carries events just now.
    pub fn is_linked(&self) -> bool {
        self.is_linked.load(Ordering::Acquire)
    }

    fn tell(&self, told: Told) {
        if let Some(link) = self.link.get()
            && link.try_send(told).is_err()
        {
            tracing::debug!(?told, "the link to other servers has no room");
        }
    }

    /// Wakes everybody who waits for `event` here.
    pub fn wake(&self, event: Event) {
        let topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(topic) = topics.get(&event).and_then(Weak::upgrade) {
            topic.publish();
        }
    }

    /// Wakes everybody, whatever they wait for: something was written that nobody here saw.
    pub fn publish_all(&self) {
        let topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        for topic in topics.values().filter_map(Weak::upgrade) {
            topic.publish();
        }
    }

    /// Begins to wait for `event`. What is published from now on is not missed.
    pub fn watch(&self, event: Event) -> Waiter {
        let mut topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        let topic = match topics.get(&event).and_then(Weak::upgrade) {
            Some(topic) => topic,
            None => {
                let topic = Arc::new(Topic {
                    version: watch::Sender::new(0),
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
            receiver: topic.version.subscribe(),
            topic: Some(topic),
        }
    }

    /// What is waited for here, by anybody.
    pub fn watched(&self) -> Vec<Event> {
        let topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        topics.keys().copied().collect()
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
    receiver: watch::Receiver<u64>,
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
        *self.receiver.borrow_and_update()
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
