//! What is said, and how, event by event.

use reqwest::{Method, RequestBuilder};
use rstest::rstest;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{
    server::{Running, code, read},
    soon,
    stream::{Said, Stream, post},
};

const EVENTS: &str = "text/event-stream";

/// A request as it is written here; the head and the body of what is answered, out of its chunks.
async fn raw(server: &Running, head: &str, body: &str) -> (String, String) {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let request = format!(
        "{head}\r\nhost: x\r\naccept: {EVENTS}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    soon(stream.read_to_string(&mut answer)).await.unwrap();
    let (head, mut chunks) = answer.split_once("\r\n\r\n").unwrap();
    let mut whole = String::new();
    while let Some((size, rest)) = chunks.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap();
        whole += &rest[..size];
        chunks = &rest[size + 2..];
    }
    (head.to_lowercase(), whole)
}

#[rstest]
#[case::post(
    "POST /graphql HTTP/1.1\r\ncontent-type: application/json",
    r#"{"query":"subscription { count(to: 2) }"}"#
)]
#[case::get(
    "GET /graphql?query=subscription%7Bcount(to:2)%7D HTTP/1.1\r\nlast-event-id: 1",
    ""
)]
#[tokio::test]
async fn a_stream_is_what_the_protocol_says_to_the_byte(#[case] head: &str, #[case] body: &str) {
    let server = Running::start().await;
    let (head, said) = raw(&server, head, body).await;
    assert!(head.starts_with("http/1.1 200"), "{head}");
    for header in [
        "content-type: text/event-stream; charset=utf-8",
        "cache-control: private, no-store",
        "x-accel-buffering: no",
        "x-content-type-options: nosniff",
        "transfer-encoding: chunked",
    ] {
        assert!(head.contains(&format!("\r\n{header}")), "{head}");
    }
    assert_eq!(
        said,
        ":\n\n\
         event: next\ndata: {\"data\":{\"count\":0}}\n\n\
         event: next\ndata: {\"data\":{\"count\":1}}\n\n\
         event: complete\ndata:\n\n"
    );
}

#[tokio::test]
async fn a_query_and_a_mutation_are_one_event_and_the_end() {
    let server = Running::start().await;
    for (query, data) in [
        ("{ number(value: 7) }", json!({ "number": 7 })),
        ("mutation { bump }", json!({ "bump": 1 })),
    ] {
        let mut stream = Stream::begin(&server, None, query).await;
        assert_eq!(stream.next().await, json!({ "data": data }));
        assert_eq!(stream.hear().await, Said::Complete);
        assert_eq!(stream.hear().await, Said::End);
    }
}

#[tokio::test]
async fn operation_name_and_variables_are_heeded() {
    let server = Running::start().await;
    let body = json!({
        "query": "subscription A { waits } subscription B($n: Int!) { count(to: $n) }",
        "operationName": "B",
        "variables": { "n": 1 },
    });
    let mut stream = Stream::of(post(&server, None).body(body.to_string())).await;
    assert_eq!(stream.next().await, json!({ "data": { "count": 0 } }));
    assert_eq!(stream.hear().await, Said::Complete);
}

/// Each is said by an event, for who reads events sees nothing of another status.
#[rstest]
#[case::syntax("{", "GRAPHQL_PARSE_FAILED")]
#[case::validation("{ nothing }", "GRAPHQL_VALIDATION_FAILED")]
#[case::subscription("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED")]
#[case::two_roots(
    "subscription { a: count(to: 1) b: count(to: 1) }",
    "GRAPHQL_VALIDATION_FAILED"
)]
#[case::variables("subscription($n: Int!) { count(to: $n) }", "BAD_USER_INPUT")]
#[case::which(
    "subscription A { waits } subscription B { waits }",
    "OPERATION_RESOLUTION_FAILED"
)]
#[case::depth(
    "{ again { again { again { again { again { again { again { again { again { again { again {
     again { again { again { again { again { again { again { again { again { echo
     } } } } } } } } } } } } } } } } } } } } }",
    "DOCUMENT_TOO_DEEP"
)]
#[case::cannot_start("subscription { refuses }", "INVALID_CURSOR")]
#[case::panics("{ panics }", "INTERNAL")]
#[tokio::test]
async fn what_cannot_run_is_an_event_with_errors_and_the_end(
    #[case] query: &str,
    #[case] expected: &str,
) {
    let server = Running::start().await;
    let mut stream = Stream::begin(&server, None, query).await;
    assert_eq!(
        stream.response.headers()["content-type"],
        "text/event-stream; charset=utf-8"
    );
    assert_eq!(stream.refused().await, expected);
    assert_eq!(stream.hear().await, Said::Complete);
    assert_eq!(stream.hear().await, Said::End);
}

