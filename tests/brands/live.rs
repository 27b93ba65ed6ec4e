//! Posts of the pages that one follows, live.

use std::time::Duration;

use ashiato::paging::cursor;
use futures_util::{Stream, StreamExt};
use serde_json::json;

use super::{create, follow, publish, text};
use crate::support::world::{Person, World, first, next};

const FEED: &str = "subscription($after: String) { brandPostPublished(after: $after) {
    cursor held node { body brand { handle } } } }";

/// What comes after `after`, or from now on: the cursor and the text.
pub fn listen(
    who: &Person<'_>,
    after: Option<&str>,
) -> impl Stream<Item = (String, String)> + Unpin + use<> {
    let events = who.subscribe(FEED, json!({ "after": after }));
    Box::pin(events.map(|event| {
        assert!(event.get("errors").is_none(), "{event}");
        let edge = &event["data"]["brandPostPublished"];
        (text(&edge["cursor"]), text(&edge["node"]["body"]))
    }))
}

/// From the beginning.
pub fn all() -> String {
    cursor(b'P', &0_i64)
}

async fn said(events: &mut (impl Stream<Item = (String, String)> + Unpin)) -> String {
    next(events).await.1
}

/// Nothing comes, for so long as something would take to.
async fn is_silent(events: &mut (impl Stream<Item = (String, String)> + Unpin)) {
    let waited = tokio::time::timeout(Duration::from_millis(300), events.next()).await;
    assert!(waited.is_err(), "{waited:?}");
}

#[tokio::test]
async fn what_is_published_on_followed_pages_comes_and_nothing_else() {
    let world = World::new().await;
    let (owner, me) = (world.person("owner").await, world.person("me").await);
    let (followed, other) = (
        create(&owner, "followed").await,
        create(&owner, "other").await,
    );
    publish(&owner, &followed, "before").await;
    follow(&me, &followed).await;
    let mut events = listen(&me, None);
    // When exactly it began cannot be seen from outside.
    let came = first(&mut events, async |turn| {
        publish(&owner, &followed, &format!("turn {turn}")).await;
    });
    let (_, came) = came.await;
    assert!(came.starts_with("turn"), "{came}");
    publish(&owner, &other, "not followed").await;
    publish(&owner, &followed, "last").await;
    while said(&mut events).await != "last" {}
    is_silent(&mut events).await;
}

#[tokio::test]
async fn a_feed_resumes_after_its_cursor_without_a_gap_or_a_double() {
    let world = World::new().await;
    let (owner, me) = (world.person("owner").await, world.person("me").await);
    let mut pages = Vec::new();
    for handle in ["one", "two", "three"] {
        let page = create(&owner, handle).await;
        follow(&me, &page).await;
        pages.push(page);
    }
    let mut bodies = Vec::new();
    for number in 0..40 {
        let body = number.to_string();
        publish(&owner, &pages[number % 3], &body).await;
        bodies.push(body);
    }
    let mut events = listen(&me, Some(&all()));
    let mut cursors = Vec::new();
    for body in &bodies {
        let (cursor, came) = next(&mut events).await;
        assert_eq!(came, *body);
        cursors.push(cursor);
    }
    for from in [0, 16, 38] {
        let mut resumed = listen(&me, Some(&cursors[from]));
        for body in &bodies[from + 1..] {
            assert_eq!(said(&mut resumed).await, *body);
        }
        is_silent(&mut resumed).await;
    }
    // What was removed meanwhile is not there any more, and what was changed is as it is.
    let posts =
        "query($id: ID!) { node(id: $id) { ... on Brand { posts(last: 1) { nodes { id } } } } }";
    let data = owner.run(posts, json!({ "id": pages[0] })).await;
    let first = data["node"]["posts"]["nodes"][0]["id"].clone();
    let data = owner.run(posts, json!({ "id": pages[1] })).await;
    let second = data["node"]["posts"]["nodes"][0]["id"].clone();
    owner
        .mutate("deleteBrandPost", json!({ "postId": first }), "")
        .await;
    let edit = json!({ "postId": second, "body": "changed" });
    owner.mutate("updateBrandPost", edit, "").await;
    let mut again = listen(&me, Some(&all()));
    assert_eq!(said(&mut again).await, "changed");
    is_silent(&mut events).await;
    let wrong = me.events(FEED, json!({ "after": cursor(b'Q', &1_i64) }));
    let errors = next(&mut Box::pin(wrong)).await.errors;
    let source = errors[0].source::<ashiato::error::Error>().unwrap();
    assert_eq!(source.code(), "INVALID_CURSOR");
}

#[tokio::test]
async fn a_page_that_is_followed_later_comes_from_then_on_and_one_that_is_not_no_more() {
    let world = World::new().await;
    let (owner, me) = (world.person("owner").await, world.person("me").await);
    let (one, two) = (create(&owner, "one").await, create(&owner, "two").await);
    follow(&me, &one).await;
    for number in 0..20 {
        publish(&owner, &two, &format!("old {number}")).await;
    }
    let mut events = listen(&me, Some(&all()));
    publish(&owner, &one, "first").await;
    assert_eq!(said(&mut events).await, "first");
    for number in 20..40 {
        publish(&owner, &two, &format!("old {number}")).await;
    }
    world.clock.advance(chrono::Duration::minutes(1));
    follow(&me, &two).await;
    publish(&owner, &two, "new").await;
    assert_eq!(said(&mut events).await, "new");
    let input = json!({ "brandId": one });
    me.mutate("unfollowBrand", input, "").await;
    publish(&owner, &one, "unheard").await;
    publish(&owner, &two, "heard").await;
    assert_eq!(said(&mut events).await, "heard");
    // A page that is removed says nothing any more.
    publish(&owner, &two, "unsaid").await;
    let input = json!({ "brandId": two });
    owner.mutate("deleteBrand", input, "").await;
    let mut again = listen(&me, Some(&all()));
    is_silent(&mut again).await;
}

#[tokio::test]
async fn a_feed_of_many_pages_is_read_by_as_many_statements_as_one_of_one() {
    let world = World::uncached().await;
    let (owner, second) = (world.person("owner").await, world.person("second").await);
    let (few, many) = (world.person("few").await, world.person("many").await);
    let mut pages = Vec::new();
    for place in 0..12 {
        let runs = if place < 6 { &owner } else { &second };
        let page = create(runs, &format!("page{place}")).await;
        follow(&many, &page).await;
        pages.push(page);
    }
    follow(&few, &pages[0]).await;
    let mut counts = Vec::new();
    for who in [&few, &many] {
        let mut events = listen(who, Some(&all()));
        let quiet = Duration::from_millis(300);
        while tokio::time::timeout(quiet, events.next()).await.is_ok() {}
        world.forget_statements();
        let body = &who.username;
        publish(&owner, &pages[0], body).await;
        while said(&mut events).await != *body {}
        let texts = world.statement_texts();
        counts.push(
            texts
                .iter()
                .filter(|text| text.contains("followed_brands"))
                .count(),
        );
        drop(events);
    }
    assert_eq!(counts[0], counts[1]);
}
