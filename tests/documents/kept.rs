//! Automatic persisted queries: a client sends the hash of a document alone, and its text where that is not known.

use ashiato::config::Transport;
use rstest::rstest;
use serde_json::{Value, json};

use super::{By, NEW, NUMBER, OLD, got, persisted, posted, sha256};
use crate::support::server::{Running, code, read, serve};

fn alone(text: &str) -> Value {
    json!({ "extensions": persisted(text), "variables": { "n": 7 } })
}

fn with_text(text: &str) -> Value {
    json!({ "query": text, "extensions": persisted(text), "variables": { "n": 7 } })
}

/// A document of the same kind under each name.
fn named(name: &str) -> String {
    format!("query {name}($n: Int!) {{ number(value: $n) }}")
}

#[tokio::test]
async fn a_hash_stands_for_a_document_once_that_was_sent_on_every_transport() {
    let server = Running::start().await;
    for by in By::ALL {
        let text = named(&format!("{by:?}"));
        let unknown = by.ask(&server, &alone(&text)).await;
        assert_eq!(code(&unknown), "PERSISTED_QUERY_NOT_FOUND");
        // Some clients look at these words alone.
        assert_eq!(unknown["errors"][0]["message"], "PersistedQueryNotFound");
        assert_eq!(unknown["errors"].as_array().unwrap().len(), 1);
        let first = by.ask(&server, &with_text(&text)).await;
        assert_eq!(first, json!({ "data": { "number": 7 } }), "{by:?}");
        for by in By::ALL {
            let again = by.ask(&server, &alone(&text)).await;
            assert_eq!(again, json!({ "data": { "number": 7 } }), "{by:?}");
        }
    }
}

#[tokio::test]
async fn what_is_not_known_is_an_error_that_no_cache_keeps() {
    let server = Running::start().await;
    for (accept, status) in [(NEW, 400), (OLD, 200)] {
        for request in [
            posted(&server, accept, &alone(NUMBER)),
            got(&server, accept, &alone(NUMBER)),
        ] {
            let response = request.send().await.unwrap();
            assert_eq!(response.headers()["cache-control"], "private, no-store");
            let (got, answer) = read(response).await;
            assert_eq!((got, code(&answer)), (status, "PERSISTED_QUERY_NOT_FOUND"));
        }
    }
    // And one that is may be kept, as any other query.
    By::Post.ask(&server, &with_text(NUMBER)).await;
    let response = got(&server, NEW, &alone(NUMBER)).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let kept = response.headers()["cache-control"].to_str().unwrap();
    assert!(kept.starts_with("public"), "{kept}");
}

#[rstest]
#[case::another_s(sha256("{ echo }"))]
#[case::in_capitals(sha256(NUMBER).to_uppercase())]
#[case::named(format!("sha256:{}", sha256(NUMBER)))]
#[case::no_hash("7".to_owned())]
#[tokio::test]
async fn a_hash_that_is_not_the_text_s_is_refused_and_keeps_nothing(#[case] hash: String) {
    let server = Running::start().await;
    let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    let wrong = json!({ "query": NUMBER, "extensions": extensions, "variables": { "n": 1 } });
    let hash_alone = json!({ "extensions": extensions, "variables": { "n": 1 } });
    for by in By::ALL {
        assert_eq!(
            code(&by.ask(&server, &wrong).await),
            "PERSISTED_QUERY_MISMATCH"
        );
        assert_eq!(
            code(&by.ask(&server, &hash_alone).await),
            "PERSISTED_QUERY_NOT_FOUND"
        );
        assert_eq!(
            code(&by.ask(&server, &alone(NUMBER)).await),
            "PERSISTED_QUERY_NOT_FOUND"
        );
    }
}

#[rstest]
#[case::syntax("{", "GRAPHQL_PARSE_FAILED")]
#[case::validation("{ nothing }", "GRAPHQL_VALIDATION_FAILED")]
#[case::depth("{ again { again { again { echo } } } }", "DOCUMENT_TOO_DEEP")]
#[case::variables("query($m: Int!) { number(value: $m) }", "BAD_USER_INPUT")]
#[tokio::test]
async fn what_the_guard_refuses_is_not_kept(#[case] text: &str, #[case] expected: &str) {
    let server = Running::with(|transport| transport.limits.max_depth = 3).await;
    for _ in 0..2 {
        assert_eq!(
            code(&By::Post.ask(&server, &with_text(text)).await),
            expected
        );
        let answer = By::Post.ask(&server, &alone(text)).await;
        assert_eq!(code(&answer), "PERSISTED_QUERY_NOT_FOUND");
    }
}

