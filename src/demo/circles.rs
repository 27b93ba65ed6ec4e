//! The demo's groups of friends: whom people count among their close friends, and a class of old that the
//! known ones keep up with.

use entity::{friend_group, values::UserKind};
use uuid::Uuid;

use super::{
    Community,
    draw::{Draw, Part},
};
use crate::{
    bulk::ties::Membership,
    friendship::group::store::{CLOSE_FRIENDS, close_friends},
    search,
};

/// What the known ones call the group that they made.
const CLASS: &str = "高校のクラス";
/// So many in a hundred have put anybody among their close friends.
const WITH_CLOSE_FRIENDS: usize = 15;
/// So few of their friends, at the most.
const CLOSE: usize = 6;

/// A group of somebody's friends.
#[derive(Debug)]
pub(super) struct Circle {
    pub(super) id: Uuid,
    friends: Vec<usize>,
}

impl Community {
    /// Every group that somebody was put into.
    pub(super) fn groups(&self) -> impl Iterator<Item = friend_group::Model> + '_ {
        let people = self.people.iter().enumerate();
        people.flat_map(|(owner, person)| {
            self.circles(owner).into_iter().map(|circle| {
                let close = close_friends(person.id);
                match circle.id {
                    CLOSE_FRIENDS => close,
                    id => friend_group::Model {
                        id,
                        name: CLASS.to_owned(),
                        name_key: search::fold(CLASS),
                        ..close
                    },
                }
            })
        })
    }

    /// The groups of the person number `owner`.
    pub(super) fn circles(&self, owner: usize) -> Vec<Circle> {
        let Some(person) = self.people.get(owner) else {
            return Vec::new();
        };
        let is_known = owner < 2;
        let mut draw = Draw::new(self.seed, Part::Circles, owner);
        let has_some = draw.chance(WITH_CLOSE_FRIENDS) && person.kind == UserKind::Member;
        if !is_known && !has_some {
            return Vec::new();
        }
        let made = draw.time(person.joined_at, self.now);
        let class = draw.id(made);
        let mut friends: Vec<_> = self.graph.friends(owner).to_vec();
        draw.shuffle(&mut friends);
        let mut friends = friends.into_iter().map(|friend| friend as usize);
        let close = friends.by_ref().take(draw.between(2, CLOSE)).collect();
        let mut circles = vec![Circle {
            id: CLOSE_FRIENDS,
            friends: close,
        }];
        if is_known {
            circles.push(Circle {
                id: class,
                friends: friends.take(8).collect(),
            });
        }
        circles.retain(|circle| !circle.friends.is_empty());
        circles
    }

    /// Who is in the group `id` of `owner`.
    pub(super) fn in_circle(&self, owner: usize, id: Uuid) -> Vec<usize> {
        let circles = self.circles(owner).into_iter();
        let mut those = circles.filter(|circle| circle.id == id);
        those
            .next()
            .map(|circle| circle.friends)
            .unwrap_or_default()
    }

    /// In which groups of the one the other of two friends is.
    pub(super) fn memberships(&self, one: usize, other: usize) -> Vec<Membership> {
        let ends = [(one, other), (other, one)];
        let of_each = ends.into_iter().flat_map(|(owner, friend)| {
            let circles = self.circles(owner).into_iter();
            let those = circles.filter(move |circle| circle.friends.contains(&friend));
            those.filter_map(move |circle| self.membership(owner, friend, circle.id))
        });
        of_each.collect()
    }

    fn membership(&self, owner: usize, friend: usize, group: Uuid) -> Option<Membership> {
        let pair = owner * self.people.len() + friend;
        let mut draw = Draw::new(self.seed, Part::Members, pair);
        Some(Membership {
            owner: self.people.get(owner)?.id,
            group,
            id: draw.id(self.since(owner, friend)),
            newest: self.newest_for(owner, group),
        })
    }
}
