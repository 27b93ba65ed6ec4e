//! What becomes of operations.

use std::time::Duration;

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{server::Running, socket::Socket};

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
