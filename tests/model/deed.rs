//! What somebody does, and what that comes to in the model and in the service.

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    community::{Audience, Community, PEOPLE},
    look::Names,
};
use crate::support::world::Person;

/// Somebody does something, some minutes after the last deed, and then somebody looks.
#[derive(Clone, Copy, Debug)]
pub struct Deed {
    pub me: usize,
    pub other: usize,
    pub act: Act,
    pub minutes: i64,
    /// Nobody who is signed in, if none.
    pub looks: Option<usize>,
}

/// Diaries and comments are counted back from the last.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    Ask,
    Accept,
    Decline,
    Cancel,
    End,
    Block,
    Unblock,
    Recognise(bool),
    Write(Audience),
    Edit(usize, Audience),
    Delete(usize),
    Comment(usize),
    RemoveComment(usize, usize),
    Visit,
    VisitDiary(usize),
    MarkSeen,
}

fn audience() -> impl Strategy<Value = Audience> {
    prop::sample::select(Audience::ALL.to_vec())
}

fn act() -> impl Strategy<Value = Act> {
    let back = || 0..6_usize;
    prop_oneof![
        6 => Just(Act::Ask),
        6 => Just(Act::Accept),
        2 => Just(Act::Decline),
        2 => Just(Act::Cancel),
        3 => Just(Act::End),
        2 => Just(Act::Block),
        3 => Just(Act::Unblock),
        1 => any::<bool>().prop_map(Act::Recognise),
        4 => audience().prop_map(Act::Write),
        2 => (back(), audience()).prop_map(|(diary, audience)| Act::Edit(diary, audience)),
        1 => back().prop_map(Act::Delete),
        4 => back().prop_map(Act::Comment),
        2 => (back(), 0..3_usize).prop_map(|(diary, comment)| Act::RemoveComment(diary, comment)),
        3 => Just(Act::Visit),
        2 => back().prop_map(Act::VisitDiary),
        1 => Just(Act::MarkSeen),
    ]
}

pub fn deed() -> impl Strategy<Value = Deed> {
    let person = || 0..PEOPLE;
    let minutes = prop_oneof![3 => 0..4_i64, 1 => 4..120_i64];
    (
        person(),
        person(),
        act(),
        minutes,
        prop::option::weighted(0.9, person()),
    )
        .prop_map(|(me, other, act, minutes, looks)| Deed {
            me,
            other,
            act,
            minutes,
            looks,
        })
}

/// What a deed came to, apart from what it changed: why it was refused, or whether it left a footprint.
#[derive(Debug, PartialEq)]
pub enum Came {
    Done,
    Refused(String),
    Left(bool),
}

fn came(done: Result<(), &'static str>) -> Came {
    match done {
        Ok(()) => Came::Done,
        Err(code) => Came::Refused(code.to_owned()),
    }
}

fn left(visited: Result<bool, &'static str>) -> Came {
    match visited {
        Ok(left) => Came::Left(left),
        Err(code) => Came::Refused(code.to_owned()),
    }
}

impl Deed {
    /// What it comes to by the rules.
    pub fn by_the_rules(self, community: &mut Community, now: DateTime<Utc>) -> Came {
        let Self { me, other, act, .. } = self;
        let diary = |back: usize| community.diaries.len().checked_sub(back + 1);
        match act {
            Act::Ask => came(community.ask(me, other)),
            Act::Accept => came(community.accept(me, other)),
            Act::Decline => came(community.decline(me, other)),
            Act::Cancel => came(community.cancel(me, other)),
            Act::End => came(community.end(me, other)),
            Act::Block => came(community.block(me, other)),
            Act::Unblock => came(community.unblock(me, other)),
            Act::Recognise(is) => {
                community.recognise(other, is);
                Came::Done
            }
            Act::Write(audience) => {
                community.write(me, audience);
                Came::Done
            }
            Act::Edit(back, audience) => match diary(back) {
                Some(diary) => came(community.change(me, diary, Some(audience))),
                None => Came::Done,
            },
            Act::Delete(back) => match diary(back) {
                Some(diary) => came(community.change(me, diary, None)),
                None => Came::Done,
            },
            Act::Comment(back) => match diary(back) {
                Some(diary) => came(community.comment(me, diary)),
                None => Came::Done,
            },
            Act::RemoveComment(back, comment) => match diary(back) {
                Some(diary) if comment < community.diaries[diary].comments.len() => {
                    came(community.remove_comment(me, diary, comment))
                }
                _ => Came::Done,
            },
            Act::Visit => left(community.visit(me, other, now)),
            Act::VisitDiary(back) => match diary(back) {
                Some(diary) => left(community.visit_diary(me, diary, now)),
                None => Came::Done,
            },
            Act::MarkSeen => {
                community.mark_seen(me);
                Came::Done
            }
        }
    }