#[tokio::test]
async fn an_event_that_fails_is_a_next_with_errors_and_others_follow() {
    let server = Running::start().await;
    let mut stream = Stream::begin(&server, None, "subscription { stumbles }").await;
    assert_eq!(stream.next().await, json!({ "data": { "stumbles": 1 } }));
    let failed = stream.next().await;
    assert_eq!(failed["data"], Value::Null);
    assert_eq!(code(&failed), "INTERNAL");
    assert_eq!(stream.next().await, json!({ "data": { "stumbles": 3 } }));
    assert_eq!(stream.hear().await, Said::Complete);
}

#[tokio::test]
async fn a_stream_that_panics_ends_with_an_error() {
    let server = Running::start().await;
    let mut stream = Stream::begin(&server, None, "subscription { panics }").await;
    assert_eq!(stream.next().await, json!({ "data": { "panics": 1 } }));
    assert_eq!(stream.refused().await, "INTERNAL");
    assert_eq!(stream.hear().await, Said::Complete);
    assert_eq!(server.ask("{ number(value: 1) }").await.0, 200);
}

#[tokio::test]
async fn an_operation_that_takes_too_long_is_said_by_an_event() {
    let server = Running::with(|transport| {
        transport.deadlines.execution_timeout = std::time::Duration::from_millis(50);
    })
    .await;
    let mut stream = Stream::begin(&server, None, "{ waits }").await;
    // Under another status a client would ask again by itself, also for a mutation.
    assert_eq!(stream.refused().await, "TIMEOUT");
    assert_eq!(stream.hear().await, Said::Complete);
}

/// What is no GraphQL request at all, or nobody's, has the status that it has elsewhere.
#[rstest]
#[case::no_json(|it: RequestBuilder| it.body("{"), 400, "INVALID_JSON")]
#[case::no_query(|it: RequestBuilder| it.body("{}"), 400, "BAD_REQUEST")]
#[case::token(
    |it: RequestBuilder| it.bearer_auth("AAAA").body(r#"{"query":"{ echo }"}"#),
    401,
    "UNAUTHENTICATED"
)]
#[case::a_form(
    |it: RequestBuilder| it.header("content-type", "text/plain").body("x"),
    415,
    "UNSUPPORTED_MEDIA_TYPE"
)]
#[tokio::test]
async fn what_is_no_request_has_its_status(
    #[case] make: fn(RequestBuilder) -> RequestBuilder,
    #[case] status: u16,
    #[case] expected: &str,
) {
    let server = Running::start().await;
    let response = make(post(&server, None)).send().await.unwrap();
    let kind = response.headers()["content-type"].clone();
    assert_eq!(kind, "application/json; charset=utf-8");
    let (got, answer) = read(response).await;
    assert_eq!((got, code(&answer)), (status, expected), "{answer}");
}

/// A page of another site can have a browser send these without asking first.
#[rstest]
#[case::get(Method::GET, "mutation { bump }", 405)]
#[case::get_by_name(Method::GET, "query A { echo } mutation B { bump }", 405)]
#[case::text(Method::POST, "mutation { bump }", 415)]
#[tokio::test]
async fn no_mutation_comes_by_get_nor_by_a_form(
    #[case] method: Method,
    #[case] query: &str,
    #[case] expected: u16,
) {
    let server = Running::start().await;
    let mut url = reqwest::Url::parse(&server.url("/graphql")).unwrap();
    url.query_pairs_mut().append_pair("query", query);
    if query.contains('B') {
        url.query_pairs_mut().append_pair("operationName", "B");
    }
    let body = json!({ "query": query }).to_string();
    let request = server
        .client
        .request(method.clone(), url)
        .header("accept", EVENTS);
    let request = match method {
        Method::GET => request,
        _ => request.header("content-type", "text/plain").body(body),
    };
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), expected);
    if expected == 405 {
        assert_eq!(response.headers()["allow"], "POST");
    }
}

