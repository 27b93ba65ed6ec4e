//! Feeds: what a hidden user did does not arrive, also where it was read before the block.

use ashiato::{
    app::{App, Parts},
    config::Rules,
    friendship::blocking,
    paging::cursor,
};
use futures_util::StreamExt;
use rstest::rstest;
use serde_json::{Value, json};

use super::{block, unblock};
use crate::support::world::{Person, World, next};

const FOOTPRINTS: &str = "subscription($after: String) {
    footprintLeft(after: $after) { cursor node { number visitor { username } } } }";
const COMMENTS: &str = "subscription($after: String) {
    diaryCommented(after: $after) { node { author { username } } } }";
const REQUESTS: &str = "subscription($after: String) {
    friendRequestReceived(after: $after) { node { sender { username } } } }";

async fn visit(visitor: &Person<'_>, owner: &Person<'_>) {
    let input = json!({ "userId": owner.id() });
    let fields = "leftFootprint";
    let visit = visitor.mutate("visitProfile", input, fields).await;
    assert_eq!(visit["leftFootprint"], true);
}

/// The number and the visitor of the next footprint.
async fn footprint(events: &mut (impl StreamExt<Item = Value> + Unpin)) -> (i64, String) {
    let event = next(events).await;
    let node = &event["data"]["footprintLeft"]["node"];
    let name = node["visitor"]["username"].as_str();
    let name = name.unwrap_or_else(|| panic!("{event}"));
    (node["number"].as_i64().unwrap(), name.to_owned())
}

/// Whoever blocks: the other's footprints are left out of a replay, the rest keeps its order.
#[rstest]
#[tokio::test]
async fn a_replay_leaves_out_the_hidden_and_keeps_the_order(#[values(true, false)] mine: bool) {
    let world = World::new().await;
    let me = world.person("me").await;
    let people = world.people("person", 4).await;
    for person in &people {
        visit(person, &me).await;
    }
    // A batch is read at once: what is hidden must not end the replay, or begin it anew.
    for round in 0..20 {
        let other = world.person(&format!("other{round}")).await;
        visit(&other, &me).await;
        visit(&people[2], &other).await;
    }
    let (blocker, blocked) = if mine {
        (&me, &people[1])
    } else {
        (&people[1], &me)
    };
    block(blocker, blocked).await;
    let all = json!({ "after": cursor(b'n', &0_i64) });
    let mut replay = Box::pin(me.subscribe(FOOTPRINTS, all.clone()));
    let mut numbers = Vec::new();
    for _ in 0..23 {
        let (number, name) = footprint(&mut replay).await;
        assert_ne!(name, "person1");
        numbers.push(number);
    }
    let expected: Vec<_> = (1..=24).filter(|number| *number != 2).collect();
    assert_eq!(numbers, expected);
    // The block taken back, they are there again, where they were.
    unblock(blocker, blocked).await;
    let mut replay = Box::pin(me.subscribe(FOOTPRINTS, all));
    assert_eq!(footprint(&mut replay).await, (1, "person0".to_owned()));
    assert_eq!(footprint(&mut replay).await, (2, "person1".to_owned()));
}

/// What was read ahead, before the block, is dropped at its delivery: in each of the feeds.
#[rstest]
#[tokio::test]
async fn an_open_feed_drops_what_it_has_read_already(#[values(true, false)] mine: bool) {
    let world = World::new().await;
    let me = world.person("me").await;
    let people = world.people("person", 3).await;
    let diary = me.write("open", "MEMBERS").await;
    for person in &people {
        visit(person, &me).await;
        let input = json!({ "diaryId": diary, "body": "b" });
        person.mutate("commentOnDiary", input, "").await;
        let input = json!({ "userId": me.id() });
        person.mutate("requestFriendship", input, "").await;
    }
    let feeds = [
        (
            FOOTPRINTS,
            b'n',
            "/data/footprintLeft/node/visitor/username",
        ),
        (COMMENTS, b'C', "/data/diaryCommented/node/author/username"),
        (
            REQUESTS,
            b'Q',
            "/data/friendRequestReceived/node/sender/username",
        ),
    ];
    let mut open = Vec::new();
    for (document, tag, path) in feeds {
        let all = json!({ "after": cursor(tag, &0_i64) });
        let mut events = Box::pin(me.subscribe(document, all));
        let first = next(&mut events).await;
        assert_eq!(first.pointer(path).unwrap(), "person0", "{first}");
        open.push((events, path));
    }
    // By now all three of each have been read. The block comes through another server, of which
    // nothing is heard here.
    let mut parts = Parts::new(world.database.place(), Rules::default());
    parts.clock = world.clock.clone();
    let elsewhere = App::open(parts).await.unwrap();
    let [me, other] = [&me, &people[1]].map(|person| person.viewer.id().unwrap());
    let [blocker, blocked] = if mine { [me, other] } else { [other, me] };
    blocking::block(&elsewhere, blocker, blocked, None)
        .await
        .unwrap();
    for (events, path) in &mut open {
        let second = next(events).await;
        assert_eq!(second.pointer(path).unwrap(), "person2", "{second}");
    }
}
