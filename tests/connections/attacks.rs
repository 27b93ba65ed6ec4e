//! What has brought other servers down: each attack ends with its connection, or costs who makes it more
//! than the service, and nobody else waits meanwhile.

use std::time::Duration;

use rstest::rstest;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{interval, sleep},
};

use super::frames::{
    CONTINUATION, DATA, END_HEADERS, END_STREAM, Frames, GRAPHQL, HEADERS, HEALTHZ, PING,
    RST_STREAM, WINDOW_UPDATE, frame,
};
use crate::support::{backend::Fresh, process::Process, server::Running, soon};

const REFUSED_STREAM: u32 = 7;
const ENHANCE_YOUR_CALM: u32 = 11;
const SOON: Duration = Duration::from_millis(400);

/// Whether somebody else is served.
async fn others_are_served(server: &Running) -> bool {
    let asked = server.client.get(server.url("/healthz")).send();
    soon(asked).await.unwrap().status() == 200
}

/// The streams that a client opens, one after the other.
fn streams(count: u32) -> impl Iterator<Item = u32> {
    (0..count).map(|number| number * 2 + 1)
}

/// CVE-2024-27316 and its like.
#[tokio::test]
async fn headers_that_never_end_end_the_connection() {
    const MOST: usize = 4_000_000;
    let server = Running::start().await;
    let mut client = Frames::connect(server.address).await;
    client.say(HEADERS, 0, 1, HEALTHZ).await.unwrap();
    // `x: …`, without an end.
    let more = [&[0, 1, b'x', 0x7f, 0x81, 0x7c], &[b'y'; 16_000][..]].concat();
    let mut sent = 0;
    while sent < MOST && client.say(CONTINUATION, 0, 1, &more).await.is_ok() {
        sent += more.len();
    }
    assert!(sent < MOST, "it goes on being read");
    client.end().await;
    assert!(others_are_served(&server).await);
}

/// CVE-2023-44487.
#[tokio::test]
async fn who_asks_and_takes_it_back_at_once_is_sent_away() {
    let server = Running::start().await;
    let mut client = Frames::connect(server.address).await;
    let flood = streams(2_000).flat_map(|stream| {
        let asked = frame(HEADERS, END_HEADERS | END_STREAM, stream, HEALTHZ);
        let taken_back = frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes());
        [asked, taken_back]
    });
    let flood = flood.flatten().collect::<Vec<_>>();
    // It may be sent away before all is written.
    let _ = client.0.write_all(&flood).await;
    let reason = client.end().await;
    assert!(
        matches!(reason, None | Some(ENHANCE_YOUR_CALM)),
        "{reason:?}"
    );
    assert!(others_are_served(&server).await);
}

/// CVE-2025-8671: the server is made to take it back.
#[tokio::test]
async fn who_has_all_that_is_asked_refused_is_sent_away() {
    let server = Running::start().await;
    let mut client = Frames::connect(server.address).await;
    let mut asked = 0;
    for stream in streams(5_000) {
        // Room that passes the most that there can be.
        let too_much = 0x7fff_ffff_u32.to_be_bytes();
        let both = [
            frame(HEADERS, END_HEADERS, stream, GRAPHQL),
            frame(WINDOW_UPDATE, 0, stream, &too_much),
        ];
        if client.0.write_all(&both.concat()).await.is_err() {
            break;
        }
        asked += 1;
        // Its answers are taken, so that it is not for those that it ends.
        let _ = client.0.try_read(&mut [0; 4_096]);
        tokio::task::yield_now().await;
    }
    let reason = client.end().await;
    assert!(asked < 5_000 || reason.is_some(), "{asked} and {reason:?}");
    assert!(others_are_served(&server).await);
}

