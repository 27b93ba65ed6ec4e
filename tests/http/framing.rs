//! What two programs would understand in two ways: nobody is asked to guess.

use rstest::rstest;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{
    server::{Running, code},
    soon,
};

/// Sends a head as it is written here; the status and the body.
async fn ask(server: &Running, lines: &[&str]) -> (u16, Value) {
    let head = format!("{}\r\nconnection: close\r\n\r\n", lines.join("\r\n"));
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    soon(stream.read_to_string(&mut answer)).await.unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    (status, serde_json::from_str(body).unwrap_or_default())
}

const GET: &str = "GET /graphql?query=%7Becho%7D HTTP/1.1";

#[rstest]
#[case::none(&[GET], 400)]
#[case::two(&[GET, "host: a", "host: b"], 400)]
#[case::two_alike(&[GET, "host: a", "host: a"], 400)]
#[case::one(&[GET, "host: a"], 200)]
#[case::elsewhere(&["GET /healthz HTTP/1.1"], 400)]
#[case::older(&["GET /healthz HTTP/1.0"], 200)]
#[tokio::test]
async fn a_request_names_one_host(#[case] lines: &[&str], #[case] expected: u16) {
    let server = Running::start().await;
    let (status, answer) = ask(&server, lines).await;
    assert_eq!(status, expected, "{answer}");
    if expected == 400 {
        assert_eq!(code(&answer), "BAD_REQUEST");
    }
}

#[rstest]
#[case::of_a_query(&[])]
#[case::of_a_websocket(&[
    "connection: upgrade",
    "upgrade: websocket",
    "sec-websocket-version: 13",
    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
])]
#[tokio::test]
async fn a_request_is_one_person_s(#[case] more: &[&str]) {
    let server = Running::own().await;
    let (token, _) = server.member().await;
    let mine = format!("authorization: Bearer {token}");
    let lines = [&[GET, "host: a", &mine, "authorization: Bearer x"], more].concat();
    let (status, answer) = ask(&server, &lines).await;
    assert_eq!((status, code(&answer)), (400, "BAD_REQUEST"), "{answer}");
}

#[rstest]
#[case::query("query=%ff%fe")]
#[case::name("query=%7Becho%7D&operationName=%ff")]
#[tokio::test]
async fn a_url_is_utf_8(#[case] parameters: &str) {
    let server = Running::start().await;
    let line = format!("GET /graphql?{parameters} HTTP/1.1");
    let (status, answer) = ask(&server, &[&line, "host: a"]).await;
    assert_eq!((status, code(&answer)), (400, "BAD_REQUEST"), "{answer}");
    let message = answer["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("UTF-8"), "{message}");
}
