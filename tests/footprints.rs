//! rules.md, Footprints 1-5.

use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::support::world::{Person, World};

const MINE: &str = "query($first: Int, $after: String) { viewer { visitCount newFootprintCount
    footprints(first: $first, after: $after) { totalCount
        edges { cursor node { id number day visitedAt origin visitor { username } } } } } }";

async fn mine(owner: &Person<'_>) -> Value {
    owner.run(MINE, json!({})).await["viewer"].clone()
}

fn visitors(viewer: &Value) -> Vec<String> {
    viewer["footprints"]["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edge| {
            edge["node"]["visitor"]["username"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect()
}

async fn visit(visitor: &Person<'_>, owner: &Person<'_>) -> bool {
    let input = json!({ "userId": owner.id(), "origin": "SEARCH" });
    let payload = visitor
        .mutate("visitProfile", input, "leftFootprint user { username }")
        .await;
    assert_eq!(payload["user"]["username"], owner.username.as_str());
    payload["leftFootprint"].as_bool().unwrap()
}

#[tokio::test]
async fn a_visit_leaves_a_footprint_and_a_query_leaves_none() {
    let world = World::new().await;
    let (owner, visitor) = (world.person("owner").await, world.person("visitor").await);
    visitor
        .run("{ user(username: \"owner\") { nickname bio } }", json!({}))
        .await;
    assert_eq!(mine(&owner).await["visitCount"], 0);
    assert!(visit(&visitor, &owner).await);
    let seen = mine(&owner).await;
    assert_eq!(seen["visitCount"], 1);
    assert_eq!(seen["newFootprintCount"], 1);
    assert_eq!(seen["footprints"]["totalCount"], 1);
    let footprint = &seen["footprints"]["edges"][0]["node"];
    assert_eq!(footprint["visitor"]["username"], "visitor");
    assert_eq!(footprint["origin"], "SEARCH");
    assert_eq!(footprint["day"], "2006-05-01");
    assert_eq!(footprint["visitedAt"], "2006-05-01T03:00:00.000Z");
    // Only the owner sees it.
    let document = "query($id: ID!) { node(id: $id) { id } }";
    let id = json!({ "id": footprint["id"] });
    assert!(owner.run(document, id.clone()).await["node"]["id"].is_string());
    assert!(visitor.run(document, id).await["node"].is_null());
}

#[tokio::test]
async fn a_visit_by_user_name_to_a_diary_and_to_oneself() {
    let world = World::new().await;
    let (owner, visitor) = (world.person("owner").await, world.person("visitor").await);
    assert!(!visit(&owner, &owner).await, "oneself");
    assert_eq!(mine(&owner).await["visitCount"], 0);
    let payload = visitor
        .mutate(
            "visitProfile",
            json!({ "username": "OWNER" }),
            "leftFootprint",
        )
        .await;
    assert_eq!(payload["leftFootprint"], true);
    assert_eq!(
        visitor
            .refusal("visitProfile", json!({ "username": "nobody" }))
            .await,
        "NOT_FOUND"
    );
    let document =
        "mutation($input: VisitProfileInput!) { visitProfile(input: $input) { leftFootprint } }";
    let both = json!({ "input": { "username": "owner", "userId": owner.id() } });
    assert_eq!(visitor.error(document, both).await, "INVALID_ARGUMENT");
    assert_eq!(
        visitor.error(document, json!({ "input": {} })).await,
        "INVALID_ARGUMENT"
    );
    let other = world.person("other").await;
    let diary = owner.write("open", "MEMBERS").await;
    let input = json!({ "diaryId": diary, "origin": "HOME" });
    let payload = other
        .mutate("visitDiary", input, "leftFootprint diary { title }")
        .await;
    assert_eq!(
        payload,
        json!({ "leftFootprint": true, "diary": { "title": "open" }, "userErrors": [] })
    );
    // The one who may not see it leaves nothing.
    let secret = owner.write("secret", "ONLY_ME").await;
    let third = world.person("third").await;
    let code = third
        .refusal("visitDiary", json!({ "diaryId": secret }))
        .await;
    assert_eq!(code, "NOT_FOUND");
    assert_eq!(visitors(&mine(&owner).await), ["other", "visitor"]);
}

#[tokio::test]
async fn one_footprint_a_day_with_a_pause_of_five_minutes_that_midnight_in_japan_ends() {
    let world = World::new().await;
    let (owner, visitor) = (world.person("owner").await, world.person("visitor").await);
    let other = world.person("other").await;
    world.clock.set("2006-05-01T14:50:00Z"); // 23:50 in Japan
    assert!(visit(&visitor, &owner).await);
    world.clock.set("2006-05-01T14:54:59Z");
    assert!(!visit(&visitor, &owner).await, "within 5 minutes");
    assert_eq!(mine(&owner).await["visitCount"], 1);
    assert!(
        visit(&other, &owner).await,
        "the pause is each visitor's own"
    );
    world.clock.set("2006-05-01T14:55:00Z");
    assert!(visit(&visitor, &owner).await, "5 minutes are over");
    let seen = mine(&owner).await;
    assert_eq!(seen["visitCount"], 3);
    assert_eq!(seen["footprints"]["totalCount"], 2);
    assert_eq!(
        visitors(&seen),
        ["visitor", "other"],
        "the day's footprint moved up"
    );
    assert_eq!(seen["footprints"]["edges"][0]["node"]["number"], 3);
    world.clock.set("2006-05-01T14:59:59Z");
    assert!(!visit(&visitor, &owner).await);
    world.clock.set("2006-05-01T15:00:00Z"); // midnight in Japan
    assert!(visit(&visitor, &owner).await, "midnight ends the pause");
    let seen = mine(&owner).await;
    assert_eq!(visitors(&seen), ["visitor", "visitor", "other"]);
    assert_eq!(seen["footprints"]["edges"][0]["node"]["day"], "2006-05-02");
    assert_eq!(seen["footprints"]["edges"][1]["node"]["day"], "2006-05-01");
}

#[tokio::test]
async fn what_is_new_since_the_owner_last_looked() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let people = world.people("person", 4).await;
    for person in &people[..3] {
        visit(person, &owner).await;
    }
    let seen = owner.run(MINE, json!({ "first": 2 })).await["viewer"].clone();
    assert_eq!(seen["newFootprintCount"], 3);
    // The owner looked at the second newest and what is older.
    let cursor = &seen["footprints"]["edges"][1]["cursor"];
    let payload = owner
        .mutate(
            "markFootprintsSeen",
            json!({ "upTo": cursor }),
            "newFootprintCount",
        )
        .await;
    assert_eq!(payload["newFootprintCount"], 1);
    let payload = owner
        .mutate("markFootprintsSeen", json!({}), "newFootprintCount")
        .await;
    assert_eq!(payload["newFootprintCount"], 0);
    // Somebody who was seen comes again on the same day: new again, once.
    world.clock.advance(chrono::Duration::minutes(5));
    visit(&people[0], &owner).await;
    world.clock.advance(chrono::Duration::minutes(5));
    visit(&people[0], &owner).await;
    visit(&people[3], &owner).await;
    assert_eq!(mine(&owner).await["newFootprintCount"], 2);
    // An older mark takes nothing back.
    owner
        .mutate("markFootprintsSeen", json!({ "upTo": cursor }), "")
        .await;
    assert_eq!(mine(&owner).await["newFootprintCount"], 2);
}

#[tokio::test]
async fn footprints_are_paged_latest_first() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    for person in world.people("person", 5).await {
        visit(&person, &owner).await;
    }
    let first = owner.run(MINE, json!({ "first": 2 })).await["viewer"].clone();
    assert_eq!(visitors(&first), ["person4", "person3"]);
    let after = json!({ "first": 10, "after": first["footprints"]["edges"][1]["cursor"] });
    let rest = owner.run(MINE, after).await["viewer"].clone();
    assert_eq!(visitors(&rest), ["person2", "person1", "person0"]);
}

