//! The messages and close codes of the protocol.

use std::time::Duration;

use futures_util::StreamExt;
use rstest::rstest;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::support::{server::Running, socket::Socket, soon};

#[tokio::test]
async fn a_query_a_mutation_and_a_subscription_run_to_their_end() {
    let server = Running::start().await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("q", "{ number(value: 7) }").await;
    let next = json!({ "type": "next", "id": "q", "payload": { "data": { "number": 7 } } });
    assert_eq!(socket.hear().await, next);
    assert_eq!(
        socket.hear().await,
        json!({ "type": "complete", "id": "q" })
    );
    socket.subscribe("q", "mutation { bump }").await;
    assert_eq!(
        socket.hear().await["payload"],
        json!({ "data": { "bump": 1 } })
    );
    assert_eq!(
        socket.hear().await,
        json!({ "type": "complete", "id": "q" })
    );
    socket.subscribe("s", "subscription { count(to: 3) }").await;
    for count in 0..3 {
        assert_eq!(
            socket.hear().await["payload"],
            json!({ "data": { "count": count } })
        );
    }
    assert_eq!(
        socket.hear().await,
        json!({ "type": "complete", "id": "s" })
    );
}

#[tokio::test]
async fn operation_name_and_variables_are_heeded() {
    let server = Running::start().await;
    let mut socket = Socket::ready(&server).await;
    let payload = json!({
        "query": "query A { echo } query B($n: Int!) { number(value: $n) }",
        "operationName": "B",
        "variables": { "n": 9 },
        "extensions": null,
    });
    socket
        .say(json!({ "id": "1", "type": "subscribe", "payload": payload }))
        .await;
    assert_eq!(
        socket.hear().await["payload"],
        json!({ "data": { "number": 9 } })
    );
}

#[rstest]
#[case::another(Some("graphql-ws"))]
#[case::none(None)]
#[tokio::test]
async fn another_protocol_is_closed_with_4406(#[case] protocol: Option<&'static str>) {
    let server = Running::start().await;
    let mut socket = Socket::offering(&server, protocol).await;
    assert_eq!(
        socket.closed().await,
        (4406, "Subprotocol not acceptable".to_owned())
    );
}

#[tokio::test]
async fn ours_is_chosen_among_several() {
    let server = Running::start().await;
    let offered = Some("graphql-ws, graphql-transport-ws");
    let mut socket = Socket::offering(&server, offered).await;
    socket.say(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.hear().await, json!({ "type": "connection_ack" }));
}

#[tokio::test]
async fn without_connection_init_it_is_closed_with_4408() {
    let server = Running::with(|transport| {
        transport.deadlines.socket_init_timeout = Duration::from_millis(50);
    })
    .await;
    let mut silent = Socket::open(&server).await;
    // Pings are no beginning.
    silent.say(json!({ "type": "ping" })).await;
    let expected = (4408, "Connection initialisation timeout".to_owned());
    assert_eq!(silent.closed().await, expected);
}

#[tokio::test]
async fn a_second_connection_init_is_closed_with_4429() {
    let server = Running::start().await;
    let mut socket = Socket::ready(&server).await;
    socket.say(json!({ "type": "connection_init" })).await;
    let expected = (4429, "Too many initialisation requests".to_owned());
    assert_eq!(socket.closed().await, expected);
}

#[tokio::test]
async fn subscribe_before_the_ack_is_closed_with_4401() {
    let server = Running::start().await;
    let mut socket = Socket::open(&server).await;
    socket.subscribe("1", "{ echo }").await;
    assert_eq!(socket.closed().await, (4401, "Unauthorized".to_owned()));
}

#[rstest]
#[case(json!({ "Authorization": "Bearer AAAA" }))]
#[case(json!({ "authorization": "Basic AAAA" }))]
#[case(json!({ "AUTHORIZATION": 7 }))]
#[tokio::test]
async fn a_token_that_is_not_valid_is_closed_with_4403(#[case] payload: Value) {
    let server = Running::start().await;
    let mut socket = Socket::open(&server).await;
    socket
        .say(json!({ "type": "connection_init", "payload": payload }))
        .await;
    assert_eq!(socket.closed().await, (4403, "Forbidden".to_owned()));
}

