//! The subscriptions of the schema, for the rows of live events. One that does not stand here is missed by
//! `no_path_of_the_schema_is_without_a_row`, and [`super::live`] says who makes its events.

/// A subscription.
pub struct Feed {
    /// Its field in the schema.
    pub covers: &'static str,
    pub document: &'static str,
    /// What its cursors bear.
    pub tag: u8,
    /// Where the name stands of whose doing an event is.
    pub name: &'static str,
}

pub const FEEDS: [Feed; 4] = [
    Feed {
        covers: "Subscription.footprintLeft",
        document: "subscription($after: String) { footprintLeft(after: $after) {
            node { visitor { username } } } }",
        tag: b'n',
        name: "/footprintLeft/node/visitor/username",
    },
    Feed {
        covers: "Subscription.diaryCommented",
        document: "subscription($after: String) { diaryCommented(after: $after) {
            node { author { username } } } }",
        tag: b'C',
        name: "/diaryCommented/node/author/username",
    },
    Feed {
        covers: "Subscription.friendRequestReceived",
        document: "subscription($after: String) { friendRequestReceived(after: $after) {
            node { sender { username } } } }",
        tag: b'Q',
        name: "/friendRequestReceived/node/sender/username",
    },
    Feed {
        covers: "Subscription.notificationReceived",
        document: "subscription($after: String) { notificationReceived(after: $after) {
            node { actor { username } } } }",
        tag: b'N',
        name: "/notificationReceived/node/actor/username",
    },
];
pub const FOOTPRINTS: usize = 0;
pub const COMMENTS: usize = 1;
pub const REQUESTS: usize = 2;
/// Of comments, and of what else happens meanwhile.
pub const NOTIFICATIONS: usize = 3;

/// The fields of the schema that stand here.
pub fn covered() -> impl Iterator<Item = &'static &'static str> {
    FEEDS.iter().map(|feed| &feed.covers)
}
