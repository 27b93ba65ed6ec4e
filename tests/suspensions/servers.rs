//! Several servers: what one of them suspends is gone at all.

use std::{sync::Arc, time::Instant};

use ashiato::{
    account::suspension::service::{Wish, lift, suspend},
    app::{App, Parts},
    cache::Cache,
    config::Rules,
    neighbours,
    user::roles::give_role,
};
use entity::values::Role;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::finds;
use crate::support::{
    keys,
    linked::{linked, server, until},
    nats::Nats,
    server::Running,
    socket::Socket,
    world::{Person, World},
};

fn spam() -> Wish {
    Wish {
        until: None,
        reason: "spam".to_owned(),
    }
}

async fn make_moderator(app: &Arc<App>, id: Uuid) {
    let shared = app.clone();
    let given = app.database.write(move |tx| {
        let app = shared.clone();
        Box::pin(async move { give_role(&app, tx, None, id, Role::Moderator).await })
    });
    given.await.unwrap();
}

/// Somebody, at another service.
fn at<'w>(world: &'w World, person: &Person<'_>) -> Person<'w> {
    Person {
        world,
        viewer: person.viewer,
        username: person.username.clone(),
        token: person.token.clone(),
    }
}

/// Nobody carries events between the two: they look for themselves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_neighbour_suspends_is_absent_here_within_a_second() {
    let world = World::new().await;
    let beside = world.beside().await;
    let moderator = world.moderator("moderator").await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let stop = CancellationToken::new();
    let noticing = tokio::spawn(neighbours::notice(beside.app.clone(), stop.clone()));
    let there = at(&beside, &me);
    let (by, whom) = (moderator.viewer.id().unwrap(), other.viewer.id().unwrap());
    for _ in 0..2 {
        assert!(finds(&there, &other).await);
        suspend(&world.app, by, whom, spam(), None).await.unwrap();
        let began = Instant::now();
        until(async || !finds(&there, &other).await).await;
        assert!(began.elapsed().as_millis() < 1500, "{:?}", began.elapsed());
        assert!(finds(&at(&beside, &moderator), &other).await);
        lift(&world.app, by, whom, None).await.unwrap();
        until(async || finds(&there, &other).await).await;
    }
    stop.cancel();
    noticing.await.unwrap();
}

/// Servers that NATS links look every five seconds: what comes sooner was told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_suspension_reaches_a_linked_server_at_once() {
    let world = World::new().await;
    let moderator = world.moderator("moderator").await;
    let (nats, stop) = (Nats::start(), CancellationToken::new());
    let link = async || server(&world, &nats.url(), Cache::default(), &stop).await;
    let ((a, at_a), (b, at_b)) = (link().await, link().await);
    for app in [&a, &b] {
        linked(app).await;
    }
    let (by, mut turns) = (moderator.viewer.id().unwrap(), Vec::new());
    for turn in 0..6 {
        let other = world.person(&format!("other{turn}")).await;
        let whom = other.viewer.id().unwrap();
        suspend(&a, by, whom, spam(), None).await.unwrap();
        let began = Instant::now();
        until(async || b.absent_for(None).contains(whom)).await;
        turns.push(began.elapsed().as_millis());
    }
    // The first may come before the subject was followed.
    turns.sort_unstable();
    assert!(turns[3] < 1000, "{turns:?}");
    stop.cancel();
    for server in [at_a, at_b] {
        server.shutdown().await;
    }
}

/// Live streams end, at this server and at another.
#[tokio::test]
async fn sockets_of_who_is_suspended_close_within_a_second() {
    let server = Running::own().await;
    let mut parts = Parts::new(server.database.place(), Rules::default());
    parts.keys = keys();
    parts.clock = server.app.clock.clone();
    let elsewhere = App::open(parts).await.unwrap();
    let (_, moderator) = server.named("guard").await;
    make_moderator(&server.app, moderator.id).await;
    for app in [&server.app, &elsewhere] {
        let name = if Arc::ptr_eq(app, &server.app) {
            "here"
        } else {
            "there"
        };
        let (token, member) = server.named(name).await;
        let authorization = json!({ "Authorization": format!("Bearer {token}") });
        let mut socket = Socket::ready_with(&server, authorization).await;
        let document = "subscription { footprintLeft { cursor } }";
        socket.subscribe("1", document).await;
        suspend(app, moderator.id, member.id, spam(), None)
            .await
            .unwrap();
        let began = Instant::now();
        assert_eq!(socket.closed().await, (4403, "signed out".to_owned()));
        assert!(began.elapsed().as_millis() < 1500, "{:?}", began.elapsed());
        let asked = server
            .post()
            .bearer_auth(&token)
            .body(json!({ "query": "{ viewer { visitCount } }" }).to_string());
        let (status, answer) = crate::support::server::read(asked.send().await.unwrap()).await;
        assert_eq!(status, 401, "{answer}");
        assert_eq!(crate::support::server::code(&answer), "UNAUTHENTICATED");
    }
}