#[rstest]
#[case("Authorization")]
#[case("authorization")]
#[case("AUTHORIZATION")]
#[tokio::test]
async fn a_token_names_the_viewer_and_operations_share_no_loaders(#[case] key: &str) {
    let server = Running::start().await;
    let (token, member) = server.member().await;
    let mut socket = Socket::ready_with(&server, json!({ key: format!("Bearer {token}") })).await;
    socket.subscribe("1", "{ who }").await;
    assert_eq!(
        socket.hear().await["payload"]["data"]["who"],
        member.id.to_string()
    );
    assert_eq!(socket.hear().await["type"], "complete");
    // Both wait, so that the second's loaders cannot stand where the first's stood.
    socket.subscribe("a", "{ loaders waits }").await;
    socket.subscribe("b", "{ loaders waits }").await;
    server.probe.until(2).await;
    server.probe.release.notify_waiters();
    let mut loaders = Vec::new();
    while loaders.len() < 2 {
        let message = socket.hear().await;
        if message["type"] == "next" {
            loaders.push(message["payload"]["data"]["loaders"].to_string());
        }
    }
    assert_ne!(loaders[0], loaders[1]);
}

#[tokio::test]
async fn an_id_that_is_in_use_is_closed_with_4409() {
    let server = Running::start().await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("x", "subscription { waits }").await;
    socket.subscribe("x", "{ echo }").await;
    let expected = (4409, "Subscriber for x already exists".to_owned());
    assert_eq!(socket.closed().await, expected);
    server.probe.until(0).await;
}

#[rstest]
#[case::no_json(Message::text("nonsense"), "Every message is a JSON object")]
#[case::array(Message::text("[]"), "Every message is a JSON object")]
#[case::no_type(Message::text("{}"), "A message has a `type`")]
#[case::unknown(
    Message::text(r#"{"type":"start"}"#),
    "There is no message of this type"
)]
#[case::server_s(
    Message::text(r#"{"type":"next","id":"1"}"#),
    "Only the server sends messages of this type"
)]
#[case::no_id(
    Message::text(r#"{"type":"subscribe","payload":{"query":"{echo}"}}"#),
    "A message of this type has an `id`"
)]
#[case::no_payload(
    Message::text(r#"{"type":"subscribe","id":"1"}"#),
    "The `payload` of subscribe is an object"
)]
#[case::no_query(
    Message::text(r#"{"type":"subscribe","id":"1","payload":{}}"#),
    "`query` is missing: send the document in it, or the `documentId` of one that is known."
)]
#[case::variables(
    Message::text(r#"{"type":"subscribe","id":"1","payload":{"query":"{echo}","variables":1}}"#),
    "`variables` is an object or null."
)]
#[case::binary(Message::binary(b"{}".to_vec()), "Messages are text")]
#[tokio::test]
async fn a_malformed_message_is_closed_with_4400(
    #[case] message: Message,
    #[case] reason: &str,
    #[values(false, true)] ready: bool,
) {
    let server = Running::start().await;
    let mut socket = if ready {
        Socket::ready(&server).await
    } else {
        Socket::open(&server).await
    };
    socket.send(message).await;
    assert_eq!(socket.closed().await, (4400, reason.to_owned()));
}

#[tokio::test]
async fn pings_go_both_ways() {
    let server = Running::with(|transport| {
        transport.deadlines.socket_ping_interval = Duration::from_millis(20);
    })
    .await;
    // Also before the beginning.
    let mut socket = Socket::open(&server).await;
    socket
        .say(json!({ "type": "ping", "payload": { "a": 1 } }))
        .await;
    assert_eq!(
        socket.hear().await,
        json!({ "type": "pong", "payload": { "a": 1 } })
    );
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await, json!({ "type": "pong" }));
    socket.say(json!({ "type": "pong", "payload": null })).await;
    // Those of the websocket itself.
    for _ in 0..2 {
        let frame = soon(socket.0.next()).await.unwrap().unwrap();
        assert!(matches!(frame, Message::Ping(_)), "{frame:?}");
    }
}
