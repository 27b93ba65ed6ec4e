//! Whether what a feed gave arrived, and when it is its turn to give.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Semaphore, watch},
    time::{Instant, timeout_at},
};

use super::turns::{Line, Turn, Turns};

/// Between a feed and who sends its events on. A feed takes an event as delivered when it is asked
/// for the next one, unless it was told to give the same one again.
#[derive(Clone, Debug)]
pub struct Delivery(Arc<State>);

#[derive(Debug)]
struct State {
    followed: AtomicBool,
    again: AtomicBool,
    given: AtomicI64,
    line: Line,
    /// Room for what the client has yet to read.
    room: Arc<Semaphore>,
    turn: Mutex<Option<Turn>>,
    /// Since when there is a turn.
    since: watch::Sender<Option<Instant>>,
}

impl Default for Delivery {
    fn default() -> Self {
        Self::new(Turns::default().line(None), Arc::new(Semaphore::new(1)))
    }
}

impl Delivery {
    /// For a feed that reads, and whose events are resolved, while it has a turn from `line`, which
    /// it asks for only while there is `room` for an event.
    pub fn new(line: Line, room: Arc<Semaphore>) -> Self {
        Self(Arc::new(State {
            followed: AtomicBool::new(false),
            again: AtomicBool::new(false),
            given: AtomicI64::new(0),
            line,
            room,
            turn: Mutex::new(None),
            since: watch::Sender::new(None),
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

    /// The row of this number is given out.
    pub fn give(&self, number: i64) {
        self.0.given.store(number, Ordering::Release);
    }

    /// The number of the row that was given out last.
    pub fn given(&self) -> i64 {
        self.0.given.load(Ordering::Acquire)
    }

    /// Comes back when it is the feed's turn. It stays so until [`Self::pass`].
    pub async fn turn(&self) {
        if self.0.since.borrow().is_none() {
            // It is not taken: the event's size is not known yet.
            drop(self.0.room.acquire().await);
            let turn = self.0.line.turn().await;
            self.hold(turn);
            self.0.since.send_replace(Some(Instant::now()));
        }
    }

    /// Gives the turn to the next feed.
    pub fn pass(&self) {
        self.hold(None);
        self.0.since.send_replace(None);
    }

    /// Comes back when one turn has lasted for longer than `patience`.
    pub async fn overdue(&self, patience: Duration) {
        let mut since = self.0.since.subscribe();
        loop {
            let began = *since.borrow_and_update();
            // The sender is here: it cannot have gone.
            let changed = since.changed();
            if let Some(began) = began {
                if timeout_at(began + patience, changed).await.is_err() {
                    return;
                }
            } else {
                let _ = changed.await;
            }
        }
    }

    fn hold(&self, turn: Option<Turn>) {
        *self.0.turn.lock().unwrap_or_else(PoisonError::into_inner) = turn;
    }
}
