//! The paths of the matrix, and what each shows to whom.

use super::cast::{
    AUDIENCES,
    Who::{
        self, Administrator, Anonymous, Blocker, Friend, Grouped, Moderator, Second, Stranger,
        Target,
    },
};

/// A path to something of the target's.
pub struct Path {
    /// Which fields of the schema it goes along.
    pub covers: &'static [&'static str],
    /// How it is asked.
    pub document: &'static str,
    /// What somebody finds, about the audience at a place of all.
    pub shows: fn(Who, usize) -> Vec<String>,
    /// What every number on it comes to.
    pub counts: Option<fn(Who, usize) -> i64>,
}

impl Path {
    /// Whether it begins at who looks: what is asked with is not the target then.
    pub fn is_of_the_viewer(&self) -> bool {
        self.document.contains("viewer {") && !self.document.contains("$id")
            || self.document.contains("$hostDiary")
            || self.document.contains("$item")
            || self.document.contains("$code")
            || self.document.contains("auditLog")
            || self.document.contains("reports")
    }
}

impl Path {
    /// Whether `who` finds a minor on it: by no search but one for texts, and only friends and themselves by that.
    pub fn finds_minors(&self, who: Who) -> bool {
        let is = |search| self.covers.contains(&search);
        if is("Query.searchDiaries") || is("Query.searchReviews") {
            return matches!(who, Friend | Grouped | Target);
        }
        // Nor does any run a page of a brand.
        let runs = [
            "Brand.owner",
            "Brand.editors",
            "BrandPost.writer",
            "Viewer.brands",
        ];
        !is("Query.searchUsers") && !runs.into_iter().any(is)
    }
}

pub fn marks(shown: bool, all: &[&str]) -> Vec<String> {
    let all = if shown { all } else { &[] };
    all.iter().map(|mark| (*mark).to_owned()).collect()
}

/// The target, to whom nothing is hidden of them.
fn target(who: Who, _: usize) -> Vec<String> {
    marks(!who.is_hidden(), &["target"])
}

pub fn none(_: Who, _: usize) -> Vec<String> {
    Vec::new()
}

pub fn one_of(who: Who, all: &[Who], mark: &str) -> Vec<String> {
    marks(all.contains(&who), &[mark])
}

/// Those to whom the target's things that `mark` are shown.
pub fn diaries(who: Who, what: &str) -> Vec<String> {
    let shown = AUDIENCES
        .into_iter()
        .enumerate()
        .filter(|(place, _)| who.sees(*place));
    shown
        .map(|(_, audience)| format!("{what} {audience}"))
        .collect()
}

fn count_of(who: Who) -> i64 {
    diaries(who, "diary").len().try_into().unwrap()
}

pub fn this(who: Who, place: usize, what: &str) -> Vec<String> {
    let mark = format!("{what} {}", AUDIENCES[place]);
    marks(who.sees(place), &[&mark])
}

fn facts(who: Who) -> Vec<String> {
    let mut shown = marks(who.sees(1), &["fact MEMBERS"]);
    shown.extend(marks(who.sees(3), &["fact FRIENDS"]));
    shown.extend(marks(who.sees(5), &["fact ONLY_ME"]));
    shown
}

fn is_member(who: Who) -> bool {
    who != Anonymous
}