/// A hash is no way around the guard: what is kept is measured with each request.
#[tokio::test]
async fn what_is_kept_is_under_the_guard_all_the_same() {
    const PAGES: &str = "query($n: Int) { items(first: $n) { id items(first: $n) { id } } }";
    let server = Running::with(|transport| transport.limits.max_nodes = 500).await;
    By::Post.ask(&server, &with_text(PAGES)).await;
    let mut many = alone(PAGES);
    many["variables"]["n"] = json!(100);
    for by in By::ALL {
        assert_eq!(
            code(&by.ask(&server, &many).await),
            "DOCUMENT_TOO_MANY_NODES",
            "{by:?}"
        );
    }
    let kept = "mutation Kept { bump }";
    By::Post
        .ask(
            &server,
            &json!({ "query": kept, "extensions": persisted(kept) }),
        )
        .await;
    let hash = json!({ "extensions": persisted(kept) });
    let response = got(&server, NEW, &hash).send().await.unwrap();
    assert_eq!(response.status(), 405);
}

#[rstest]
#[case::version(json!({ "version": 2, "sha256Hash": sha256(NUMBER) }))]
#[case::no_version(json!({ "sha256Hash": sha256(NUMBER) }))]
#[case::no_hash(json!({ "version": 1 }))]
#[case::a_number(json!({ "version": 1, "sha256Hash": 7 }))]
#[case::a_text(json!("iWantTheGreetings"))]
#[tokio::test]
async fn another_kind_is_not_supported_and_does_no_harm_beside_a_text(#[case] other: Value) {
    let server = Running::start().await;
    let extensions = json!({ "persistedQuery": other });
    let variables = json!({ "n": 7 });
    let hash = json!({ "extensions": extensions, "variables": variables });
    let both = json!({ "query": NUMBER, "extensions": extensions, "variables": variables });
    for by in By::ALL {
        let answer = by.ask(&server, &hash).await;
        assert_eq!(code(&answer), "PERSISTED_QUERY_NOT_SUPPORTED", "{by:?}");
        assert_eq!(answer["errors"][0]["message"], "PersistedQueryNotSupported");
        let answer = by.ask(&server, &both).await;
        assert_eq!(answer, json!({ "data": { "number": 7 } }), "{by:?}");
    }
}

#[tokio::test]
async fn where_nothing_is_kept_a_client_is_told_to_send_texts() {
    let set = |transport: &mut Transport| transport.documents.persisted_query_bytes = 0;
    let server = Running::with(set).await;
    for _ in 0..2 {
        let answer = By::Post.ask(&server, &with_text(NUMBER)).await;
        assert_eq!(answer, json!({ "data": { "number": 7 } }));
        let answer = By::Post.ask(&server, &alone(NUMBER)).await;
        assert_eq!(code(&answer), "PERSISTED_QUERY_NOT_SUPPORTED");
    }
}

/// Whoever fills the room has others asked for their texts again, and no more.
#[tokio::test]
async fn what_had_to_go_is_asked_for_again() {
    const ROOM: u32 = 20_000;
    const MANY: usize = 300;
    let set = |transport: &mut Transport| transport.documents.persisted_query_bytes = ROOM;
    let server = Running::with(set).await;
    let texts: Vec<_> = (0..MANY).map(|n| named(&format!("Q{n}"))).collect();
    for text in &texts {
        By::Post.ask(&server, &with_text(text)).await;
    }
    let mut known = 0;
    for text in &texts {
        let answer = By::Post.ask(&server, &alone(text)).await;
        match code(&answer) {
            "" => known += 1,
            other => assert_eq!(other, "PERSISTED_QUERY_NOT_FOUND"),
        }
    }
    // Each is of some 360 bytes, hash and all.
    assert!((1..100).contains(&known), "{known}");
    for text in &texts {
        let answer = By::Post.ask(&server, &with_text(text)).await;
        assert_eq!(answer, json!({ "data": { "number": 7 } }));
    }
}

/// Each of several servers has what was sent to it.
#[tokio::test]
async fn another_server_asks_for_the_text_once_more() {
    let one = Running::own().await;
    let two = serve(one.app.clone()).await;
    let text = "query { joining { minimumAge } }";
    let (hash, both) = (alone(text), with_text(text));
    let at_two = async |parameters: &Value| {
        let request = one
            .client
            .post(format!("http://{}/graphql", two.local_addr()))
            .header("content-type", OLD)
            .body(parameters.to_string());
        read(request.send().await.unwrap()).await.1
    };
    assert_eq!(code(&By::Post.ask(&one, &both).await), "");
    assert_eq!(code(&By::Post.ask(&one, &hash).await), "");
    assert_eq!(code(&at_two(&hash).await), "PERSISTED_QUERY_NOT_FOUND");
    assert_eq!(code(&at_two(&both).await), "");
    assert_eq!(code(&at_two(&hash).await), "");
}

/// What is kept takes points like the same document in full.
#[tokio::test]
async fn a_hash_costs_what_its_document_costs() {
    let set = |transport: &mut Transport| transport.limits.points_per_hour_per_address = 3;
    let server = Running::own_with(set).await;
    let text = "query { rateLimit { remaining } }";
    let mut left = Vec::new();
    for parameters in [with_text(text), alone(text), alone(text), alone(text)] {
        let answer = By::Post.ask(&server, &parameters).await;
        left.push(answer["data"]["rateLimit"]["remaining"].clone());
    }
    assert_eq!(left, [json!(2), json!(1), json!(0), Value::Null]);
}
