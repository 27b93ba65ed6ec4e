//! Trusted documents are run by their ids, on every transport, under the guard.

use ashiato::config::{Transport, TrustMode};
use rstest::rstest;
use serde_json::{Value, json};

use super::{
    BUMP, By, COUNT, Manifest, NEW, NUMBER, OLD, SEVERAL, got, id, posted, sha256, trusting,
};
use crate::support::server::{Running, code, read};

const ALL: [&str; 4] = [NUMBER, BUMP, COUNT, SEVERAL];

#[rstest]
#[tokio::test]
async fn a_document_is_run_by_its_id_on_every_transport(
    #[values(TrustMode::Prefer, TrustMode::Only)] mode: TrustMode,
) {
    let server = trusting(mode, &ALL).await;
    let number = json!({ "documentId": id(NUMBER), "variables": { "n": 7 } });
    for by in By::ALL {
        let answer = by.ask(&server, &number).await;
        assert_eq!(answer, json!({ "data": { "number": 7 } }), "{by:?}");
    }
    let bump = json!({ "documentId": id(BUMP) });
    for by in [By::Post, By::Socket, By::Stream] {
        let answer = by.ask(&server, &bump).await;
        assert_eq!(answer, json!({ "data": { "bump": 1 } }), "{by:?}");
    }
    let count = json!({ "documentId": id(COUNT), "variables": { "to": 1 } });
    for by in [By::Socket, By::Stream] {
        let answer = by.ask(&server, &count).await;
        assert_eq!(answer, json!({ "data": { "count": 0 } }), "{by:?}");
    }
    let second = json!({ "documentId": id(SEVERAL), "operationName": "B" });
    for by in By::ALL {
        let answer = by.ask(&server, &second).await;
        assert_eq!(answer, json!({ "data": { "echo": "b" } }), "{by:?}");
    }
}

/// By the hash with or without what stands before it, as Apollo's and urql's clients send it, and beside an empty
/// `query`, which graphql-ws's types ask for.
#[rstest]
#[case::id(json!({ "documentId": id(NUMBER) }))]
#[case::hash(json!({ "documentId": sha256(NUMBER) }))]
#[case::beside_nothing(json!({ "documentId": id(NUMBER), "query": "" }))]
#[case::beside_null(json!({ "documentId": id(NUMBER), "query": null, "extensions": null }))]
#[case::apollo_s(json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": sha256(NUMBER) } } }))]
#[case::urql_s(json!({ "query": "", "extensions": { "persistedQuery": { "version": 1, "sha256Hash": id(NUMBER) } } }))]
#[tokio::test]
async fn clients_name_it_in_their_ways(#[case] mut named: Value) {
    let server = trusting(TrustMode::Only, &ALL).await;
    named["variables"] = json!({ "n": 7 });
    for by in [By::Post, By::Socket, By::Stream] {
        let answer = by.ask(&server, &named).await;
        assert_eq!(answer, json!({ "data": { "number": 7 } }), "{by:?} {named}");
    }
}

#[rstest]
#[case::unknown("sha256:0000000000000000000000000000000000000000000000000000000000000000")]
#[case::no_hash("number")]
#[case::empty("")]
#[case::another_kind("md5:7")]
#[tokio::test]
async fn an_id_that_is_nobody_s_is_one_error_with_a_code(#[case] unknown: &str) {
    let server = trusting(TrustMode::Prefer, &ALL).await;
    let plain = Running::start().await;
    let parameters = json!({ "documentId": unknown });
    for server in [&server, &plain] {
        for by in [By::Post, By::Socket, By::Stream] {
            let answer = by.ask(server, &parameters).await;
            assert_eq!(code(&answer), "TRUSTED_DOCUMENT_NOT_FOUND", "{by:?}");
            assert_eq!(answer["errors"].as_array().unwrap().len(), 1);
            assert!(answer.get("data").is_none());
        }
        for (accept, status) in [(NEW, 400), (OLD, 200)] {
            let answer = posted(server, accept, &parameters).send().await.unwrap();
            assert_eq!(answer.headers()["cache-control"], "private, no-store");
            assert_eq!(answer.status(), status);
        }
    }
}

