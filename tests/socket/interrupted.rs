//! Events that the service cannot resolve just now: tried again, and never sent with a hole.

use std::{sync::atomic::Ordering, time::Duration};

use ashiato::config::{Limits, Transport};
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

/// A socket with `count` subscriptions whose events are held. The server has taken all of them.
async fn held(server: &Running, token: &str, count: u32) -> Socket {
    let authorization = json!({ "Authorization": format!("Bearer {token}") });
    let mut socket = Socket::ready_with(server, authorization).await;
    for id in 0..count {
        let query = "subscription { trickle { held } }";
        socket.subscribe(&id.to_string(), query).await;
    }
    // What waits for its turn holds up nothing else.
    socket.subscribe("q", "{ number(value: 1) }").await;
    assert_eq!(socket.hear().await["id"], "q");
    assert_eq!(socket.hear().await["type"], "complete");
    socket
}

fn never(transport: &mut Transport) {
    transport.deadlines.execution_timeout = Duration::from_secs(3_600);
}

/// However many wait for one, so that neither they nor the queries beside them ask for more at
/// once than the database answers in time.
#[tokio::test]
async fn only_so_many_events_are_resolved_at_once() {
    const AT_ONCE: usize = 32;
    const MEMBERS: usize = 12;
    const SUBSCRIPTIONS: u32 = 10;
    let server = Running::with(never).await;
    let mut sockets = Vec::new();
    for member in 0..MEMBERS {
        let (token, _) = server.named(&format!("member{member}")).await;
        sockets.push(held(&server, &token, SUBSCRIPTIONS).await);
    }
    server.probe.until(AT_ONCE).await;
    server.probe.open.send_replace(true);
    for socket in &mut sockets {
        for _ in 0..SUBSCRIPTIONS * 3 {
            assert_eq!(socket.hear().await["type"], "next");
        }
    }
    assert_eq!(server.probe.most.load(Ordering::SeqCst), AT_ONCE);
}

#[tokio::test]
async fn one_member_s_slow_events_hold_up_nobody_else_s() {
    const OF_ONE: usize = 3;
    let most = Limits::default().max_subscriptions_per_member;
    let server = Running::with(|transport| {
        never(transport);
        transport.limits.max_socket_operations = most + 1;
    })
    .await;
    let (greedy, _) = server.named("greedy").await;
    let mut slow = held(&server, &greedy, most).await;
    server.probe.until(OF_ONE).await;
    let (token, _) = server.named("other").await;
    let mut other = subscribed(&server, &token, Value::Null).await;
    for number in 1..=3 {
        whole(&mut other, number).await;
    }
    // None of the slow ones has come any further.
    assert_eq!(server.probe.most.load(Ordering::SeqCst), OF_ONE);
    assert_eq!(*server.probe.at_work.borrow(), OF_ONE);
    server.probe.open.send_replace(true);
    for _ in 0..most * 3 {
        assert_eq!(slow.hear().await["type"], "next");
    }
}

#[tokio::test]
async fn an_event_that_hangs_is_given_up_with_its_turn() {
    let server = Running::with(|transport| {
        transport.deadlines.execution_timeout = Duration::from_millis(200);
    })
    .await;
    let (token, _) = server.member().await;
    let mut hanging = held(&server, &token, 3).await;
    let (code, reason) = hanging.closed().await;
    assert_eq!(code, 1013);
    assert!(reason.contains("resume from your cursor"), "{reason}");
    server.probe.until(0).await;
    // All of this member's turns are there again.
    let mut socket = subscribed(&server, &token, Value::Null).await;
    for number in 1..=3 {
        whole(&mut socket, number).await;
    }
}
