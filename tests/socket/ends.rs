//! Every way for a socket to end.

use std::time::Duration;

use ashiato::{
    account::session,
    app::{App, Parts},
    config::Rules,
    error::Error,
    events::Event,
    lsn::Lsn,
};
use futures_util::{
    SinkExt, StreamExt,
    future::{join_all, try_join_all},
};
use rstest::rstest;
use sea_orm::{ConnectionTrait, EntityTrait, Statement, TransactionTrait};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use crate::support::{backend::is_postgres, server::Running, socket::Socket, soon};

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

#[tokio::test]
async fn who_signs_out_over_the_socket_hears_of_it() {
    let server = Running::own().await;
    let (token, _) = server.member().await;
    let authorization = json!({ "Authorization": format!("Bearer {token}") });
    let mut socket = Socket::ready_with(&server, authorization).await;
    let sign_out = "mutation { signOut { signedOut } }";
    socket.subscribe("1", sign_out).await;
    let answer = socket.hear().await;
    assert_eq!(
        answer["payload"]["data"]["signOut"]["signedOut"], true,
        "{answer}"
    );
    assert_eq!(socket.closed().await, (4403, "signed out".to_owned()));
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

/// The readers are taken for so long that the watch of the session asks in vain.
#[tokio::test]
async fn signing_out_while_nothing_can_be_read_closes_the_sockets_as_soon_as_it_can() {
    let server = Running::start().await;
    let (token, member) = server.member().await;
    let authorization = json!({ "Authorization": format!("Bearer {token}") });
    let mut socket = Socket::ready_with(&server, authorization).await;
    // Another process, which has connections of its own.
    let parts = Parts::new(server.database.place(), Rules::default());
    let neighbour = App::open(parts).await.unwrap();
    let all = if is_postgres() { 8 } else { 4 };
    let db = server.app.database.reader();
    let busy = try_join_all((0..all).map(|_| db.begin())).await.unwrap();
    session::end(&neighbour, member).await.unwrap();
    server
        .app
        .events
        .wake(Event::SessionEnded(member), Lsn::NEWEST);
    // Whoever asked before these has waited in vain, too.
    for _ in 0..2 {
        let read = session::expiry(&server.app, member).await;
        assert!(matches!(read, Err(Error::Unavailable(_))), "{read:?}");
    }
    join_all(busy.into_iter().map(|reading| reading.rollback())).await;
    let free = std::time::Instant::now();
    assert_eq!(socket.closed().await, (4403, "signed out".to_owned()));
    assert!(free.elapsed() < Duration::from_secs(1));
}

/// Whatever else happens on the socket: each reading that is given up would leave a connection
/// behind that still waits for its answer.
#[tokio::test]
async fn on_postgres_a_session_that_takes_long_to_read_is_read_once() {
    const WAITING: &str = "SELECT count(*) FROM pg_stat_activity \
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%LIMIT%'";
    let server = Running::with(|transport| {
        transport.deadlines.socket_ping_interval = Duration::from_millis(10);
    })
    .await;
    let (token, member) = server.member().await;
    let authorization = json!({ "Authorization": format!("Bearer {token}") });
    let mut socket = Socket::ready_with(&server, authorization).await;
    let other = sea_orm::Database::connect(&server.database.url)
        .await
        .unwrap();
    let lock = other.begin().await.unwrap();
    lock.execute_unprepared("LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE")
        .await
        .unwrap();
    server
        .app
        .events
        .wake(Event::SessionEnded(member), Lsn::NEWEST);
    let waiting = async || -> i64 {
        let count = Statement::from_string(other.get_database_backend(), WAITING);
        let row = other.query_one_raw(count).await.unwrap().unwrap();
        row.try_get_by_index(0).unwrap()
    };
    soon(async { while waiting().await == 0 {} }).await;
    for _ in 0..10 {
        let ping = soon(socket.0.next()).await.unwrap().unwrap();
        assert!(matches!(ping, Message::Ping(_)), "{ping:?}");
    }
    assert_eq!(waiting().await, 1);
    lock.rollback().await.unwrap();
}

/// Through another server, whose word of it is on its way yet.
#[tokio::test]
async fn who_was_signed_out_elsewhere_writes_nothing_more_and_is_closed_as_here() {
    let server = Running::own().await;
    let (token, member) = server.member().await;
    let authorization = json!({ "Authorization": format!("Bearer {token}") });
    let mut socket = Socket::ready_with(&server, authorization).await;
    let parts = Parts::new(server.database.place(), Rules::default());
    let neighbour = App::open(parts).await.unwrap();
    session::end(&neighbour, member).await.unwrap();
    let write = "mutation { writeDiary(input: { title: \"t\", body: \"b\" }) { diary { id } } }";
    socket.subscribe("1", write).await;
    let mut next = socket.next().await;
    if let Ok(answer) = &next {
        let code = &answer["payload"][0]["extensions"]["code"];
        assert_eq!(code, "UNAUTHENTICATED", "{answer}");
        next = socket.next().await;
    }
    assert_eq!(next, Err((4403, "signed out".to_owned())));
    let rows = entity::diary::Entity::find()
        .all(server.app.database.reader())
        .await;
    assert!(rows.unwrap().is_empty());
}
