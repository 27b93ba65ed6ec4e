//! The numbers of visits that the demo's people have named.

use chrono::{DateTime, Utc};
use entity::{
    kiriban,
    values::{FootprintPolicy, UserKind},
};
use uuid::Uuid;

use super::{
    Community,
    draw::{Draw, Part},
    people::KNOWN,
};

/// The numbers that people name.
const ROUND: [i64; 6] = [10, 20, 50, 100, 500, 1_000];

impl Community {
    /// Every kiriban, owner by owner.
    pub(super) fn kiribans(&self) -> impl Iterator<Item = kiriban::Model> + '_ {
        (0..self.people.len()).flat_map(|owner| self.kiribans_of(owner))
    }

    /// Those of one owner: the numbers that a footprint tells of, and the next one.
    pub(super) fn kiribans_of(&self, owner: usize) -> Vec<kiriban::Model> {
        let names = |kind| owner < KNOWN.len() || kind == UserKind::Tarento;
        let Some(person) = self.people.get(owner).filter(|it| names(it.kind)) else {
            return Vec::new();
        };
        let mut draw = Draw::new(self.seed, Part::Kiribans, owner);
        let (_, footprints) = self.footprints_of(owner);
        let last = footprints.last().map_or(0, |row| row.number);
        let mut kiribans = Vec::new();
        for number in ROUND {
            let row = |named_at, reached: Option<(DateTime<Utc>, Uuid)>| kiriban::Model {
                owner_id: person.id,
                number,
                named_at,
                reached_at: reached.map(|(at, _)| at),
                visitor_id: reached.map(|(_, visitor)| visitor),
                named_to_all: reached.is_some_and(|(_, visitor)| self.is_named_to_all(visitor)),
            };
            if number > last {
                let named_at = draw.time(person.joined_at, self.now);
                kiribans.push(row(named_at, None));
                break;
            }
            let left = footprints.iter().find(|left| left.number == number);
            kiribans.extend(left.map(|left| {
                let named_at = draw.time(person.joined_at, left.visited_at);
                row(named_at, Some((left.visited_at, left.visitor_id)))
            }));
        }
        kiribans
    }

    fn is_named_to_all(&self, visitor: Uuid) -> bool {
        let mut people = self.people.iter();
        let visitor = people.position(|person| person.id == visitor);
        visitor.is_some_and(|visitor| self.policy(visitor) == FootprintPolicy::Named)
    }
}
