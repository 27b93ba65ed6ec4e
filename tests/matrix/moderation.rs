//! The paths of who looks after what is reported.

use super::paths::{Path, marks, none};

pub const PATHS: &[Path] = &[
    // The target is a moderator, and learns nothing of what is reported of themselves.
    Path {
        covers: &[
            "Query.reports",
            "Report.author",
            "Report.reporter",
            "Report.resolver",
            "Report.subject",
            "Report.reportCount",
        ],
        document: "{ reports { nodes { body reportCount author { username } reporter { username }
            resolver { username } subject { ... on DiaryComment { body } } } } }",
        shows: |who, _| marks(who.is_staff(), &["target was here", "target"]),
        counts: Some(|who, _| who.is_staff().into()),
    },
    Path {
        covers: &["User.suspension"],
        document: "query($name: String!) { user(username: $name) { suspension { reason } } }",
        shows: none,
        counts: None,
    },
];
