//! How many sessions a user has: for a new one the one that was used least lately ends.

use ashiato::{config::Rules, viewer::Member};
use chrono::Duration;
use entity::{session, session_token};
use futures_util::future::join_all;
use rstest::rstest;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use super::{devices, sessions};
use crate::support::{
    server::Running,
    socket::Socket,
    soon,
    world::{Person, World, account::refused},
};

async fn world(session_limit: i64) -> World {
    let rules = Rules {
        session_limit,
        ..Rules::default()
    };
    World::with(rules).await
}

async fn lives(person: &Person<'_>) -> bool {
    person.world.lives(&json!(person.token)).await
}

/// How many sessions and tokens are kept, everybody's.
async fn kept(world: &World) -> [u64; 2] {
    let db = world.app.database.reader();
    [
        session::Entity::find().count(db).await.unwrap(),
        session_token::Entity::find().count(db).await.unwrap(),
    ]
}

#[tokio::test]
async fn the_one_that_was_used_least_lately_ends() {
    let world = world(3).await;
    let other = world.person("other").await;
    let first = world.person("hanako").await;
    let mut all = vec![first];
    for _ in 0..2 {
        world.clock.advance(Duration::minutes(20));
        all.push(world.known("hanako").await);
    }
    // The first is used again, and the second is not.
    world.clock.advance(Duration::minutes(20));
    all[0].run("{ viewer { user { id } } }", json!({})).await;
    soon(async {
        while world.uses_written() == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let new = world.known("hanako").await;
    let mut living = Vec::new();
    for person in all.iter().chain([&new, &other]) {
        living.push(lives(person).await);
    }
    assert_eq!(living, [true, false, true, true, true]);
    assert_eq!(sessions(&new).await["totalCount"], 3);
    assert_eq!(kept(&world).await, [4, 4]);
}

/// One that has ended by itself takes no place.
#[tokio::test]
async fn those_past_their_time_do_not_count() {
    let world = world(2).await;
    let old = world.person("hanako").await;
    world.clock.advance(Duration::days(29));
    let mut living = vec![world.known("hanako").await];
    world.clock.advance(Duration::days(1));
    assert!(!lives(&old).await);
    living.push(world.known("hanako").await);
    for person in &living {
        assert!(lives(person).await);
    }
    living.push(world.known("hanako").await);
    assert!(!lives(&living[0]).await && lives(&living[1]).await && lives(&living[2]).await);
}

/// A new one is never the one that ends, and neither is one that is repeated one more.
#[tokio::test]
async fn a_sign_in_that_is_repeated_is_one() {
    let world = world(1).await;
    let (first, _) = world.joined("hanako").await;
    let again = json!({ "idempotencyKey": "in" });
    let mut tokens = Vec::new();
    for _ in 0..3 {
        let came = world.sign_in("hanako", again.clone()).await;
        assert_eq!(refused(&came), "");
        tokens.push(came["token"].clone());
    }
    assert!(!lives(&first).await);
    for token in &tokens {
        assert!(world.lives(token).await);
    }
    assert_eq!(kept(&world).await, [1, 3]);
    let next = world.sign_in("hanako", json!({ "device": "next" })).await;
    for token in &tokens {
        assert!(!world.lives(token).await);
    }
    let next = world.comes_with(&next["token"]).await.unwrap();
    assert_eq!(devices(&next).await, [json!("next")]);
    assert_eq!(kept(&world).await, [1, 1]);
}

#[rstest]
#[case::within_the_limit(6, 6)]
#[case::beyond_it(15, 10)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_those_who_come_in_at_the_same_time_as_many_stay_as_may_be(
    #[case] come: usize,
    #[case] stay: usize,
) {
    let world = world(10).await;
    world.person("hanako").await;
    // The one of before is the first to go.
    world.clock.advance(Duration::milliseconds(1));
    let other = world.beside().await;
    let coming = (0..come).map(async |turn| match turn % 2 {
        0 => world.known("hanako").await,
        _ => other.known("hanako").await,
    });
    let came = join_all(coming).await;
    let living = join_all(came.iter().map(lives)).await;
    let living = living.iter().filter(|lives| **lives).count();
    let first = u64::from(come < 10);
    assert_eq!(living, stay);
    assert_eq!(kept(&world).await, [stay as u64 + first; 2]);
}

/// Of somebody who has more from before there was a limit, all go, and nobody is kept out meanwhile.
#[tokio::test]
async fn those_of_before_there_was_a_limit_end() {
    let world = world(700).await;
    world.person("hanako").await;
    for _ in 0..610 {
        world.known("hanako").await;
    }
    let rules = Rules {
        session_limit: 5,
        ..Rules::default()
    };
    let lowered = world.beside_with(rules).await;
    lowered.known("hanako").await;
    assert_eq!(kept(&world).await, [112; 2]);
    let new = lowered.known("hanako").await;
    assert_eq!(kept(&world).await, [5; 2]);
    assert!(lives(&new).await);
}

#[tokio::test]
async fn a_socket_of_a_session_that_ends_so_is_closed() {
    const SIGN_IN: &str = "mutation { signIn(input: { username: \"hanako\",
        password: \"a password that nobody guesses\" }) { token } }";
    let server = Running::ruled(Rules {
        session_limit: 1,
        ..Rules::default()
    })
    .await;
    let (token, Member { .. }) = server.member().await;
    let authorization = json!({ "Authorization": format!("Bearer {token}") });
    let mut socket = Socket::ready_with(&server, authorization).await;
    let (_, came) = server.ask(SIGN_IN).await;
    assert_ne!(came["data"]["signIn"]["token"], Value::Null, "{came}");
    assert_eq!(socket.closed().await, (4403, "signed out".to_owned()));
}
