//! Who asks nothing more does not keep a place for ever, and nobody is cut off who does.

use std::time::{Duration, Instant};

use ashiato::config::Transport;
use axum::body::Body;
use http_body_util::BodyExt;
use hyper::{Request, client::conn::http2::SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::json;
use tokio::{
    io::AsyncReadExt,
    net::{TcpSocket, TcpStream},
    task::JoinHandle,
    time::sleep,
};

use super::frames::{
    ACK, DATA, END_HEADERS, END_STREAM, Frames, GOAWAY, GRAPHQL, HEADERS, INITIAL_WINDOW, PING,
    ROOM, WINDOW_UPDATE,
};
use crate::support::{server::Running, socket::Socket, soon};

const IDLE: Duration = Duration::from_millis(800);
const HEADER: Duration = Duration::from_millis(400);

fn soon_idle(transport: &mut Transport) {
    transport.limits.max_connections = 1;
    transport.deadlines.idle_timeout = Some(IDLE);
    transport.deadlines.header_timeout = HEADER;
}

/// A client of HTTP/2 that keeps to its rules, and its connection.
async fn client(server: &Running) -> (SendRequest<Body>, JoinHandle<hyper::Result<()>>) {
    let stream = TcpStream::connect(server.address).await.unwrap();
    let io = TokioIo::new(stream);
    let shake = hyper::client::conn::http2::handshake(TokioExecutor::new(), io);
    let (client, connection) = soon(shake).await.unwrap();
    (client, tokio::spawn(connection))
}

async fn is_well(server: &Running, client: &mut SendRequest<Body>) -> bool {
    let request = Request::get(server.url("/healthz")).body(Body::empty());
    let answer = soon(client.send_request(request.unwrap())).await;
    match answer {
        Ok(answer) => soon(answer.into_body().collect()).await.is_ok(),
        Err(_) => false,
    }
}

/// Whether somebody else finds a place, in time.
async fn another_gets_in(server: &Running) -> bool {
    let asked = server.client.get(server.url("/healthz")).send();
    soon(asked).await.unwrap().status() == 200
}

#[tokio::test]
async fn who_asks_nothing_more_over_http_2_is_told_to_go() {
    let server = Running::with(soon_idle).await;
    let (mut client, connection) = client(&server).await;
    assert!(is_well(&server, &mut client).await);
    let asked = Instant::now();
    // Without an error: it is a GOAWAY that nothing is wrong with.
    soon(connection).await.unwrap().unwrap();
    assert!(asked.elapsed() >= IDLE / 2, "{:?}", asked.elapsed());
    assert!(!is_well(&server, &mut client).await);
    assert!(another_gets_in(&server).await);
}

#[tokio::test]
async fn who_asks_every_now_and_then_stays() {
    let server = Running::with(soon_idle).await;
    let (mut client, connection) = client(&server).await;
    let began = Instant::now();
    while began.elapsed() < 3 * IDLE {
        assert!(is_well(&server, &mut client).await);
        sleep(IDLE / 5).await;
    }
    assert!(!connection.is_finished());
    assert!(is_well(&server, &mut client).await);
}

#[tokio::test]
async fn what_is_under_way_is_not_idle() {
    let server = Running::with(soon_idle).await;
    let (mut client, connection) = client(&server).await;
    let question = Request::post(server.url("/graphql"))
        .header("content-type", "application/json")
        .body(Body::from(json!({ "query": "{ waits }" }).to_string()));
    let mut asked = Box::pin(client.send_request(question.unwrap()));
    tokio::select! {
        _ = &mut asked => panic!("it waits"),
        () = server.probe.until(1) => {}
    }
    sleep(2 * (IDLE + HEADER)).await;
    server.probe.release.notify_waiters();
    let answer = soon(asked).await.unwrap();
    let body = soon(answer.into_body().collect()).await.unwrap();
    assert_eq!(&body.to_bytes()[..], br#"{"data":{"waits":1}}"#);
    soon(connection).await.unwrap().unwrap();
}

/// What is asked as one is told to go is answered; and who never answers goes all the same.
#[tokio::test]
async fn who_does_not_hear_goes_all_the_same_and_what_came_meanwhile_is_answered() {
    let server = Running::with(soon_idle).await;
    let mut client = Frames::connect(server.address).await;
    client.ask(1).await.unwrap();
    assert_eq!(client.answer(1).await.unwrap(), b"ok\n");
    // Not answered: the ping that asks whether this was heard.
    let told = client.of_kind(GOAWAY).await.unwrap();
    assert_eq!(told.payload[4..8], [0; 4], "nothing is wrong");
    client.of_kind(PING).await.unwrap();
    client.ask(3).await.unwrap();
    assert_eq!(client.answer(3).await.unwrap(), b"ok\n");
    let asked = Instant::now();
    client.end().await;
    assert!(asked.elapsed() >= HEADER / 2, "{:?}", asked.elapsed());
    assert!(another_gets_in(&server).await);
}

#[tokio::test]
async fn answering_pings_is_asking_nothing() {
    let server = Running::with(|transport| {
        soon_idle(transport);
        transport.deadlines.socket_ping_interval = IDLE / 8;
    })
    .await;
    let mut client = Frames::connect(server.address).await;
    client.ask(1).await.unwrap();
    let pinging = async {
        let mut pings = 0;
        while let Ok(frame) = client.next().await {
            if (frame.kind, frame.flags) == (PING, 0) {
                pings += 1;
                let _ = client.say(PING, ACK, 0, &frame.payload).await;
            }
        }
        pings
    };
    assert!(soon(pinging).await > 2, "it is pinged, and ends");
    assert!(another_gets_in(&server).await);
}

#[tokio::test]
async fn a_socket_is_under_way_for_as_long_as_it_is_open() {
    let server = Running::with(soon_idle).await;
    let mut socket = Socket::ready(&server).await;
    sleep(2 * (IDLE + HEADER)).await;
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await["type"], "pong");
}

/// A client that has made room for everything, so that all of the answer was given out before it has read
/// the half.
#[tokio::test]
async fn who_reads_slowly_what_was_answered_is_not_idle() {
    const PART: usize = 25_000;
    let server = Running::with(|transport| {
        soon_idle(transport);
        transport.deadlines.idle_timeout = Some(HEADER);
        transport.deadlines.header_timeout = HEADER / 2;
    })
    .await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let stream = socket.connect(server.address).await.unwrap();
    let mut client = Frames::begin(stream, &[(INITIAL_WINDOW, ROOM)]).await;
    let room = (ROOM - 65_535).to_be_bytes();
    client.say(WINDOW_UPDATE, 0, 0, &room).await.unwrap();
    let fields: String = (0..30)
        .map(|n| format!("a{n}: echo(text: $text) "))
        .collect();
    let body = json!({
        "query": format!("query($text: String) {{ {fields} }}"),
        "variables": { "text": "x".repeat(PART) },
    });
    client.say(HEADERS, END_HEADERS, 1, GRAPHQL).await.unwrap();
    let body = body.to_string();
    for part in body.as_bytes().chunks(16_000) {
        client.say(DATA, 0, 1, part).await.unwrap();
    }
    client.say(DATA, END_STREAM, 1, &[]).await.unwrap();
    let (mut clock, mut read) = (tokio::time::interval(Duration::from_millis(10)), 0);
    let mut some = [0; 2_000];
    let whole = async {
        while read < 30 * PART {
            clock.tick().await;
            match client.0.read(&mut some).await {
                Ok(0) | Err(_) => break,
                Ok(count) => read += count,
            }
        }
        read
    };
    let read = soon(whole).await;
    assert!(read >= 30 * PART, "{read} bytes");
}
