//! The list of tarento (rules.md, Users 6).

use serde_json::{Value, json};

use crate::support::world::{Person, World};

const LIST: &str = "query($first: Int, $after: String) { tarento(first: $first, after: $after) {
    nodes { username kind } totalCount pageInfo { hasNextPage endCursor } } }";

async fn list(who: &Person<'_>) -> Vec<String> {
    let data = who.run(LIST, json!({})).await;
    let nodes = data["tarento"]["nodes"].as_array().unwrap().clone();
    let names = nodes.iter().map(|node| {
        assert_eq!(node["kind"], "TARENTO");
        super::text(&node["username"])
    });
    names.collect()
}

#[tokio::test]
async fn tarento_are_listed_who_joined_last_first_page_by_page() {
    let world = World::new().await;
    let me = world.person("me").await;
    assert_eq!(list(&me).await, Vec::<String>::new());
    for name in ["one", "two", "three", "four"] {
        let person = world.person(name).await;
        world.person(&format!("{name}_member")).await;
        if name != "three" {
            world.make_tarento(&person).await;
        }
    }
    let expected = ["four", "two", "one"];
    assert_eq!(list(&me).await, expected);
    assert_eq!(list(&world.anonymous()).await, expected);
    let (mut after, mut seen) = (Value::Null, Vec::new());
    loop {
        let data = me.run(LIST, json!({ "first": 1, "after": after })).await;
        let page = &data["tarento"];
        assert_eq!(page["totalCount"], Value::Null);
        seen.push(super::text(&page["nodes"][0]["username"]));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(seen, expected);
    let two = world.known("two").await;
    world.end_tarento(&two).await;
    assert_eq!(list(&me).await, ["four", "one"]);
    assert_eq!(
        me.error(LIST, json!({ "after": "x" })).await,
        "INVALID_CURSOR"
    );
}

#[tokio::test]
async fn who_is_hidden_under_age_or_does_not_wish_it_is_not_listed() {
    let world = World::new().await;
    let (me, moderator) = (world.person("me").await, world.moderator("moderator").await);
    let minor = world.person_born("minor", "1990-01-01").await;
    for name in ["shown", "blocks", "blocked", "suspended", "unsearchable"] {
        let person = world.person(name).await;
        world.make_tarento(&person).await;
    }
    world.make_tarento(&minor).await;
    let blocks = world.known("blocks").await;
    blocks
        .mutate("blockUser", json!({ "userId": me.id() }), "")
        .await;
    let blocked = world.known("blocked").await;
    me.mutate("blockUser", json!({ "userId": blocked.id() }), "")
        .await;
    let hides = world.known("unsearchable").await;
    hides
        .mutate("editProfile", json!({ "isSearchable": false }), "")
        .await;
    let suspended = world.known("suspended").await;
    let input = json!({ "userId": suspended.id(), "reason": "spam" });
    moderator.mutate("suspendUser", input, "").await;
    assert_eq!(list(&me).await, ["shown"]);
    assert_eq!(list(&minor).await, ["blocked", "blocks", "shown"]);
    assert_eq!(
        list(&world.anonymous()).await,
        ["blocked", "blocks", "shown"]
    );
    assert_eq!(
        list(&moderator).await,
        ["suspended", "blocked", "blocks", "shown"]
    );
    // A page is full all the same.
    let data = me.run(LIST, json!({ "first": 1 })).await;
    assert_eq!(data["tarento"]["nodes"][0]["username"], "shown");
}
