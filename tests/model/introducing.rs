//! What friends write to introduce each other.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    community::{Audience, Community, PEOPLE, Refused, take},
    deed::{Call, Came, Pair, came},
    look::Names,
};

#[derive(Clone, Copy, Debug)]
pub enum Introducing {
    /// Writes one of the other, or changes it.
    Write,
    /// One's own of the other.
    Remove,
    /// The other's of oneself.
    RemoveReceived,
    /// That which somebody wrote of the other.
    RemoveOthers(usize),
}

pub fn introducing() -> impl Strategy<Value = Introducing> {
    prop_oneof![
        8 => Just(Introducing::Write),
        1 => Just(Introducing::Remove),
        1 => Just(Introducing::RemoveReceived),
        2 => (0..PEOPLE).prop_map(Introducing::RemoveOthers),
    ]
}

impl Introducing {
    /// Of whom, by whom.
    fn key(self, Pair { me, other }: Pair) -> [usize; 2] {
        match self {
            Self::Write | Self::Remove => [other, me],
            Self::RemoveReceived => [me, other],
            Self::RemoveOthers(author) => [other, author],
        }
    }

    pub fn by_the_rules(self, pair: Pair, community: &mut Community) -> Came {
        came(match self {
            Self::Write => community.introduce(pair.me, pair.other),
            _ => community.remove_introduction(pair.me, self.key(pair)),
        })
    }

    pub fn call(self, pair: Pair, names: &Names) -> Call {
        let (name, input) = match self {
            Self::Write => {
                let input = json!({ "userId": names.person(pair.other), "body": "b" });
                ("writeIntroduction", input)
            }
            _ => {
                let input = json!({ "introductionId": names.introduction(self.key(pair)) });
                ("deleteIntroduction", input)
            }
        };
        Call::of(pair.me, name, input)
    }
}

impl Community {
    fn introduce(&mut self, me: usize, other: usize) -> Refused {
        if me == other {
            return Err("CANNOT_INTRODUCE_YOURSELF");
        }
        if self.are_hidden(Some(me), other) {
            return Err("NOT_FOUND");
        }
        if !self.are_friends(me, other) {
            return Err("NOT_FRIENDS");
        }
        // It stays where it was in the lists.
        if !self.introductions.contains(&[other, me]) {
            self.introductions.push([other, me]);
        }
        Ok(())
    }

    fn remove_introduction(&mut self, me: usize, key: [usize; 2]) -> Refused {
        let seen = self.introductions.contains(&key) && self.sees_introduction(Some(me), key);
        if !seen {
            return Err("NOT_FOUND");
        }
        if !key.contains(&me) {
            return Err("NOT_YOURS");
        }
        take(&mut self.introductions, key);
        Ok(())
    }

    /// Who has stopped being a friend has nothing written of them any more, nor has written anything.
    pub fn end_introductions(&mut self, me: usize, other: usize) {
        for pair in [[me, other], [other, me]] {
            take(&mut self.introductions, pair);
        }
    }

    /// As what the profile of whom it is of shows to members, unless its author is hidden.
    pub fn sees_introduction(&self, who: Option<usize>, [subject, author]: [usize; 2]) -> bool {
        let is_shown = who.is_some() && self.sees(who, subject, Audience::Members);
        is_shown && !self.are_hidden(who, author)
    }
}

impl Names {
    pub fn introduction(&self, [subject, author]: [usize; 2]) -> Value {
        use ashiato::ids::{GlobalId, Kind};
        let key = [self.people[subject], self.people[author]];
        json!(GlobalId::encode(Kind::Introduction, &key).to_string())
    }

    /// Those that `fits`, the newest first, as far as `who` sees them.
    fn introductions(
        &self,
        community: &Community,
        who: Option<usize>,
        fits: impl Fn(&[usize; 2]) -> bool,
    ) -> Vec<Value> {
        let all = community.introductions.iter().rev();
        let those = all.filter(|key| fits(key) && community.sees_introduction(who, **key));
        those
            .map(|key| {
                let [subject, author] = key.map(|who| json!({ "id": self.person(who) }));
                json!({ "id": self.introduction(*key), "subject": subject, "author": author })
            })
            .collect()
    }

    /// What `who` finds on the profile of `other`.
    pub fn introductions_of(
        &self,
        community: &Community,
        who: Option<usize>,
        other: usize,
    ) -> Vec<Value> {
        self.introductions(community, who, |[subject, _]| *subject == other)
    }

    /// What `who` wrote of `other`.
    pub fn introduction_by(
        &self,
        community: &Community,
        who: Option<usize>,
        other: usize,
    ) -> Option<Value> {
        let own = who.filter(|me| community.introductions.contains(&[other, *me]));
        own.map(|me| json!({ "id": self.introduction([other, me]) }))
    }

    /// All that `me` wrote.
    pub fn introductions_by(&self, community: &Community, me: usize) -> Vec<Value> {
        self.introductions(community, Some(me), |[_, author]| *author == me)
    }
}
