//! All that holds on a websocket holds on a stream: how many there are, what they cost, how long they stay.

use std::time::Duration;

use ashiato::{
    config::Transport,
    footprint::{service, visit::Visited},
    paging::cursor,
    viewer::Member,
};
use rstest::rstest;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::support::{
    server::Running,
    socket::Socket,
    soon,
    stream::{Said, Stream, post},
};

const WAITS: &str = "subscription { waits }";
const FEED: &str = "subscription($after: String) { footprintLeft(after: $after) {
    cursor node { number visitor { username } } } }";
/// 200 nodes an event: 2 points to start, with the first event 3.
const DEAR: &str = "subscription($after: String) { footprintLeft(after: $after) { cursor
    node { number visitor { diaries(first: 100) { nodes { id } } friends(first: 99) { nodes { id } } } } } }";
const LEFT: &str = "{ rateLimit { remaining } }";

fn from_the_first() -> Value {
    json!({ "after": cursor(b'n', &0_i64) })
}

async fn visit(server: &Running, visitor: Member, owner: Member) {
    let visited = Visited::Profile(owner.id);
    let visit = service::visit(&server.app, visitor.id, visited, None, None).await;
    assert!(visit.unwrap().counted);
}

#[tokio::test]
async fn a_member_has_so_many_subscriptions_over_sockets_and_streams_together() {
    let server = Running::with(|transport| transport.limits.max_subscriptions_per_member = 2).await;
    let (token, _) = server.member().await;
    let mut one = Stream::begin(&server, Some(&token), WAITS).await;
    one.next().await;
    let authorization = json!({ "Authorization": format!("Bearer {token}") });
    let mut socket = Socket::ready_with(&server, authorization).await;
    socket.subscribe("a", WAITS).await;
    assert_eq!(socket.hear().await["type"], "next");
    // Neither here nor there is another taken.
    let mut refused = Stream::begin(&server, Some(&token), WAITS).await;
    assert_eq!(refused.refused().await, "TOO_MANY_SUBSCRIPTIONS");
    assert_eq!(refused.hear().await, Said::Complete);
    socket.subscribe("b", WAITS).await;
    let error = socket.hear().await;
    let code = &error["payload"][0]["extensions"]["code"];
    assert_eq!(code, "TOO_MANY_SUBSCRIPTIONS", "{error}");
    // What ends by itself is none, and others have their own.
    let mut query = Stream::begin(&server, Some(&token), "{ number(value: 1) }").await;
    query.next().await;
    let (other, _) = server.named("taro").await;
    Stream::begin(&server, Some(&other), WAITS)
        .await
        .next()
        .await;

    // One that goes makes room for another.
    drop(one);
    soon(async {
        loop {
            let mut another = Stream::begin(&server, Some(&token), WAITS).await;
            if another.next().await.get("data").is_some() {
                break;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn an_operation_without_points_is_refused_and_events_are_paid_for() {
    let server = Running::own_with(|transport| {
        transport.limits.points_per_hour = 4;
    })
    .await;
    let (token, me) = server.named("hanako").await;
    for name in ["taro", "jiro", "saburo"] {
        let (_, visitor) = server.named(name).await;
        visit(&server, visitor, me).await;
    }
    // The start, with the first event, is three of four, and the second event the fourth.
    let mut dear = Stream::begin_with(&server, Some(&token), DEAR, from_the_first()).await;
    for number in 1..=2 {
        let event = dear.next().await;
        assert_eq!(
            event["data"]["footprintLeft"]["node"]["number"], number,
            "{event}"
        );
    }
    assert_eq!(dear.refused().await, "THROTTLED");
    assert_eq!(dear.hear().await, Said::Complete);
    for query in [FEED, LEFT] {
        let mut none = Stream::begin(&server, Some(&token), query).await;
        let next = none.next().await;
        let extensions = &next["errors"][0]["extensions"];
        assert_eq!(extensions["code"], "THROTTLED", "{next}");
        assert!(extensions["retryAfter"].as_i64() > Some(0), "{next}");
        assert_eq!(none.hear().await, Said::Complete);
    }
    // The third is not lost: it comes once there are points again.
    server.pass(chrono::Duration::hours(1));
    let after = json!({ "after": cursor(b'n', &2_i64) });
    let mut resumed = Stream::begin_with(&server, Some(&token), DEAR, after).await;
    let event = resumed.next().await;
    assert_eq!(
        event["data"]["footprintLeft"]["node"]["number"], 3,
        "{event}"
    );
}

#[tokio::test]
async fn who_is_not_signed_in_has_no_feeds() {
    let server = Running::own().await;
    let mut stream = Stream::begin(&server, None, FEED).await;
    assert_eq!(stream.refused().await, "UNAUTHENTICATED");
    assert_eq!(stream.hear().await, Said::Complete);
}

#[tokio::test]
async fn an_open_stream_is_a_connection() {
    let server = Running::with(|transport| transport.limits.max_connections = 1).await;
    let mut stream = Stream::begin(&server, None, WAITS).await;
    stream.next().await;
    let waits = tokio::spawn(reqwest::get(server.url("/healthz")));
    sleep(Duration::from_millis(100)).await;
    assert!(!waits.is_finished());
    drop(stream);
    assert_eq!(soon(waits).await.unwrap().unwrap().status(), 200);
}

/// All of them pass while nothing happens.
fn soon_over(transport: &mut Transport) {
    let short = Duration::from_millis(200);
    transport.deadlines.header_timeout = short;
    transport.deadlines.idle_timeout = Some(short * 2);
    transport.deadlines.socket_send_timeout = short;
    transport.deadlines.write_timeout = short * 2;
}

/// What waits for the service is not a client's that does not read; and what it reads counts anew each time.
#[rstest]
#[case::silent(Duration::from_secs(3_600))]
#[case::with_signs_of_life(Duration::from_millis(30))]
#[tokio::test]
async fn a_stream_stays_open_for_as_long_as_nothing_happens(#[case] ping: Duration) {
    let server = Running::own_with(|transport| {
        soon_over(transport);
        transport.deadlines.socket_ping_interval = ping.min(Duration::from_secs(30));
        transport.deadlines.socket_silence_timeout = Duration::from_secs(60);
    })
    .await;
    let ((token, me), (_, visitor)) = (server.named("hanako").await, server.named("taro").await);
    let mut stream = Stream::begin_with(&server, Some(&token), FEED, from_the_first()).await;
    for number in 1..=2 {
        sleep(Duration::from_millis(1_000)).await;
        visit(&server, visitor, me).await;
        let event = stream.next().await;
        let node = &event["data"]["footprintLeft"]["node"];
        assert_eq!(node["number"], number, "{event}");
        server.pass(chrono::Duration::minutes(6));
    }
}

#[tokio::test]
async fn a_document_is_measured_before_it_is_run() {
    let server = Running::with(|transport| transport.limits.max_tokens = 5).await;
    let mut stream = Stream::begin(&server, None, "subscription { count(to: 1) }").await;
    assert_eq!(stream.refused().await, "DOCUMENT_TOO_MANY_TOKENS");
    let body = json!({ "query": WAITS, "variables": {}, "x": "x".repeat(100_000) });
    let answer = post(&server, None).body(body.to_string()).send().await;
    assert_eq!(answer.unwrap().status(), 413);
}
