//! While its viewer rests, the feed of posts holds what comes, and a digest tells of it.

use chrono::Duration;
use serde_json::{Value, json};

use super::{agrees, create, feed, follow, live, publish};
use crate::support::world::{Person, World, next};

const DIGEST: &str = "digest { since until brandPostCount notificationCount }";

async fn end(who: &Person<'_>) -> Value {
    let ended = who.mutate("endRest", json!({}), DIGEST).await;
    ended["digest"].clone()
}

#[tokio::test]
async fn what_was_published_in_a_rest_comes_as_one_and_is_counted() {
    let world = World::new().await;
    let (owner, me) = (world.person("owner").await, world.person("me").await);
    let (page, other) = (create(&owner, "page").await, create(&owner, "other").await);
    follow(&me, &page).await;
    publish(&owner, &page, "before").await;
    world.clock.advance(Duration::minutes(1));
    me.mutate("rest", json!({}), "").await;
    for body in ["one", "two", "three"] {
        world.clock.advance(Duration::minutes(1));
        publish(&owner, &page, body).await;
        publish(&owner, &other, body).await;
    }
    // It is in lists at once.
    assert_eq!(feed(&me).await.len(), 4);
    let document =
        "subscription($after: String) { brandPostPublished(after: $after) { held node { body } } }";
    let events = me.subscribe(document, json!({ "after": live::all() }));
    let mut events = Box::pin(events);
    let silent = std::time::Duration::from_millis(300);
    let waited = tokio::time::timeout(silent, next(&mut events)).await;
    assert!(waited.is_err(), "{waited:?}");
    world.clock.advance(Duration::minutes(1));
    let digest = end(&me).await;
    assert_eq!(digest["brandPostCount"], 3);
    assert_eq!(digest["notificationCount"], 0);
    for (body, held) in [("before", 0), ("three", 2)] {
        let event: Value = next(&mut events).await;
        let edge = &event["data"]["brandPostPublished"];
        assert_eq!(*edge, json!({ "held": held, "node": { "body": body } }));
    }
    publish(&owner, &page, "after").await;
    let event: Value = next(&mut events).await;
    assert_eq!(event["data"]["brandPostPublished"]["node"]["body"], "after");
    agrees(&world).await;
}

#[tokio::test]
async fn a_rest_in_which_nothing_was_published_has_no_digest() {
    let world = World::new().await;
    let (owner, me) = (world.person("owner").await, world.person("me").await);
    let page = create(&owner, "page").await;
    publish(&owner, &page, "before").await;
    follow(&me, &page).await;
    world.clock.advance(Duration::minutes(1));
    me.mutate("rest", json!({}), "").await;
    world.clock.advance(Duration::minutes(1));
    assert_eq!(end(&me).await, Value::Null);
}
