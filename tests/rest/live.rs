//! Live feeds are silent while their viewer rests, and then give one event for what came.

use std::time::Duration;

use ashiato::paging::cursor;
use futures_util::{Stream, StreamExt};
use serde_json::{Value, json};

use super::{ask, begin, comment, counts, end, minutes, schedule, see_to, told, visit};
use crate::support::world::{Person, World, first, next};

/// A feed: its field, what its cursors bear, and where it says whose doing a row is.
pub type Feed = (&'static str, u8, &'static str);
pub const FOOTPRINTS: Feed = ("footprintLeft", b'n', "visitor { username }");
pub const REQUESTS: Feed = ("friendRequestReceived", b'Q', "sender { username }");
pub const COMMENTS: Feed = ("diaryCommented", b'C', "author { username }");
pub const NOTIFICATIONS: Feed = ("notificationReceived", b'N', "kind actor { username }");

/// What comes on `feed` after `after`, or from now on: the cursor, whose doing, or else what, and how many came before.
pub fn listen(
    who: &Person<'_>,
    feed: Feed,
    after: Option<&str>,
) -> impl Stream<Item = (String, String, i64)> + Unpin + use<> {
    let (field, _, node) = feed;
    let document = format!(
        "subscription($after: String) {{ {field}(after: $after) {{ cursor held node {{ {node} }} }} }}"
    );
    let events = who.subscribe(&document, json!({ "after": after }));
    Box::pin(events.map(move |event| {
        assert!(event.get("errors").is_none(), "{event}");
        let edge = &event["data"][field];
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let node = edge["node"].as_object().unwrap();
        let actor = node.values().find_map(|value| text(&value["username"]));
        let what = actor.or_else(|| text(&node["kind"])).unwrap();
        let held = edge["held"].as_i64().unwrap();
        (text(&edge["cursor"]).unwrap(), what, held)
    }))
}

/// From the beginning.
pub fn all(feed: Feed) -> String {
    cursor(feed.1, &0_i64)
}

/// Whose doing comes next, and how many came before.
pub async fn who(
    events: &mut (impl Stream<Item = (String, String, i64)> + Unpin),
) -> (String, i64) {
    let (_, who, held) = next(events).await;
    (who, held)
}

pub fn by(who: &str, held: i64) -> (String, i64) {
    (who.to_owned(), held)
}

/// Nothing comes, for so long as something would take to.
pub async fn is_silent<E: std::fmt::Debug>(events: &mut (impl Stream<Item = E> + Unpin)) {
    let waited = tokio::time::timeout(Duration::from_millis(300), events.next()).await;
    assert!(waited.is_err(), "{waited:?}");
}

#[tokio::test]
async fn a_feed_that_stays_open_and_one_that_resumes_lose_nothing() {
    let world = World::new().await;
    let me = world.person("me").await;
    let mut visitors = Vec::new();
    for name in ["before", "first", "second", "third", "after", "last"] {
        visitors.push(world.person(name).await);
    }
    let [before, first, second, third, after, last] = &visitors[..] else {
        unreachable!()
    };
    let mut open = listen(&me, FOOTPRINTS, Some(&all(FOOTPRINTS)));
    visit(before, &me).await;
    let (seen, name, held) = next(&mut open).await;
    assert_eq!((&*name, held), ("before", 0));
    minutes(&world, 10);
    begin(&me).await;
    let mut within = Vec::new();
    for visitor in [first, second, third] {
        minutes(&world, 1);
        visit(visitor, &me).await;
        let list = "{ viewer { footprints(first: 1) { edges { cursor held } } } }";
        let list = me.run(list, json!({})).await;
        let newest = &list["viewer"]["footprints"]["edges"][0];
        assert_eq!(newest["held"], 0);
        within.push(newest["cursor"].as_str().unwrap().to_owned());
    }
    is_silent(&mut open).await;
    // Who resumes meanwhile waits, too, for what came before the rest neither is for now.
    let mut resumed = listen(&me, FOOTPRINTS, Some(&all(FOOTPRINTS)));
    is_silent(&mut resumed).await;
    minutes(&world, 1);
    end(&me).await;
    assert_eq!(who(&mut open).await, by("third", 2));
    assert_eq!(who(&mut resumed).await, by("before", 0));
    assert_eq!(who(&mut resumed).await, by("third", 2));
    visit(after, &me).await;
    for feed in [&mut open, &mut resumed] {
        assert_eq!(who(feed).await, by("after", 0));
    }
    // Later, from before the rest, from within it, and from its end.
    for (from, expected) in [
        (&seen, vec![by("third", 2), by("after", 0)]),
        (&within[0], vec![by("third", 1), by("after", 0)]),
        (&within[1], vec![by("third", 0), by("after", 0)]),
        (&within[2], vec![by("after", 0)]),
    ] {
        let mut feed = listen(&me, FOOTPRINTS, Some(from));
        for expected in expected {
            assert_eq!(who(&mut feed).await, expected);
        }
    }
    // Who comes again is new again.
    minutes(&world, 10);
    visit(second, &me).await;
    visit(last, &me).await;
    for name in ["second", "last"] {
        assert_eq!(who(&mut open).await, by(name, 0));
    }
}

