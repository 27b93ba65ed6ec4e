//! Connections whose client says nothing, or reads nothing: none keeps anybody else out.

use std::time::Duration;

use reqwest::Response;
use rstest::rstest;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};
use tokio_tungstenite::tungstenite::Message;

use crate::support::{server::Running, socket::Socket, soon};

/// A deadline that passes soon, and one that does not pass during a test.
const SOON: Duration = Duration::from_millis(100);
const NEVER: Duration = Duration::from_secs(3_600);
/// The places of a server that silent clients take.
const PLACES: u32 = 8;

/// Whether the server has room for somebody else.
async fn served(server: &Running) -> Result<Response, tokio::time::error::Elapsed> {
    let asked = server.client.get(server.url("/healthz")).send();
    tokio::time::timeout(5 * SOON, asked)
        .await
        .map(Result::unwrap)
}

#[rstest]
#[case::nothing(b"")]
#[case::a_part_of_a_method(b"P")]
#[case::a_part_of_http_2(b"PRI * HTTP/2.0\r\n")]
#[case::http_2_and_then_nothing(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
#[case::a_part_of_a_request(b"GET /healthz HTTP/1.1\r\nhost: x\r\n")]
#[tokio::test]
async fn who_says_nothing_more_keeps_nobody_out(#[case] said: &[u8]) {
    let server = Running::with(|transport| {
        transport.limits.max_connections = PLACES;
        transport.deadlines.header_timeout = SOON;
        transport.deadlines.socket_ping_interval = SOON;
    })
    .await;
    let mut silent = Vec::new();
    for _ in 0..PLACES {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(said).await.unwrap();
        silent.push(stream);
    }
    let asked = server.client.get(server.url("/healthz")).send();
    assert_eq!(soon(asked).await.unwrap().status(), 200);
    // It is they who were closed, not the limit that was passed.
    for mut stream in silent {
        let _ = soon(stream.read_to_end(&mut Vec::new())).await;
    }
}

/// A server with room for one, and a client in that place that asks for 12 MB and reads nothing.
async fn unread(write_timeout: Duration) -> (Running, TcpStream) {
    let server = Running::with(|transport| {
        transport.limits.max_connections = 1;
        transport.limits.max_body_bytes = 1_000_000;
        transport.limits.max_response_bytes = 20_000_000;
        transport.deadlines.write_timeout = write_timeout;
        transport.deadlines.socket_send_timeout = SOON / 2;
    })
    .await;
    let fields: String = (0..30)
        .map(|n| format!("a{n}: echo(text: $text) "))
        .collect();
    let body = json!({
        "query": format!("query($text: String) {{ {fields} }}"),
        "variables": { "text": "x".repeat(400_000) },
    })
    .to_string();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut stream = socket.connect(server.address).await.unwrap();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).await.unwrap();
    // The answer has begun: the client has the only place.
    let mut start = [0; 12];
    soon(stream.read_exact(&mut start)).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 200");
    (server, stream)
}

#[tokio::test]
async fn who_does_not_read_the_answer_is_cut_off() {
    let (server, mut stream) = unread(SOON).await;
    let asked = server.client.get(server.url("/healthz")).send();
    assert_eq!(soon(asked).await.unwrap().status(), 200);
    let mut rest = Vec::new();
    let _ = soon(stream.read_to_end(&mut rest)).await;
    assert!(rest.len() < 12_000_000, "{}", rest.len());
}

#[tokio::test]
async fn who_has_time_to_read_gets_the_answer_whole() {
    let (server, mut stream) = unread(NEVER).await;
    assert!(served(&server).await.is_err(), "the place is taken");
    let asked = tokio::spawn(server.client.get(server.url("/healthz")).send());
    let mut rest = vec![0; 12_000_000];
    soon(stream.read_exact(&mut rest)).await.unwrap();
    drop(stream);
    assert_eq!(soon(asked).await.unwrap().unwrap().status(), 200);
}

#[tokio::test]
async fn a_websocket_that_is_idle_is_not_cut_off() {
    let server = Running::with(|transport| {
        transport.deadlines.write_timeout = SOON / 2;
        transport.deadlines.socket_send_timeout = SOON / 4;
        transport.deadlines.socket_ping_interval = SOON;
    })
    .await;
    let mut socket = Socket::ready(&server).await;
    // Between two pings the deadline passes twice.
    for _ in 0..3 {
        use futures_util::StreamExt;
        let ping = soon(socket.0.next()).await.unwrap().unwrap();
        assert!(matches!(ping, Message::Ping(_)), "{ping:?}");
    }
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await["type"], "pong");
}

/// An HTTP/2 client that reads whatever comes, and makes no room for an answer: its window is 0.
async fn without_room(write_timeout: Duration) -> (Running, TcpStream) {
    let server = Running::with(|transport| {
        transport.limits.max_connections = 1;
        transport.deadlines.write_timeout = write_timeout;
        transport.deadlines.socket_send_timeout = SOON / 2;
        transport.deadlines.socket_silence_timeout = NEVER;
        // Nor is it a ping that ends the connection.
        transport.deadlines.socket_ping_interval = NEVER / 2;
    })
    .await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let said = [
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".as_slice(),
        // SETTINGS: the initial window is 0.
        &[0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0],
        // HEADERS of stream 1, its last: GET http://x/
        &[0, 0, 6, 1, 5, 0, 0, 0, 1, 0x82, 0x86, 0x84, 1, 1, b'x'],
    ];
    stream.write_all(&said.concat()).await.unwrap();
    // The answer's own headers come: it is under way.
    const HEADERS: u8 = 1;
    const DATA: u8 = 0;
    loop {
        let mut head = [0; 9];
        soon(stream.read_exact(&mut head)).await.unwrap();
        let length = usize::from(head[1]) << 8 | usize::from(head[2]);
        let mut payload = vec![0; length];
        soon(stream.read_exact(&mut payload)).await.unwrap();
        assert_ne!(head[3], DATA, "there is no room");
        if head[3] == HEADERS {
            return (server, stream);
        }
    }
}

#[tokio::test]
async fn who_makes_no_room_over_http_2_is_cut_off() {
    let (server, mut stream) = without_room(SOON).await;
    let asked = server.client.get(server.url("/healthz")).send();
    assert_eq!(soon(asked).await.unwrap().status(), 200);
    let _ = soon(stream.read_to_end(&mut Vec::new())).await;
}

#[tokio::test]
async fn who_has_time_to_make_room_over_http_2_gets_the_answer() {
    let (server, mut stream) = without_room(NEVER).await;
    assert!(served(&server).await.is_err(), "the place is taken");
    // WINDOW_UPDATE of stream 1.
    let room = [0, 0, 4, 8, 0, 0, 0, 0, 1, 0, 0, 0xff, 0xff];
    stream.write_all(&room).await.unwrap();
    let mut answer = Vec::new();
    while !String::from_utf8_lossy(&answer).contains("<html") {
        let mut some = [0; 4_096];
        let count = soon(stream.read(&mut some)).await.unwrap();
        assert!(count > 0);
        answer.extend_from_slice(&some[..count]);
    }
}
