//! Which row stands for what came in a rest.

use serde_json::json;

use super::{
    begin, block, comment, counts, end, hours,
    live::{COMMENTS, FOOTPRINTS, NOTIFICATIONS, all, by, is_silent, listen, who},
    minutes, schedule, see_to, told, visit,
};
use crate::support::world::World;

/// The last that is there and not hidden.
#[tokio::test]
async fn what_is_hidden_or_gone_by_the_end_stands_for_nothing() {
    let world = World::new().await;
    let me = world.person("me").await;
    let mut feed = listen(&me, FOOTPRINTS, Some(&all(FOOTPRINTS)));
    begin(&me).await;
    let mut visitors = Vec::new();
    for name in ["one", "two", "three", "four", "five"] {
        minutes(&world, 1);
        let visitor = world.person(name).await;
        visit(&visitor, &me).await;
        visitors.push(visitor);
    }
    block(&visitors[4], &me).await;
    let take_back = json!({ "userId": me.id() });
    visitors[3].mutate("takeBackFootprint", take_back, "").await;
    block(&me, &visitors[0]).await;
    minutes(&world, 1);
    let digest = end(&me).await;
    assert_eq!(counts(&digest)[0], 2);
    assert_eq!(who(&mut feed).await, by("three", 1));
    is_silent(&mut feed).await;
    // By now hidden, too, for whoever resumes.
    block(&visitors[2], &me).await;
    let mut again = listen(&me, FOOTPRINTS, Some(&all(FOOTPRINTS)));
    assert_eq!(who(&mut again).await, by("two", 0));
    block(&me, &visitors[1]).await;
    let mut again = listen(&me, FOOTPRINTS, Some(&all(FOOTPRINTS)));
    is_silent(&mut again).await;
    let later = world.person("later").await;
    visit(&later, &me).await;
    assert_eq!(who(&mut again).await, by("later", 0));
    assert_eq!(
        counts(&told(&me).await[0])[0],
        0,
        "there is nothing left of it"
    );
}

/// More than is read at once: 16 rows.
#[tokio::test]
async fn a_long_rest_is_one_event() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let diary = me.write("open", "MEMBERS").await;
    let mut open = listen(&me, COMMENTS, Some(&all(COMMENTS)));
    comment(&other, &diary, "before").await;
    assert_eq!(who(&mut open).await, by("other", 0));
    minutes(&world, 1);
    begin(&me).await;
    for _ in 0..40 {
        comment(&other, &diary, "meanwhile").await;
    }
    minutes(&world, 1);
    end(&me).await;
    comment(&other, &diary, "after").await;
    let mut again = listen(&me, COMMENTS, Some(&all(COMMENTS)));
    assert_eq!(who(&mut again).await, by("other", 0));
    for feed in [&mut open, &mut again] {
        assert_eq!(who(feed).await, by("other", 39));
        assert_eq!(who(feed).await, by("other", 0));
    }
}

#[tokio::test]
async fn each_of_several_rests_is_an_event() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let diary = me.write("open", "MEMBERS").await;
    for round in 1..=3 {
        comment(&other, &diary, "awake").await;
        minutes(&world, 1);
        begin(&me).await;
        for _ in 0..round {
            comment(&other, &diary, "meanwhile").await;
        }
        minutes(&world, 1);
        end(&me).await;
    }
    let mut feed = listen(&me, COMMENTS, Some(&all(COMMENTS)));
    let mut notifications = listen(&me, NOTIFICATIONS, Some(&all(NOTIFICATIONS)));
    for round in 1..=3 {
        assert_eq!(who(&mut feed).await, by("other", 0), "{round}");
        assert_eq!(who(&mut feed).await, by("other", round - 1), "{round}");
        assert_eq!(who(&mut notifications).await, by("other", 0), "{round}");
        assert_eq!(
            who(&mut notifications).await,
            by("REST_ENDED", 0),
            "{round}"
        );
    }
    let digests = told(&me).await;
    let comments: Vec<_> = digests.iter().map(|digest| counts(digest)[2]).collect();
    assert_eq!(comments, [3, 2, 1]);
}

/// Where the notification of the rest is not wanted, the last one stands for the others.
#[tokio::test]
async fn who_does_not_want_to_be_told_of_the_end_gets_the_last_of_what_came() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let diary = me.write("open", "MEMBERS").await;
    let kinds = json!({ "kinds": ["DIARY_COMMENTED"] });
    me.mutate("chooseNotifications", kinds, "").await;
    let mut feed = listen(&me, NOTIFICATIONS, Some(&all(NOTIFICATIONS)));
    begin(&me).await;
    for _ in 0..3 {
        comment(&other, &diary, "meanwhile").await;
    }
    minutes(&world, 1);
    let digest = end(&me).await;
    assert_eq!(counts(&digest), [0, 0, 3, 3], "the answer has it");
    assert!(told(&me).await.is_empty());
    assert_eq!(who(&mut feed).await, by("other", 2));
    comment(&other, &diary, "after").await;
    assert_eq!(who(&mut feed).await, by("other", 0));
}

/// What a rest is changed to while it lasts is one rest, and one digest.
#[tokio::test]
async fn a_rest_that_changes_is_one() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let diary = me.write("open", "MEMBERS").await;
    let mut feed = listen(&me, COMMENTS, Some(&all(COMMENTS)));
    schedule(&me, &["MONDAY 13:00 14:00"]).await;
    world.clock.set("2006-05-01T04:10:00Z");
    comment(&other, &diary, "by schedule").await;
    // Other hours, then none, and at once.
    world.clock.set("2006-05-01T04:20:00Z");
    schedule(&me, &["MONDAY 13:15 15:00"]).await;
    comment(&other, &diary, "by another").await;
    world.clock.set("2006-05-01T04:30:00Z");
    let until = json!({ "until": "2006-05-01T05:30:00Z" });
    me.mutate("rest", until, "").await;
    let none = json!({ "hours": hours(&[]) });
    me.mutate("setRestSchedule", none, "").await;
    comment(&other, &diary, "at once").await;
    world.clock.set("2006-05-01T05:29:59Z");
    assert_eq!(see_to(&world).await, 0);
    is_silent(&mut feed).await;
    world.clock.set("2006-05-01T07:00:00Z");
    // Whatever comes before it is told of is no part of it.
    comment(&other, &diary, "after").await;
    assert_eq!(see_to(&world).await, 1);
    assert_eq!(who(&mut feed).await, by("other", 2));
    assert_eq!(who(&mut feed).await, by("other", 0));
    let digests = told(&me).await;
    assert_eq!(digests.len(), 1);
    assert_eq!(counts(&digests[0]), [0, 0, 3, 3]);
    assert_eq!(digests[0]["since"], "2006-05-01T04:00:00.000Z");
    assert_eq!(digests[0]["until"], "2006-05-01T05:30:00.000Z");
}

/// A schedule that is ended in the midst of its hours ends the rest.
#[tokio::test]
async fn a_schedule_that_goes_tells_of_what_came() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let diary = me.write("open", "MEMBERS").await;
    let mut feed = listen(&me, COMMENTS, Some(&all(COMMENTS)));
    schedule(&me, &["MONDAY 12:00 14:00"]).await;
    comment(&other, &diary, "meanwhile").await;
    is_silent(&mut feed).await;
    minutes(&world, 1);
    schedule(&me, &[]).await;
    assert_eq!(who(&mut feed).await, by("other", 0));
    assert_eq!(counts(&told(&me).await[0]), [0, 0, 1, 1]);
    assert_eq!(see_to(&world).await, 0);
}
