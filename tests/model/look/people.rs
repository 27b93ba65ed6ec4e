//! What is seen of somebody.

use serde_json::{Value, json};

use super::{Names, list, page};
use crate::model::community::{Audience, Community, STAFF};

impl Names {
    pub(super) fn person_seen(
        &self,
        community: &Community,
        who: Option<usize>,
        other: usize,
    ) -> Value {
        if community.are_hidden(who, other) {
            return Value::Null;
        }
        let shown = |friend: &usize| !community.are_hidden(who, *friend);
        let friends: Vec<_> = community
            .friends_of(other)
            .into_iter()
            .filter(shown)
            .collect();
        let mine = who.map(|me| community.friends_of(me)).unwrap_or_default();
        let mutual = friends
            .iter()
            .filter(|friend| mine.contains(friend))
            .copied();
        let mutual: Vec<_> = mutual.collect();
        let mut diaries: Vec<_> = (0..self.diaries.len())
            .filter(|diary| community.diaries[*diary].author == other)
            .filter(|diary| community.sees_diary(who, *diary))
            .map(|diary| json!({ "id": self.diaries[diary] }))
            .collect();
        diaries.reverse();
        let kind = match community.tarento.contains(&other) {
            true => "TARENTO",
            false => "MEMBER",
        };
        let is_told = who == Some(STAFF) && community.is_suspended(other);
        json!({
            "id": self.person(other),
            "kind": kind,
            "friendCount": friends.len(),
            "viewerRelation": relation(community, who, other),
            "viewerCanRequestFriendship": who.is_some_and(|me| community.would_take(me, other)),
            "suspension": is_told.then(|| json!({ "reason": "spam" })),
            "facts": community.facts_seen(who, other),
            "friends": list(self.ids(friends)),
            "mutualFriends": { "nodes": self.ids(mutual) },
            "viewerFriendGroups": list(self.groups_with(community, who, other)),
            "diaries": page(diaries),
            "introductions": list(self.introductions_of(community, who, other)),
            "viewerIntroduction": self.introduction_by(community, who, other),
            "reviews": list(self.reviews_seen(community, who, other)),
        })
    }

    /// The groups of `who` that `other` is in.
    fn groups_with(&self, community: &Community, who: Option<usize>, other: usize) -> Vec<Value> {
        let of_me = who.into_iter().flat_map(|me| community.groups_of(me));
        let with = of_me.filter(|(_, group)| group.members.contains(&other));
        with.map(|(place, _)| json!({ "id": self.groups[place].1 }))
            .collect()
    }

    fn reviews_seen(&self, community: &Community, who: Option<usize>, author: usize) -> Vec<Value> {
        if who.is_none() || !community.sees(who, author, Audience::Members) {
            return Vec::new();
        }
        let by = community.reviews.iter().rev();
        by.filter(|review| review.author == author)
            .map(|review| {
                let id = self.review(author, review.item);
                json!({ "id": id, "rating": review.rating })
            })
            .collect()
    }
}

fn relation(community: &Community, who: Option<usize>, other: usize) -> &'static str {
    match who {
        None => "NONE",
        Some(me) if me == other => "SELF",
        Some(me) if community.are_friends(me, other) => "FRIEND",
        Some(me) if community.sent.contains(&[me, other]) => "REQUEST_SENT",
        Some(me) if community.received.contains(&[other, me]) => "REQUEST_RECEIVED",
        Some(me) if community.are_apart(me, other) => "NONE",
        Some(me) if community.are_second(me, other) => "FRIEND_OF_FRIEND",
        Some(_) => "NONE",
    }
}
