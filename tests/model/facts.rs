//! What people say about themselves, and to whom.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    community::{Audience, Community},
    deed::{Call, Came, Pair},
    look::Names,
    writing::audience,
};

/// The two of which one is for friends unless said otherwise, and one for oneself alone.
const FIELDS: [&str; 2] = ["hometown", "realName"];

/// Whether each of them is said, and for whom it is.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    said: [bool; 2],
    audiences: [Audience; 2],
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            said: [false; 2],
            audiences: [Audience::Friends, Audience::OnlyMe],
        }
    }
}

/// Says the one with this place, or takes it away; for the same as before, if none are named.
#[derive(Clone, Copy, Debug)]
pub struct Saying {
    fact: usize,
    says: bool,
    to: Option<Audience>,
}

pub fn saying() -> impl Strategy<Value = Saying> {
    let says = prop::bool::weighted(0.8);
    (0..FIELDS.len(), says, prop::option::of(audience())).prop_map(|(fact, says, to)| Saying {
        fact,
        says,
        to,
    })
}

impl Saying {
    pub fn by_the_rules(self, Pair { me, .. }: Pair, community: &mut Community) -> Came {
        let facts = &mut community.facts[me];
        facts.said[self.fact] = self.says;
        facts.audiences[self.fact] = self.to.unwrap_or(facts.audiences[self.fact]);
        Came::Done
    }

    pub fn call(self, Pair { me, .. }: Pair, _: &Names) -> Call {
        let field = FIELDS[self.fact];
        let mut input = json!({ field: if self.says { "京都" } else { "" } });
        if let Some(audience) = self.to {
            input[format!("{field}Audience")] = json!(audience.name());
        }
        Call::of(me, "editProfileFacts", input)
    }
}

impl Community {
    pub fn facts_seen(&self, who: Option<usize>, other: usize) -> Value {
        let facts = self.facts[other];
        let shown = |fact: usize| {
            let is_shown = facts.said[fact] && self.sees(who, other, facts.audiences[fact]);
            is_shown.then_some("京都")
        };
        json!({ FIELDS[0]: shown(0), FIELDS[1]: shown(1) })
    }
}
