//! What was done and is not written yet. A server that dies takes what it counted within the last minute with it:
//! to count in the transactions themselves would have each of them write one row more.

use std::{
    mem::take,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::NaiveDate;
use entity::values::Device;
use foldhash::HashMap;
use uuid::Uuid;

/// So many rows wait at the most, some 100 bytes each: while the database takes nothing, who comes then is not
/// counted.
pub const MOST: usize = 100_000;

/// The mutations that write something for others to read.
pub const WRITING: [&str; 7] = [
    "writeDiary",
    "editDiary",
    "commentOnDiary",
    "reviewItem",
    "writeIntroduction",
    "publishBrandPost",
    "updateBrandPost",
];

/// What somebody did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deeds {
    /// Visits to others that were counted there.
    pub visits: i64,
    /// What was written or changed.
    pub writings: i64,
    /// Queries that were answered.
    pub readings: i64,
}

impl Deeds {
    /// A query.
    pub const READING: Self = Self {
        visits: 0,
        writings: 0,
        readings: 1,
    };

    fn add(&mut self, more: Self) {
        self.visits += more.visits;
        self.writings += more.writings;
        self.readings += more.readings;
    }
}

/// Who did something, when, and with what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Doer {
    /// The user.
    pub user: Uuid,
    /// The day in Japan.
    pub day: NaiveDate,
    /// What they came with.
    pub device: Device,
}

/// On which day, with what.
pub type Access = (NaiveDate, Device);

/// What waits to be written, in the order in which everybody writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// What each did.
    pub deeds: Vec<(Doer, Deeds)>,
    /// How many operations there were, by everybody.
    pub access: Vec<(Access, i64)>,
}

/// What was done and is not written yet.
#[derive(Debug, Default)]
pub struct Tallies(Mutex<Counted>);

#[derive(Debug, Default)]
struct Counted {
    deeds: HashMap<Doer, Deeds>,
    access: HashMap<Access, i64>,
}

impl Tallies {
    /// Counts an operation on `day` with `device`, by `user`, who is nobody where nobody is signed in.
    pub fn count(&self, user: Option<Uuid>, day: NaiveDate, device: Device, done: Deeds) {
        let mut counted = self.counted();
        *counted.access.entry((day, device)).or_default() += 1;
        if let Some(user) = user {
            counted.add(Doer { user, day, device }, done);
        }
    }

    /// Everything that waits: it is the caller's to write from here on.
    pub fn take(&self) -> Waiting {
        let Counted { deeds, access } = take(&mut *self.counted());
        let (mut deeds, mut access): (Vec<_>, Vec<_>) =
            (deeds.into_iter().collect(), access.into_iter().collect());
        deeds.sort_unstable_by_key(|(doer, _)| *doer);
        access.sort_unstable_by_key(|(of, _)| *of);
        Waiting { deeds, access }
    }

    /// Has it wait again: it could not be written.
    pub fn give_back(&self, waiting: Waiting) {
        let mut counted = self.counted();
        for (of, operations) in waiting.access {
            *counted.access.entry(of).or_default() += operations;
        }
        for (doer, done) in waiting.deeds {
            counted.add(doer, done);
        }
    }

    fn counted(&self) -> MutexGuard<'_, Counted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counted {
    fn add(&mut self, doer: Doer, done: Deeds) {
        if let Some(counted) = self.deeds.get_mut(&doer) {
            counted.add(done);
        } else if self.deeds.len() < MOST {
            self.deeds.insert(doer, done);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_back_waits_with_what_came_meanwhile() {
        let (tallies, me) = (Tallies::default(), Uuid::from_u128(1));
        let day = NaiveDate::default();
        let other = Deeds {
            visits: 1,
            ..Deeds::default()
        };
        tallies.count(Some(me), day, Device::Pc, Deeds::READING);
        tallies.count(None, day, Device::Pc, Deeds::READING);
        let taken = tallies.take();
        assert_eq!(taken.deeds.len(), 1);
        assert_eq!(taken.access, [((day, Device::Pc), 2)]);
        tallies.count(Some(me), day, Device::Pc, other);
        tallies.count(Some(me), day, Device::Smartphone, other);
        tallies.give_back(taken);
        let all = tallies.take();
        let both = Deeds {
            visits: 1,
            writings: 0,
            readings: 1,
        };
        let done: Vec<_> = all.deeds.iter().map(|(_, done)| *done).collect();
        assert_eq!(done, [both, other]);
        let pc = ((day, Device::Pc), 3);
        assert_eq!(all.access, [pc, ((day, Device::Smartphone), 1)]);
        assert_eq!(tallies.take(), Waiting::default());
    }

    #[test]
    fn no_more_wait_than_there_is_room_for() {
        let tallies = Tallies::default();
        let day = NaiveDate::default();
        for user in 0..MOST + 10 {
            let user = Uuid::from_u128(user as u128);
            tallies.count(Some(user), day, Device::Pc, Deeds::READING);
        }
        // Who has a row is counted on.
        let first = Some(Uuid::nil());
        tallies.count(first, day, Device::Pc, Deeds::READING);
        let all = tallies.take();
        assert_eq!(all.deeds.len(), MOST);
        assert_eq!(all.deeds[0].1.readings, 2);
        assert_eq!(all.access[0].1, MOST as i64 + 11);
    }
}
