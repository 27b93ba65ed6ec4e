//! Streams over HTTP/2, where one connection has many.

use std::time::Duration;

use ashiato::config::Transport;
use axum::body::Body;
use futures_util::future::join_all;
use http_body_util::BodyExt;
use hyper::{Request, Response, body::Incoming, client::conn::http2::SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::json;
use tokio::{net::TcpStream, time::sleep};

use crate::{
    connections::frames::{
        DATA, END_HEADERS, END_STREAM, Frames, HEADERS, INITIAL_WINDOW, RST_STREAM, WINDOW_UPDATE,
    },
    support::{server::Running, soon},
};

/// POST http://x/graphql of JSON, accepting text/event-stream.
const GRAPHQL: &[u8] =
    b"\x83\x86\x04\x08/graphql\x01\x01x\x0f\x10\x10application/json\x0f\x04\x11text/event-stream";
const CANCEL: u32 = 8;

async fn client(server: &Running) -> SendRequest<Body> {
    let stream = TcpStream::connect(server.address).await.unwrap();
    let io = TokioIo::new(stream);
    let shake = hyper::client::conn::http2::handshake(TokioExecutor::new(), io);
    let (client, connection) = soon(shake).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn begin(
    server: &Running,
    client: &mut SendRequest<Body>,
    query: &str,
) -> Response<Incoming> {
    let body = json!({ "query": query }).to_string();
    let request = Request::post(server.url("/graphql"))
        .header("content-type", "application/json")
        .header("accept", "text/event-stream")
        .body(Body::from(body))
        .unwrap();
    soon(client.send_request(request)).await.unwrap()
}

/// Reads until `text` has come.
async fn until(response: &mut Response<Incoming>, text: &str) -> String {
    let mut said = String::new();
    while !said.contains(text) {
        let frame = soon(response.body_mut().frame()).await.unwrap().unwrap();
        said += std::str::from_utf8(frame.data_ref().unwrap()).unwrap();
    }
    said
}

#[tokio::test]
async fn many_streams_are_on_one_connection_and_each_is_whole() {
    let server = Running::with(|transport| transport.limits.max_connections = 1).await;
    let mut client = client(&server).await;
    let mut waiting = Vec::new();
    for _ in 0..20 {
        let mut response = begin(&server, &mut client, "subscription { waits }").await;
        assert_eq!(response.status(), 200);
        assert_eq!(
            response.headers()["content-type"],
            "text/event-stream; charset=utf-8"
        );
        until(&mut response, "{\"waits\":0}}\n\n").await;
        waiting.push(response);
    }
    let counting = (0..20).map(async |to| {
        let query = format!("subscription {{ count(to: {to}) }}");
        let response = begin(&server, &mut client.clone(), &query).await;
        let body = soon(response.into_body().collect()).await.unwrap();
        let text = String::from_utf8(body.to_bytes().to_vec()).unwrap();
        assert_eq!(text.matches("event: next\n").count(), to, "{text}");
        assert!(text.ends_with("event: complete\ndata:\n\n"), "{text}");
    });
    join_all(counting).await;
    // One that goes takes its own operation along, and no other.
    server.probe.until(20).await;
    waiting.truncate(13);
    server.probe.until(13).await;
    drop(waiting);
    server.probe.until(0).await;
}

#[tokio::test]
async fn a_stream_that_is_taken_back_ends_its_operation() {
    let server = Running::start().await;
    let mut client = Frames::connect(server.address).await;
    let body = json!({ "query": "subscription { waits }" }).to_string();
    client.say(HEADERS, END_HEADERS, 1, GRAPHQL).await.unwrap();
    client
        .say(DATA, END_STREAM, 1, body.as_bytes())
        .await
        .unwrap();
    server.probe.until(1).await;
    let cancel = CANCEL.to_be_bytes();
    client.say(RST_STREAM, 0, 1, &cancel).await.unwrap();
    server.probe.until(0).await;
}

/// Who reads every byte of the connection, and makes no room for the stream.
#[tokio::test]
async fn who_makes_no_room_is_told_once_there_is_some_and_holds_nothing_meanwhile() {
    let server = Running::with(|transport: &mut Transport| {
        transport.deadlines.socket_send_timeout = Duration::from_millis(100);
    })
    .await;
    let stream = TcpStream::connect(server.address).await.unwrap();
    let mut client = Frames::begin(stream, &[(INITIAL_WINDOW, 1_000)]).await;
    let body = json!({ "query": "subscription { flood }" }).to_string();
    client.say(HEADERS, END_HEADERS, 1, GRAPHQL).await.unwrap();
    client
        .say(DATA, END_STREAM, 1, body.as_bytes())
        .await
        .unwrap();
    server.probe.until(1).await;
    server.probe.until(0).await;
    for stream in [0, 1] {
        let room = 0x0fff_ffff_u32.to_be_bytes();
        client.say(WINDOW_UPDATE, 0, stream, &room).await.unwrap();
    }
    let said = String::from_utf8(client.answer(1).await.unwrap()).unwrap();
    let last = said.trim_end().rsplit_once("\n\n").unwrap().1;
    assert!(last.contains("\"code\":\"TOO_SLOW\""), "{last}");
}

/// The other streams of a connection are no reason to end it, nor are they ended with one that does not move.
#[tokio::test]
async fn a_stream_that_waits_for_the_service_is_nobody_s_fault() {
    let server = Running::with(|transport| {
        transport.deadlines.socket_send_timeout = Duration::from_millis(100);
        transport.deadlines.write_timeout = Duration::from_millis(200);
        transport.deadlines.idle_timeout = Some(Duration::from_millis(400));
        transport.deadlines.header_timeout = Duration::from_millis(300);
    })
    .await;
    let mut client = client(&server).await;
    let mut stream = begin(&server, &mut client, "subscription { waits }").await;
    until(&mut stream, "{\"waits\":0}}\n\n").await;
    sleep(Duration::from_millis(1_000)).await;
    let mut another = begin(&server, &mut client, "{ number(value: 1) }").await;
    until(&mut another, "event: complete").await;
    assert_eq!(*server.probe.at_work.borrow(), 1);
    drop(stream);
    server.probe.until(0).await;
}
