//! Visits and footprints.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use proptest::prelude::*;
use serde_json::json;

use super::{
    community::{Community, PEOPLE},
    deed::{Call, Came, Pair},
    look::Names,
    writing::back,
};

/// Diaries are counted back from the last.
#[derive(Clone, Copy, Debug)]
pub enum Visiting {
    Profile,
    Diary(usize),
    MarkSeen,
}

pub fn visiting() -> impl Strategy<Value = Visiting> {
    prop_oneof![
        3 => Just(Visiting::Profile),
        2 => back().prop_map(Visiting::Diary),
        1 => Just(Visiting::MarkSeen),
    ]
}

impl Visiting {
    pub fn by_the_rules(self, Pair { me, other }: Pair, community: &mut Community) -> Came {
        let visited = match self {
            Self::Profile => community.visit(me, other),
            Self::Diary(back) => match community.diaries.len().checked_sub(back + 1) {
                Some(diary) => community.visit_diary(me, diary),
                None => return Came::Done,
            },
            Self::MarkSeen => {
                community.mark_seen(me);
                return Came::Done;
            }
        };
        match visited {
            Ok(left) => Came::Left(left),
            Err(code) => Came::Refused(code.to_owned()),
        }
    }

    pub fn call(self, Pair { me, other }: Pair, names: &Names) -> Option<Call> {
        let left = "leftFootprint";
        Some(match self {
            Self::Profile => {
                let input = json!({ "userId": names.person(other) });
                Call::of(me, "visitProfile", input).asking(left)
            }
            Self::Diary(back) => {
                let input = json!({ "diaryId": names.diaries[names.diary(back)?] });
                Call::of(me, "visitDiary", input).asking(left)
            }
            Self::MarkSeen => Call::of(me, "markFootprintsSeen", json!({})),
        })
    }
}

/// What visits leave with somebody.
#[derive(Debug, Default)]
pub struct Home {
    pub visits: i64,
    pub seen: i64,
    /// In the order of their numbers.
    pub footprints: Vec<Footprint>,
    pub last: [Option<DateTime<Utc>>; PEOPLE],
}

impl Home {
    /// `who` is gone, with what they left; what was counted stays.
    pub fn forget(&mut self, who: usize) {
        self.footprints.retain(|there| there.visitor != who);
        self.last[who] = None;
    }
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
    fn visit(&mut self, me: usize, owner: usize) -> Result<bool, &'static str> {
        let now = self.now;
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

    fn visit_diary(&mut self, me: usize, diary: usize) -> Result<bool, &'static str> {
        if !self.sees_diary(Some(me), diary) {
            return Err("NOT_FOUND");
        }
        self.visit(me, self.diaries[diary].author)
    }

    fn mark_seen(&mut self, me: usize) {
        self.homes[me].seen = self.homes[me].visits;
    }
}