const JSON: &str = "application/json; charset=utf-8";
const NEW: &str = "application/graphql-response+json; charset=utf-8";
const STREAM: &str = "text/event-stream; charset=utf-8";

/// What a query comes as, and a subscription, where it comes at all.
#[rstest]
#[case::events_alone("text/event-stream", STREAM, Some(STREAM))]
#[case::in_capitals("Text/Event-Stream; charset=UTF-8", STREAM, Some(STREAM))]
#[case::all_alike(
    "application/graphql-response+json, application/graphql+json, application/json, \
     text/event-stream, multipart/mixed",
    NEW,
    Some(STREAM)
)]
#[case::events_or_another("text/event-stream, multipart/mixed", STREAM, Some(STREAM))]
#[case::events_rather("application/json;q=0.9, text/event-stream", STREAM, Some(STREAM))]
#[case::rather_not("application/json, text/event-stream;q=0.5", JSON, Some(STREAM))]
#[case::or_anything("text/event-stream, */*;q=0.1", STREAM, Some(STREAM))]
#[case::never("application/json, text/event-stream;q=0", JSON, None)]
#[case::not_named("*/*", JSON, None)]
#[case::nor_its_kind("text/*, application/json", JSON, None)]
#[tokio::test]
async fn who_accepts_events_gets_them(
    #[case] accept: &str,
    #[case] of_a_query: &str,
    #[case] of_a_subscription: Option<&str>,
) {
    let server = Running::start().await;
    let ask = async |query: &str| {
        let request = server
            .client
            .post(server.url("/graphql"))
            .header("content-type", "application/json")
            .header("accept", accept);
        let body = json!({ "query": query }).to_string();
        request.body(body).send().await.unwrap()
    };
    let answer = ask("{ number(value: 1) }").await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], of_a_query);
    let answer = ask("subscription { count(to: 1) }").await;
    match of_a_subscription {
        Some(kind) => {
            assert_eq!(answer.status(), 200);
            assert_eq!(answer.headers()["content-type"], kind);
        }
        None => {
            let (status, answer) = read(answer).await;
            assert_eq!(
                (status, code(&answer)),
                (400, "SUBSCRIPTION_NEEDS_WEBSOCKET")
            );
        }
    }
}

#[tokio::test]
async fn a_stream_shows_that_it_is_there_still() {
    let server = Running::with(|transport| {
        transport.deadlines.socket_ping_interval = std::time::Duration::from_millis(10);
    })
    .await;
    let body = json!({ "query": "subscription { waits }" }).to_string();
    let mut response = post(&server, None).body(body).send().await.unwrap();
    let mut said = String::new();
    while said.matches(":\n\n").count() < 5 {
        let chunk = soon(response.chunk()).await.unwrap().unwrap();
        said += std::str::from_utf8(&chunk).unwrap();
    }
    let event = "event: next\ndata: {\"data\":{\"waits\":0}}\n\n";
    assert_eq!(said.replace(event, "").replace(":\n\n", ""), "", "{said}");
}

#[tokio::test]
async fn events_are_not_compressed() {
    let server = Running::start().await;
    let long = format!("{{ echo(text: \"{}\") }}", "x".repeat(5_000));
    for query in [long.as_str(), "subscription { count(to: 1) }"] {
        let body = json!({ "query": query }).to_string();
        let request = post(&server, None).header("accept-encoding", "gzip");
        let mut stream = Stream::of(request.body(body)).await;
        assert!(!stream.response.headers().contains_key("content-encoding"));
        assert!(matches!(stream.hear().await, Said::Next(_)));
    }
}
