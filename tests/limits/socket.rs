//! Points on a websocket.

use ashiato::paging::cursor;
use chrono::Duration;
use serde_json::json;

use super::{Caller, server};
use crate::support::{server::Running, socket::Socket};

const LEFT: &str = "{ rateLimit { remaining } }";
const WATCH: &str = "subscription { friendRequestReceived { cursor } }";
const FEED: &str = "subscription($after: String) { footprintLeft(after: $after) { cursor } }";

async fn few() -> (Running, String) {
    let server = server(|limits| limits.points_per_hour = 3).await;
    let (token, _) = server.named("hanako").await;
    (server, token)
}

async fn socket(server: &Running, token: &str) -> Socket {
    let payload = json!({ "Authorization": format!("Bearer {token}") });
    Socket::ready_with(server, payload).await
}

#[tokio::test]
async fn an_operation_without_points_ends_with_an_error_and_the_socket_stays() {
    let (server, token) = few().await;
    let mut socket = socket(&server, &token).await;
    for remaining in [2, 1, 0] {
        let id = remaining.to_string();
        socket.subscribe(&id, LEFT).await;
        let next = socket.hear().await;
        let data = json!({ "rateLimit": { "remaining": remaining } });
        assert_eq!(next["payload"]["data"], data);
        assert_eq!(socket.hear().await, json!({ "id": id, "type": "complete" }));
    }
    for document in [
        LEFT,
        WATCH,
        "mutation { markFootprintsSeen(input: {}) { newFootprintCount } }",
    ] {
        socket.subscribe("a", document).await;
        let error = socket.hear().await;
        assert_eq!(
            (&error["type"], &error["id"]),
            (&json!("error"), &json!("a"))
        );
        let extensions = &error["payload"][0]["extensions"];
        assert_eq!(extensions["code"], "THROTTLED", "{error}");
        assert_eq!(extensions["retryAfter"], 1201);
    }
    server.pass(Duration::minutes(20));
    socket.subscribe("b", LEFT).await;
    assert_eq!(socket.hear().await["type"], "next");
}

#[tokio::test]
async fn a_subscription_costs_as_it_starts_and_its_lean_events_nothing() {
    let (server, token) = few().await;
    let (other, _) = server.named("taro").await;
    let mut socket = socket(&server, &token).await;
    // From the beginning on, so that it does not matter when exactly it starts.
    let after = json!({ "after": cursor(b'n', &0_i64) });
    socket.subscribe_with("a", FEED, after).await;
    let visit =
        "mutation { visitProfile(input: { username: \"hanako\" }) { userErrors { code } } }";
    let visitor = Caller::at(&server, "192.0.2.1").with(&other);
    visitor.ask(visit, json!({})).await;
    assert_eq!(socket.hear().await["type"], "next");
    let hanako = Caller::at(&server, "192.0.2.1").with(&token);
    let said = hanako.ask(LEFT, json!({})).await;
    assert_eq!(said.body["data"]["rateLimit"]["remaining"], 1);
}
