//! Clients that ping as fast as they can.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use rstest::rstest;
use serde_json::json;
use tokio::{
    io::AsyncWriteExt,
    net::{TcpSocket, TcpStream},
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

use crate::support::{PATIENCE, backend::Fresh, process::Process, server::Running, socket::Socket};

/// The most that is sent: far more than the system keeps of it.
const FLOOD: usize = 64_000_000;

/// A client that takes little before it reads.
async fn client(server: &Process) -> WebSocketStream<TcpStream> {
    let address = server.socket_address();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let stream = socket.connect(address).await.unwrap();
    let request = format!("ws://{address}/graphql").into_client_request();
    let mut request = request.unwrap();
    let protocol = HeaderValue::from_static("graphql-transport-ws");
    let headers = request.headers_mut();
    headers.insert("sec-websocket-protocol", protocol);
    client_async(request, stream).await.unwrap().0
}

/// Five hundred pings with the largest payload, masked by zeros.
fn pings() -> Vec<u8> {
    let mut ping = vec![0x89, 0x80 | 125, 0, 0, 0, 0];
    ping.extend([b'x'; 125]);
    ping.repeat(500)
}

#[rstest]
#[case::before_it_begins(false)]
#[case::after_it_began(true)]
#[tokio::test]
async fn who_pings_and_does_not_read_is_closed_and_fills_no_memory(#[case] begins: bool) {
    let database = Fresh::new().await;
    let flags = ["--socket-send-timeout", "500ms"];
    let server = Process::serve_with(&database.url, &flags);
    let mut socket = client(&server).await;
    if begins {
        let begin = json!({ "type": "connection_init" }).to_string();
        socket.send(Message::text(begin)).await.unwrap();
    }
    let before = server.memory();
    let (pings, mut sent) = (pings(), 0);
    let stream = socket.get_mut();
    let flood = async {
        while sent < FLOOD && stream.write_all(&pings).await.is_ok() {
            sent += pings.len();
        }
    };
    let ended = timeout(PATIENCE, flood).await;
    let grown = server.memory().saturating_sub(before);
    // A process's first requests take a few megabytes; what is flooded would be eight times this.
    assert!(grown < 8_000_000, "{grown} bytes more after {sent} sent");
    assert!(ended.is_ok(), "it is still open after {sent}");
    assert!(sent < FLOOD, "it goes on being read");
}

#[tokio::test]
async fn who_pings_and_reads_stays_and_gets_a_pong_for_each() {
    const PINGS: u32 = 5_000;
    let server = Running::with(|transport| {
        transport.deadlines.socket_send_timeout = Duration::from_millis(500);
    })
    .await;
    let (mut sink, mut stream) = Socket::ready(&server).await.0.split();
    let pinging = async {
        for number in 0..PINGS {
            let payload = number.to_be_bytes().to_vec();
            sink.send(Message::Ping(payload.into())).await.unwrap();
        }
        let alive = json!({ "type": "ping" }).to_string();
        sink.send(Message::text(alive)).await.unwrap();
    };
    let reading = async {
        let mut pongs = Vec::new();
        loop {
            match stream.next().await.unwrap().unwrap() {
                Message::Pong(payload) => pongs.push(payload.to_vec()),
                Message::Text(text) => return (pongs, text.contains("pong")),
                _ => {}
            }
        }
    };
    let both = async { futures_util::join!(pinging, reading) };
    let ((), (pongs, alive)) = timeout(PATIENCE, both).await.unwrap();
    let expected: Vec<_> = (0..PINGS).map(|n| n.to_be_bytes().to_vec()).collect();
    assert_eq!(pongs, expected);
    assert!(alive);
}
