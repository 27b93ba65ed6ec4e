//! Events that the service cannot resolve just now: tried again, and never sent with a hole.

use std::{sync::atomic::Ordering, time::Duration};

use serde_json::{Value, json};

use crate::support::{server::Running, socket::Socket};

const TRICKLE: &str =
    "subscription($after: String) { trickle(after: $after) { number cursor part } }";

async fn subscribed(server: &Running, token: &str, after: Value) -> Socket {
    let authorization = json!({ "Authorization": format!("Bearer {token}") });
    let mut socket = Socket::ready_with(server, authorization).await;
    let after = json!({ "after": after });
    socket.subscribe_with("1", TRICKLE, after).await;
    socket
}

/// The next event, which is whole; its cursor.
async fn whole(socket: &mut Socket, number: i64) -> Value {
    let message = socket.hear().await;
    assert_eq!(message["type"], "next", "{message}");
    assert!(message["payload"].get("errors").is_none(), "{message}");
    let event = &message["payload"]["data"]["trickle"];
    assert_eq!(
        (&event["number"], &event["part"]),
        (&json!(number), &json!(number))
    );
    event["cursor"].clone()
}

#[tokio::test]
async fn an_event_that_meets_a_busy_database_is_tried_again_and_comes_whole() {
    let server = Running::start().await;
    let (token, _) = server.member().await;
    server.probe.faults.store(3, Ordering::SeqCst);
    let mut socket = subscribed(&server, &token, Value::Null).await;
    for number in 1..=3 {
        whole(&mut socket, number).await;
    }
    assert_eq!(server.probe.faults.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn an_event_that_stays_unreadable_closes_the_socket_and_is_there_on_resuming() {
    let server = Running::with(|transport| {
        transport.deadlines.execution_timeout = Duration::from_millis(200);
    })
    .await;
    let (token, _) = server.member().await;
    server.probe.faults.store(usize::MAX, Ordering::SeqCst);
    let mut socket = subscribed(&server, &token, Value::Null).await;
    let cursor = whole(&mut socket, 1).await;
    let message = socket.next().await;
    let (code, reason) = message.expect_err("an event with a hole");
    assert_eq!(code, 1013);
    assert!(reason.contains("resume from your cursor"), "{reason}");
    server.probe.faults.store(0, Ordering::SeqCst);
    let mut socket = subscribed(&server, &token, cursor).await;
    for number in 2..=3 {
        whole(&mut socket, number).await;
    }
}

/// However many wait for one, so that neither they nor the queries beside them ask for more at
/// once than the database answers in time.
#[tokio::test]
async fn only_so_many_events_are_resolved_at_once() {
    const AT_ONCE: usize = 32;
    const SUBSCRIPTIONS: usize = 80;
    let server = Running::start().await;
    let (token, _) = server.member().await;
    let authorization = json!({ "Authorization": format!("Bearer {token}") });
    let mut socket = Socket::ready_with(&server, authorization).await;
    for id in 0..SUBSCRIPTIONS {
        let query = "subscription { trickle { held } }";
        socket.subscribe(&id.to_string(), query).await;
    }
    server.probe.until(AT_ONCE).await;
    // Who has no turn holds up nothing else.
    socket.subscribe("q", "{ number(value: 1) }").await;
    assert_eq!(socket.hear().await["id"], "q");
    assert_eq!(socket.hear().await["type"], "complete");
    server.probe.open.send_replace(true);
    for _ in 0..SUBSCRIPTIONS * 3 {
        assert_eq!(socket.hear().await["type"], "next");
    }
    assert_eq!(server.probe.most.load(Ordering::SeqCst), AT_ONCE);
}
