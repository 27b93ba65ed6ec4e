//! Who of the demo's people is tired of it all, and rests.

use entity::{rest, values::UserKind};

use super::{
    Community,
    draw::{Draw, Part},
    people::KNOWN,
};
use crate::rest::choice::Choice;

/// In a hundred so many rest until they say so, and so many at night.
const AT_ONCE: usize = 5;
const AT_NIGHT: usize = 5;
/// In a hundred of those so many have their friends see it.
const SHOWN: usize = 75;
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
}
