//! One address takes its share of the connections, and leaves others theirs.

use std::net::SocketAddr;

use ashiato::config::Transport;
use futures_util::{SinkExt, StreamExt, future::join_all};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};
use tokio_tungstenite::{
    client_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

use super::frames::{DATA, END_HEADERS, END_STREAM, Frames, GRAPHQL, HEADERS, frame};
use crate::support::{server::Running, soon};

const HERE: &str = "127.0.0.1";
const THERE: &str = "127.0.0.2";

fn share(all: u32, of_one: u32) -> impl FnOnce(&mut Transport) {
    move |transport| {
        transport.limits.max_connections = all;
        transport.limits.max_connections_per_address = Some(of_one);
    }
}

async fn connect(from: &str, server: &Running) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    let from = SocketAddr::new(from.parse().unwrap(), 0);
    socket.bind(from).unwrap();
    soon(socket.connect(server.address)).await.unwrap()
}

/// A connection from there that is answered, and stays open; none where it is closed instead.
async fn enter(from: &str, server: &Running) -> Option<TcpStream> {
    let mut stream = connect(from, server).await;
    let asked = stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n");
    asked.await.ok()?;
    let mut start = [0; 12];
    soon(stream.read_exact(&mut start)).await.ok()?;
    assert_eq!(&start, b"HTTP/1.1 200");
    Some(stream)
}

/// One that gets in as soon as another has gone.
async fn enter_soon(from: &str, server: &Running) -> TcpStream {
    soon(async {
        loop {
            if let Some(stream) = enter(from, server).await {
                return stream;
            }
            tokio::task::yield_now().await;
        }
    })
    .await
}

#[tokio::test]
async fn one_address_has_its_share_and_others_theirs() {
    let server = Running::with(share(7, 3)).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(enter(HERE, &server).await.unwrap());
    }
    // None of these waits, and none keeps a place.
    for _ in 0..20 {
        assert!(enter(HERE, &server).await.is_none());
    }
    for _ in 0..3 {
        held.push(enter(THERE, &server).await.unwrap());
    }
    assert!(enter(THERE, &server).await.is_none());
    // Who has gone frees one for the same address, and one alone.
    held.remove(0);
    held.push(enter_soon(HERE, &server).await);
    assert!(enter(HERE, &server).await.is_none());
}

/// Asks for what waits until it is released, as each of `streams`.
async fn ask_what_waits(client: &mut Frames, streams: impl Iterator<Item = u32>) {
    let body = json!({ "query": "{ waits }" }).to_string();
    for stream in streams {
        let asked = [
            frame(HEADERS, END_HEADERS, stream, GRAPHQL),
            frame(DATA, END_STREAM, stream, body.as_bytes()),
        ];
        client.0.write_all(&asked.concat()).await.unwrap();
    }
}

#[tokio::test]
async fn one_address_has_its_share_of_requests_over_all_of_its_connections() {
    let server = Running::with(share(7, 3)).await;
    // Four for each connection that it may have, however many it has.
    let mut first = Frames::begin(connect(HERE, &server).await, &[]).await;
    let mut second = Frames::begin(connect(HERE, &server).await, &[]).await;
    let mut other = Frames::begin(connect(THERE, &server).await, &[]).await;
    ask_what_waits(&mut first, (1..20).step_by(2)).await;
    ask_what_waits(&mut second, [1, 3].into_iter()).await;
    soon(server.probe.until(12)).await;
    for client in [&mut first, &mut second] {
        ask_what_waits(client, [101].into_iter()).await;
        let answer = String::from_utf8(client.answer(101).await.unwrap()).unwrap();
        assert!(answer.contains("too many requests under way"), "{answer}");
        assert!(answer.contains(r#""code":"UNAVAILABLE""#), "{answer}");
    }
    // Another address has its own.
    ask_what_waits(&mut other, [1].into_iter()).await;
    soon(server.probe.until(13)).await;
    server.probe.release.notify_waiters();
    let waited = br#"{"data":{"waits":1}}"#;
    assert_eq!(second.answer(3).await.unwrap(), waited);
    assert_eq!(other.answer(1).await.unwrap(), waited);
    // Those that were answered leave room.
    ask_what_waits(&mut second, [103].into_iter()).await;
    soon(server.probe.until(1)).await;
}

#[tokio::test]
async fn one_too_many_is_closed_before_it_says_anything() {
    let server = Running::with(share(6, 1)).await;
    let _held = enter(HERE, &server).await.unwrap();
    let mut silent = connect(HERE, &server).await;
    let began = std::time::Instant::now();
    let read = soon(silent.read_to_end(&mut Vec::new())).await;
    assert_eq!(read.unwrap_or_default(), 0);
    assert!(began.elapsed() < std::time::Duration::from_secs(5));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_at_the_same_moment_as_many_get_in_as_may() {
    let server = Running::with(share(100, 7)).await;
    let entering = (0..60).map(|_| enter(HERE, &server));
    let entered: Vec<_> = join_all(entering).await.into_iter().flatten().collect();
    assert_eq!(entered.len(), 7);
    drop(entered);
    // All seven come back, and no more.
    let mut again = Vec::new();
    for _ in 0..7 {
        again.push(enter_soon(HERE, &server).await);
    }
    assert!(enter(HERE, &server).await.is_none());
}

#[tokio::test]
async fn a_socket_counts_for_as_long_as_it_is_open() {
    let server = Running::with(share(6, 1)).await;
    let stream = connect(HERE, &server).await;
    let url = format!("ws://{}/graphql", server.address);
    let mut request = url.into_client_request().unwrap();
    let protocol = HeaderValue::from_static("graphql-transport-ws");
    request
        .headers_mut()
        .insert("sec-websocket-protocol", protocol);
    let (mut socket, _) = client_async(request, stream).await.unwrap();
    let init = json!({ "type": "connection_init" }).to_string();
    socket.send(Message::text(init)).await.unwrap();
    let said = async {
        loop {
            match socket.next().await.unwrap().unwrap() {
                Message::Text(text) => break text,
                _ => continue,
            }
        }
    };
    assert!(soon(said).await.contains("connection_ack"));
    assert!(enter(HERE, &server).await.is_none());
    assert!(enter(THERE, &server).await.is_some());
    soon(socket.close(None)).await.unwrap();
    drop(socket);
    enter_soon(HERE, &server).await;
}

/// All come by the same address, and each client's own is told within.
#[tokio::test]
async fn a_proxy_has_as_many_as_it_needs() {
    let server = Running::with(|transport| {
        share(20, 1)(transport);
        transport.proxies.client_address_header = Some("x-forwarded-for".parse().unwrap());
    })
    .await;
    let mut held = Vec::new();
    for _ in 0..10 {
        held.push(enter(HERE, &server).await.unwrap());
    }
}
