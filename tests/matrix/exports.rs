//! The rows of data exports: what of the target stands in the copy that somebody takes along, file by file.

use std::collections::BTreeSet;

use ashiato::account::leaving::{export::kinds::KINDS, work::see_to_exports};
use chrono::TimeDelta;
use rstest::rstest;
use serde_json::{Value, json};

use super::{
    cast::{Ages, Cast, Who},
    found,
};
use crate::{
    leaving::exports::{ask, bytes, files, rows},
    support::world::{Person, World},
};

/// Whether the target is named in this file of the copy of `who`, who is somebody else. (Nothing else of the
/// target's is in any.)
fn is_named(who: Who, file: &str) -> bool {
    let is_friend = matches!(who, Who::Friend | Who::Grouped);
    let reaches = !who.is_hidden() && who != Who::Apart;
    match file {
        "friends.jsonl" => is_friend,
        // The friend introduced the target, and the target nobody of these.
        "introductions_written.jsonl" => who == Who::Friend,
        "introductions_received.jsonl" => false,
        "friend_requests_received.jsonl" | "notifications.jsonl" => who == Who::Stranger,
        // Whom one blocks is in that list, and nowhere else.
        "blocks.jsonl" => who == Who::Blocker,
        "footprints_received.jsonl" | "footprints_left.jsonl" => reaches,
        // The target asked, was invited by nobody, and stands in no list of these.
        "friend_requests_sent.jsonl" | "invitees.jsonl" => false,
        // What is one's own holds one's own words, and the bare ids of what they are about.
        "profile.jsonl"
        | "facts.jsonl"
        | "settings.jsonl"
        | "sign_in.jsonl"
        | "sessions.jsonl"
        | "friend_groups.jsonl"
        | "diaries.jsonl"
        | "comments.jsonl"
        | "photos.jsonl"
        | "orders.jsonl"
        | "reviews.jsonl"
        | "favourite_songs.jsonl"
        | "listens.jsonl"
        | "invitations.jsonl"
        // The target reached a number of the host's, and of nobody else's.
        | "kiribans.jsonl"
        | "kiribans_reached.jsonl"
        | "usage.jsonl"
        | "rests.jsonl"
        // Nobody else is named with a page, whoever runs it.
        | "brands.jsonl"
        | "brand_posts.jsonl"
        | "followed_brands.jsonl"
        | "reports.jsonl" => false,
        _ => panic!("tests/matrix/exports.rs has no row for {file}"),
    }
}

/// What of the target's own stands in this file of the copy of `who`.
fn expected(cast: &Cast<'_>, who: Who, file: &str) -> BTreeSet<String> {
    let mut marks = cast.marks();
    if who == Who::Target {
        let begins: &[&str] = match file {
            "profile.jsonl" => &["target", "bio of"],
            "facts.jsonl" => &["fact "],
            "friend_groups.jsonl" => &["group of"],
            "friends.jsonl" => &["group of"],
            "introductions_received.jsonl" => &["introduction of"],
            "introductions_written.jsonl" => &["introduction by"],
            "diaries.jsonl" => &["diary ", "group of"],
            "comments.jsonl" => &["comment ", "target was"],
            "reviews.jsonl" => &["review of"],
            "favourite_songs.jsonl" => &["favourite of"],
            "listens.jsonl" => &["heard by"],
            _ => &[],
        };
        marks.retain(|mark| begins.iter().any(|begin| mark.starts_with(begin)));
        if file == "profile.jsonl" {
            marks.remove("target was here");
        }
        return marks;
    }
    // Their own words are theirs: of whom they name, these.
    let words = ["target", "introduction of target"];
    let words = &words[..1 + usize::from(file == "introductions_written.jsonl")];
    marks.retain(|mark| words.contains(&&**mark) && is_named(who, file));
    marks
}

/// The rows of a copy, by the file.
type Files = Vec<(&'static str, Value)>;

/// The copies of `people`.
async fn copies<'c, 'w>(
    world: &World,
    people: impl Iterator<Item = &'c (Who, Person<'w>)>,
) -> Vec<(Who, Files)>
where
    'w: 'c,
{
    let mut keys = Vec::new();
    for (who, person) in people {
        keys.push((*who, ask(person).await));
    }
    let mut copies = Vec::new();
    for (who, key) in keys {
        // Some are made at a time.
        if bytes(world, key).await.is_empty() {
            see_to_exports(&world.app).await.unwrap();
        }
        let files = files(bytes(world, key).await);
        let kinds = KINDS.iter();
        let copy = kinds.map(|kind| (kind.file, json!(rows(&files, kind.file))));
        copies.push((who, copy.collect()));
    }
    // The next ones can be asked for.
    world.clock.advance(TimeDelta::days(1));
    copies
}

