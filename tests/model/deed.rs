//! What somebody does, and what that comes to in the model and in the service.

use chrono::{DateTime, Duration, Utc};
use proptest::prelude::*;
use serde_json::Value;

use super::{
    absence::{Absence, GRACE, absence},
    community::{Community, PEOPLE, STAFF},
    facts::{Saying, saying},
    grouping::{Grouping, grouping},
    introducing::{Introducing, introducing},
    look::{Half, Names},
    reviewing::{Reviewing, reviewing},
    ties::{Tie, tie},
    visiting::{Visiting, visiting},
    writing::{Writing, writing},
};
use crate::support::world::Person;

/// Somebody does something, some minutes after the last deed, and then somebody looks.
#[derive(Clone, Copy, Debug)]
pub struct Deed {
    pub pair: Pair,
    pub act: Act,
    minutes: i64,
    /// Nobody who is signed in, if none.
    looks: Option<usize>,
    pub half: Half,
    /// At whom, beside those whom the deed was about.
    pub at: usize,
}

/// Who does it, and who else has to do with it.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    pub me: usize,
    pub other: usize,
}

#[derive(Clone, Copy, Debug)]
pub enum Act {
    Tie(Tie),
    Write(Writing),
    Visit(Visiting),
    Group(Grouping),
    Review(Reviewing),
    Introduce(Introducing),
    Say(Saying),
    Absence(Absence),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        24 => tie().prop_map(Act::Tie),
        13 => writing().prop_map(Act::Write),
        6 => visiting().prop_map(Act::Visit),
        16 => grouping().prop_map(Act::Group),
        6 => reviewing().prop_map(Act::Review),
        8 => introducing().prop_map(Act::Introduce),
        2 => saying().prop_map(Act::Say),
        5 => absence().prop_map(Act::Absence),
    ]
}

pub fn deed() -> impl Strategy<Value = Deed> {
    let person = || 0..PEOPLE;
    let minutes = prop_oneof![3 => 0..4_i64, 1 => 4..120_i64];
    let looks = prop_oneof![
        8 => person().prop_map(Some),
        1 => Just(Some(STAFF)),
        1 => Just(None),
    ];
    let half = prop::sample::select(vec![Half::People, Half::Things]);
    let look = (looks, half, person());
    (person(), person(), act(), minutes, look).prop_map(|(me, other, act, minutes, look)| {
        let (looks, half, at) = look;
        Deed {
            pair: Pair { me, other },
            act,
            minutes,
            looks,
            half,
            at,
        }
    })
}

/// What a deed came to, apart from what it changed: why it was refused, or whether it left a footprint.
#[derive(Debug, PartialEq)]
pub enum Came {
    Done,
    Refused(String),
    Left(bool),
}

pub fn came(done: Result<(), &'static str>) -> Came {
    match done {
        Ok(()) => Came::Done,
        Err(code) => Came::Refused(code.to_owned()),
    }
}

/// A mutation, and who calls it.
pub struct Call {
    by: usize,
    name: &'static str,
    input: Value,
    fields: &'static str,
}

impl Call {
    pub fn of(by: usize, name: &'static str, input: Value) -> Self {
        Self {
            by,
            name,
            input,
            fields: "",
        }
    }

    /// With these fields of its payload.
    pub fn asking(self, fields: &'static str) -> Self {
        Self { fields, ..self }
    }
}

impl Deed {
    pub fn minutes(&self) -> i64 {
        self.minutes
    }

    /// How long after the last one it is done.
    pub fn after(&self) -> Duration {
        match self.act {
            Act::Absence(Absence::Pass) => Duration::days(GRACE),
            _ => Duration::minutes(self.minutes),
        }
    }

    /// Who looks then. Who is suspended has no session: who looks after them does.
    pub fn looks(&self, community: &Community) -> Option<usize> {
        let looks = self.looks?;
        Some(match community.is_suspended(looks) {
            true => STAFF,
            false => looks,
        })
    }

    /// Whether whoever would do it can. Who is suspended has no session, and who is about to leave acts with
    /// nobody, but to part with them.
    pub fn is_possible(&self, community: &Community) -> bool {
        let me = self.pair.me;
        match self.act {
            Act::Absence(Absence::Suspend(_) | Absence::Lift | Absence::Pass)
            | Act::Tie(Tie::Recognise(_)) => true,
            _ if community.is_suspended(me) => false,
            Act::Absence(_) | Act::Tie(Tie::End) => true,
            _ => !community.is_leaving(me),
        }
    }

    /// What it comes to by the rules.
    pub fn by_the_rules(self, community: &mut Community) -> Came {
        let pair = self.pair;
        match self.act {
            Act::Tie(tie) => tie.by_the_rules(pair, community),
            Act::Write(writing) => writing.by_the_rules(pair, community),
            Act::Visit(visiting) => visiting.by_the_rules(pair, community),
            Act::Group(grouping) => grouping.by_the_rules(pair, community),
            Act::Review(reviewing) => reviewing.by_the_rules(pair, community),
            Act::Introduce(introducing) => introducing.by_the_rules(pair, community),
            Act::Say(saying) => saying.by_the_rules(pair, community),
            Act::Absence(absence) => absence.by_the_rules(pair, community),
        }
    }

    fn call(self, now: DateTime<Utc>, names: &Names) -> Option<Call> {
        let pair = self.pair;
        match self.act {
            Act::Tie(tie) => Some(tie.call(pair, names)),
            Act::Write(writing) => writing.call(pair, names),
            Act::Visit(visiting) => visiting.call(pair, names),
            Act::Group(grouping) => Some(grouping.call(pair, names)),
            Act::Review(reviewing) => Some(reviewing.call(pair, names)),
            Act::Introduce(introducing) => Some(introducing.call(pair, names)),
            Act::Say(saying) => Some(saying.call(pair, names)),
            Act::Absence(absence) => absence.call(pair, now, names),
        }
    }

    /// What it comes to in the service. What is new there gets a name.
    pub async fn in_the_service(
        self,
        people: &[Person<'_>],
        now: DateTime<Utc>,
        names: &mut Names,
    ) -> Came {
        let Some(call) = self.call(now, names) else {
            return Came::Done;
        };
        let who = &people[call.by];
        let answer = who.attempt(call.name, call.input, call.fields).await;
        let came = told(&answer);
        if !matches!(came, Came::Refused(_)) {
            *names.done.entry(call.name).or_default() += 1;
        }
        if came == Came::Done {
            match self.act {
                Act::Write(writing) => writing.note(&answer, names),
                Act::Group(grouping) => grouping.note(self.pair.me, &answer, names),
                _ => {}
            }
        }
        came
    }
}

fn told(answer: &Value) -> Came {
    if let Some(code) = answer["userErrors"][0]["code"].as_str() {
        return Came::Refused(code.to_owned());
    }
    match answer["leftFootprint"].as_bool() {
        Some(left) => Came::Left(left),
        None => Came::Done,
    }
}
