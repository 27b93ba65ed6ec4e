//! The demo's friendships and pending requests.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use entity::values::UserKind;

use super::{
    Community,
    draw::{Draw, Part},
};
use crate::bulk::ties::{Asking, Tie};

const MESSAGES: &str = include_str!("texts/requests.txt");

impl Community {
    /// When the two became friends, drawn for the pair alone: it need not be remembered.
    pub(super) fn since(&self, one: usize, other: usize) -> DateTime<Utc> {
        self.tie(one.min(other), one.max(other))
            .map_or(self.now, |tie| tie.since)
    }

    pub(super) fn tie(&self, one: usize, other: usize) -> Option<Tie> {
        let (a, b) = (self.people.get(one)?, self.people.get(other)?);
        let mut draw = Draw::new(self.seed, Part::Ties, one * self.people.len() + other);
        let both_joined = a.joined_at.max(b.joined_at);
        // Most ties are made soon after the later of the two has joined.
        let latest = draw.time(both_joined, self.now);
        let since = draw.time(both_joined, latest);
        Some(Tie {
            id: draw.id(since),
            ends: [a.id, b.id],
            since,
            memberships: Vec::new(),
        })
    }

    /// Every friendship.
    pub(super) fn ties(&self) -> impl Iterator<Item = Tie> + '_ {
        self.graph.edges().filter_map(|(one, other)| {
            Some(Tie {
                memberships: self.memberships(one, other),
                ..self.tie(one, other)?
            })
        })
    }

    /// Pending requests: some for everybody's taste, and more for the known ones.
    pub(super) fn requests(&self) -> Vec<Asking> {
        let messages: Vec<_> = MESSAGES.lines().collect();
        let mut asked = HashSet::new();
        let mut requests = Vec::new();
        let mut numbers: BTreeMap<usize, i64> = BTreeMap::new();
        for (recipient, person) in self.people.iter().enumerate() {
            let mut draw = Draw::new(self.seed, Part::Requests, recipient);
            let mut wanted = match recipient {
                0 => 4,
                1 => 3,
                // A tarento accepts at once.
                _ if person.kind == UserKind::Tarento => 0,
                _ if draw.chance(15) => draw.between(1, 2),
                _ => 0,
            };
            let mut senders: Vec<_> = (0..wanted * 10)
                .map(|_| draw.below(self.people.len()))
                .collect();
            senders.retain(|sender| {
                let fits = wanted > 0
                    && self.may_ask(*sender, recipient)
                    && asked.insert((recipient.min(*sender), recipient.max(*sender)));
                wanted -= usize::from(fits);
                fits
            });
            let mut of_recipient: Vec<_> = senders
                .into_iter()
                .filter_map(|sender| {
                    let sender = self.people.get(sender)?;
                    let from = sender
                        .joined_at
                        .max(person.joined_at)
                        .max(self.days_ago(21));
                    let created_at = draw.time(from, self.now);
                    Some(Asking {
                        id: draw.id(created_at),
                        sender: sender.id,
                        recipient: person.id,
                        number: 0,
                        message: draw.pick(&messages).unwrap_or_default().to_owned(),
                        created_at,
                    })
                })
                .collect();
            of_recipient.sort_by_key(|request| (request.created_at, request.id));
            for mut request in of_recipient {
                let number = numbers.entry(recipient).or_default();
                *number += 1;
                request.number = *number;
                requests.push(request);
            }
        }
        requests
    }

    fn may_ask(&self, sender: usize, recipient: usize) -> bool {
        sender != recipient
            && !self.graph.are_friends(sender, recipient)
            && self.are_in_reach(sender, recipient, self.now)
            && self
                .people
                .get(sender)
                .is_some_and(|person| person.kind == UserKind::Member)
    }
}