/// What came in each of the four feeds, and one notification of it.
#[tokio::test]
async fn every_feed_gives_one_event_and_a_notification_tells_of_it_as_a_whole() {
    let world = World::new().await;
    let me = world.person("me").await;
    let diary = me.write("open", "MEMBERS").await;
    let feeds = [FOOTPRINTS, REQUESTS, COMMENTS, NOTIFICATIONS];
    let mut open = feeds.map(|feed| listen(&me, feed, Some(&all(feed))));
    begin(&me).await;
    for name in ["one", "two", "three"] {
        minutes(&world, 1);
        let other = world.person(name).await;
        visit(&other, &me).await;
        ask(&other, &me).await;
        comment(&other, &diary, "meanwhile").await;
    }
    for feed in &mut open {
        is_silent(feed).await;
    }
    minutes(&world, 1);
    let digest = end(&me).await;
    assert_eq!(counts(&digest), [3, 3, 3, 6]);
    assert_eq!(digest["since"], "2006-05-01T03:00:00.000Z");
    assert_eq!(digest["until"], "2006-05-01T03:04:00.000Z");
    assert_eq!(told(&me).await, [digest]);
    let expected = [
        by("three", 2),
        by("three", 2),
        by("three", 2),
        by("REST_ENDED", 0),
    ];
    for (feed, expected) in open.iter_mut().zip(&expected) {
        assert_eq!(who(feed).await, *expected);
        is_silent(feed).await;
    }
    // From the beginning it is the same.
    for (feed, expected) in feeds.into_iter().zip(&expected) {
        let mut again = listen(&me, feed, Some(&all(feed)));
        assert_eq!(who(&mut again).await, *expected);
        is_silent(&mut again).await;
    }
}

#[tokio::test]
async fn a_rest_by_schedule_is_told_of_when_its_hours_are_over() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let diary = me.write("open", "MEMBERS").await;
    schedule(&me, &["MONDAY 22:00 06:30", "TUESDAY 22:00 06:30"]).await;
    let mut comments = listen(&me, COMMENTS, Some(&all(COMMENTS)));
    let mut notifications = listen(&me, NOTIFICATIONS, Some(&all(NOTIFICATIONS)));
    comment(&other, &diary, "in the evening").await;
    assert_eq!(who(&mut comments).await, by("other", 0));
    assert_eq!(who(&mut notifications).await, by("other", 0));
    world.clock.set("2006-05-01T13:00:00Z");
    assert_eq!(see_to(&world).await, 0, "nothing is over");
    comment(&other, &diary, "at night").await;
    world.clock.set("2006-05-01T21:29:59.999Z");
    comment(&other, &diary, "early").await;
    is_silent(&mut comments).await;
    world.clock.set("2006-05-01T21:30:00Z");
    // In the seconds until the digest it is still held; the counts have it.
    is_silent(&mut notifications).await;
    let count = "{ viewer { unreadNotificationCount } }";
    let data = me.run(count, json!({})).await;
    assert_eq!(data["viewer"]["unreadNotificationCount"], 3);
    assert_eq!(see_to(&world).await, 1);
    assert_eq!(who(&mut comments).await, by("other", 1));
    assert_eq!(who(&mut notifications).await, by("REST_ENDED", 0));
    comment(&other, &diary, "in the morning").await;
    assert_eq!(who(&mut comments).await, by("other", 0));
    assert_eq!(who(&mut notifications).await, by("other", 0));
    // The next night, in which nothing comes.
    world.clock.set("2006-05-02T22:00:00Z");
    assert_eq!(see_to(&world).await, 1);
    assert_eq!(see_to(&world).await, 0);
    is_silent(&mut notifications).await;
    let digests = told(&me).await;
    assert_eq!(digests.len(), 1, "{digests:?}");
    assert_eq!(counts(&digests[0]), [0, 0, 2, 2]);
    assert_eq!(digests[0]["since"], "2006-05-01T13:00:00.000Z");
    assert_eq!(digests[0]["until"], "2006-05-01T21:30:00.000Z");
}

#[tokio::test]
async fn a_feed_that_begins_in_a_rest_without_a_cursor_gives_what_comes_from_then_on() {
    let world = World::new().await;
    let me = world.person("me").await;
    begin(&me).await;
    minutes(&world, 1);
    visit(&world.person("early").await, &me).await;
    let mut feed = listen(&me, FOOTPRINTS, None);
    is_silent(&mut feed).await;
    for name in ["one", "two"] {
        minutes(&world, 1);
        visit(&world.person(name).await, &me).await;
    }
    is_silent(&mut feed).await;
    minutes(&world, 1);
    end(&me).await;
    assert_eq!(who(&mut feed).await, by("two", 1));
}

/// A rest that begins, and ends, through another server.
#[tokio::test]
async fn every_server_holds_what_comes_and_hears_of_the_end() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let diary = me.write("open", "MEMBERS").await;
    let beside = world.beside().await;
    let me_there = beside.known("me").await;
    let stop = tokio_util::sync::CancellationToken::new();
    let noticing = tokio::spawn(ashiato::neighbours::notice(world.app.clone(), stop.clone()));
    let mut feed = listen(&me, NOTIFICATIONS, None);
    first(&mut feed, async |turn| {
        comment(&other, &diary, &format!("turn {turn}")).await;
    })
    .await;
    // Whatever came by then is through.
    minutes(&world, 1);
    comment(&other, &diary, "the last").await;
    while tokio::time::timeout(Duration::from_secs(1), feed.next())
        .await
        .is_ok()
    {}
    minutes(&world, 1);
    begin(&me_there).await;
    comment(&other, &diary, "meanwhile").await;
    is_silent(&mut feed).await;
    minutes(&world, 1);
    end(&me_there).await;
    assert_eq!(who(&mut feed).await, by("REST_ENDED", 0));
    stop.cancel();
    noticing.await.unwrap();
}