#[tokio::test]
async fn a_connection_has_a_hundred_requests_under_way() {
    let server = Running::start().await;
    let mut client = Frames::connect(server.address).await;
    let body = json!({ "query": "{ waits }" }).to_string();
    for stream in streams(100) {
        let asked = [
            frame(HEADERS, END_HEADERS, stream, GRAPHQL),
            frame(DATA, END_STREAM, stream, body.as_bytes()),
        ];
        client.0.write_all(&asked.concat()).await.unwrap();
    }
    soon(server.probe.until(100)).await;
    client.ask(201).await.unwrap();
    let refused = client.of_kind(RST_STREAM).await.unwrap();
    assert_eq!(refused.stream, 201);
    assert_eq!(refused.payload, REFUSED_STREAM.to_be_bytes());
    assert!(others_are_served(&server).await);
    server.probe.release.notify_waiters();
    // The others have come to no harm.
    let answer = client.answer(1).await.unwrap();
    assert_eq!(answer, br#"{"data":{"waits":1}}"#);
}

/// Settings, and the head of a long frame with headers.
const SPELLED: &[u8] =
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0\0\x40\0\x01\0\0\0\0\x01";

/// A byte now and then is no way to stay.
#[rstest]
#[case::of_a_request("", b"GET /healthz HTTP/1.1\r\nx: ")]
#[case::of_the_next_request(
    "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nx: "
)]
#[case::of_http_2("", SPELLED)]
#[tokio::test]
async fn who_spells_a_request_out_is_cut_off(#[case] before: &str, #[case] said: &[u8]) {
    let server = Running::with(|transport| {
        transport.limits.max_connections = 1;
        transport.deadlines.header_timeout = SOON;
    })
    .await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(before.as_bytes()).await.unwrap();
    if !before.is_empty() {
        let mut start = [0; 12];
        soon(stream.read_exact(&mut start)).await.unwrap();
    }
    stream.write_all(said).await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    let spelling = async {
        let mut clock = interval(SOON / 20);
        loop {
            clock.tick().await;
            if writing.write_all(b"a").await.is_err() {
                sleep(Duration::MAX).await;
            }
        }
    };
    let ends = async {
        let mut rest = Vec::new();
        let _ = reading.read_to_end(&mut rest).await;
    };
    tokio::select! {
        () = soon(ends) => {}
        () = spelling => {}
    }
    assert!(others_are_served(&server).await);
}

/// What a client of HTTP/2 is answered it has to read, before more of it is read.
#[tokio::test]
async fn who_pings_over_http_2_and_does_not_read_fills_no_memory() {
    const FLOOD: usize = 64_000_000;
    let database = Fresh::new().await;
    let server = Process::serve_with(&database.url, &["--header-timeout", "2s"]);
    let mut client = Frames::connect(server.socket_address()).await;
    client.ask(1).await.unwrap();
    client.answer(1).await.unwrap();
    let before = server.memory();
    let pings = frame(PING, 0, 0, &[7; 8]).repeat(1_000);
    let mut sent = 0;
    let flood = async {
        while sent < FLOOD && client.0.write_all(&pings).await.is_ok() {
            sent += pings.len();
        }
    };
    let _ = tokio::time::timeout(Duration::from_secs(5), flood).await;
    let grown = server.memory().saturating_sub(before);
    // What the server does beside it takes some millions; the flood kept would be twice this.
    assert!(grown < 32_000_000, "{grown} bytes more after {sent} sent");
    assert!(sent < FLOOD, "it goes on being read");
}

/// Headers of a byte each, which stand for an earlier one.
#[tokio::test]
async fn many_headers_in_few_bytes_are_refused() {
    let server = Running::start().await;
    let mut client = Frames::connect(server.address).await;
    // A browser has a header for each of its cookies there.
    for (stream, count, said) in [(1, 1_800, "Send at most 256 headers."), (3, 200, "ok")] {
        let head = [HEALTHZ, b"\x40\x01a\0", &vec![0xbe; count][..]].concat();
        let flags = END_HEADERS | END_STREAM;
        client.say(HEADERS, flags, stream, &head).await.unwrap();
        let answer = String::from_utf8(client.answer(stream).await.unwrap()).unwrap();
        assert!(answer.contains(said), "{count}: {answer}");
    }
}

/// Requests that begin and go no further: so many connections, of a hundred requests each.
const BEGUN: usize = 10;

/// What each of those requests costs the service in bytes, and the connections.
async fn begun(server: &Process, head: &[u8]) -> (u64, Vec<Frames>) {
    let mut clients = Vec::new();
    let mut before = 0;
    for number in 0..=BEGUN {
        if number == 1 {
            // What the first of them made room for is there for all.
            before = server.memory();
        }
        let mut client = Frames::connect(server.socket_address()).await;
        for stream in streams(100) {
            let asked = client.say(HEADERS, END_HEADERS, stream, head).await;
            asked.unwrap();
        }
        // All of it was read where this is answered.
        client.say(PING, 0, 0, &[7; 8]).await.unwrap();
        client.of_kind(PING).await.unwrap();
        clients.push(client);
    }
    sleep(SOON).await;
    let grown = server.memory().saturating_sub(before);
    (grown / 100 / u64::try_from(BEGUN).unwrap(), clients)
}

/// A length of which nothing comes. (What is under way of such a request takes 20 to 30 kB of a debug build.)
#[tokio::test]
async fn a_body_that_is_announced_alone_takes_no_memory() {
    let database = Fresh::new().await;
    let server = Process::serve_with(&database.url, &["--body-timeout", "5s"]);
    let head = [GRAPHQL, b"\x0f\x0d\x06100000"].concat();
    let (each, mut clients) = begun(&server, &head).await;
    assert!(each < 60_000, "{each} bytes a request");
    for client in &mut clients {
        let answer = String::from_utf8(client.answer(1).await.unwrap()).unwrap();
        assert!(answer.contains("REQUEST_TIMEOUT"), "{answer}");
    }
}
