//! Every way for a stream to end.

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::support::{
    server::Running,
    soon,
    stream::{Said, Stream},
};

const WAITS: &str = "subscription { waits }";
const FLOOD: &str = "subscription { flood }";
const TRICKLE: &str =
    "subscription($after: String) { trickle(after: $after) { number cursor part } }";

/// A stream of who waits, that has begun.
async fn waiting(server: &Running, token: Option<&str>) -> Stream {
    let mut stream = Stream::begin(server, token, WAITS).await;
    assert_eq!(stream.next().await, json!({ "data": { "waits": 0 } }));
    stream
}

#[tokio::test]
async fn a_client_that_goes_takes_its_operation_along() {
    let server = Running::start().await;
    for query in [WAITS, FLOOD, "{ waits }"] {
        let begun = tokio::spawn({
            let body = json!({ "query": query }).to_string();
            crate::support::stream::post(&server, None)
                .body(body)
                .send()
        });
        server.probe.until(1).await;
        match query {
            // Its answer is not there yet.
            "{ waits }" => begun.abort(),
            _ => drop(soon(begun).await),
        }
        server.probe.until(0).await;
    }
}

#[tokio::test]
async fn where_the_service_stops_a_stream_says_so_and_is_not_complete() {
    let mut server = Running::start().await;
    let mut stream = waiting(&server, None).await;
    let stopping = tokio::spawn(server.take().shutdown());
    assert_eq!(stream.refused().await, "UNAVAILABLE");
    // Who hears no `complete` comes again.
    assert_eq!(stream.hear().await, Said::End);
    soon(stopping).await.unwrap();
}

#[tokio::test]
async fn signing_out_ends_the_session_s_streams_within_a_second() {
    let server = Running::start().await;
    let (token, member) = server.member().await;
    let mut signed_in = waiting(&server, Some(&token)).await;
    let mut anonymous = waiting(&server, None).await;
    server.sign_out(member).await;
    let signed_out = Instant::now();
    assert_eq!(signed_in.refused().await, "UNAUTHENTICATED");
    assert_eq!(signed_in.hear().await, Said::Complete);
    assert_eq!(signed_in.hear().await, Said::End);
    assert!(signed_out.elapsed() < Duration::from_secs(1));
    server.probe.until(1).await;
    let other = tokio::time::timeout(Duration::from_millis(100), anonymous.hear()).await;
    assert!(other.is_err(), "{other:?}");
}

#[tokio::test]
async fn a_session_that_expires_ends_its_streams_within_a_second() {
    let server = Running::start().await;
    let (token, _) = server.member().await;
    let mut stream = waiting(&server, Some(&token)).await;
    server.pass(chrono::Duration::days(server.app.rules.session_days));
    let expired = Instant::now();
    assert_eq!(stream.refused().await, "UNAUTHENTICATED");
    assert_eq!(stream.hear().await, Said::Complete);
    assert!(expired.elapsed() < Duration::from_secs(1));
}

/// Even a client that does not read, and so blocks what is sent.
#[tokio::test]
async fn signing_out_ends_a_stream_that_is_stuck() {
    let server = Running::start().await;
    let (token, member) = server.member().await;
    let mut stream = Stream::begin(&server, Some(&token), FLOOD).await;
    server.probe.until(1).await;
    server.sign_out(member).await;
    let signed_out = Instant::now();
    server.probe.until(0).await;
    assert!(signed_out.elapsed() < Duration::from_secs(1));
    // Once it reads again it hears why, and nothing after that.
    let last = loop {
        let next = stream.next().await;
        if next.get("errors").is_some() {
            break next;
        }
    };
    assert_eq!(last["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    assert_eq!(stream.hear().await, Said::Complete);
}

#[tokio::test]
async fn who_does_not_read_is_told_and_holds_nothing_meanwhile() {
    let server = Running::with(|transport| {
        transport.deadlines.socket_send_timeout = Duration::from_millis(100);
        transport.limits.max_subscriptions_per_member = 1;
    })
    .await;
    let (token, _) = server.member().await;
    let mut slow = Stream::begin(&server, Some(&token), FLOOD).await;
    server.probe.until(1).await;
    // Nothing is read until the server has given up; what was to be said is bounded.
    server.probe.until(0).await;
    let mut another = waiting(&server, Some(&token)).await;
    let (mut events, mut last) = (0, Value::Null);
    while last.get("errors").is_none() {
        events += 1;
        last = slow.next().await;
    }
    assert_eq!(last["errors"][0]["extensions"]["code"], "TOO_SLOW");
    let message = last["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("resume from your cursor"), "{message}");
    assert_eq!(slow.hear().await, Said::End);
    // Of 64 kB each: what the system and the queue keep.
    assert!(events < 200, "{events}");
    let other = tokio::time::timeout(Duration::from_millis(100), another.hear()).await;
    assert!(other.is_err(), "{other:?}");
}

/// The next event, which is whole; its cursor.
async fn whole(stream: &mut Stream, number: i64) -> Value {
    let next = stream.next().await;
    assert!(next.get("errors").is_none(), "{next}");
    let event = &next["data"]["trickle"];
    assert_eq!(
        (&event["number"], &event["part"]),
        (&json!(number), &json!(number))
    );
    event["cursor"].clone()
}

#[tokio::test]
async fn an_event_that_stays_unreadable_ends_the_stream_and_is_there_on_resuming() {
    let server = Running::with(|transport| {
        transport.deadlines.execution_timeout = Duration::from_millis(200);
    })
    .await;
    let (token, _) = server.member().await;
    let begin = async |after: Value| {
        Stream::begin_with(&server, Some(&token), TRICKLE, json!({ "after": after })).await
    };
    server.probe.faults.store(usize::MAX, Ordering::SeqCst);
    let mut stream = begin(Value::Null).await;
    let cursor = whole(&mut stream, 1).await;
    assert_eq!(stream.refused().await, "UNAVAILABLE");
    assert_eq!(stream.hear().await, Said::End);
    server.probe.faults.store(0, Ordering::SeqCst);
    let mut stream = begin(cursor).await;
    for number in 2..=3 {
        whole(&mut stream, number).await;
    }
}
