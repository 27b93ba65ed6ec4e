//! Who stays on a socket hears of a block at once, made by whom ever, through whichever server.

use std::sync::Arc;

use ashiato::{
    app::{App, Parts},
    config::Rules,
    footprint::{service::visit, visit::Visited},
    friendship::blocking,
    viewer::Member,
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{server::Running, socket::Socket};

/// Another server on the same database. No event of its reaches the first by itself.
async fn another(server: &Running) -> Arc<App> {
    let mut parts = Parts::new(server.database.place(), Rules::default());
    parts.clock = server.app.clock.clone();
    App::open(parts).await.unwrap()
}

async fn visits(app: &Arc<App>, visitor: Member, owner: Member) -> bool {
    let visited = Visited::Profile(owner.id);
    visit(app, visitor.id, visited, None, None).await.is_ok()
}

async fn answer(socket: &mut Socket, id: &str, document: &str) -> Value {
    socket.subscribe(id, document).await;
    let answer = socket.hear().await;
    assert_eq!(answer["type"], "next", "{answer}");
    assert_eq!(socket.hear().await["type"], "complete");
    answer["payload"]["data"].clone()
}

/// Before the block, the socket's viewer had none: nothing would be asked.
#[rstest]
#[tokio::test]
async fn a_block_counts_on_a_socket_that_is_open(#[values(true, false)] mine: bool) {
    let server = Running::own().await;
    let (token, me) = server.named("hanako").await;
    let (_, other) = server.named("taro").await;
    let (_, third) = server.named("jiro").await;
    let authorization = json!({ "Authorization": format!("Bearer {token}") });
    let mut socket = Socket::ready_with(&server, authorization.clone()).await;
    let taro = "{ user(username: \"taro\") { username } }";
    let found = answer(&mut socket, "1", taro).await;
    assert_eq!(found["user"]["username"], "taro");
    let elsewhere = another(&server).await;
    let (blocker, blocked) = if mine { (me, other) } else { (other, me) };
    blocking::block(&elsewhere, blocker.id, blocked.id, None)
        .await
        .unwrap();
    // Nothing has been heard of it here; the next operation finds it.
    let found = answer(&mut socket, "2", taro).await;
    assert_eq!(found["user"], Value::Null);
    assert!(!visits(&server.app, other, me).await, "absent for both");
    let count = "{ viewer { visitCount } jiro: user(username: \"jiro\") { username } }";
    let seen = answer(&mut socket, "3", count).await;
    assert_eq!(seen["viewer"]["visitCount"], 0);
    assert_eq!(seen["jiro"]["username"], "jiro");
    assert!(visits(&server.app, third, me).await);
}
