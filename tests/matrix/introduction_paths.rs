//! The paths to what friends wrote of the target, and to what the target wrote of a friend.

use serde_json::{Value, json};

use super::{
    cast::Who::{self, Friend, Target},
    paths::{Path, marks, one_of},
};
use crate::support::world::Person;

/// Has a friend introduce the target, and the target another friend. Gives the id of the first.
pub async fn write(target: &Person<'_>, friend: &Person<'_>, other: &Person<'_>) -> Value {
    let mut ids = Vec::new();
    for (author, subject, body) in [
        (friend, target, "introduction of target"),
        (target, other, "introduction by target"),
    ] {
        let input = json!({ "userId": subject.id(), "body": body });
        let fields = "introduction { id }";
        let written = author.mutate("writeIntroduction", input, fields).await;
        ids.push(written["introduction"]["id"].clone());
    }
    ids.swap_remove(0)
}

fn of_target(who: Who, _: usize) -> Vec<String> {
    marks(who.sees(1), &["introduction of target", "target"])
}

pub const PATHS: &[Path] = &[
    Path {
        covers: &[
            "User.introductions",
            "IntroductionConnection.totalCount",
            "Introduction.subject",
        ],
        document: "query($name: String!) { user(username: $name) { introductions { totalCount
            nodes { body subject { username } } } } }",
        shows: of_target,
        counts: Some(|who, _| who.sees(1).into()),
    },
    // On the profile of somebody else, who is as old as the target.
    Path {
        covers: &["Introduction.author"],
        document: "{ user(username: \"host\") { introductions { totalCount
            nodes { body author { username } } } } }",
        shows: |who, _| marks(who.sees(1), &["introduction by target", "target"]),
        counts: Some(|who, _| who.sees(1).into()),
    },
    Path {
        covers: &[],
        document: "query($introduction: ID!) { node(id: $introduction) { ... on Introduction {
            body subject { username } } } }",
        shows: of_target,
        counts: None,
    },
    Path {
        covers: &["User.viewerIntroduction"],
        document: "query($name: String!) { user(username: $name) { viewerIntroduction { body } } }",
        shows: |who, _| one_of(who, &[Friend], "introduction of target"),
        counts: None,
    },
    Path {
        covers: &["Viewer.writtenIntroductions"],
        document: "{ viewer { writtenIntroductions { nodes { body subject { username } } } } }",
        shows: |who, place| match who {
            Friend => of_target(who, place),
            _ => one_of(who, &[Target], "introduction by target"),
        },
        counts: None,
    },
];
