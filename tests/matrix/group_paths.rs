//! The paths of the matrix that lead to groups of friends: their owner's alone.

use super::{
    cast::{AUDIENCES, Who::Target},
    paths::{Path, marks, none, one_of, this},
};

pub const GROUP_PATHS: &[Path] = &[
    Path {
        covers: &["Diary.friendGroup"],
        document: "query($diary: ID!) { node(id: $diary) { ... on Diary { title friendGroup { name } } } }",
        shows: |who, place| {
            let group = marks(
                who == Target && AUDIENCES[place] == "GROUP",
                &["group of target"],
            );
            [this(who, place, "diary"), group].concat()
        },
        counts: None,
    },
    Path {
        covers: &["FriendGroup.friends", "FriendGroup.friendsCount"],
        document: "query($group: ID!) { node(id: $group) { ... on FriendGroup {
            name friendsCount friends { totalCount nodes { username } } } } }",
        shows: |who, _| one_of(who, &[Target], "group of target"),
        counts: Some(|who, _| (who == Target).into()),
    },
    Path {
        covers: &["Viewer.friendGroups"],
        document: "{ viewer { friendGroups { totalCount nodes { name friendsCount } } } }",
        shows: |who, _| one_of(who, &[Target], "group of target"),
        counts: None,
    },
    // The target is in no group of anybody's, nor does anybody see that they are in the target's.
    Path {
        covers: &[
            "User.viewerFriendGroups",
            "FriendGroupConnection.totalCount",
        ],
        document: "query($name: String!) { user(username: $name) {
            viewerFriendGroups { totalCount nodes { name } } } }",
        shows: none,
        counts: Some(|_, _| 0),
    },
];
