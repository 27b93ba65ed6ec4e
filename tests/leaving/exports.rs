//! What a copy of one's data holds, and how it comes to be.

use std::{collections::BTreeMap, io::Read};

use ashiato::account::leaving::{
    export::{kinds::KINDS, store},
    work::see_to_exports,
};
use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;
use zip::ZipArchive;

use super::circle;
use crate::support::world::{Person, World, account::PASSWORD};

pub const STATE: &str =
    "{ viewer { dataExports { nodes { id state progress requestedAt readyAt expiresAt
    size url } } } }";

/// Asks for a copy. Gives its key in the database.
pub async fn ask(person: &Person<'_>) -> [Uuid; 2] {
    use ashiato::ids::{GlobalId, Kind};
    let input = json!({ "password": PASSWORD });
    let fields = "dataExport { id state progress url size }";
    let asked = person.mutate("requestDataExport", input, fields).await;
    let asked = &asked["dataExport"];
    assert_eq!(asked["state"], "QUEUED");
    assert_eq!([&asked["url"], &asked["size"]], [&Value::Null; 2]);
    let key = GlobalId::expect(asked["id"].as_str().unwrap(), Kind::DataExport);
    key.unwrap()
}

/// The last copy, as its owner sees it.
pub async fn last(person: &Person<'_>) -> Value {
    let data = person.run(STATE, json!({})).await;
    data["viewer"]["dataExports"]["nodes"][0].clone()
}

/// The bytes of a copy that is ready.
pub async fn bytes(world: &World, key: [Uuid; 2]) -> Vec<u8> {
    let db = world.app.database.reader();
    let mut all = Vec::new();
    for number in 0.. {
        match store::part(db, key, number).await.unwrap() {
            Some(part) => all.extend(part),
            None => return all,
        }
    }
    unreachable!("a copy ends")
}

/// Its files, by name, but for pictures.
pub fn files(bytes: Vec<u8>) -> BTreeMap<String, String> {
    let mut zip = ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut files = BTreeMap::new();
    for place in 0..zip.len() {
        let mut file = zip.by_index(place).unwrap();
        if file.name().unwrap().starts_with("photos/") {
            continue;
        }
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        files.insert(file.name().unwrap().into_owned(), text);
    }
    files
}

/// The rows of a file.
pub fn rows(files: &BTreeMap<String, String>, name: &str) -> Vec<Value> {
    let lines = files[name].lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The values of `field`, in order.
fn each<'r>(rows: &'r [Value], field: &str) -> Vec<&'r Value> {
    rows.iter()
        .map(|row| row.pointer(field).unwrap_or(&Value::Null))
        .collect()
}

