//! The paths to who runs the pages of brands, and to what stands in the feed. (A page itself is everybody's. Of minors
//! nobody runs any.)

use super::{
    cast::Who::{self, Friend, Grouped, Target},
    paths::{Path, diaries, marks, one_of},
};
use crate::{
    brands::{add_editor, create, follow, publish},
    support::world::Person,
};

/// Has the target own a page, and write for one of the host's, both of which `others` and the target follow.
pub async fn run(target: &Person<'_>, host: &Person<'_>, others: &[&Person<'_>]) {
    let own = create(target, "own_page").await;
    let hosts = create(host, "hosts_page").await;
    add_editor(host, &hosts, target).await;
    for page in [&own, &hosts] {
        publish(target, page, "news").await;
        for follower in others.iter().copied().chain([target]) {
            follow(follower, page).await;
        }
    }
}

/// The target as who runs a page: for who does so, too, and for who looks after what is reported.
fn who_runs(who: Who, _: usize) -> Vec<String> {
    marks(who.is_staff() || who == Target, &["target"])
}

pub const PATHS: &[Path] = &[
    Path {
        covers: &["Viewer.followedBrands", "Brand.owner"],
        document: "{ viewer { followedBrands { nodes { owner { username } } } } }",
        shows: who_runs,
        counts: None,
    },
    Path {
        covers: &["Brand.editors"],
        document: "{ viewer { followedBrands { nodes { editors { username } } } } }",
        shows: who_runs,
        counts: None,
    },
    Path {
        covers: &["Brand.posts", "BrandPost.writer", "BrandPost.brand"],
        document: "{ viewer { followedBrands { nodes { posts { nodes { writer { username }
            brand { owner { username } } } } } } } }",
        shows: who_runs,
        counts: None,
    },
    Path {
        covers: &["Viewer.brands"],
        document: "{ viewer { brands { nodes { owner { username } editors { username } } } } }",
        shows: |who, _| one_of(who, &[Target], "target"),
        counts: None,
    },
    Path {
        covers: &["Viewer.feed"],
        document: "{ viewer { feed { nodes { ... on Diary { title } } } } }",
        shows: |who, _| match who {
            Friend | Grouped => diaries(who, "diary"),
            _ => Vec::new(),
        },
        counts: None,
    },
];
