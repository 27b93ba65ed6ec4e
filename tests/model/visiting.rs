//! What rules.md says of visits and footprints.

use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::community::{Community, PEOPLE};

/// What visits leave with somebody.
#[derive(Debug, Default)]
pub struct Home {
    pub visits: i64,
    pub seen: i64,
    /// In the order of their numbers.
    pub footprints: Vec<Footprint>,
    pub last: [Option<DateTime<Utc>>; PEOPLE],
}

#[derive(Clone, Copy, Debug)]
pub struct Footprint {
    pub visitor: usize,
    day: NaiveDate,
    pub number: i64,
}

/// A day is Japan's.
fn day(time: DateTime<Utc>) -> NaiveDate {
    (time + Duration::hours(9)).date_naive()
}

impl Community {
    /// Whether that is counted.
    pub fn visit(
        &mut self,
        me: usize,
        owner: usize,
        now: DateTime<Utc>,
    ) -> Result<bool, &'static str> {
        if self.are_hidden(Some(me), owner) {
            return Err("NOT_FOUND");
        }
        if me == owner {
            return Ok(false);
        }
        let is_apart = self.are_apart(me, owner);
        let home = &mut self.homes[owner];
        let paused = home.last[me]
            .is_some_and(|last| now - last < Duration::minutes(5) && day(last) == day(now));
        if paused {
            return Ok(false);
        }
        home.last[me] = Some(now);
        home.visits += 1;
        // It is counted, and names nobody.
        if is_apart {
            return Ok(true);
        }
        home.footprints
            .retain(|there| (there.visitor, there.day) != (me, day(now)));
        home.footprints.push(Footprint {
            visitor: me,
            day: day(now),
            number: home.visits,
        });
        Ok(true)
    }

    pub fn visit_diary(
        &mut self,
        me: usize,
        diary: usize,
        now: DateTime<Utc>,
    ) -> Result<bool, &'static str> {
        if !self.sees_diary(Some(me), diary) {
            return Err("NOT_FOUND");
        }
        self.visit(me, self.diaries[diary].author, now)
    }

    pub fn mark_seen(&mut self, me: usize) {
        self.homes[me].seen = self.homes[me].visits;
    }
}
