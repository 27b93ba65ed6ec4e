//! The graphql-transport-ws protocol, case by case.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
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
    "`query` is missing: send the document in it."
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

#[rstest]
#[case::guard("{", "GRAPHQL_PARSE_FAILED")]
#[case::validation("{ nothing }", "GRAPHQL_VALIDATION_FAILED")]
#[case::subscription("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED")]
#[case::cannot_start("subscription { refuses }", "INVALID_CURSOR")]
#[case::panics("{ panics }", "INTERNAL")]
#[tokio::test]
async fn what_cannot_run_is_an_error_and_no_complete(#[case] query: &str, #[case] code: &str) {
    let server = Running::start().await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("1", query).await;
    let error = socket.hear().await;
    assert_eq!(
        (&error["type"], &error["id"]),
        (&json!("error"), &json!("1"))
    );
    assert_eq!(error["payload"][0]["extensions"]["code"], code);
    // The id is free again, and nothing more is heard of it.
    socket.subscribe("1", "{ number(value: 1) }").await;
    assert_eq!(socket.hear().await["type"], "next");
}

#[tokio::test]
async fn an_event_that_fails_is_a_next_with_errors() {
    let server = Running::start().await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("1", "subscription { stumbles }").await;
    assert_eq!(
        socket.hear().await["payload"],
        json!({ "data": { "stumbles": 1 } })
    );
    let failed = socket.hear().await;
    assert_eq!(failed["type"], "next");
    assert_eq!(failed["payload"]["data"], Value::Null);
    assert_eq!(
        failed["payload"]["errors"][0]["extensions"]["code"],
        "INTERNAL"
    );
    assert_eq!(failed["payload"]["errors"][0]["path"], json!(["stumbles"]));
    assert_eq!(
        socket.hear().await["payload"],
        json!({ "data": { "stumbles": 3 } })
    );
    assert_eq!(socket.hear().await["type"], "complete");
}

#[tokio::test]
async fn a_stream_that_panics_ends_alone() {
    let server = Running::start().await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("1", "subscription { panics }").await;
    assert_eq!(socket.hear().await["type"], "next");
    let error = socket.hear().await;
    assert_eq!(error["payload"][0]["extensions"]["code"], "INTERNAL");
    socket.subscribe("1", "{ number(value: 1) }").await;
    assert_eq!(socket.hear().await["type"], "next");
}

#[rstest]
#[case("subscription { waits }")]
#[case("{ waits }")]
#[tokio::test]
async fn complete_stops_an_operation_at_once(#[case] query: &str) {
    let server = Running::start().await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("1", query).await;
    server.probe.until(1).await;
    socket.say(json!({ "id": "1", "type": "complete" })).await;
    // An id that nobody knows is ignored.
    socket
        .say(json!({ "id": "unknown", "type": "complete" }))
        .await;
    server.probe.until(0).await;
    socket.subscribe("1", "{ number(value: 1) }").await;
    loop {
        let message = socket.hear().await;
        // An event may have been on its way already.
        if message["payload"]["data"].get("waits").is_none() {
            assert_eq!(message["payload"]["data"], json!({ "number": 1 }));
            break;
        }
    }
}

#[tokio::test]
async fn one_operation_more_than_the_limit_is_refused() {
    let server = Running::with(|transport| transport.limits.max_socket_operations = 2).await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("1", "{ waits }").await;
    socket.subscribe("2", "{ waits }").await;
    socket.subscribe("3", "{ echo }").await;
    let error = socket.hear().await;
    assert_eq!(
        (&error["type"], &error["id"]),
        (&json!("error"), &json!("3"))
    );
    assert_eq!(
        error["payload"][0]["extensions"]["code"],
        "TOO_MANY_OPERATIONS"
    );
    socket.say(json!({ "id": "1", "type": "complete" })).await;
    socket.subscribe("3", "{ number(value: 1) }").await;
    assert_eq!(
        socket.hear().await["payload"]["data"],
        json!({ "number": 1 })
    );
}

#[tokio::test]
async fn an_operation_that_takes_too_long_is_given_up() {
    let server = Running::with(|transport| {
        transport.deadlines.execution_timeout = Duration::from_millis(50);
    })
    .await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("1", "{ waits }").await;
    assert_eq!(
        socket.hear().await["payload"][0]["extensions"]["code"],
        "TIMEOUT"
    );
}