#[rstest]
#[case::both(json!({ "documentId": "a", "query": "{ echo }" }).to_string())]
#[case::both_names(
    json!({ "documentId": "a", "extensions": { "persistedQuery": { "version": 1, "sha256Hash": "a" } } })
        .to_string()
)]
#[case::a_number(json!({ "documentId": 7 }).to_string())]
#[case::an_object(json!({ "documentId": {} }).to_string())]
#[case::twice(r#"{"documentId":"a","documentId":"b"}"#.to_owned())]
#[case::nothing(json!({ "variables": {} }).to_string())]
#[case::null(json!({ "documentId": null, "query": null }).to_string())]
#[tokio::test]
async fn what_is_not_named_once_is_no_request(#[case] body: String) {
    let server = trusting(TrustMode::Prefer, &ALL).await;
    let request = server.post().body(body.clone());
    let (status, answer) = read(request.send().await.unwrap()).await;
    assert_eq!(
        (status, code(&answer)),
        (400, "BAD_REQUEST"),
        "{body}: {answer}"
    );
}

#[tokio::test]
async fn a_mutation_by_its_id_does_not_come_by_get() {
    let server = trusting(TrustMode::Only, &ALL).await;
    for accept in [NEW, OLD, "text/event-stream"] {
        let request = got(&server, accept, &json!({ "documentId": id(BUMP) }));
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 405);
        assert_eq!(response.headers()["allow"], "POST");
    }
}

#[tokio::test]
async fn others_are_taken_where_they_are_preferred_and_automatic_ones_too() {
    let server = trusting(TrustMode::Prefer, &ALL).await;
    let other = "{ number(value: 3) }";
    for by in By::ALL {
        let answer = by.ask(&server, &json!({ "query": other })).await;
        assert_eq!(answer, json!({ "data": { "number": 3 } }), "{by:?}");
    }
    let hash = super::persisted(other);
    let answer = By::Post.ask(&server, &json!({ "extensions": hash })).await;
    assert_eq!(code(&answer), "PERSISTED_QUERY_NOT_FOUND");
    let both = json!({ "query": other, "extensions": hash });
    By::Post.ask(&server, &both).await;
    let answer = By::Post.ask(&server, &json!({ "extensions": hash })).await;
    assert_eq!(answer, json!({ "data": { "number": 3 } }));
}

/// They are held to the same limits as others: with the variables of each request.
#[tokio::test]
async fn what_is_trusted_is_under_the_guard_all_the_same() {
    const PAGES: &str = "query($n: Int) { items(first: $n) { id items(first: $n) { id } } }";
    let manifest = Manifest::with(&[PAGES, NUMBER]);
    let server = Running::with(|transport: &mut Transport| {
        manifest.trust(transport, TrustMode::Only);
        transport.limits.max_nodes = 500;
        transport.limits.points_per_hour_per_address = 20;
    })
    .await;
    let ask = async |id: String, variables: Value| {
        let parameters = json!({ "documentId": id, "variables": variables });
        By::Post.ask(&server, &parameters).await
    };
    let answer = ask(id(PAGES), json!({ "n": 100 })).await;
    assert_eq!(code(&answer), "DOCUMENT_TOO_MANY_NODES");
    let answer = ask(id(NUMBER), json!({ "n": "secret" })).await;
    assert_eq!(code(&answer), "BAD_USER_INPUT");
    assert!(!answer.to_string().contains("secret"));
    // 420 nodes cost 5 points: four times, and no fifth.
    for turn in 0..5 {
        let answer = ask(id(PAGES), json!({ "n": 20 })).await;
        let expected = if turn < 4 { "" } else { "THROTTLED" };
        assert_eq!(code(&answer), expected, "{turn}");
    }
}

/// The shortest URL, and what caches are best at.
#[tokio::test]
async fn a_query_by_its_id_is_everybody_s_for_a_while() {
    let server = trusting(TrustMode::Only, &ALL).await;
    let parameters = json!({ "documentId": id(NUMBER), "variables": { "n": 7 } });
    let request = got(&server, NEW, &parameters);
    let response = request.send().await.unwrap();
    let kept = response.headers()["cache-control"].to_str().unwrap();
    assert!(kept.starts_with("public, max-age="), "{kept}");
    assert_eq!(
        read(response).await,
        (200, json!({ "data": { "number": 7 } }))
    );
}
