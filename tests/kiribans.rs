//! rules.md, Footprints 4: an owner names a number of visits, and who makes that visit is recorded once, and
//! told so.

mod bounds;
mod costs;
mod crowds;
mod hidden;

use ashiato::bulk::recount::recount;
use serde_json::{Value, json};

use crate::support::world::{Person, World};

/// What a profile shows of them.
const OF: &str = "query($name: String!, $first: Int, $after: String) { user(username: $name) {
    nextKiriban kiribans(first: $first, after: $after) { totalCount pageInfo { endCursor hasNextPage }
        nodes { number namedAt reachedAt owner { username } visitor { username } } } } }";

/// Has `owner` name `number`.
async fn name(owner: &Person<'_>, number: i64) -> Value {
    let fields = "kiriban { number namedAt reachedAt owner { username } visitor { username } }";
    let named = owner
        .mutate("nameKiriban", json!({ "number": number }), fields)
        .await;
    named["kiriban"].clone()
}

/// Has `visitor` visit `owner`. Gives what the visitor is told of the number.
async fn visit(visitor: &Person<'_>, owner: &Person<'_>) -> Value {
    let fields =
        "leftFootprint kiriban { number reachedAt owner { username } visitor { username } }";
    let input = json!({ "userId": owner.id() });
    let left = visitor.mutate("visitProfile", input, fields).await;
    left["kiriban"].clone()
}

/// What `viewer` finds on the profile of `owner`.
async fn of(viewer: &Person<'_>, owner: &Person<'_>) -> Value {
    let found = viewer.run(OF, json!({ "name": owner.username })).await;
    found["user"].clone()
}

/// The numbers that `viewer` finds there, each with who made the visit.
async fn shown(viewer: &Person<'_>, owner: &Person<'_>) -> Vec<(i64, Option<String>)> {
    let found = of(viewer, owner).await;
    let nodes = found["kiribans"]["nodes"].as_array().unwrap().iter();
    let one = |node: &Value| {
        let visitor = node["visitor"]["username"].as_str().map(str::to_owned);
        (node["number"].as_i64().unwrap(), visitor)
    };
    nodes.map(one).collect()
}

/// A number, and who made the visit.
fn by(number: i64, visitor: &str) -> (i64, Option<String>) {
    (number, Some(visitor.to_owned()))
}

async fn agrees(world: &World) {
    let differences = recount(world.app.database.reader()).await.unwrap();
    assert!(differences.is_empty(), "{differences:#?}");
}

#[tokio::test]
async fn who_makes_the_named_visit_is_recorded_once_and_told_at_once() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let visitors = world.people("visitor", 4).await;
    assert_eq!(name(&owner, 3).await["number"], 3);
    let named = name(&owner, 2).await;
    assert_eq!(
        named,
        json!({ "number": 2, "namedAt": "2006-05-01T03:00:00.000Z", "reachedAt": null,
            "owner": { "username": "owner" }, "visitor": null })
    );
    assert_eq!(of(&visitors[0], &owner).await["nextKiriban"], 2);
    assert_eq!(visit(&visitors[0], &owner).await, Value::Null);
    // A visit again within the pause, and one's own, count nothing.
    assert_eq!(visit(&visitors[0], &owner).await, Value::Null);
    assert_eq!(visit(&owner, &owner).await, Value::Null);
    world.clock.advance(chrono::Duration::minutes(1));
    let told = visit(&visitors[1], &owner).await;
    assert_eq!(
        told,
        json!({ "number": 2, "reachedAt": "2006-05-01T03:01:00.000Z",
            "owner": { "username": "owner" }, "visitor": { "username": "visitor1" } })
    );
    assert_eq!(visit(&visitors[1], &owner).await, Value::Null, "once");
    assert_eq!(of(&visitors[0], &owner).await["nextKiriban"], 3);
    // A diary's visit is one to its author.
    let diary = owner.write("open", "MEMBERS").await;
    let fields = "kiriban { number visitor { username } } diary { id }";
    let input = json!({ "diaryId": diary });
    let told = visitors[2].mutate("visitDiary", input, fields).await;
    assert_eq!(
        told["kiriban"],
        json!({ "number": 3, "visitor": { "username": "visitor2" } })
    );
    assert_eq!(visit(&visitors[3], &owner).await, Value::Null);
    let all = [by(3, "visitor2"), by(2, "visitor1")];
    for viewer in [&owner, &visitors[0], &visitors[1], &visitors[3]] {
        assert_eq!(shown(viewer, &owner).await, all, "{}", viewer.username);
        assert_eq!(of(viewer, &owner).await["nextKiriban"], Value::Null);
    }
    let nobody = world.anonymous();
    assert_eq!(shown(&nobody, &owner).await, []);
    agrees(&world).await;
}

#[tokio::test]
async fn who_is_told_is_told_the_same_when_they_repeat_the_call() {
    let world = World::new().await;
    let (owner, visitor) = (world.person("owner").await, world.person("visitor").await);
    let other = world.person("other").await;
    let input = json!({ "number": 1, "idempotencyKey": "name" });
    for _ in 0..2 {
        let named = owner
            .mutate("nameKiriban", input.clone(), "kiriban { number }")
            .await;
        assert_eq!(named["kiriban"]["number"], 1);
    }
    let input = json!({ "userId": owner.id(), "idempotencyKey": "visit" });
    for _ in 0..2 {
        let fields = "leftFootprint kiriban { number visitor { username } }";
        let left = visitor.mutate("visitProfile", input.clone(), fields).await;
        let kiriban = json!({ "number": 1, "visitor": { "username": "visitor" } });
        assert_eq!(
            (&left["leftFootprint"], &left["kiriban"]),
            (&json!(true), &kiriban)
        );
    }
    assert_eq!(visit(&other, &owner).await, Value::Null);
    assert_eq!(shown(&owner, &owner).await, [by(1, "visitor")]);
    let input = json!({ "number": 7, "idempotencyKey": "remove" });
    name(&owner, 7).await;
    owner.mutate("removeKiriban", input.clone(), "").await;
    name(&owner, 7).await;
    let gone = owner.mutate("removeKiriban", input, "removedNumber").await;
    assert_eq!(gone["removedNumber"], 7);
    assert_eq!(of(&owner, &owner).await["nextKiriban"], 7, "removed once");
    agrees(&world).await;
}

#[tokio::test]
async fn a_profile_lists_them_the_highest_first_in_full_pages() {
    let world = World::new().await;
    let (owner, viewer) = (world.person("owner").await, world.person("viewer").await);
    for number in [5, 100, 1, 30, 7] {
        name(&owner, number).await;
    }
    let (mut all, mut after) = (Vec::new(), Value::Null);
    loop {
        let variables = json!({ "name": "owner", "first": 2, "after": after });
        let page = viewer.run(OF, variables).await["user"]["kiribans"].take();
        assert_eq!(page["totalCount"], Value::Null);
        let nodes = page["nodes"].as_array().unwrap();
        all.extend(nodes.iter().map(|node| node["number"].as_i64().unwrap()));
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        assert_eq!(nodes.len(), 2);
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(all, [100, 30, 7, 5, 1]);
    assert_eq!(of(&viewer, &owner).await["nextKiriban"], 1);
    owner
        .mutate("removeKiriban", json!({ "number": 1 }), "")
        .await;
    assert_eq!(of(&viewer, &owner).await["nextKiriban"], 5);
    agrees(&world).await;
}
