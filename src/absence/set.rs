//! Who is absent, as this server knows it: read at the start, whenever somebody tells of a change, and
//! anew all the while (see [`crate::neighbours`]), at the primary. So nothing is asked for it by those
//! who read, and an absence ends by the clock, without anybody's doing.
//!
//! The set is small by nature: each list leaves these ids out, and binds them for that. With a thousand of
//! them a page of twenty out of a thousand rows takes 0.8 ms more on SQLite and 0.1 on PostgreSQL, with
//! ten thousand 14 ms and 0.8, beside sending their 160 kB: so many are what this is made for.
//!
//! What an absent user has with others does not change meanwhile: they do nothing, and nobody does
//! anything with them, or through them as a friend in common, moderators and administrators, who see them, no
//! more than others. So what is kept of
//! counts fits what is taken off them for the absent. (Friends can end the friendship, and anybody can block
//! them or report them: that takes away, or is nobody's but moderators'. And what looks after them, a role, the
//! status of a tarento, a suspension, the removal of what was reported, is no doing with them.)

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use foldhash::HashSet;
use tokio::sync::Mutex;
use uuid::Uuid;

use super::store;
use crate::{database::Reader, error::Error};

/// Who is absent for somebody.
#[derive(Clone, Debug)]
pub struct Absent {
    /// In order.
    ids: Arc<[Uuid]>,
    /// Tells sets of this server from each other, where several see this one.
    number: Option<u64>,
}

impl Default for Absent {
    /// Nobody.
    fn default() -> Self {
        Self {
            ids: Arc::default(),
            number: Some(0),
        }
    }
}

impl Absent {
    /// Everybody who is.
    pub fn ids(&self) -> &Arc<[Uuid]> {
        &self.ids
    }

    /// Whether nobody is.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Whether `user` is.
    pub fn contains(&self, user: Uuid) -> bool {
        self.ids.binary_search(&user).is_ok()
    }

    /// `user`, or an id that nobody has in the place of who is absent: looking for it takes as long as
    /// looking for who never was, and finds as little.
    pub fn veiled(&self, user: Uuid) -> Uuid {
        if self.contains(user) {
            Uuid::nil()
        } else {
            user
        }
    }

    /// Under what number others see the same set; none where it is one's own.
    pub fn number(&self) -> Option<u64> {
        self.number
    }

    fn without(&self, user: Uuid) -> Self {
        let others = self.ids.iter().copied().filter(|id| *id != user);
        Self {
            ids: others.collect(),
            number: None,
        }
    }
}

/// Who is absent, as this server knows it.
#[derive(Debug, Default)]
pub struct Absences {
    known: RwLock<Known>,
    /// One reading after the other: what was read earlier never comes in the place of what was later.
    reading: Mutex<()>,
}

#[derive(Debug, Default)]
struct Known {
    rows: Vec<(Uuid, Option<DateTime<Utc>>)>,
    /// Who sees the absent.
    staff: HashSet<Uuid>,
    absent: Absent,
    /// The number of the last set that had somebody in it.
    last: u64,
    /// When the next absence ends by itself.
    next_end: Option<DateTime<Utc>>,
}

impl Known {
    fn settle(&mut self, now: DateTime<Utc>) {
        let lasts = |until: &Option<DateTime<Utc>>| until.is_none_or(|until| until > now);
        let lasting = self.rows.iter().filter(|(_, until)| lasts(until));
        let mut ids: Vec<_> = lasting.clone().map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids.dedup();
        self.next_end = lasting.filter_map(|(_, until)| *until).min();
        if *ids == **self.absent.ids() {
            return;
        }
        self.absent = if ids.is_empty() {
            Absent::default()
        } else {
            self.last += 1;
            Absent {
                ids: ids.into(),
                number: Some(self.last),
            }
        };
    }
}

impl Absences {
    /// Reads anew who is absent, as of `now`.
    ///
    /// # Errors
    /// The database's: what was known before is known still.
    pub async fn refresh(&self, db: &Reader, now: DateTime<Utc>) -> Result<(), Error> {
        let _one_by_one = self.reading.lock().await;
        let rows = store::all(db).await?;
        let staff = if rows.is_empty() {
            HashSet::default()
        } else {
            store::staff(db).await?
        };
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        (known.rows, known.staff) = (rows, staff);
        known.settle(now);
        Ok(())
    }

    /// Who is absent at `now` for `viewer`, who is nobody where nobody is signed in: nobody for
    /// moderators and administrators, and never the viewer.
    pub fn for_viewer(&self, viewer: Option<Uuid>, now: DateTime<Utc>) -> Absent {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if known.next_end.is_some_and(|end| end <= now) {
            drop(known);
            let known = self.known.write();
            known.unwrap_or_else(PoisonError::into_inner).settle(now);
            return self.for_viewer(viewer, now);
        }
        match viewer {
            Some(me) if known.staff.contains(&me) => Absent::default(),
            Some(me) if known.absent.contains(me) => known.absent.without(me),
            _ => known.absent.clone(),
        }
    }

    /// With whom `me` cannot do anything at `now`, whether `me` sees them or not: everybody who is absent,
    /// but for `me`.
    pub fn for_acts_of(&self, me: Uuid, now: DateTime<Utc>) -> Absent {
        let absent = self.for_viewer(None, now);
        if absent.contains(me) {
            return absent.without(me);
        }
        absent
    }

    /// Whether `user` sees the absent, where there are any.
    pub fn is_staff(&self, user: Uuid) -> bool {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.staff.contains(&user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn an_absence_ends_by_the_clock_and_each_set_has_a_number_of_its_own() {
        let [a, b, moderator] = [1, 2, 3].map(Uuid::from_u128);
        let absences = Absences::default();
        {
            let mut known = absences.known.write().unwrap();
            known.rows = vec![(b, None), (a, Some(at(10))), (b, Some(at(5)))];
            known.staff.insert(moderator);
            known.settle(at(0));
        }
        let absent = |viewer, seconds| absences.for_viewer(viewer, at(seconds));
        let first = absent(None, 1);
        assert_eq!(**first.ids(), [a, b]);
        assert_eq!(first.number(), absent(Some(Uuid::from_u128(9)), 9).number());
        assert_eq!(first.veiled(a), Uuid::nil());
        assert_eq!(first.veiled(moderator), moderator);
        // Nobody is absent for oneself, nor anybody for who looks after them.
        assert_eq!(**absent(Some(a), 1).ids(), [b]);
        assert_eq!(absent(Some(a), 1).number(), None);
        assert!(absent(Some(moderator), 1).is_empty());
        // But nobody does anything with who is absent.
        let acts = |me| absences.for_acts_of(me, at(1));
        assert_eq!(**acts(moderator).ids(), [a, b]);
        assert_eq!(**acts(a).ids(), [b]);
        // Of two causes the one lasts.
        let second = absent(None, 10);
        assert_eq!(**second.ids(), [b]);
        assert_ne!(second.number(), first.number());
        assert_ne!(second.number(), Some(0));
    }
}
