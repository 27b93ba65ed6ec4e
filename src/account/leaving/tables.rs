//! What leaving does with each table: a test holds that none is forgotten.

/// What an export takes of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exported {
    /// What is the user's stands in this file.
    In(&'static str),
    /// Nothing, and why.
    Not(&'static str),
}

/// What becomes of a table's rows of a user who goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaves {
    /// They go, or what names the user in them.
    Nothing,
    /// They stay, and why.
    Rows(&'static str),
}

use Exported::{In, Not};
use Leaves::{Nothing, Rows};

const NOBODYS: &str = "it is nobody's";
const SECRET: &str = "a secret, or a hash of one";
const FOUND_BY: &str = "by it something else is found, which is exported";
const COUNTED: &str = "it counts what is exported";

/// Every table of [`crate::database::shards::TABLES`].
pub const TABLES: &[(&str, Exported, Leaves)] = &[
    ("catalogue_items", Not(NOBODYS), Rows(NOBODYS)),
    ("catalogue_titles", Not(NOBODYS), Rows(NOBODYS)),
    ("catalogue_grams", Not(NOBODYS), Rows(NOBODYS)),
    ("artists", Not(NOBODYS), Rows(NOBODYS)),
    ("artist_names", Not(NOBODYS), Rows(NOBODYS)),
    ("artist_grams", Not(NOBODYS), Rows(NOBODYS)),
    ("users", In("profile.jsonl"), Nothing),
    ("credentials", In("sign_in.jsonl"), Nothing),
    ("two_factors", In("sign_in.jsonl"), Nothing),
    ("recovery_codes", In("sign_in.jsonl"), Nothing),
    ("sessions", In("sessions.jsonl"), Nothing),
    ("user_counters", Not(COUNTED), Nothing),
    ("user_grams", Not(FOUND_BY), Nothing),
    (
        "idempotency_keys",
        Not("answers to calls, kept for a day"),
        Rows("answers to others' calls can hold the id, for a day"),
    ),
    ("blocks", In("blocks.jsonl"), Nothing),
    ("friendships", In("friends.jsonl"), Nothing),
    ("friend_groups", In("friend_groups.jsonl"), Nothing),
    ("friend_group_members", In("friends.jsonl"), Nothing),
    ("friend_requests", In("friend_requests_sent.jsonl"), Nothing),
    ("introductions", In("introductions_received.jsonl"), Nothing),
    (
        "written_introductions",
        In("introductions_written.jsonl"),
        Nothing,
    ),
    ("diaries", In("diaries.jsonl"), Nothing),
    ("diary_texts", Not(FOUND_BY), Nothing),
    ("diary_comments", In("comments.jsonl"), Nothing),
    ("orders", In("orders.jsonl"), Nothing),
    (
        "photos",
        In("photos.jsonl"),
        Rows("which files are to be removed yet, for moments"),
    ),
    ("reviews", In("reviews.jsonl"), Nothing),
    ("review_texts", Not(FOUND_BY), Nothing),
    ("favourite_songs", In("favourite_songs.jsonl"), Nothing),
    ("listens", In("listens.jsonl"), Nothing),
    ("weekly_listens", Not(COUNTED), Nothing),
    ("song_listeners", Not(FOUND_BY), Nothing),
    ("uncharted_listens", Not(COUNTED), Nothing),
    ("run_brands", In("brands.jsonl"), Nothing),
    ("followed_brands", In("followed_brands.jsonl"), Nothing),
    (
        "brands",
        In("brands.jsonl"),
        Rows("a page that is passed on, as its new owner's"),
    ),
    (
        "brand_editors",
        Not("Viewer.brands tells whom a page is of"),
        Nothing,
    ),
    ("brand_followers", Not(FOUND_BY), Nothing),
    (
        "brand_posts",
        In("brand_posts.jsonl"),
        Rows("they are the page's: who wrote them goes"),
    ),
    (
        "brand_days",
        Not(COUNTED),
        Rows("figures of a page that is passed on"),
    ),
    (
        "brand_grams",
        Not(FOUND_BY),
        Rows("of a page that is passed on"),
    ),
    (
        "brand_removals",
        Not(NOBODYS),
        Rows("which pages are gone, for moments"),
    ),
    (
        "brand_handles",
        Not(FOUND_BY),
        Rows("the handle, as nobody's: it is given to nobody again"),
    ),
    ("sequences", Not(NOBODYS), Rows(NOBODYS)),
    ("usage_days", In("usage.jsonl"), Nothing),
    ("footprints", In("footprints_received.jsonl"), Nothing),
    ("kiribans", In("kiribans.jsonl"), Nothing),
    ("inboxes", In("settings.jsonl"), Nothing),
    ("notifications", In("notifications.jsonl"), Nothing),
    ("rests", In("settings.jsonl"), Nothing),
    ("rest_digests", In("rests.jsonl"), Nothing),
    ("invitations", In("invitations.jsonl"), Nothing),
    ("invitees", In("invitees.jsonl"), Nothing),
    (
        "inviters",
        Not("who invited is among the friends, or was"),
        Nothing,
    ),
    ("user_phones", In("sign_in.jsonl"), Nothing),
    ("user_facts", In("facts.jsonl"), Nothing),
    (
        "audit_log",
        Not("what administrators did, for administrators"),
        Rows("nothing of it is removed; it holds the id, and no name"),
    ),
    (
        "reports",
        In("reports.jsonl"),
        Rows("what waits for moderators, until they have settled it"),
    ),
    (
        "suspensions",
        Not("who is suspended is told so at the door"),
        Nothing,
    ),
    ("absences", Not("that others do not find the user"), Nothing),
    (
        "attempts",
        Not(SECRET),
        Rows("kept for an hour, under a keyed hash"),
    ),
    (
        "account_deletions",
        Not("Viewer.deletion tells it"),
        Rows("for a minute after the user is gone"),
    ),
    (
        "data_exports",
        Not("Viewer.dataExports tells them"),
        Nothing,
    ),
    ("data_export_parts", Not("the exports themselves"), Nothing),
    (
        "unlisted_visits",
        Not("kept for minutes, for nobody to see"),
        Nothing,
    ),
    ("visitors", In("settings.jsonl"), Nothing),
    (
        "usernames",
        Not(FOUND_BY),
        Rows("the name, as nobody's: it is given to nobody again"),
    ),
    ("session_tokens", Not(SECRET), Nothing),
    ("invitation_codes", Not(SECRET), Nothing),
    ("phone_numbers", Not(SECRET), Nothing),
    (
        "phone_codes",
        Not(SECRET),
        Rows("kept for minutes, by a number alone"),
    ),
    (
        "phone_recoveries",
        Not(SECRET),
        Rows("kept for minutes, by a number alone"),
    ),
    (
        "phone_code_requests",
        Not(SECRET),
        Rows("kept for an hour, by a number alone"),
    ),
    ("item_reviews", Not(FOUND_BY), Nothing),
    ("item_ratings", Not(NOBODYS), Rows("figures over everybody")),
    ("song_charts", Not(NOBODYS), Rows("figures over everybody")),
    ("access_days", Not(NOBODYS), Rows("figures over everybody")),
    (
        "statistics_days",
        Not(NOBODYS),
        Rows("figures over everybody"),
    ),
    (
        "statistics_runs",
        Not(NOBODYS),
        Rows("whom a count has come to, while it goes on"),
    ),
    (
        "payers",
        Not(FOUND_BY),
        Rows("which payments are of one, whoever that was: the id of the user goes"),
    ),
    (
        "ledger_entries",
        In("orders.jsonl"),
        Rows("what was paid and given back, as the law has it: it never holds the id of a user"),
    ),
    ("payment_events", Not(NOBODYS), Rows(NOBODYS)),
    ("payment_endings", Not(NOBODYS), Rows(NOBODYS)),
];
