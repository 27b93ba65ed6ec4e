//! How many subscriptions one member has over all sockets.

use serde_json::{Value, json};

use crate::support::{server::Running, socket::Socket};

const WAITS: &str = "subscription { waits }";

async fn signed_in(server: &Running, token: &str) -> Socket {
    let authorization = json!({ "Authorization": format!("Bearer {token}") });
    Socket::ready_with(server, authorization).await
}

async fn begins(socket: &mut Socket, id: &str) {
    socket.subscribe(id, WAITS).await;
    let first = socket.hear().await;
    assert_eq!(first["payload"]["data"], json!({ "waits": 0 }), "{first}");
}

async fn is_refused(socket: &mut Socket, id: &str) {
    socket.subscribe(id, WAITS).await;
    let error: Value = socket.hear().await;
    assert_eq!(
        (&error["type"], &error["id"]),
        (&json!("error"), &json!(id))
    );
    assert_eq!(
        error["payload"][0]["extensions"]["code"],
        "TOO_MANY_SUBSCRIPTIONS"
    );
}

#[tokio::test]
async fn a_member_has_so_many_subscriptions_over_all_sockets() {
    let server = Running::with(|transport| transport.limits.max_subscriptions_per_member = 2).await;
    let (token, _) = server.member().await;
    let mut one = signed_in(&server, &token).await;
    let mut two = signed_in(&server, &token).await;
    begins(&mut one, "a").await;
    begins(&mut two, "b").await;
    is_refused(&mut one, "c").await;
    is_refused(&mut two, "c").await;
    // What ends by itself is no subscription, and others are not counted.
    two.subscribe("q", "{ number(value: 1) }").await;
    assert_eq!(two.hear().await["type"], "next");
    assert_eq!(two.hear().await["type"], "complete");
    let mut anonymous = Socket::ready(&server).await;
    begins(&mut anonymous, "a").await;

    // One is completed, one ends by itself, one goes with its socket.
    one.say(json!({ "id": "a", "type": "complete" })).await;
    server.probe.until(2).await;
    two.subscribe("d", "subscription { count(to: 0) }").await;
    assert_eq!(two.hear().await["type"], "complete");
    begins(&mut one, "e").await;
    is_refused(&mut one, "f").await;
    drop(two);
    server.probe.until(2).await;
    begins(&mut one, "f").await;
    is_refused(&mut one, "g").await;
}
