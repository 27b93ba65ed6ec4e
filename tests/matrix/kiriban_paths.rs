//! The paths to the numbers of visits that the target has named, and to one of the host's that the target
//! reached.

use serde_json::json;

use super::{
    cast::Who::{self, Anonymous},
    paths::{Path, marks},
};
use crate::support::world::Person;

/// Has the target name a number, and reach one of the host's.
pub async fn reach(target: &Person<'_>, host: &Person<'_>) {
    let input = json!({ "number": 1_000 });
    target.mutate("nameKiriban", input, "").await;
    host.mutate("nameKiriban", json!({ "number": 1 }), "").await;
    let input = json!({ "userId": host.id() });
    let fields = "kiriban { number }";
    let told = target.mutate("visitProfile", input, fields).await;
    assert_eq!(told["kiriban"]["number"], 1);
}

/// Members who are in reach of the target, or of the host, who is as old.
fn sees(who: Who) -> bool {
    who != Anonymous && who.sees(1)
}

pub const PATHS: &[Path] = &[
    Path {
        covers: &[
            "User.kiribans",
            "Kiriban.owner",
            "KiribanConnection.totalCount",
        ],
        document: "query($name: String!) { user(username: $name) { kiribans { totalCount
            nodes { number owner { username } } } nextKiriban } }",
        shows: |who, _| marks(sees(who), &["target"]),
        counts: None,
    },
    // On the profile of somebody else.
    Path {
        covers: &["Kiriban.visitor"],
        document: "{ user(username: \"host\") { kiribans { nodes { number visitor { username } } } } }",
        shows: |who, _| marks(sees(who), &["target"]),
        counts: None,
    },
];
