//! Many at once, and on two servers: a rest is told of once.

use ashiato::rest::work;
use futures_util::future::{join, join_all};
use serde_json::json;

use super::{agrees, begin, counts, end, is_resting, minutes, schedule, told, visit};
use crate::support::world::World;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rest_that_is_ended_many_times_at_once_is_told_of_once() {
    let world = World::new().await;
    let beside = world.beside().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let there = beside.known("me").await;
    for round in 1..=5 {
        begin(&me).await;
        visit(&other, &me).await;
        minutes(&world, 10);
        let ending = (0..4).flat_map(|_| [end(&me), end(&there)]);
        let digests = join_all(ending).await;
        let told_of: Vec<_> = digests.iter().filter(|digest| !digest.is_null()).collect();
        assert_eq!(told_of.len(), 1, "{digests:?}");
        assert_eq!(counts(told_of[0])[0], 1);
        assert_eq!(told(&me).await.len(), round);
        assert!(!is_resting(&there).await);
    }
    agrees(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_server_tells_of_what_is_due_and_each_rest_once() {
    let world = World::new().await;
    let beside = world.beside().await;
    let people = world.people("person", 12).await;
    let visitor = world.person("visitor").await;
    for person in &people {
        schedule(person, &["MONDAY 13:00 14:00"]).await;
    }
    world.clock.set("2006-05-01T04:30:00Z");
    for person in &people {
        visit(&visitor, person).await;
    }
    world.clock.set("2006-05-01T05:00:00Z");
    let (here, there) = join(work::see_to(&world.app), work::see_to(&beside.app)).await;
    assert_eq!(here.unwrap() + there.unwrap(), 12);
    for person in &people {
        assert_eq!(told(person).await.len(), 1);
    }
    assert_eq!(work::see_to(&world.app).await.unwrap(), 0);
    agrees(&world).await;
}

/// Visits that come together with those of others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_visits_at_once_those_of_who_rests_leave_nothing() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let people = world.people("person", 40).await;
    for person in people.iter().step_by(2) {
        begin(person).await;
    }
    let visits = join_all(people.iter().map(|person| visit(person, &owner))).await;
    for (place, counted) in visits.into_iter().enumerate() {
        assert_eq!(counted, place % 2 == 1, "{place}");
    }
    let document = "{ viewer { visitCount footprints { totalCount } } }";
    let data = owner.run(document, json!({})).await;
    assert_eq!(data["viewer"]["visitCount"], 20);
    assert_eq!(data["viewer"]["footprints"]["totalCount"], 20);
    agrees(&world).await;
}

/// Choosing and telling at the same time: whatever comes first, one rest is one digest.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_chooses_while_a_rest_is_told_of_gets_one_digest() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    for round in 1..=5 {
        let now = chrono::Duration::minutes(30);
        let until = ashiato::clock::Clock::now(&*world.clock) + now;
        me.mutate("rest", json!({ "until": until }), "").await;
        visit(&other, &me).await;
        minutes(&world, 40);
        let (told_of, ()) = join(work::see_to(&world.app), begin(&me)).await;
        assert!(told_of.unwrap() <= 1);
        assert_eq!(told(&me).await.len(), round);
        assert!(is_resting(&me).await);
        end(&me).await;
        minutes(&world, 1);
    }
    agrees(&world).await;
}
