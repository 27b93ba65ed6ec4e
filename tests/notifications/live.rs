//! The feed: from a cursor, then live, without a gap or a double.

use ashiato::{events::Event, paging::cursor};
use serde_json::{Value, json};

use super::{ask, comment};
use crate::support::world::{Person, World, first, next};

const FEED: &str = "subscription($after: String) { notificationReceived(after: $after) { cursor
    node { kind isRead actor { username } subject { __typename ... on DiaryComment { body } } } } }";

fn edge(event: &Value) -> (String, Value) {
    assert!(event.get("errors").is_none(), "{event}");
    let edge = &event["data"]["notificationReceived"];
    let cursor = edge["cursor"].as_str().unwrap().to_owned();
    (cursor, edge["node"].clone())
}

#[tokio::test]
async fn what_was_missed_comes_first_then_what_comes() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let diary = me.write("open", "MEMBERS").await;
    for body in ["1", "2", "3"] {
        comment(&other, &diary, body).await;
    }
    let all = json!({ "after": cursor(b'N', &0_i64) });
    let mut live = Box::pin(me.subscribe(FEED, all));
    let mut cursors = Vec::new();
    for body in ["1", "2", "3", "4", "5"] {
        if body > "3" {
            comment(&other, &diary, body).await;
        }
        let (cursor, node) = edge(&next(&mut live).await);
        let subject = json!({ "__typename": "DiaryComment", "body": body });
        assert_eq!(
            node,
            json!({ "kind": "DIARY_COMMENTED", "isRead": false,
                "actor": { "username": "other" }, "subject": subject })
        );
        cursors.push(cursor);
    }
    // Again from the middle.
    let mut again = Box::pin(me.subscribe(FEED, json!({ "after": cursors[2] })));
    for cursor in &cursors[3..] {
        assert_eq!(edge(&next(&mut again).await).0, *cursor);
    }
    ask(&other, &me).await;
    for live in [&mut live, &mut again] {
        let (_, node) = edge(&next(live).await);
        assert_eq!(node["kind"], "FRIEND_REQUEST_RECEIVED");
        assert_eq!(node["subject"]["__typename"], "FriendRequest");
    }
    // The list's cursors are the feed's.
    let document = "{ viewer { notifications(first: 1) { edges { cursor } } } }";
    let newest = me.run(document, json!({})).await;
    let newest = &newest["viewer"]["notifications"]["edges"][0]["cursor"];
    let mut live = Box::pin(me.subscribe(FEED, json!({ "after": newest })));
    comment(&other, &diary, "6").await;
    assert_eq!(edge(&next(&mut live).await).1["subject"]["body"], "6");
}

#[tokio::test]
async fn without_a_cursor_it_begins_now() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let diary = me.write("open", "MEMBERS").await;
    comment(&other, &diary, "before").await;
    let mut live = Box::pin(me.subscribe(FEED, json!({})));
    let event = first(&mut live, async |turn| {
        comment(&other, &diary, &format!("turn {turn}")).await;
    })
    .await;
    let body = edge(&event).1["subject"]["body"].clone();
    assert!(body.as_str().unwrap().starts_with("turn"), "{body}");
}

/// What has gone, or is hidden, by the time it would be delivered does not arrive.
#[tokio::test]
async fn what_is_gone_or_hidden_before_its_turn_does_not_arrive() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let blocked = world.person("blocked").await;
    let diary = me.write("open", "MEMBERS").await;
    comment(&other, &diary, "first").await;
    let second = comment(&other, &diary, "second").await;
    comment(&blocked, &diary, "hidden").await;
    ask(&blocked, &me).await;
    comment(&other, &diary, "last").await;
    let all = json!({ "after": cursor(b'N', &0_i64) });
    let mut live = Box::pin(me.subscribe(FEED, all));
    let mut body = async || edge(&next(&mut live).await).1["subject"]["body"].clone();
    // By now the others have been read, too.
    assert_eq!(body().await, "first");
    let input = json!({ "commentId": second });
    other.mutate("deleteDiaryComment", input, "").await;
    blocked
        .mutate("blockUser", json!({ "userId": me.id() }), "")
        .await;
    assert_eq!(body().await, "last");
}

/// Who waits hears of each change of what there is, a removal too.
#[tokio::test]
async fn whatever_changes_what_is_there_is_published() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let diary = me.write("open", "MEMBERS").await;
    let mut waiter = world
        .app
        .events
        .watch(Event::Notified(me.viewer.id().unwrap()));
    let mut version = waiter.version();
    let mut grown = |waiter: &mut ashiato::events::Waiter, what: &str| {
        let now = waiter.version();
        assert_eq!(now, version + 1, "{what}");
        version = now;
    };
    let id = comment(&other, &diary, "hello").await;
    grown(&mut waiter, "a comment");
    other
        .mutate("deleteDiaryComment", json!({ "commentId": id }), "")
        .await;
    grown(&mut waiter, "its removal");
    let request = ask(&other, &me).await;
    grown(&mut waiter, "a request");
    other
        .mutate("cancelFriendRequest", json!({ "requestId": request }), "")
        .await;
    grown(&mut waiter, "its end");
    comment(&me, &diary, "one's own").await;
    assert!(!waiter.is_behind());
}

/// Another server's events are found by the inbox, where nothing carries them.
#[tokio::test]
async fn what_a_neighbour_writes_arrives_and_what_it_removes_does_not() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let diary = me.write("open", "MEMBERS").await;
    let beside = world.beside().await;
    let there = beside.known("other").await;
    let stop = tokio_util::sync::CancellationToken::new();
    let noticing = tokio::spawn(ashiato::neighbours::notice(world.app.clone(), stop.clone()));
    let mut live = Box::pin(me.subscribe(FEED, json!({})));
    first(&mut live, async |turn| {
        comment(&other, &diary, &format!("turn {turn}")).await;
    })
    .await;
    let gone = comment(&there, &diary, "gone").await;
    there
        .mutate("deleteDiaryComment", json!({ "commentId": gone }), "")
        .await;
    comment(&there, &diary, "there").await;
    loop {
        let body = edge(&next(&mut live).await).1["subject"]["body"].clone();
        assert_ne!(body, "gone");
        if body == "there" {
            break;
        }
    }
    stop.cancel();
    noticing.await.unwrap();
}

/// Nobody hears of what is told to others.
#[tokio::test]
async fn everybody_hears_of_their_own_alone() {
    let world = World::new().await;
    let people: Vec<Person<'_>> = world.people("person", 3).await;
    let other = world.person("other").await;
    let mut feeds = Vec::new();
    for person in &people {
        let all = json!({ "after": cursor(b'N', &0_i64) });
        feeds.push(Box::pin(person.subscribe(FEED, all)));
    }
    for (turn, person) in people.iter().enumerate() {
        let diary = person.write("open", "MEMBERS").await;
        comment(&other, &diary, &turn.to_string()).await;
    }
    for (turn, feed) in feeds.iter_mut().enumerate() {
        let (_, node) = edge(&next(feed).await);
        assert_eq!(node["subject"]["body"], turn.to_string());
    }
}
