//! What happened, told after the commit to who waits for it.
//!
//! An event is a wake-up, nothing more: the rows are the truth. Who waits reads them from the
//! last number that was delivered, so that an event that is merged with another, or lost, costs
//! time and never a row.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::sync::watch;
use uuid::Uuid;

/// What can be waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// Somebody left a footprint with this owner.
    FootprintLeft(Uuid),
    /// Somebody asked this user to become friends.
    FriendRequestReceived(Uuid),
    /// Somebody commented on a diary of this author.
    DiaryCommented(Uuid),
    /// This session was signed out.
    SessionEnded(Uuid),
}

/// The events of this process.
#[derive(Clone, Debug, Default)]
pub struct Events {
    topics: Arc<Mutex<HashMap<Event, Weak<watch::Sender<()>>>>>,
}

impl Events {
    /// Wakes everybody who waits for `event`.
    pub fn publish(&self, event: Event) {
        let topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = topics.get(&event).and_then(Weak::upgrade) {
            sender.send_replace(());
        }
    }

    /// Wakes everybody, whatever they wait for: something was written that nobody here saw.
    pub fn publish_all(&self) {
        let topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        for sender in topics.values().filter_map(Weak::upgrade) {
            sender.send_replace(());
        }
    }

    /// Begins to wait for `event`. What is published from now on is not missed.
    pub fn watch(&self, event: Event) -> Waiter {
        let mut topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = match topics.get(&event).and_then(Weak::upgrade) {
            Some(sender) => sender,
            None => {
                let sender = Arc::new(watch::Sender::new(()));
                topics.insert(event, Arc::downgrade(&sender));
                sender
            }
        };
        Waiter {
            events: self.clone(),
            event,
            receiver: sender.subscribe(),
            sender: Some(sender),
        }
    }

    fn forget(&self, event: Event) {
        let mut topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        if topics
            .get(&event)
            .is_some_and(|topic| topic.strong_count() == 0)
        {
            topics.remove(&event);
        }
    }
}

/// Waits for one kind of event.
#[derive(Debug)]
pub struct Waiter {
    events: Events,
    event: Event,
    receiver: watch::Receiver<()>,
    /// Held so that the topic lives as long as somebody waits; taken at the end.
    sender: Option<Arc<watch::Sender<()>>>,
}

impl Waiter {
    /// Comes back when the event was published since the last call, or at once if it was already.
    pub async fn wait(&mut self) {
        // The sender is held by this very waiter: it cannot have gone.
        let _ = self.receiver.changed().await;
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        drop(self.sender.take());
        self.events.forget(self.event);
    }
}
