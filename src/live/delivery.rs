//! Whether what a feed gave arrived, and when it is its turn to give.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Between a feed and who sends its events on. A feed takes an event as delivered when it is asked
/// for the next one, unless it was told to give the same one again.
#[derive(Clone, Debug)]
pub struct Delivery(Arc<State>);

#[derive(Debug)]
struct State {
    followed: AtomicBool,
    again: AtomicBool,
    turns: Arc<Semaphore>,
    turn: Mutex<Option<OwnedSemaphorePermit>>,
}

impl Default for Delivery {
    fn default() -> Self {
        Self::new(Arc::new(Semaphore::new(1)))
    }
}

impl Delivery {
    /// For a feed that reads, and whose events are resolved, while it has one of `turns`.
    pub fn new(turns: Arc<Semaphore>) -> Self {
        Self(Arc::new(State {
            followed: AtomicBool::new(false),
            again: AtomicBool::new(false),
            turns,
            turn: Mutex::new(None),
        }))
    }

    /// From now on a feed listens here.
    pub fn follow(&self) {
        self.0.followed.store(true, Ordering::Release);
    }

    /// Asks for the last event again. Says whether a feed listens.
    pub fn ask_again(&self) -> bool {
        let followed = self.0.followed.load(Ordering::Acquire);
        self.0.again.store(followed, Ordering::Release);
        followed
    }

    /// Whether the last event is wanted again; forgets the wish.
    pub fn is_wanted_again(&self) -> bool {
        self.0.again.swap(false, Ordering::AcqRel)
    }

    /// Comes back when it is the feed's turn. It stays so until [`Self::pass`].
    pub async fn turn(&self) {
        if self.lock().is_none() {
            // The turns are never closed.
            let turn = self.0.turns.clone().acquire_owned().await.ok();
            *self.lock() = turn;
        }
    }

    /// Gives the turn to the next feed.
    pub fn pass(&self) {
        drop(self.lock().take());
    }

    fn lock(&self) -> MutexGuard<'_, Option<OwnedSemaphorePermit>> {
        self.0.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
