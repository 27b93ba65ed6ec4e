//! The paths to what somebody is told of the target's doing: of those who look, the target has asked one.

use serde_json::{Value, json};

use super::{
    cast::Who::Stranger,
    paths::{Path, one_of},
};
use crate::support::world::Person;

/// The id of the first thing that `who` is told of.
pub async fn first(who: &Person<'_>) -> Value {
    let document = "{ viewer { notifications { nodes { id } } } }";
    let told = who.run(document, json!({})).await;
    told["viewer"]["notifications"]["nodes"][0]["id"].clone()
}

pub const PATHS: &[Path] = &[
    Path {
        covers: &[
            "Viewer.notifications",
            "Notification.actor",
            "Notification.subject",
            "NotificationConnection.totalCount",
        ],
        document: "{ viewer { notifications { totalCount nodes { kind actor { username } subject {
            ... on FriendRequest { sender { username } } ... on User { username }
            ... on DiaryComment { author { username } } ... on Introduction { author { username } }
            ... on Kiriban { owner { username } } } } } } }",
        shows: |who, _| one_of(who, &[Stranger], "target"),
        counts: None,
    },
    Path {
        covers: &[],
        document: "query($notification: ID!) { node(id: $notification) { ... on Notification {
            actor { username } } } }",
        shows: |who, _| one_of(who, &[Stranger], "target"),
        counts: None,
    },
];
