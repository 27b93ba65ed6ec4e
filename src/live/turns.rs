//! Whose feed may read and resolve: many at once, and few of any one member's.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

/// The most events that are read and resolved at once: enough to keep every connection that reads
/// at work, and so few that queries beside them do not wait long.
const AT_ONCE: usize = 32;
/// The most of one member's among them: fewer than the connections that read on SQLite, so that
/// whatever one member subscribes to leaves a connection to everybody else.
const OF_ONE: usize = 3;

/// The turns of all feeds.
#[derive(Clone, Debug)]
pub struct Turns {
    all: Arc<Semaphore>,
    lines: Arc<Mutex<HashMap<Uuid, Weak<Semaphore>>>>,
}

impl Default for Turns {
    fn default() -> Self {
        Self {
            all: Arc::new(Semaphore::new(AT_ONCE)),
            lines: Arc::default(),
        }
    }
}

impl Turns {
    /// Where the feeds of `member` wait, all of them in one line. (There is no feed of who is not
    /// signed in.)
    pub fn line(&self, member: Option<Uuid>) -> Line {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let member = member.unwrap_or_default();
        let own = lines.get(&member).and_then(Weak::upgrade);
        let own = own.unwrap_or_else(|| {
            let own = Arc::new(Semaphore::new(OF_ONE));
            lines.insert(member, Arc::downgrade(&own));
            own
        });
        Line {
            turns: self.clone(),
            member,
            own: Some(own),
        }
    }
}

/// Where one member's feeds wait for their turns.
#[derive(Debug)]
pub struct Line {
    turns: Turns,
    member: Uuid,
    /// Taken at the end.
    own: Option<Arc<Semaphore>>,
}

/// A turn, until this goes out of scope.
#[derive(Debug)]
pub struct Turn {
    _own: OwnedSemaphorePermit,
    _all: OwnedSemaphorePermit,
}

impl Line {
    /// Comes back with a turn. Nobody ever waits among all for longer than it takes the others'
    /// few: first the line, then the door.
    pub async fn turn(&self) -> Option<Turn> {
        // The semaphores are never closed.
        Some(Turn {
            _own: self.own.clone()?.acquire_owned().await.ok()?,
            _all: self.turns.all.clone().acquire_owned().await.ok()?,
        })
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        drop(self.own.take());
        let mut lines = self
            .turns
            .lines
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if lines
            .get(&self.member)
            .is_some_and(|own| own.strong_count() == 0)
        {
            lines.remove(&self.member);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    /// As many turns as there are just now.
    fn take(line: &Line) -> Vec<Turn> {
        std::iter::from_fn(|| line.turn().now_or_never().flatten()).collect()
    }

    #[test]
    fn one_member_has_few_turns_and_all_together_have_many() {
        let turns = Turns::default();
        let member = |number| turns.line(Some(Uuid::from_u128(number)));
        let (one, same) = (member(0), member(0));
        let taken = take(&one);
        assert_eq!(taken.len(), OF_ONE);
        assert!(take(&same).is_empty(), "one line for all of a member's");
        let others: Vec<_> = (1..20).map(member).collect();
        let others: Vec<_> = others.iter().flat_map(take).collect();
        assert_eq!(others.len(), AT_ONCE - OF_ONE);
        let late = member(20);
        assert!(take(&late).is_empty());
        drop(taken);
        assert_eq!(take(&late).len(), OF_ONE);
    }

    #[test]
    fn nothing_is_kept_of_who_has_no_feed_any_more() {
        let turns = Turns::default();
        let one = turns.line(Some(Uuid::from_u128(1)));
        let two = turns.line(Some(Uuid::from_u128(1)));
        let held = take(&one);
        drop(one);
        assert!(take(&two).is_empty(), "still the same line");
        drop((held, two));
        assert!(turns.lines.lock().unwrap().is_empty());
    }
}