#[tokio::test]
async fn every_concurrent_visit_is_counted_once() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let people = world.people("person", 60).await;
    let visits = people.iter().map(|person| visit(person, &owner));
    let left = futures_util::future::join_all(visits).await;
    assert!(left.iter().all(|left| *left));
    let seen = owner.run(MINE, json!({ "first": 100 })).await["viewer"].clone();
    assert_eq!(seen["visitCount"], 60);
    let numbers: Vec<_> = seen["footprints"]["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edge| edge["node"]["number"].as_i64().unwrap())
        .collect();
    assert_eq!(numbers, (1..=60).rev().collect::<Vec<_>>());
}

#[tokio::test]
async fn footprints_arrive_live_after_a_replay_from_a_cursor_of_the_list() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let people = world.people("person", 5).await;
    for person in &people[..3] {
        visit(person, &owner).await;
    }
    let seen = mine(&owner).await;
    let document = "subscription($after: String) { footprintLeft(after: $after) { cursor node { number visitor { username } } } }";
    let oldest = json!({ "after": seen["footprints"]["edges"][2]["cursor"] });
    let mut feed = Box::pin(owner.subscribe(document, oldest));
    let mut names = Vec::new();
    for _ in 0..2 {
        let edge = feed.next().await.unwrap()["data"]["footprintLeft"].clone();
        names.push(
            edge["node"]["visitor"]["username"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    let (live, _) = futures_util::join!(feed.next(), visit(&people[3], &owner));
    let live = live.unwrap()["data"]["footprintLeft"].clone();
    names.push(
        live["node"]["visitor"]["username"]
            .as_str()
            .unwrap()
            .to_owned(),
    );
    assert_eq!(names, ["person1", "person2", "person3"]);
    assert_eq!(live["node"]["number"], 4);
    let mut refused = Box::pin(world.anonymous().events(document, json!({})));
    let refused = refused.next().await.unwrap();
    let source = refused.errors[0].source::<ashiato::error::Error>().unwrap();
    assert_eq!(source.code(), "UNAUTHENTICATED");
}
