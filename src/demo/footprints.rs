//! The footprints of the demo's last weeks.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use entity::{
    footprint,
    values::{
        UserKind,
        VisitOrigin::{self, *},
    },
};

use super::{
    Community,
    draw::{Draw, Part},
};
use crate::{bulk::footprints::Seen, clock::day_in_japan};

/// The footprints are of so many days.
const DAYS: usize = 28;
/// Where visitors come from.
const ORIGINS: [(Option<VisitOrigin>, usize); 8] = [
    (Some(Home), 22),
    (Some(FriendList), 20),
    (Some(Footprints), 20),
    (Some(Diary), 16),
    (Some(Search), 8),
    (Some(Review), 6),
    (Some(Link), 4),
    (None, 4),
];
/// When people visit, by the hour in Japan: at lunch, and late at night.
const HOURS: [(i64, usize); 24] = [
    (0, 8),
    (1, 5),
    (2, 3),
    (3, 1),
    (4, 1),
    (5, 1),
    (6, 2),
    (7, 3),
    (8, 4),
    (9, 4),
    (10, 4),
    (11, 4),
    (12, 8),
    (13, 5),
    (14, 4),
    (15, 4),
    (16, 4),
    (17, 4),
    (18, 5),
    (19, 6),
    (20, 7),
    (21, 9),
    (22, 11),
    (23, 11),
];

impl Community {
    /// What was left before the owners last looked at their lists.
    pub(super) fn seen_footprints(&self) -> impl Iterator<Item = footprint::Model> + '_ {
        self.footprints(true)
    }

    /// Who has looked.
    pub(super) fn seen(&self) -> impl Iterator<Item = Seen> + '_ {
        self.people.iter().map(|person| Seen(person.id))
    }

    /// What was left since.
    pub(super) fn new_footprints(&self) -> impl Iterator<Item = footprint::Model> + '_ {
        self.footprints(false)
    }

    fn footprints(&self, seen: bool) -> impl Iterator<Item = footprint::Model> + '_ {
        (0..self.people.len()).flat_map(move |owner| {
            let (looked_at, rows) = self.footprints_of(owner);
            rows.into_iter()
                .filter(move |row| (row.visited_at < looked_at) == seen)
        })
    }

    /// When the owner last looked, and every footprint, in the order of the numbers. Visitors who are
    /// not named have a number each, too.
    pub(super) fn footprints_of(&self, owner: usize) -> (DateTime<Utc>, Vec<footprint::Model>) {
        let Some(person) = self.people.get(owner) else {
            return (self.now, Vec::new());
        };
        let mut draw = Draw::new(self.seed, Part::Footprints, owner);
        let friends = self.graph.friends(owner).len();
        let visits = match person.kind {
            _ if owner < 2 => 60,
            UserKind::Tarento => 200.min(self.people.len()),
            UserKind::Member => draw.below((friends + 3).min(40)),
        };
        let looked_at = self.now - Duration::hours(draw.between(2, 48) as i64);
        // One a visitor and day in Japan.
        let mut rows = BTreeMap::new();
        for _ in 0..visits {
            let Some(visitor) = self.visitor(&mut draw, owner) else {
                continue;
            };
            let day = draw.low_below(DAYS) as i64 + 1;
            let hour = draw.weighted(&HOURS).unwrap_or(12);
            let minutes = hour * 60 + draw.below(60) as i64;
            let visited_at = self.now - Duration::days(day)
                + Duration::minutes(minutes)
                + Duration::milliseconds(draw.below(60_000) as i64);
            let origin = draw.weighted(&ORIGINS).flatten();
            let id = draw.id(visited_at);
            let in_reach = self.are_in_reach(visitor, owner, visited_at);
            let is_named = in_reach && self.is_named(visitor, owner);
            let rested = self.rested(visitor);
            if rested.is_some_and(|(since, until)| (since..until).contains(&visited_at)) {
                continue;
            }
            let Some(visitor) = self.people.get(visitor) else {
                continue;
            };
            if visited_at < visitor.joined_at.max(person.joined_at) {
                continue;
            }
            let day = day_in_japan(visited_at);
            let row = footprint::Model {
                owner_id: person.id,
                id,
                visitor_id: visitor.id,
                day,
                number: 0,
                visited_at,
                origin,
            };
            rows.entry((visitor.id, day)).or_insert((row, is_named));
        }
        let mut rows: Vec<_> = rows.into_values().collect();
        rows.sort_by_key(|(row, _)| (row.visited_at, row.id));
        let rows = (1..).zip(rows).filter(|(_, (_, is_named))| *is_named);
        let rows = rows.map(|(number, (row, _))| footprint::Model { number, ..row });
        (looked_at, rows.collect())
    }

    fn visitor(&self, draw: &mut Draw, owner: usize) -> Option<usize> {
        let visitor = match draw.below(10) {
            0..7 => draw.pick(self.graph.friends(owner))? as usize,
            7 => {
                let friend = draw.pick(self.graph.friends(owner))? as usize;
                draw.pick(self.graph.friends(friend))? as usize
            }
            _ => draw.below(self.people.len()),
        };
        (visitor != owner).then_some(visitor)
    }
}
