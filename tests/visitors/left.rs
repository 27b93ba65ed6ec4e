//! What the viewer left with others, beside them.

use ashiato::housekeeping;
use serde_json::{Value, json};

use super::{choose, mine, visit};
use crate::support::world::{Person, World};

const FIELDS: &str = "viewerFootprint { day visitedAt origin }";

async fn left_with(viewer: &Person<'_>, username: &str) -> Value {
    let document = format!("query($name: String!) {{ user(username: $name) {{ {FIELDS} }} }}");
    let data = viewer.run(&document, json!({ "name": username })).await;
    data["user"]["viewerFootprint"].clone()
}

#[tokio::test]
async fn a_visitor_finds_the_last_footprint_that_they_left_with_somebody() {
    let world = World::new().await;
    let (owner, visitor) = (world.person("owner").await, world.person("visitor").await);
    let other = world.person("other").await;
    assert!(left_with(&visitor, "owner").await.is_null());
    visit(&visitor, &owner).await;
    world.clock.set("2006-05-03T03:00:00Z");
    visit(&other, &owner).await;
    visit(&visitor, &owner).await;
    world.clock.set("2006-05-03T04:00:00Z");
    visit(&visitor, &owner).await;
    let last = json!({ "day": "2006-05-03", "visitedAt": "2006-05-03T04:00:00.000Z",
        "origin": "SEARCH" });
    assert_eq!(left_with(&visitor, "owner").await, last);
    // It is the viewer's own, whoever else visited, and whomever they visit.
    assert!(left_with(&owner, "visitor").await.is_null());
    assert!(left_with(&owner, "owner").await.is_null());
    assert!(left_with(&world.anonymous(), "owner").await.is_null());
    assert!(
        left_with(&world.person("third").await, "owner")
            .await
            .is_null()
    );
    // A visit that was not named left none.
    choose(&visitor, "ANONYMOUS").await;
    world.clock.set("2006-05-04T03:00:00Z");
    visit(&visitor, &owner).await;
    assert_eq!(left_with(&visitor, "owner").await, last);
    let input = json!({ "userId": owner.id(), "day": last["day"] });
    visitor.mutate("takeBackFootprint", input, "").await;
    let first = left_with(&visitor, "owner").await;
    assert_eq!(first["day"], "2006-05-01");
    let input = json!({ "userId": owner.id(), "day": first["day"] });
    visitor.mutate("takeBackFootprint", input, "").await;
    assert!(left_with(&visitor, "owner").await.is_null());
    assert_eq!(mine(&owner).await["visitCount"], 5);
    // It goes when the owner's does.
    world.clock.set("2007-05-04T03:00:00Z");
    assert!(left_with(&other, "owner").await["day"].is_string());
    housekeeping::sweep(&world.app).await.unwrap();
    assert!(left_with(&other, "owner").await.is_null());
}

#[tokio::test]
async fn for_many_users_it_is_one_statement_and_for_the_viewer_none() {
    let world = World::uncached().await;
    let me = world.person("me").await;
    let friends = world.people("friend", 12).await;
    for (index, friend) in friends.iter().enumerate() {
        me.befriend(friend).await;
        if index % 2 == 0 {
            visit(&me, friend).await;
        }
    }
    let list = async |first: usize, fields: &str| {
        let document = format!(
            "{{ viewer {{ user {{ {fields} friends(first: {first}) {{ \
             nodes {{ username {fields} }} }} }} }} }}"
        );
        world.forget_statements();
        let data = me.run(&document, json!({})).await;
        let user = &data["viewer"]["user"];
        assert!(user["viewerFootprint"].is_null());
        (user["friends"]["nodes"].clone(), world.statements())
    };
    let (_, without) = list(12, "").await;
    for first in [2, 12] {
        let (nodes, statements) = list(first, FIELDS).await;
        assert_eq!(statements, without + 1, "{:#?}", world.statement_texts());
        for node in nodes.as_array().unwrap() {
            let name = node["username"].as_str().unwrap();
            let index: usize = name.trim_start_matches("friend").parse().unwrap();
            let is_left = node["viewerFootprint"]["day"] == "2006-05-01";
            assert_eq!(is_left, index.is_multiple_of(2), "{node}");
        }
    }
}