/// Everybody, who have visited the target and answered them before there were blocks.
async fn everybody(world: &World, ages: Ages) -> Cast<'_> {
    let cast = Cast::new(world, ages).await;
    cast.block(false).await;
    for (_, person) in cast.members() {
        world.give_password(person).await;
        let input = json!({ "userId": cast.target.id() });
        person.attempt("visitProfile", input, "").await;
        let input =
            json!({ "diaryId": cast.diary(0), "body": format!("{} was there", person.username) });
        person.attempt("commentOnDiary", input, "").await;
    }
    cast.block(true).await;
    cast
}

#[rstest]
#[case::of_adults(Ages::Adults)]
#[case::of_minors(Ages::Minors)]
#[tokio::test]
async fn a_copy_holds_of_others_what_its_owner_sees(#[case] ages: Ages) {
    let world = World::new().await;
    let cast = everybody(&world, ages).await;
    let marks = cast.marks();
    let mut rows = 0;
    for (who, copy) in copies(&world, cast.members()).await {
        for (file, text) in &copy {
            let row = format!("{who:?} {file}: {text}");
            assert_eq!(found(text, &marks), expected(&cast, who, file), "{row}");
            rows += 1;
        }
        match who {
            Who::Target => names_others(&copy),
            // Their own words are theirs, whatever they see of what these stand under.
            _ => assert_eq!(
                has_own_words(&cast, who, &copy),
                who != Who::Apart,
                "{who:?}"
            ),
        }
    }
    let administrator = cast.member(Who::Administrator).unwrap();
    let user = json!({ "userId": cast.target.id() });
    let mut input = user.clone();
    input["reason"] = json!("spam");
    administrator.mutate("suspendUser", input, "").await;
    let others = || cast.members().filter(|(who, _)| *who != Who::Target);
    for (who, copy) in copies(&world, others()).await {
        for (file, text) in &copy {
            let mut expected = expected(&cast, who, file);
            if !who.is_staff() {
                expected.clear();
            }
            let row = format!("suspended: {who:?} {file}: {text}");
            assert_eq!(found(text, &marks), expected, "{row}");
            rows += 1;
        }
        let has_own_words = has_own_words(&cast, who, &copy);
        assert_eq!(has_own_words, who != Who::Apart, "{who:?}");
    }
    administrator
        .mutate("liftSuspension", user.clone(), "")
        .await;
    // Of who is no friend any more the friendship is not there.
    let friends = || others().filter(|(who, _)| *who == Who::Friend);
    let (_, friend) = friends().next().unwrap();
    friend.mutate("endFriendship", user, "").await;
    for (who, copy) in copies(&world, friends()).await {
        for (file, text) in &copy {
            let mut expected = expected(&cast, who, file);
            if ["friends.jsonl", "introductions_written.jsonl"].contains(file) {
                expected.clear();
            }
            assert_eq!(found(text, &marks), expected, "{file}: {text}");
            rows += 1;
        }
    }
    assert!(rows >= 350, "{rows}");
}

/// Whether a copy of `who` holds what they wrote under the target's diary.
fn has_own_words(cast: &Cast<'_>, who: Who, copy: &Files) -> bool {
    let name = &cast.member(who).unwrap().username;
    let own = BTreeSet::from([format!("{name} was there")]);
    copy.iter()
        .any(|(file, text)| *file == "comments.jsonl" && found(text, &own) == own)
}

/// The same the other way about: whom the target's own copy names.
fn names_others(copy: &Files) {
    let all = [
        "stranger",
        "second",
        "friend",
        "grouped",
        "blocked",
        "blocker",
        "apart",
        "administrator",
        "moderator",
    ];
    let all: BTreeSet<_> = all.into_iter().map(str::to_owned).collect();
    for (file, text) in copy {
        let expected: &[&str] = match *file {
            "friends.jsonl" => &["friend", "grouped"],
            "introductions_received.jsonl" => &["friend"],
            "friend_requests_sent.jsonl" => &["stranger"],
            "blocks.jsonl" => &["blocked"],
            "invitees.jsonl" => &["friend"],
            "footprints_received.jsonl" | "footprints_left.jsonl" | "notifications.jsonl" => &[
                "administrator",
                "friend",
                "grouped",
                "moderator",
                "second",
                "stranger",
            ],
            _ => &[],
        };
        let named: Vec<_> = found(text, &all).into_iter().collect();
        assert_eq!(named, expected, "{file}: {text}");
    }
}