pub const PATHS: &[Path] = &[
    Path {
        covers: &["Query.user"],
        document: "query($name: String!) { user(username: $name) { username bio } }",
        shows: |who, _| marks(!who.is_hidden(), &["target", "bio of target"]),
        counts: None,
    },
    Path {
        covers: &["Query.node"],
        document: "query($id: ID!) { node(id: $id) { ... on User { username bio } } }",
        shows: |who, _| marks(!who.is_hidden(), &["target", "bio of target"]),
        counts: None,
    },
    Path {
        covers: &[],
        document:
            "query($id: ID!, $diary: ID!, $comment: ID!) { nodes(ids: [$id, $diary, $comment]) {
            ... on User { username } ... on Diary { title } ... on DiaryComment { body } } }",
        shows: |who, place| {
            [
                target(who, place),
                this(who, place, "diary"),
                this(who, place, "comment"),
            ]
            .concat()
        },
        counts: None,
    },
    Path {
        covers: &["Diary.author"],
        document: "query($diary: ID!) { node(id: $diary) { ... on Diary { title author { username } } } }",
        shows: |who, place| {
            let author = marks(who.sees(place), &["target"]);
            [this(who, place, "diary"), author].concat()
        },
        counts: None,
    },
    Path {
        covers: &[
            "Diary.comments",
            "Diary.commentCount",
            "DiaryCommentConnection.totalCount",
        ],
        document: "query($diary: ID!) { node(id: $diary) { ... on Diary {
            commentCount comments { totalCount nodes { body } } } } }",
        shows: |who, place| this(who, place, "comment"),
        counts: Some(|who, place| who.sees(place).into()),
    },
    Path {
        covers: &["DiaryComment.diary", "DiaryComment.author"],
        document: "query($comment: ID!) { node(id: $comment) { ... on DiaryComment {
            body author { username } diary { title } } } }",
        shows: |who, place| {
            let author = marks(who.sees(place), &["target"]);
            [
                this(who, place, "comment"),
                this(who, place, "diary"),
                author,
            ]
            .concat()
        },
        counts: None,
    },
    Path {
        covers: &["User.diaries", "DiaryConnection.totalCount"],
        document: "query($name: String!) { user(username: $name) { diaries { totalCount nodes { title } } } }",
        shows: |who, _| diaries(who, "diary"),
        counts: Some(|who, _| count_of(who)),
    },
    // Under a diary of somebody else, which is for the web.
    Path {
        covers: &[],
        document: "query($hostDiary: ID!) { node(id: $hostDiary) { ... on Diary {
            commentCount comments { totalCount nodes { body author { username } } } } } }",
        shows: |who, _| marks(!who.is_hidden(), &["target was here", "target"]),
        counts: Some(|who, _| (!who.is_hidden()).into()),
    },
    Path {
        covers: &[],
        document: "query($hostComment: ID!) { node(id: $hostComment) { ... on DiaryComment { body } } }",
        shows: |who, _| marks(!who.is_hidden(), &["target was here"]),
        counts: None,
    },
    Path {
        covers: &[
            "User.friends",
            "User.friendCount",
            "FriendConnection.totalCount",
        ],
        document: "{ user(username: \"host\") { friendCount friends { totalCount nodes { username } } } }",
        shows: target,
        counts: Some(|who, _| (!who.is_hidden()).into()),
    },
    Path {
        covers: &["User.mutualFriends"],
        document: "{ user(username: \"host\") { mutualFriends { nodes { username } } } }",
        shows: |who, _| one_of(who, &[Friend, Grouped], "target"),
        counts: None,
    },
    Path {
        covers: &["User.reviews", "ReviewConnection.totalCount"],
        document: "query($name: String!) { user(username: $name) { reviews { totalCount nodes { body } } } }",
        shows: |who, _| marks(who.sees(1), &["review of target"]),
        counts: Some(|who, _| who.sees(1).into()),
    },
    Path {
        covers: &["CatalogueItem.reviews"],
        document: "query($item: ID!) { catalogueItem(id: $item) { reviews { nodes { body author { username } } } } }",
        shows: |who, _| {
            marks(
                is_member(who) && !who.is_hidden(),
                &["review of target", "target"],
            )
        },
        counts: None,
    },
    Path {
        covers: &[],
        document: "query($item: ID!) { catalogueItem(id: $item) { reviews(by: FRIENDS) { nodes { body } } } }",
        shows: |who, _| one_of(who, &[Friend, Grouped], "review of target"),
        counts: None,
    },
    Path {
        covers: &["Review.author"],
        document: "query($review: ID!) { node(id: $review) { ... on Review { body author { username } } } }",
        shows: |who, _| {
            marks(
                is_member(who) && !who.is_hidden(),
                &["review of target", "target"],
            )
        },
        counts: None,
    },
    Path {
        covers: &["Query.searchUsers"],
        document: "{ searchUsers(text: \"target\") { nodes { username } } }",
        shows: target,
        counts: None,
    },
    Path {
        covers: &["User.facts"],
        document: "query($name: String!) { user(username: $name) { facts { realName hometown occupation } } }",
        shows: |who, _| facts(who),
        counts: None,
    },
    Path {
        covers: &["User.asSeenBy", "ProfileView.diaries"],
        document: "query($name: String!) { user(username: $name) { asSeenBy(viewer: FRIEND) {
            diaries { nodes { title } } } } }",
        shows: |who, _| match who {
            Target => diaries(Friend, "diary"),
            _ => Vec::new(),
        },
        counts: None,
    },
    Path {
        covers: &["Query.invitationOffer", "InvitationOffer.inviter"],
        document: "query($code: String!) { invitationOffer(code: $code) { inviter { username } } }",
        shows: target,
        counts: None,
    },
    Path {
        covers: &["Query.auditLog", "AuditEntry.subject", "AuditEntry.actor"],
        document: "{ auditLog { nodes { subject { username } actor { username } } } }",
        shows: |who, _| one_of(who, &[Administrator], "target"),
        counts: None,
    },
    Path {
        covers: &["Viewer.homeFeed"],
        document: "{ viewer { homeFeed { nodes { title } } } }",
        shows: |who, _| match who {
            Friend | Grouped => diaries(who, "diary"),
            _ => Vec::new(),
        },
        counts: None,
    },
    Path {
        covers: &[
            "Viewer.footprints",
            "Viewer.newFootprintCount",
            "FootprintConnection.totalCount",
            "Footprint.visitor",
        ],
        document: "{ viewer { newFootprintCount footprints { totalCount nodes { visitor { username } } } } }",
        shows: |who, _| {
            let visited = [Stranger, Second, Friend, Grouped, Administrator, Moderator];
            one_of(who, &visited, "target")
        },
        counts: Some(|who, _| {
            [Stranger, Second, Friend, Grouped, Administrator, Moderator]
                .contains(&who)
                .into()
        }),
    },
    Path {
        covers: &[],
        document: "query($footprint: ID!) { node(id: $footprint) { ... on Footprint { visitor { username } } } }",
        shows: |who, _| one_of(who, &[Stranger], "target"),
        counts: None,
    },
    Path {
        covers: &["Viewer.incomingFriendRequests", "FriendRequest.sender"],
        document: "{ viewer { incomingFriendRequests { nodes { sender { username } } } } }",
        shows: |who, _| one_of(who, &[Stranger], "target"),
        counts: None,
    },
    Path {
        covers: &["Viewer.outgoingFriendRequests"],
        document: "{ viewer { outgoingFriendRequests { nodes { sender { username } } } } }",
        shows: |who, _| one_of(who, &[Target], "target"),
        counts: None,
    },
    Path {
        covers: &["FriendRequest.recipient"],
        document: "query($request: ID!) { node(id: $request) { ... on FriendRequest {
            sender { username } recipient { username } } } }",
        shows: |who, _| one_of(who, &[Stranger, Target], "target"),
        counts: None,
    },
    Path {
        covers: &["Viewer.friendSuggestions"],
        document: "{ viewer { friendSuggestions { nodes { username } } } }",
        shows: |who, _| one_of(who, &[Second], "target"),
        counts: None,
    },
    // The name of whom one blocks, and no more.
    Path {
        covers: &["Viewer.blockedUsers"],
        document: "{ viewer { blockedUsers { nodes { username } } } }",
        shows: |who, _| one_of(who, &[Blocker], "target"),
        counts: None,
    },
    Path {
        covers: &["Viewer.inviter"],
        document: "{ viewer { inviter { username } } }",
        shows: |who, _| one_of(who, &[Friend], "target"),
        counts: None,
    },
    Path {
        covers: &["Viewer.invitees"],
        document: "{ viewer { invitees { nodes { username } } } }",
        shows: none,
        counts: None,
    },
];
