//! Who of the demo's people is tired of it all, and rests; and of whom a rest is over.

use chrono::{DateTime, Utc};
use entity::{notification, rest, rest_digest, values::UserKind};

use super::{
    Community,
    draw::{Draw, Part},
    people::KNOWN,
    writing::Writing,
};
use crate::{
    bulk::ties::Asking,
    rest::{choice::Choice, store::digests::Sequence},
};

/// In a hundred so many rest until they say so, and so many at night.
const AT_ONCE: usize = 5;
const AT_NIGHT: usize = 5;
/// In a hundred of those so many have their friends see it.
const SHOWN: usize = 75;
/// The first of the known ones rested from so many days ago to so many.
const RESTED: [i64; 2] = [10, 8];
/// Every night, as it is kept.
const NIGHTS: &str = "1 23:00-07:00,2 23:00-07:00,3 23:00-07:00,4 23:00-07:00,5 23:00-07:00,6 23:00-07:00,7 23:00-07:00";

impl Community {
    /// What each has chosen who has. They begin as the demo does: until then they left footprints like everybody.
    pub(super) fn rests(&self) -> impl Iterator<Item = rest::Model> + '_ {
        (0..self.people.len()).filter_map(|index| self.rest_of(index))
    }

    /// That of one of them.
    pub(super) fn rest_of(&self, index: usize) -> Option<rest::Model> {
        let person = self.people.get(index)?;
        if self.rested(index).is_some() {
            // They rest no more, and have chosen nothing since.
            return Some(rest::Model {
                user_id: person.id,
                ..rest::Model::default()
            });
        }
        // Those who are looked for are there.
        if index < KNOWN.len() || person.kind == UserKind::Tarento {
            return None;
        }
        let mut draw = Draw::new(self.seed, Part::Rests, index);
        let drawn = draw.below(100);
        let mut row = rest::Model {
            user_id: person.id,
            is_shown: draw.chance(SHOWN),
            ..rest::Model::default()
        };
        if drawn < AT_ONCE {
            row.began_at = Some(self.now);
        } else if drawn < AT_ONCE + AT_NIGHT {
            row.weekly = NIGHTS.to_owned();
            row.weekly_from = Some(self.now);
        } else {
            return None;
        }
        row.due_at = Choice::from(&row).due_after(self.now);
        Some(row)
    }

    /// From when to when one of them rested, of whom that is over.
    pub(super) fn rested(&self, index: usize) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let person = self.people.first().filter(|_| index == 0)?;
        let [since, until] = RESTED.map(|days| self.days_ago(days));
        (person.joined_at <= since).then_some((since, until))
    }

    /// What tells of that rest, but for its notifications.
    pub(super) fn digest(
        &self,
        index: usize,
        writing: &Writing,
        requests: &[Asking],
    ) -> Option<rest_digest::Model> {
        let (since, until) = self.rested(index)?;
        let person = self.people.get(index)?.id;
        let came = |at: DateTime<Utc>| (since..until).contains(&at);
        let (_, footprints) = self.footprints_of(index);
        let footprints = footprints.iter().filter(|row| came(row.visited_at));
        let requests = requests.iter().filter(|row| row.recipient == person);
        let requests = requests.filter(|row| came(row.created_at));
        // Theirs are the first.
        let comments = self.comments(writing);
        let comments = comments.take_while(|row| row.diary_author_id == person);
        let comments = comments.filter(|row| row.number > 0 && came(row.created_at));
        let mut digest = rest_digest::Model {
            user_id: person,
            id: Draw::new(self.seed, Part::Digests, index).id(until),
            began_at: since,
            ended_at: until,
            is_told: true,
            ..rest_digest::Model::default()
        };
        Sequence::Footprints.set_range(&mut digest, range(footprints.map(|row| row.number)));
        Sequence::Requests.set_range(&mut digest, range(requests.map(|row| row.number)));
        Sequence::Comments.set_range(&mut digest, range(comments.map(|row| row.number)));
        Some(digest)
    }
}

/// Has `digest` tell of those of `rows` that came in the rest. Says whether anything did.
pub(super) fn tell_of(digest: &mut rest_digest::Model, rows: &[notification::Model]) -> bool {
    let time = digest.began_at..digest.ended_at;
    let rows = rows.iter().filter(|row| time.contains(&row.at));
    Sequence::Notifications.set_range(digest, range(rows.map(|row| row.number)));
    let ranges = Sequence::ALL.map(|sequence| sequence.range(digest));
    ranges.iter().any(|range| *range != [0, 0])
}

fn range(numbers: impl Iterator<Item = i64>) -> [i64; 2] {
    numbers.fold([0, 0], |[first, last], number| {
        let first = if first == 0 {
            number
        } else {
            first.min(number)
        };
        [first, last.max(number)]
    })
}
