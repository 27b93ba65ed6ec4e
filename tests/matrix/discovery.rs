//! The paths of whom one might know, and of how one could get to know somebody.

use super::{
    cast::Who::{Friend, Grouped, Second, Target},
    paths::{Path, one_of},
};

pub const PATHS: &[Path] = &[
    Path {
        covers: &[
            "Viewer.suggestedFriends",
            "FriendSuggestion.user",
            "FriendSuggestion.mutualFriendCount",
        ],
        document: "{ viewer { suggestedFriends { nodes { user { username } mutualFriendCount } } } }",
        shows: |who, _| one_of(who, &[Second], "target"),
        // Everybody in it has one friend in common with whom they might know: most the target.
        counts: Some(|who, _| [Second, Friend, Grouped, Target].contains(&who).into()),
    },
    Path {
        covers: &["FriendSuggestion.mutualFriends"],
        document: "{ viewer { suggestedFriends { nodes { mutualFriends { nodes { username } } } } } }",
        shows: |who, _| one_of(who, &[Friend, Grouped], "target"),
        counts: None,
    },
    Path {
        covers: &["Viewer.pathTo", "FriendPath.users"],
        document: "query($id: ID!) { viewer { pathTo(userId: $id) { length isComplete users { username } } } }",
        shows: |who, _| one_of(who, &[Second, Friend, Grouped, Target], "target"),
        counts: None,
    },
];
