//! Several servers, each of which keeps what it read.

use std::sync::Arc;

use ashiato::{
    app::{App, Parts},
    config::{Rules, Transport},
    nats,
    server::Server,
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::support::{
    nats::Nats,
    server::read,
    soon,
    world::{Person, World, kept},
};

/// A server on the world's database that keeps what it reads for longer than the test takes.
async fn server(world: &World, nats: &Nats, stop: &CancellationToken) -> (Arc<App>, Server) {
    let mut parts = Parts::new(world.database.place(), Rules::default());
    parts.clock = world.clock.clone();
    parts.cache = kept();
    let app = App::open(parts).await.unwrap();
    nats::link(&app.events, &nats.url(), "ashiato", stop.clone())
        .await
        .unwrap();
    let transport = Transport {
        listen: "127.0.0.1:0".to_owned(),
        ..Transport::default()
    };
    let server = Server::start(app.clone(), transport).await.unwrap();
    (app, server)
}

async fn until(holds: impl AsyncFn() -> bool) {
    soon(async {
        while !holds().await {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

async fn ask(server: &Server, who: &Person<'_>, query: &str) -> Value {
    let request = reqwest::Client::new()
        .post(format!("http://{}/graphql", server.local_addr()))
        .header("content-type", "application/json");
    let request = match &*who.token {
        "" => request,
        token => request.bearer_auth(token),
    };
    let body = json!({ "query": query }).to_string();
    let (_, answer) = read(request.body(body).send().await.unwrap()).await;
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"].clone()
}

async fn bio(server: &Server, who: &Person<'_>) -> String {
    let answer = ask(server, who, "{ user(username: \"me\") { bio } }").await;
    answer["user"]["bio"].as_str().unwrap().to_owned()
}

async fn write(server: &Server, me: &Person<'_>, bio: &str) {
    let edit =
        format!("mutation {{ editProfile(input: {{ bio: \"{bio}\" }}) {{ user {{ bio }} }} }}");
    ask(server, me, &edit).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_is_seen_at_once_by_who_made_it_and_soon_by_all() {
    let world = World::new().await;
    let me = world.person("me").await;
    let nobody = world.anonymous();
    let (nats, stop) = (Nats::start(), CancellationToken::new());
    let (a, at_a) = server(&world, &nats, &stop).await;
    let (b, at_b) = server(&world, &nats, &stop).await;
    for app in [&a, &b] {
        until(async || app.events.is_linked()).await;
    }
    // Both keep it by now, and go on hearing.
    for turn in 0..20 {
        let (one, other) = if turn % 2 == 0 {
            (&at_a, &at_b)
        } else {
            (&at_b, &at_a)
        };
        for at in [one, other] {
            bio(at, &nobody).await;
            bio(at, &me).await;
        }
        let new = format!("turn {turn}");
        write(one, &me, &new).await;
        // Whoever wrote, through whichever server.
        assert_eq!(bio(other, &me).await, new);
        assert_eq!(bio(one, &me).await, new);
        assert_eq!(bio(one, &nobody).await, new);
        until(async || bio(other, &nobody).await == new).await;
    }
    stop.cancel();
    at_a.shutdown().await;
    at_b.shutdown().await;
}

/// Who hears nothing of others keeps nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_nats_is_away_nothing_old_is_shown_to_anybody() {
    let world = World::new().await;
    let me = world.person("me").await;
    let nobody = world.anonymous();
    let (nats, stop) = (Nats::start(), CancellationToken::new());
    let (a, at_a) = server(&world, &nats, &stop).await;
    let (b, at_b) = server(&world, &nats, &stop).await;
    for app in [&a, &b] {
        until(async || app.events.is_linked()).await;
    }
    assert_eq!(bio(&at_b, &nobody).await, "");
    drop(nats);
    for app in [&a, &b] {
        until(async || !app.events.is_linked()).await;
    }
    for turn in 0..3 {
        let new = format!("turn {turn}");
        write(&at_a, &me, &new).await;
        assert_eq!(bio(&at_b, &nobody).await, new);
    }
    stop.cancel();
    at_a.shutdown().await;
    at_b.shutdown().await;
}