#[rstest]
#[case::whole(false)]
#[case::in_pieces(true)]
#[tokio::test]
async fn a_message_that_is_too_large_is_closed_with_1009(#[case] pieces: bool) {
    use tokio_tungstenite::tungstenite::protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    };
    let server = Running::start().await;
    let mut socket = Socket::ready(&server).await;
    if pieces {
        // No piece is too large; the last is one byte too many.
        let piece = |size: usize, code, last| {
            Message::Frame(Frame::message("x".repeat(size), OpCode::Data(code), last))
        };
        socket.send(piece(60_000, Data::Text, false)).await;
        socket.send(piece(40_001, Data::Continue, true)).await;
    } else {
        // The server may close before it has taken all of it.
        let _ = socket.0.send(Message::text("x".repeat(100_001))).await;
    }
    assert_eq!(socket.closed().await.0, 1009);
}

#[tokio::test]
async fn who_does_not_read_is_closed_with_1013() {
    let server = Running::with(|transport| {
        transport.deadlines.socket_send_timeout = Duration::from_millis(100);
    })
    .await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("1", "subscription { flood }").await;
    server.probe.until(1).await;
    // Nothing is read until the server has given up.
    server.probe.until(0).await;
    let (code, reason) = socket.closed().await;
    assert_eq!(code, 1013);
    assert!(reason.contains("resume from your cursor"), "{reason}");
}

#[tokio::test]
async fn who_is_silent_is_dropped() {
    let server = Running::with(|transport| {
        transport.deadlines.socket_ping_interval = Duration::from_millis(20);
        transport.deadlines.socket_silence_timeout = Duration::from_millis(200);
    })
    .await;
    let mut alive = Socket::ready(&server).await;
    let mut gone = Socket::ready(&server).await;
    gone.subscribe("1", "subscription { waits }").await;
    server.probe.until(1).await;
    // The one reads, and so answers pings; the other does not.
    let reading = tokio::spawn(async move {
        alive.subscribe("1", "subscription { waits }").await;
        loop {
            if matches!(alive.0.next().await, None | Some(Err(_))) {
                return;
            }
        }
    });
    server.probe.until(2).await;
    server.probe.until(1).await;
    assert!(!reading.is_finished());
    reading.abort();
}

#[tokio::test]
async fn a_client_that_closes_takes_its_operations_along() {
    let server = Running::start().await;
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("1", "subscription { waits }").await;
    server.probe.until(1).await;
    soon(socket.0.close(None)).await.unwrap();
    server.probe.until(0).await;
}

#[tokio::test]
async fn signing_out_closes_the_session_s_sockets_within_a_second() {
    let server = Running::start().await;
    let (token, member) = server.member().await;
    let authorization = json!({ "Authorization": format!("Bearer {token}") });
    let mut signed_in = Socket::ready_with(&server, authorization.clone()).await;
    let mut anonymous = Socket::ready(&server).await;
    server.sign_out(member).await;
    let signed_out = std::time::Instant::now();
    assert_eq!(signed_in.closed().await, (4403, "signed out".to_owned()));
    assert!(signed_out.elapsed() < Duration::from_secs(1));
    anonymous.subscribe("1", "{ number(value: 1) }").await;
    assert_eq!(anonymous.hear().await["type"], "next");
    let mut late = Socket::open(&server).await;
    late.say(json!({ "type": "connection_init", "payload": authorization }))
        .await;
    assert_eq!(late.closed().await, (4403, "Forbidden".to_owned()));
}

/// Even a client that does not read, and so blocks what is sent.
#[tokio::test]
async fn signing_out_ends_a_stream_that_is_stuck() {
    let server = Running::start().await;
    let (token, member) = server.member().await;
    let authorization = json!({ "Authorization": format!("Bearer {token}") });
    let mut socket = Socket::ready_with(&server, authorization).await;
    socket.subscribe("1", "subscription { flood }").await;
    server.probe.until(1).await;
    server.sign_out(member).await;
    let signed_out = std::time::Instant::now();
    server.probe.until(0).await;
    assert!(signed_out.elapsed() < Duration::from_secs(1));
    assert_eq!(socket.closed().await, (4403, "signed out".to_owned()));
}

#[tokio::test]
async fn a_session_that_expires_closes_its_sockets_within_a_second() {
    let server = Running::start().await;
    let (token, _) = server.member().await;
    let authorization = json!({ "Authorization": format!("Bearer {token}") });
    let mut socket = Socket::ready_with(&server, authorization).await;
    server.pass(chrono::Duration::days(server.app.rules.session_days));
    let expired = std::time::Instant::now();
    assert_eq!(socket.closed().await, (4403, "signed out".to_owned()));
    assert!(expired.elapsed() < Duration::from_secs(1));
}
