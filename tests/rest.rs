//! Rest against *mixi tsukare*: quiet for who rests, a digest at the end, and nothing lost (rules.md, Tiredness 1).

mod choosing;
mod costs;
mod digests;
mod leaving;
mod live;
mod quiet;
mod runs;
mod shown;
mod together;

use ashiato::{bulk::recount::recount, rest::work};
use chrono::Duration;
use serde_json::{Value, json};

use crate::support::world::{Person, World};

const REST: &str = "{ viewer { rest { isResting since until nextAt isShownToFriends hours { weekday from to } } } }";

/// What is told of as a whole, wherever it is.
const DIGEST: &str =
    "since until footprintCount friendRequestCount diaryCommentCount notificationCount";

/// What the viewer `who` has chosen, and whether they rest.
async fn rest(who: &Person<'_>) -> Value {
    who.run(REST, json!({})).await["viewer"]["rest"].clone()
}

async fn is_resting(who: &Person<'_>) -> bool {
    rest(who).await["isResting"].as_bool().unwrap()
}

/// Has `who` rest until they say so.
async fn begin(who: &Person<'_>) {
    who.mutate("rest", json!({}), "").await;
}

/// Has `who` rest no more. Gives the digest.
async fn end(who: &Person<'_>) -> Value {
    let fields = format!("digest {{ {DIGEST} }}");
    let ended = who.mutate("endRest", json!({}), &fields).await;
    ended["digest"].clone()
}

/// The hours of a schedule: `MONDAY 22:00 06:00`.
fn hours(all: &[&str]) -> Value {
    let entries = all.iter().map(|entry| {
        let parts: Vec<_> = entry.split(' ').collect();
        json!({ "weekday": parts[0], "from": parts[1], "to": parts[2] })
    });
    Value::Array(entries.collect())
}

/// Has `who` rest in these hours.
async fn schedule(who: &Person<'_>, all: &[&str]) {
    let input = json!({ "hours": hours(all) });
    who.mutate("setRestSchedule", input, "").await;
}

/// Has `visitor` visit `owner`. Says whether that was counted.
async fn visit(visitor: &Person<'_>, owner: &Person<'_>) -> bool {
    let input = json!({ "userId": owner.id() });
    let visited = visitor
        .mutate("visitProfile", input, "leftFootprint user { id }")
        .await;
    assert_eq!(visited["user"]["id"], owner.id());
    visited["leftFootprint"].as_bool().unwrap()
}

/// Has `who` comment on `diary`. Gives the comment's id.
async fn comment(who: &Person<'_>, diary: &str, body: &str) -> Value {
    let input = json!({ "diaryId": diary, "body": body });
    let made = who.mutate("commentOnDiary", input, "comment { id }").await;
    made["comment"]["id"].clone()
}

async fn ask(who: &Person<'_>, other: &Person<'_>) {
    let input = json!({ "userId": other.id() });
    who.mutate("requestFriendship", input, "").await;
}

async fn block(who: &Person<'_>, other: &Person<'_>) {
    let input = json!({ "userId": other.id() });
    who.mutate("blockUser", input, "").await;
}

/// So much later.
fn minutes(world: &World, count: i64) {
    world.clock.advance(Duration::minutes(count));
}

/// Does what is due at the end of rests.
async fn see_to(world: &World) -> u64 {
    work::see_to(&world.app).await.unwrap()
}

/// What `who` was told of rests that are over, the last first.
async fn told(who: &Person<'_>) -> Vec<Value> {
    let document = format!(
        "{{ viewer {{ notifications(first: 100) {{ nodes {{ kind at actor {{ id }} isRead \
         subject {{ __typename ... on RestDigest {{ {DIGEST} }} }} }} }} }} }}"
    );
    let data = who.run(&document, json!({})).await;
    let nodes = data["viewer"]["notifications"]["nodes"].as_array().unwrap();
    let ended = nodes.iter().filter(|node| node["kind"] == "REST_ENDED");
    ended
        .map(|node| {
            assert_eq!(node["actor"], Value::Null);
            assert_eq!(node["subject"]["__typename"], "RestDigest");
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            assert!(text(&node["at"]) >= text(&node["subject"]["until"]));
            let mut subject = node["subject"].clone();
            subject.as_object_mut().unwrap().remove("__typename");
            subject
        })
        .collect()
}

/// How much of each a digest tells of: footprints, requests, comments, notifications.
fn counts(digest: &Value) -> [i64; 4] {
    [
        "footprintCount",
        "friendRequestCount",
        "diaryCommentCount",
        "notificationCount",
    ]
    .map(|field| digest[field].as_i64().unwrap())
}

async fn agrees(world: &World) {
    let differences = recount(world.app.database.reader()).await.unwrap();
    assert!(differences.is_empty(), "{differences:#?}");
}
