//! Answers that would be too large end before they fill the memory, on both transports.

use ashiato::diary::{
    node::Audience,
    service::{NewDiary, comment, write},
    store::DiaryKey,
};
use reqwest::Response;
use rstest::rstest;
use serde_json::json;

use super::{NEW, OLD};
use crate::support::{
    backend::Fresh,
    process::Process,
    server::{Running, code, read},
    socket::Socket,
};

const MEGABYTE: u64 = 1_000_000;

/// Diaries of the one author in one another: within the guard's limits, and without an end in
/// memory were each node to have what it could.
fn nested(fields: &str, innermost: u32) -> String {
    format!(
        "{{ user(username: \"hanako\") {{ diaries(first: 100) {{ nodes {{ {fields} author {{
            diaries(first: {innermost}) {{ nodes {{ {fields} }} }} }} }} }} }} }}"
    )
}

fn aliases() -> String {
    let alias = |n| format!("a{n}: author {{ id username nickname kind joinedAt friendCount }} ");
    nested("id", 100).replace(
        "nodes { id }",
        &format!("nodes {{ {} }}", { (0..30).map(alias).collect::<String>() }),
    )
}

fn three_levels() -> String {
    nested("id", 100).replace(
        "nodes { id }",
        "nodes { author { diaries(first: 47) { nodes { id } } } }",
    )
}

/// The real binary with the limits as they come, and a hundred of the longest diaries.
#[rstest]
#[case::texts(nested("body", 48))]
#[case::nodes_without_their_texts(three_levels())]
#[case::fields(aliases())]
#[tokio::test]
async fn the_worst_that_the_guard_lets_through_takes_bounded_memory(#[case] query: String) {
    const WRITE: &str = "mutation($body: String!) { writeDiary(input: {
        title: \"t\", body: $body, audience: PUBLIC }) { diary { id } } }";
    let database = Fresh::new().await;
    // On a busy machine the other deadline would come first.
    let patient = ["--execution-timeout", "5m"];
    let server = Process::serve_with(&database.url, &patient);
    let token = server.sign_up("hanako").await;
    let body = json!({ "body": "字".repeat(10_000) });
    for _ in 0..100 {
        let written = server.ask(Some(&token), WRITE, body.clone()).await.unwrap();
        assert!(written["data"]["writeDiary"]["diary"]["id"].is_string());
    }
    let answer = server.ask(None, &query, json!({})).await.unwrap();
    assert_eq!(code(&answer), "RESPONSE_TOO_LARGE", "{answer}");
    assert_eq!(answer["errors"].as_array().unwrap().len(), 1);
    let peak = server.peak_memory();
    println!("{} MB", peak / MEGABYTE);
    assert!(peak < 400 * MEGABYTE, "{} MB", peak / MEGABYTE);
    // It serves on.
    let small = nested("id", 1);
    let answer = server.ask(None, &small, json!({})).await.unwrap();
    assert!(answer.get("errors").is_none(), "{answer}");
}

async fn ask(server: &Running, accept: &str, query: &str) -> Response {
    let request = server.client.post(server.url("/graphql"));
    let request = request.header("accept", accept).header("content-type", OLD);
    let body = json!({ "query": query }).to_string();
    request.body(body).send().await.unwrap()
}

/// A limit that ten diaries of 200 bytes keep, and a hundred do not. One of them, and the author's
/// token.
async fn small_limit() -> (Running, DiaryKey, String) {
    let server = Running::own_with(|transport| {
        transport.limits.max_response_bytes = 10_000;
    })
    .await;
    let (token, member) = server.member().await;
    let diaries = (0..100).map(|_| {
        let new = NewDiary {
            title: "t".to_owned(),
            body: "字".repeat(70),
            audience: Audience::Public,
            group: None,
            photos: Vec::new(),
        };
        write(&server.app, member.id, new, None)
    });
    let keys = futures_util::future::try_join_all(diaries).await.unwrap();
    (server, keys[0], token)
}

const FEW: &str = "{ user(username: \"hanako\") { diaries(first: 10) { nodes { body } } } }";
const MANY: &str = "{ user(username: \"hanako\") { diaries(first: 100) { nodes { body } } } }";
/// Made by the engine itself, so that only its end is counted.
const SCHEMA: &str = "{ __schema { types { name description fields { name description } } } }";

#[tokio::test]
async fn an_answer_that_is_too_large_is_refused_whole() {
    let (server, ..) = small_limit().await;
    for query in [MANY, SCHEMA] {
        for (accept, status) in [(NEW, 400), (OLD, 200)] {
            let response = ask(&server, accept, query).await;
            assert_eq!(
                response.headers()["content-type"]
                    .to_str()
                    .unwrap()
                    .split(';')
                    .next(),
                Some(accept)
            );
            let (got, body) = read(response).await;
            assert_eq!((got, code(&body)), (status, "RESPONSE_TOO_LARGE"), "{body}");
            let said = body["errors"][0]["message"].as_str().unwrap();
            assert!(
                said.contains("10000 bytes") && body.get("data").is_none(),
                "{body}"
            );
        }
    }
    // The same within the limit, several times: each operation has a budget of its own.
    for _ in 0..5 {
        let (status, body) = read(ask(&server, NEW, FEW).await).await;
        assert_eq!(status, 200, "{body}");
        let nodes = &body["data"]["user"]["diaries"]["nodes"];
        assert_eq!(nodes.as_array().unwrap().len(), 10);
    }
}

#[tokio::test]
async fn a_websocket_hears_of_it_and_goes_on() {
    let (server, ..) = small_limit().await;
    let mut socket = Socket::ready(&server).await;
    for query in [MANY, SCHEMA] {
        socket.subscribe("1", query).await;
        let error = socket.hear().await;
        assert_eq!(error["type"], "error", "{error}");
        let code = &error["payload"][0]["extensions"]["code"];
        assert_eq!(code, "RESPONSE_TOO_LARGE");
    }
    socket.subscribe("1", FEW).await;
    assert_eq!(socket.hear().await["type"], "next");
    assert_eq!(socket.hear().await["type"], "complete");
}

#[tokio::test]
async fn each_event_of_a_subscription_has_the_budget_anew() {
    let (server, key, token) = small_limit().await;
    let (_, other) = server.named("taro").await;
    let mut socket = Socket::ready_with(
        &server,
        json!({ "Authorization": format!("Bearer {token}") }),
    )
    .await;
    // From the cursor before the first comment.
    let comments = |first: u32| {
        format!(
            "subscription {{ diaryCommented(after: \"QwAAAAAAAAAA\") {{ node {{
                diary {{ author {{ diaries(first: {first}) {{ nodes {{ body }} }} }} }} }} }} }}"
        )
    };
    for _ in 0..5 {
        comment(&server.app, other.id, key, "hello", None)
            .await
            .unwrap();
    }
    socket.subscribe("few", &comments(10)).await;
    for _ in 0..5 {
        let event = socket.hear().await;
        assert_eq!(event["type"], "next", "{event}");
        assert!(event["payload"].get("errors").is_none(), "{event}");
    }
    socket.say(json!({ "id": "few", "type": "complete" })).await;
    socket.subscribe("many", &comments(100)).await;
    let event = socket.hear().await;
    assert_eq!(
        (&event["type"], &event["id"]),
        (&json!("error"), &json!("many")),
        "{event}"
    );
    assert_eq!(
        event["payload"][0]["extensions"]["code"],
        "RESPONSE_TOO_LARGE"
    );
}
