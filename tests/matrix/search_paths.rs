//! The paths of the matrix that search texts.

use super::{
    cast::{AUDIENCES, Who::Anonymous},
    paths::{Path, marks, this},
};

pub const PATHS: &[Path] = &[
    Path {
        covers: &["Query.searchDiaries"],
        document: "{ searchDiaries(text: \"diary\") { nodes { title } } }",
        shows: |who, _| {
            let places = 0..AUDIENCES.len();
            places.flat_map(|place| this(who, place, "diary")).collect()
        },
        counts: None,
    },
    Path {
        covers: &["Query.searchReviews"],
        document: "{ searchReviews(text: \"review target\") { nodes { body author { username } } } }",
        shows: |who, _| {
            let all = ["review of target", "target"];
            marks(who != Anonymous && !who.is_hidden(), &all)
        },
        counts: None,
    },
];
