//! Whether what a feed gave arrived.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// Between a feed and who sends its events on. A feed takes an event as delivered when it is asked
/// for the next one, unless it was told to give the same one again.
#[derive(Clone, Debug, Default)]
pub struct Delivery(Arc<State>);

#[derive(Debug, Default)]
struct State {
    followed: AtomicBool,
    again: AtomicBool,
}

impl Delivery {
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
}
