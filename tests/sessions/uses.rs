//! When a session was last used: written seldom, and beside the request.

use ashiato::account::session::uses::{MOST, Uses};
use chrono::Duration;
use futures_util::future::join_all;
use serde_json::{Value, json};
use uuid::Uuid;

use super::sessions;
use crate::support::{
    soon,
    world::{Person, World},
};

const WHO: &str = "{ viewer { user { username } } }";

async fn last_use(person: &Person<'_>) -> Value {
    sessions(person).await["nodes"][0]["lastUsedAt"].clone()
}

/// Waits until `person` was last seen `at` that time, which is the `times`th that was written.
async fn written(person: &Person<'_>, at: &str, times: usize) {
    soon(async {
        while last_use(person).await != at {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(person.world.uses_written(), times);
}

#[tokio::test]
async fn a_use_is_written_once_in_ten_minutes_however_many_there_are() {
    let world = World::new().await;
    let me = world.person("me").await;
    let joined = "2006-05-01T03:00:00.000Z";
    world
        .clock
        .advance(Duration::minutes(10) - Duration::milliseconds(1));
    me.run(WHO, json!({})).await;
    assert_eq!(last_use(&me).await, joined);
    assert_eq!(world.uses_written(), 0);

    world.clock.advance(Duration::milliseconds(1));
    join_all((0..50).map(|_| me.run(WHO, json!({})))).await;
    let used = "2006-05-01T03:10:00.000Z";
    written(&me, used, 1).await;
    for minutes in [1, 8] {
        world.clock.advance(Duration::minutes(minutes));
        me.run(WHO, json!({})).await;
        assert_eq!(last_use(&me).await, used);
    }
    world.clock.advance(Duration::minutes(1));
    me.run(WHO, json!({})).await;
    written(&me, "2006-05-01T03:20:00.000Z", 2).await;
}

#[test]
fn few_are_written_at_once_and_each_once() {
    let uses = Uses::default();
    let of = |number: usize| Uuid::from_u128(number as u128);
    let mut under_way: Vec<_> = (0..MOST).map(|one| uses.begin(of(one)).unwrap()).collect();
    assert!(uses.begin(of(MOST)).is_none());
    under_way.pop();
    assert!(uses.begin(of(0)).is_none(), "that is under way");
    assert!(uses.begin(of(MOST)).is_some());
}

#[tokio::test]
async fn a_session_with_several_tokens_is_used_by_any_of_them() {
    let world = World::new().await;
    world.joined("hanako").await;
    let mut people = Vec::new();
    for _ in 0..3 {
        let token = world
            .sign_in("hanako", json!({ "idempotencyKey": "in" }))
            .await["token"]
            .clone();
        people.push(world.comes_with(&token).await.unwrap());
    }
    world.clock.advance(Duration::hours(1));
    people[0].run(WHO, json!({})).await;
    for person in &people {
        person.run(WHO, json!({})).await;
        written(person, "2006-05-01T04:00:00.000Z", 1).await;
    }
    // A further token is as old as the others.
    world.clock.advance(Duration::minutes(5));
    let token = world
        .sign_in("hanako", json!({ "idempotencyKey": "in" }))
        .await["token"]
        .clone();
    world.comes_with(&token).await.unwrap();
    assert_eq!(world.uses_written(), 1);
}

/// What an older program writes while a new one is rolled out says nothing of it.
#[tokio::test]
async fn a_session_of_before_was_last_used_when_it_began() {
    use sea_orm::ConnectionTrait;
    let world = World::new().await;
    let me = world.person("me").await;
    let db = sea_orm::Database::connect(&world.url).await.unwrap();
    for forget in [
        "UPDATE sessions SET last_used_at = NULL, device = ''",
        "UPDATE session_tokens SET used_at = NULL",
    ] {
        db.execute_unprepared(forget).await.unwrap();
    }
    world.clock.advance(Duration::minutes(1));
    // Held, so that this very use is not written before it is looked for.
    let lock = world.lock().await;
    assert_eq!(last_use(&me).await, "2006-05-01T03:00:00.000Z");
    lock.rollback().await.unwrap();
    soon(async { while last_use(&me).await != "2006-05-01T03:01:00.000Z" {} }).await;
}

/// Of a database that others hold nobody hears: it is tried again at another request.
#[tokio::test]
async fn a_use_that_cannot_be_written_keeps_nobody() {
    let world = World::new().await;
    let me = world.person("me").await;
    world.clock.advance(Duration::hours(1));
    let lock = world.lock().await;
    me.run(WHO, json!({})).await;
    lock.rollback().await.unwrap();
    soon(async { while last_use(&me).await != "2006-05-01T04:00:00.000Z" {} }).await;
}