#[tokio::test]
async fn it_holds_all_that_is_theirs_and_nothing_of_others_but_what_they_see() {
    let world = World::new().await;
    let circle = circle(&world).await;
    let goes = &circle.goes;
    let key = ask(goes).await;
    see_to_exports(&world.app).await.unwrap();
    let state = last(goes).await;
    assert_eq!(state["state"], "READY");
    assert_eq!(state["progress"], 1.0);
    let bytes = bytes(&world, key).await;
    assert_eq!(state["size"], bytes.len());
    let files = files(bytes);
    let mut expected: Vec<_> = KINDS.iter().map(|kind| kind.file).collect();
    expected.push("README.txt");
    expected.sort_unstable();
    assert_eq!(files.keys().collect::<Vec<_>>(), expected);
    for kind in KINDS {
        let line = format!("{}: {}\n", kind.file, kind.says);
        assert!(files["README.txt"].contains(&line), "{line}");
    }
    let of = |name| rows(&files, name);
    let profile = of("profile.jsonl");
    assert_eq!(profile[0]["username"], "goes_away");
    assert_eq!(profile[0]["nickname"], "去る人");
    assert_eq!(profile[0]["birthDate"], "1986-04-01");
    let facts = of("facts.jsonl");
    assert_eq!(
        facts[0]["hometown"],
        json!({ "value": "京都", "audience": "FRIENDS" })
    );
    assert_eq!(
        facts[0]["realName"],
        json!({ "value": "name of who goes", "audience": "ONLY_ME" })
    );
    let mut friends = of("friends.jsonl");
    friends.sort_by_key(|row| row["user"]["username"].to_string());
    assert_eq!(each(&friends, "/user/username"), ["friend", "invited"]);
    let introductions = [
        "introductions_received.jsonl",
        "introductions_written.jsonl",
    ];
    let [received, written] = introductions.map(of);
    assert_eq!(each(&received, "/author/username"), ["friend"]);
    assert_eq!(each(&written, "/subject/username"), ["friend"]);
    assert_eq!(written[0]["body"], "a friend of who goes");
    assert!(written[0]["createdAt"].is_string() && written[0]["editedAt"].is_null());
    assert_eq!(
        each(&of("friend_requests_sent.jsonl"), "/user/username"),
        ["more0"]
    );
    assert_eq!(
        each(&of("friend_requests_received.jsonl"), "/user/username"),
        ["more1"]
    );
    assert_eq!(of("friend_requests_sent.jsonl")[0]["message"], "hello");
    assert_eq!(each(&of("blocks.jsonl"), "/username"), ["more3"]);
    let diaries = of("diaries.jsonl");
    assert_eq!(
        each(&diaries, "/audience"),
        ["ONLY_ME", "FRIENDS", "PUBLIC"]
    );
    assert_eq!(diaries[0]["title"], "日記 of who goes ONLY_ME");
    let comments = of("comments.jsonl");
    assert_eq!(
        each(&comments, "/body"),
        [
            "under a diary of who goes",
            "under a diary of who goes",
            "said by who goes"
        ]
    );
    assert_eq!(comments[2]["diaryId"], json!(circle.friends_diary));
    let reviews = of("reviews.jsonl");
    assert_eq!(each(&reviews, "/title"), ["こころ", "雪国"]);
    assert_eq!(each(&reviews, "/rating"), [&json!(4), &json!(1)]);
    let favourites = of("favourite_songs.jsonl");
    assert_eq!(each(&favourites, "/title"), ["song0", "song1"]);
    assert_eq!(each(&favourites, "/position"), [&json!(1), &json!(2)]);
    let listens = of("listens.jsonl");
    assert_eq!(each(&listens, "/title"), ["song0", "song0"]);
    assert_eq!(listens[0]["listenedAt"], "2006-05-01T02:00:00Z");
    // Whom they block visited them: that is hidden from them.
    let received = of("footprints_received.jsonl");
    assert_eq!(each(&received, "/visitor/username"), ["friend", "other"]);
    let mut left = of("footprints_left.jsonl");
    left.sort_by_key(|row| row["owner"]["username"].to_string());
    assert_eq!(each(&left, "/owner/username"), ["friend", "other"]);
    assert_eq!(left[0]["origin"], "SEARCH");
    assert_eq!(of("invitations.jsonl")[0]["places"], 3);
    assert_eq!(each(&of("invitees.jsonl"), "/user/username"), ["invited"]);
    assert_eq!(of("sessions.jsonl").len(), 1);
    let sign_in = &of("sign_in.jsonl")[0];
    assert_eq!(sign_in["recoveryCodesLeft"], 10);
    assert_eq!(sign_in["twoFactorEnabled"], false);
    assert!(sign_in["phoneNumberVerifiedAt"].is_string());
    let settings = of("settings.jsonl");
    assert_eq!(settings[0], json!({ "footprintPolicy": "NAMED" }));
    let wanted = settings[1]["notificationChoices"].as_array().unwrap();
    assert_eq!(wanted.len(), 10);
    assert_eq!(settings[2]["rest"]["hours"], "7 03:00-04:00");
    let kiribans = of("kiribans.jsonl");
    assert_eq!(each(&kiribans, "/number"), [2, 50]);
    assert_eq!(
        each(&kiribans, "/visitor/username"),
        [&json!("other"), &Value::Null]
    );
    let reached = of("kiribans_reached.jsonl");
    assert_eq!(each(&reached, "/owner/username"), ["other"]);
    let told = of("notifications.jsonl");
    let expected = [
        ("FRIENDSHIP_BEGUN", Some("friend")),
        ("INTRODUCTION_WRITTEN", Some("friend")),
        ("DIARY_COMMENTED", Some("friend")),
        ("DIARY_COMMENTED", Some("friend")),
        // Who reached it stands with the kiriban.
        ("KIRIBAN_REACHED", None),
        ("KIRIBAN_HIT", Some("other")),
        ("FRIENDSHIP_BEGUN", Some("invited")),
        ("FRIEND_REQUEST_RECEIVED", Some("more1")),
        ("PLAN_BEGUN", None),
    ];
    let kinds = expected.map(|(kind, _)| kind);
    assert_eq!(each(&told, "/kind"), kinds);
    let actors = expected.map(|(_, actor)| json!(actor));
    assert_eq!(
        each(&told, "/actor/username"),
        actors.iter().collect::<Vec<_>>()
    );
    // No secret, and nothing of those whom they do not see.
    let all: String = files.values().cloned().collect();
    for absent in [
        "argon2",
        "blocker",
        &goes.token,
        "hash",
        "under a diary of whom",
    ] {
        assert!(!all.contains(absent), "{absent}");
    }
}

