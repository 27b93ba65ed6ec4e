//! What a socket takes while nothing happens.

use serde_json::json;

use crate::support::{backend::Fresh, process::Process, socket::Socket};

/// So many are opened before the first look: what all sockets share is there then.
const FIRST: usize = 100;
/// So many are measured.
const MORE: usize = 200;
/// The most that each may take, in bytes. (The goal of `make bench-live` is 20,000, of thousands of
/// sockets and a release build; with futures that have room for a statement under way it was 45,000 and more here.)
const EACH: u64 = 32_000;

/// A subscriber for whom nothing has happened.
async fn idle(server: &Process, token: &str) -> Socket {
    let payload = json!({ "Authorization": format!("Bearer {token}") });
    let mut socket = Socket::ready_at(server.socket_address(), payload).await;
    let document = "subscription { footprintLeft { cursor node { visitor { nickname } } } }";
    socket.subscribe("1", document).await;
    // The subscription is there when its socket answers again.
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await, json!({ "type": "pong" }));
    socket
}

#[tokio::test]
async fn an_idle_subscriber_takes_little_memory() {
    let database = Fresh::new().await;
    let flags = ["--max-subscriptions-per-member", "1000"];
    let token = Process::serve(&database.url).sign_up("hanako").await;
    // Another process: what the hash of a password took would be given back while this is measured.
    let server = Process::serve_with(&database.url, &flags);
    let mut sockets = Vec::new();
    for _ in 0..FIRST {
        sockets.push(idle(&server, &token).await);
    }
    let before = server.memory();
    for _ in 0..MORE {
        sockets.push(idle(&server, &token).await);
    }
    let growth = server.memory().saturating_sub(before);
    let each = growth / u64::try_from(MORE).unwrap();
    assert!(each <= EACH, "{each} bytes a socket");
}
