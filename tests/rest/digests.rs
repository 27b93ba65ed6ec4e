//! What is told of a rest that is over, and when nothing is.

use ashiato::housekeeping;
use chrono::Duration;
use serde_json::{Value, json};

use super::{
    agrees, ask, begin, block, comment, counts, end, minutes, rest, schedule, see_to, told, visit,
};
use crate::support::world::World;

#[tokio::test]
async fn a_rest_in_which_nothing_came_is_told_of_by_nobody() {
    let world = World::new().await;
    let (me, hidden) = (world.person("me").await, world.person("hidden").await);
    let diary = me.write("open", "MEMBERS").await;
    comment(&hidden, &diary, "before").await;
    minutes(&world, 1);
    begin(&me).await;
    // One's own doing, and that of who is hidden by the end.
    comment(&me, &diary, "one's own").await;
    visit(&hidden, &me).await;
    comment(&hidden, &diary, "meanwhile").await;
    let gone = world.person("gone").await;
    let id = comment(&gone, &diary, "taken back").await;
    gone.mutate("deleteDiaryComment", json!({ "commentId": id }), "")
        .await;
    block(&me, &hidden).await;
    minutes(&world, 1);
    assert_eq!(end(&me).await, Value::Null);
    assert!(told(&me).await.is_empty());
    agrees(&world).await;
}

#[tokio::test]
async fn a_digest_counts_what_is_there_still_and_is_not_hidden() {
    let world = World::new().await;
    let me = world.person("me").await;
    let diary = me.write("open", "MEMBERS").await;
    begin(&me).await;
    let mut others = Vec::new();
    let mut comments = Vec::new();
    for name in ["one", "two", "three"] {
        let other = world.person(name).await;
        visit(&other, &me).await;
        ask(&other, &me).await;
        comments.push(comment(&other, &diary, "meanwhile").await);
        others.push(other);
    }
    minutes(&world, 1);
    assert_eq!(counts(&end(&me).await), [3, 3, 3, 6]);
    let now = async || counts(&told(&me).await[0]);
    let input = json!({ "commentId": comments[0] });
    others[0].mutate("deleteDiaryComment", input, "").await;
    assert_eq!(now().await, [3, 3, 2, 5]);
    let take_back = json!({ "userId": me.id() });
    others[0].mutate("takeBackFootprint", take_back, "").await;
    assert_eq!(now().await, [2, 3, 2, 5]);
    block(&others[1], &me).await;
    assert_eq!(now().await, [1, 2, 1, 3]);
    // Who comes again is new again.
    minutes(&world, 10);
    visit(&others[2], &me).await;
    assert_eq!(now().await, [0, 2, 1, 3]);
    agrees(&world).await;
}

/// It is the viewer's own: nobody else finds it.
#[tokio::test]
async fn nobody_else_finds_a_digest() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    begin(&me).await;
    visit(&other, &me).await;
    minutes(&world, 1);
    end(&me).await;
    let document = "{ viewer { notifications { nodes { id kind subject { __typename } } } } }";
    let data = me.run(document, json!({})).await;
    let node = &data["viewer"]["notifications"]["nodes"][0];
    assert_eq!(node["subject"]["__typename"], "RestDigest");
    let one =
        "query($id: ID!) { node(id: $id) { ... on Notification { kind subject { __typename } } } }";
    let id = json!({ "id": node["id"] });
    assert_eq!(other.run(one, id.clone()).await["node"], Value::Null);
    let own = me.run(one, id).await;
    assert_eq!(own["node"]["subject"]["__typename"], "RestDigest");
    assert!(told(&other).await.is_empty());
}

/// A service that stood still tells of each rest that was over meanwhile.
#[tokio::test]
async fn rests_that_nobody_told_of_in_time_are_told_of_later_each() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let diary = me.write("open", "MEMBERS").await;
    let days = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY"];
    let nights = days.map(|day| format!("{day} 22:00 06:00"));
    let nights: Vec<_> = nights.iter().map(String::as_str).collect();
    schedule(&me, &nights).await;
    for day in 1..=4 {
        world.clock.set(&format!("2006-05-0{day}T12:00:00Z"));
        comment(&other, &diary, "in the evening").await;
        world.clock.set(&format!("2006-05-0{day}T14:00:00Z"));
        for _ in 0..day {
            comment(&other, &diary, "at night").await;
        }
    }
    assert_eq!(see_to(&world).await, 3, "one lasts");
    let comments = async || {
        let digests = told(&me).await;
        let counts = digests.iter().map(|digest| counts(digest)[2]);
        counts.collect::<Vec<_>>()
    };
    assert_eq!(comments().await, [3, 2, 1]);
    // What is chosen anew in the midst of it forgets none either.
    world.clock.set("2006-05-06T12:00:00Z");
    schedule(&me, &[]).await;
    assert_eq!(comments().await, [4, 3, 2, 1]);
    assert_eq!(see_to(&world).await, 0);
    assert_eq!(rest(&me).await["isResting"], false);
    agrees(&world).await;
}

#[tokio::test]
async fn digests_go_with_the_notifications_of_them() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    begin(&me).await;
    visit(&other, &me).await;
    minutes(&world, 1);
    end(&me).await;
    world.clock.advance(Duration::days(90));
    let swept = housekeeping::sweep(&world.app).await.unwrap();
    assert_eq!(swept.rest_digests, 0);
    assert_eq!(counts(&told(&me).await[0]), [1, 0, 0, 0]);
    world.clock.advance(Duration::days(1));
    let swept = housekeeping::sweep(&world.app).await.unwrap();
    assert_eq!((swept.rest_digests, swept.notifications), (1, 1));
    assert!(told(&me).await.is_empty());
    agrees(&world).await;
}
