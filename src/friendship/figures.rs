//! Public figures, as this server knows them: who is a tarento, and who was one and still has more friends
//! than a user can have, or has them because that could be more once (rules.md, Friendships 4). Whoever asks
//! becomes their friend at once, but for those of the other side of 18 without a tie: to have such a friend in
//! common says nothing of two people, and is no tie between a minor and an adult (Users 5).
//! Elsewhere it is one, as with anybody: who writes for friends of friends, and has such a friend, writes
//! for that friend's friends, too.
//!
//! They are known as the absent are (see [`crate::absence::set`]): read at the start, whenever somebody tells
//! of a change, and anew all the while, at the primary. So nothing is asked for them by those who read.

mod store;

use std::sync::{Arc, PoisonError, RwLock};

use foldhash::HashSet;
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::{absence::set::Absent, database::Reader, error::Error};

/// All public figures.
#[derive(Debug, Default)]
pub struct Figures {
    known: RwLock<Arc<HashSet<Uuid>>>,
    /// One reading after the other: what was read earlier never comes in the place of what was later.
    reading: Mutex<()>,
}

impl Figures {
    /// Reads them anew, where a user can have so many friends.
    ///
    /// # Errors
    /// The database's: who was known before is known still.
    pub async fn refresh(&self, db: &Reader, friend_limit: i64) -> Result<(), Error> {
        let _one_by_one = self.reading.lock().await;
        let found = store::all(db, friend_limit).await?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        *known = Arc::new(found);
        Ok(())
    }

    /// Who they are.
    pub fn known(&self) -> Arc<HashSet<Uuid>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&known)
    }
}

/// Through whom two can be tied, for one who looks.
#[derive(Clone, Debug, Default)]
pub struct Ties {
    absent: Absent,
    figures: Arc<HashSet<Uuid>>,
}

impl Ties {
    /// Through nobody who is `absent`, and through `figures` not everybody.
    pub fn new(absent: Absent, figures: Arc<HashSet<Uuid>>) -> Self {
        Self { absent, figures }
    }

    /// Whether `friend`, whom two have in common, ties them: by whether they are `divided`, one a minor and
    /// one an adult.
    pub fn are_through(&self, friend: Uuid, divided: bool) -> bool {
        let is_for_others = divided && self.figures.contains(&friend);
        !is_for_others && !self.absent.contains(friend)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_ties_who_is_not_divided_and_the_absent_tie_nobody() {
        let [friend, figure] = [1, 2].map(Uuid::from_u128);
        let ties = Ties::new(Absent::default(), Arc::new([figure].into_iter().collect()));
        for divided in [false, true] {
            assert!(ties.are_through(friend, divided));
            assert_eq!(ties.are_through(figure, divided), !divided);
        }
    }
}
