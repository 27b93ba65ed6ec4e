//! Who is absent for a while, suspended or about to leave, and who is gone for good.

use chrono::{DateTime, Duration, Utc};
use proptest::prelude::*;
use serde_json::json;

use super::{
    community::{Community, PEOPLE, Refused, STAFF},
    deed::{Call, Came, Pair, came},
    facts::Facts,
    look::Names,
    visiting::Home,
};
use crate::support::world::account::PASSWORD;

/// The days between the wish and the deletion.
pub const GRACE: i64 = 1;

/// Why somebody is absent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Away {
    /// Until when, or until it is lifted.
    suspended: Option<Option<DateTime<Utc>>>,
    leaving: bool,
}

#[derive(Clone, Copy, Debug)]
pub enum Absence {
    /// For so many minutes, or until it is lifted.
    Suspend(Option<i64>),
    Lift,
    Leave,
    Stay,
    /// The days of grace pass, and what is due is carried out.
    Pass,
}

/// Mostly it ends: where many are absent, nothing happens between the others.
pub fn absence() -> impl Strategy<Value = Absence> {
    prop_oneof![
        2 => (1..60_i64).prop_map(|minutes| Absence::Suspend(Some(minutes))),
        1 => Just(Absence::Suspend(None)),
        3 => Just(Absence::Lift),
        1 => Just(Absence::Leave),
        3 => Just(Absence::Stay),
        1 => Just(Absence::Pass),
    ]
}

impl Absence {
    pub fn by_the_rules(self, Pair { me, other }: Pair, community: &mut Community) -> Came {
        came(match self {
            Self::Suspend(minutes) => {
                let until = minutes.map(|minutes| community.now + Duration::minutes(minutes));
                community.away[other].suspended = Some(until);
                Ok(())
            }
            Self::Lift => community.lift(other),
            Self::Leave => {
                community.away[me].leaving = true;
                Ok(())
            }
            Self::Stay => match std::mem::take(&mut community.away[me].leaving) {
                true => Ok(()),
                false => Err("NOT_LEAVING"),
            },
            Self::Pass => Ok(()),
        })
    }

    /// Nobody calls for the days to pass.
    pub fn call(self, Pair { me, other }: Pair, now: DateTime<Utc>, names: &Names) -> Option<Call> {
        let user = json!({ "userId": names.person(other) });
        Some(match self {
            Self::Suspend(minutes) => {
                let until = minutes.map(|minutes| now + Duration::minutes(minutes));
                let mut input = user;
                input["reason"] = json!("spam");
                input["until"] = json!(until.map(|until| until.to_rfc3339()));
                Call::of(STAFF, "suspendUser", input)
            }
            Self::Lift => Call::of(STAFF, "liftSuspension", user),
            Self::Leave => Call::of(me, "deleteAccount", json!({ "password": PASSWORD })),
            Self::Stay => Call::of(me, "cancelAccountDeletion", json!({})),
            Self::Pass => return None,
        })
    }
}

impl Community {
    pub fn is_suspended(&self, who: usize) -> bool {
        let until = self.away[who].suspended;
        until.is_some_and(|until| until.is_none_or(|until| until > self.now))
    }

    pub fn is_leaving(&self, who: usize) -> bool {
        self.away[who].leaving
    }

    pub fn is_absent(&self, who: usize) -> bool {
        self.is_leaving(who) || self.is_suspended(who)
    }

    fn lift(&mut self, who: usize) -> Refused {
        let is_suspended = self.is_suspended(who);
        self.away[who].suspended = None;
        is_suspended.then_some(()).ok_or("NOT_SUSPENDED")
    }

    /// Whose days of grace are over. Who is suspended waits until that is.
    pub fn are_due(&self) -> Vec<usize> {
        let all = 0..PEOPLE;
        all.filter(|who| self.is_leaving(*who) && !self.is_suspended(*who))
            .collect()
    }

    /// `who` is gone, and somebody new has their place here.
    pub fn replace(&mut self, who: usize) {
        let is_theirs = |pair: &[usize; 2]| pair.contains(&who);
        for pairs in [
            &mut self.friends,
            &mut self.sent,
            &mut self.received,
            &mut self.blocks,
            &mut self.introductions,
        ] {
            pairs.retain(|pair| !is_theirs(pair));
        }
        self.tarento.retain(|tarento| *tarento != who);
        self.reviews.retain(|review| review.author != who);
        for diary in &mut self.diaries {
            if diary.author == who {
                (diary.audience, diary.group) = (None, None);
            }
            // The thread keeps its shape.
            let comments = diary.comments.iter_mut();
            for comment in comments.filter(|comment| comment.author == Some(who)) {
                comment.author = None;
            }
        }
        for (place, group) in self.groups.iter_mut().enumerate() {
            group.members.retain(|member| *member != who);
            if group.owner == who {
                group.members.clear();
                // Who comes has close friends, too.
                group.name = group.name.filter(|_| place == who);
            }
        }
        for home in &mut self.homes {
            home.forget(who);
        }
        self.homes[who] = Home::default();
        self.facts[who] = Facts::default();
        self.away[who] = Away::default();
    }
}