/// Who is not named sees no names.
#[tokio::test]
async fn names_of_visitors_are_those_that_the_viewer_sees() {
    let world = World::new().await;
    let circle = circle(&world).await;
    let goes = &circle.goes;
    // `other` is a friend of a friend; a stranger comes, too.
    let stranger = world.person("stranger").await;
    stranger
        .mutate("visitProfile", json!({ "userId": goes.id() }), "")
        .await;
    for (policy, names) in [
        ("CONNECTIONS", json!(["friend", "other", null])),
        ("ANONYMOUS", json!([null, null, null])),
    ] {
        goes.mutate("setFootprintPolicy", json!({ "policy": policy }), "")
            .await;
        let key = ask(goes).await;
        see_to_exports(&world.app).await.unwrap();
        let files = files(bytes(&world, key).await);
        let rows = rows(&files, "footprints_received.jsonl");
        let found = each(&rows, "/visitor/username");
        assert_eq!(json!(found), names, "{policy}");
        assert!(rows.iter().all(|row| row["visitedAt"].is_string()));
        world.clock.advance(TimeDelta::days(1));
    }
}

#[tokio::test]
async fn there_is_one_at_a_time_and_one_a_day() {
    let world = World::new().await;
    let (me, _) = world.joined("goes_away").await;
    let input = json!({ "password": PASSWORD });
    let wrong = json!({ "password": "not this one" });
    assert_eq!(
        me.refusal("requestDataExport", wrong).await,
        "PASSWORD_WRONG"
    );
    let keyed = json!({ "password": PASSWORD, "idempotencyKey": "copy" });
    let first = me
        .mutate("requestDataExport", keyed.clone(), "dataExport { id }")
        .await;
    let again = me
        .mutate("requestDataExport", keyed, "dataExport { id }")
        .await;
    assert_eq!(first, again);
    assert_eq!(
        me.refusal("requestDataExport", input.clone()).await,
        "DATA_EXPORT_UNDER_WAY"
    );
    see_to_exports(&world.app).await.unwrap();
    assert_eq!(
        me.refusal("requestDataExport", input.clone()).await,
        "DATA_EXPORT_TOO_SOON"
    );
    world
        .clock
        .advance(TimeDelta::days(1) - TimeDelta::milliseconds(1));
    assert_eq!(
        me.refusal("requestDataExport", input.clone()).await,
        "DATA_EXPORT_TOO_SOON"
    );
    world.clock.advance(TimeDelta::milliseconds(1));
    me.mutate("requestDataExport", input, "").await;
    // Nobody else sees it, by its id or otherwise.
    let other = world.person("other").await;
    let node = "query($id: ID!) { node(id: $id) { id } }";
    let id = json!({ "id": first["dataExport"]["id"] });
    assert_eq!(other.run(node, id.clone()).await["node"], Value::Null);
    assert_eq!(me.run(node, id.clone()).await["node"], id);
    assert_eq!(world.anonymous().run(node, id).await["node"], Value::Null);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_ask_at_once_one_is_first() {
    let world = World::new().await;
    let (me, _) = world.joined("goes_away").await;
    let other = world.beside().await;
    let beside = other.known("goes_away").await;
    let input = json!({ "password": PASSWORD });
    let asks = (0..6).map(|turn| {
        let who = if turn % 2 == 0 { &me } else { &beside };
        who.attempt("requestDataExport", input.clone(), "")
    });
    let answers = futures_util::future::join_all(asks).await;
    // The other session asked for the same copy, or found it being made for itself.
    let done = answers.iter().filter(|it| it["userErrors"] == json!([]));
    assert!(done.count() >= 1, "{answers:?}");
    let refused = answers.iter().filter(|it| it["userErrors"] != json!([]));
    for answer in refused {
        assert_eq!(answer["userErrors"][0]["code"], "DATA_EXPORT_UNDER_WAY");
    }
    let listed = me.run(STATE, json!({})).await;
    let listed = listed["viewer"]["dataExports"]["nodes"].as_array().unwrap();
    assert_eq!(listed.len(), 1);
}

/// Neither by a row nor by a count does it tell who is absent.
#[tokio::test]
async fn who_is_absent_is_in_no_list_and_in_no_count() {
    let world = World::new().await;
    let moderator = world.moderator("moderator").await;
    let (me, _) = world.joined("goes_away").await;
    let friends = world.people("friend", 3).await;
    for friend in &friends {
        me.befriend(friend).await;
    }
    me.make_group("some", &[&friends[0], &friends[1]]).await;
    let input = json!({ "userId": friends[0].id(), "reason": "spam" });
    moderator.mutate("suspendUser", input, "").await;
    let key = ask(&me).await;
    see_to_exports(&world.app).await.unwrap();
    let files = files(bytes(&world, key).await);
    assert_eq!(rows(&files, "friends.jsonl").len(), 2);
    let profile = rows(&files, "profile.jsonl");
    assert_eq!(profile[0]["friendCount"], 2);
    assert_eq!(profile[0]["isSearchable"], true);
    let groups = rows(&files, "friend_groups.jsonl");
    assert_eq!(each(&groups, "/friendCount"), [&json!(0), &json!(1)]);
}