    /// What it comes to in the service. What is new there gets a name.
    pub async fn in_the_service(
        self,
        people: &[Person<'_>],
        administrator: &Person<'_>,
        names: &mut Names,
    ) -> Came {
        let Self { me, other, act, .. } = self;
        let user = json!({ "userId": names.person(other) });
        let request = |pair| json!({ "requestId": names.request(pair) });
        let diary = |back: usize| names.diaries.len().checked_sub(back + 1);
        let of = |diary: usize| json!({ "diaryId": names.diaries[diary] });
        let (name, input, fields) = match act {
            Act::Ask => ("requestFriendship", user, ""),
            Act::Accept => ("acceptFriendRequest", request([other, me]), ""),
            Act::Decline => ("declineFriendRequest", request([other, me]), ""),
            Act::Cancel => ("cancelFriendRequest", request([me, other]), ""),
            Act::End => ("endFriendship", user, ""),
            Act::Block => ("blockUser", user, ""),
            Act::Unblock => ("unblockUser", user, ""),
            Act::Recognise(is) => {
                let input = json!({ "userId": names.person(other), "tarento": is });
                let answer = attempt(administrator, "setTarento", input, "").await;
                return told(&answer);
            }
            Act::Write(audience) => {
                let input = json!({ "title": "t", "body": "b", "audience": audience.name() });
                ("writeDiary", input, "diary { id }")
            }
            Act::Edit(back, audience) => {
                let Some(diary) = diary(back) else {
                    return Came::Done;
                };
                let mut input = of(diary);
                input["audience"] = json!(audience.name());
                ("editDiary", input, "")
            }
            Act::Delete(back) => match diary(back) {
                Some(diary) => ("deleteDiary", of(diary), ""),
                None => return Came::Done,
            },
            Act::Comment(back) => {
                let Some(diary) = diary(back) else {
                    return Came::Done;
                };
                let mut input = of(diary);
                input["body"] = json!("b");
                ("commentOnDiary", input, "comment { id }")
            }
            Act::RemoveComment(back, comment) => {
                let comment = diary(back).and_then(|diary| names.comments[diary].get(comment));
                let Some(comment) = comment else {
                    return Came::Done;
                };
                ("deleteDiaryComment", json!({ "commentId": comment }), "")
            }
            Act::Visit => ("visitProfile", user, "leftFootprint"),
            Act::VisitDiary(back) => match diary(back) {
                Some(diary) => ("visitDiary", of(diary), "leftFootprint"),
                None => return Came::Done,
            },
            Act::MarkSeen => ("markFootprintsSeen", json!({}), ""),
        };
        let answer = attempt(&people[me], name, input, fields).await;
        let came = told(&answer);
        if came == Came::Done {
            match act {
                Act::Write(_) => {
                    names.diaries.push(answer["diary"]["id"].clone());
                    names.comments.push(Vec::new());
                }
                Act::Comment(back) => {
                    let diary = names.diaries.len() - 1 - back;
                    names.comments[diary].push(answer["comment"]["id"].clone());
                }
                _ => {}
            }
        }
        came
    }
}

async fn attempt(who: &Person<'_>, name: &str, input: Value, fields: &str) -> Value {
    who.attempt(name, input, fields).await
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
