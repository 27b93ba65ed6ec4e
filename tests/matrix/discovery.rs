//! The paths of how one could get to know somebody.

use super::{
    cast::Who::{Friend, Grouped, Second, Target},
    paths::{Path, one_of},
};

pub const PATHS: &[Path] = &[Path {
    covers: &["Viewer.pathTo", "FriendPath.users"],
    document: "query($id: ID!) { viewer { pathTo(userId: $id) { length isComplete users { username } } } }",
    shows: |who, _| one_of(who, &[Second, Friend, Grouped, Target], "target"),
    counts: None,
}];
