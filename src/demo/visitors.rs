//! To whom the demo's people are named where they visit.

use entity::{
    values::{FootprintPolicy, UserKind},
    visitor,
};

use super::{
    Community,
    draw::{Draw, Part},
    people::KNOWN,
};

/// What people choose: in a hundred so many.
const POLICIES: [(FootprintPolicy, usize); 3] = [
    (FootprintPolicy::Named, 88),
    (FootprintPolicy::Connections, 9),
    (FootprintPolicy::Anonymous, 3),
];

impl Community {
    /// What is kept of those who have chosen otherwise than everybody who chooses nothing, or rest.
    pub(super) fn visitors(&self) -> impl Iterator<Item = visitor::Model> + '_ {
        let people = self.people.iter().enumerate();
        people.filter_map(|(index, person)| {
            let footprint_policy = self.policy(index);
            let has_rest = self.rest_of(index).is_some();
            let has_chosen = has_rest || footprint_policy != FootprintPolicy::Named;
            has_chosen.then_some(visitor::Model {
                user_id: person.id,
                footprint_policy,
                unlisted_until: None,
                recent_visits: None,
                take_back_month: None,
                take_backs: 0,
                has_rest,
            })
        })
    }

    /// Whether `visitor` is named to `owner`.
    pub(super) fn is_named(&self, visitor: usize, owner: usize) -> bool {
        match self.policy(visitor) {
            FootprintPolicy::Named => true,
            FootprintPolicy::Connections => self.are_connected(visitor, owner),
            FootprintPolicy::Anonymous => false,
        }
    }

    /// Those whom everybody looks for are named.
    pub(super) fn policy(&self, person: usize) -> FootprintPolicy {
        let kind = self.people.get(person).map(|person| person.kind);
        if person < KNOWN.len() || kind != Some(UserKind::Member) {
            return FootprintPolicy::Named;
        }
        let mut draw = Draw::new(self.seed, Part::Policies, person);
        draw.weighted(&POLICIES).unwrap_or(FootprintPolicy::Named)
    }
}
