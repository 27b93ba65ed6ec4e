//! Who asks, and what an operation comes to.

use ashiato::config::Transport;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{
    log,
    server::{Running, code, read},
};

#[rstest]
#[case::unknown("Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
#[case::other_scheme("Basic aGFuYWtvOnNlY3JldA==")]
#[case::no_token("Bearer ")]
#[case::no_scheme("AAAA")]
#[case::two("Bearer a b")]
#[tokio::test]
async fn a_token_that_is_not_valid_is_401_and_never_anonymous(#[case] authorization: &str) {
    let server = Running::start().await;
    let request = server.post().header("authorization", authorization);
    let response = request.body(r#"{"query":"{ who }"}"#).send().await.unwrap();
    assert!(
        response.headers()["www-authenticate"]
            .to_str()
            .unwrap()
            .starts_with("Bearer")
    );
    let (status, body) = read(response).await;
    assert_eq!((status, code(&body)), (401, "UNAUTHENTICATED"));
}

#[tokio::test]
async fn a_token_names_the_viewer_until_its_session_ends() {
    let server = Running::start().await;
    let (token, member) = server.member().await;
    let ask = async |scheme: &str| {
        let request = server
            .post()
            .header("authorization", format!("{scheme} {token}"));
        read(request.body(r#"{"query":"{ who }"}"#).send().await.unwrap()).await
    };
    for scheme in ["Bearer", "bearer", "BEARER"] {
        assert_eq!(
            ask(scheme).await.1["data"]["who"],
            json!(member.id.to_string())
        );
    }
    assert_eq!(server.ask("{ who }").await.1["data"]["who"], Value::Null);
    server.sign_out(member).await;
    assert_eq!(ask("Bearer").await.0, 401);
}

#[rstest]
#[case("maybe", "INTERNAL", "Something went wrong on our side.", true)]
#[case(
    "unavailable",
    "UNAVAILABLE",
    "The service cannot do this just now. Nothing was changed; try again.",
    true
)]
#[case("foreign", "INTERNAL", "Something went wrong on our side.", true)]
#[case(
    "signInRequired",
    "UNAUTHENTICATED",
    "Sign in first: this needs a bearer token.",
    false
)]
#[tokio::test]
async fn an_error_has_a_code_and_keeps_its_detail_to_the_log(
    #[case] field: &str,
    #[case] expected: &str,
    #[case] message: &str,
    #[case] has_request_id: bool,
) {
    let server = Running::start().await;
    let request = server.post().header("x-request-id", "my-own-id");
    let body = json!({ "query": format!("{{ {field} number(value: 1) }}") }).to_string();
    let response = request.body(body).send().await.unwrap();
    assert_eq!(response.headers()["x-request-id"], "my-own-id");
    let (status, body) = read(response).await;
    assert_eq!(status, 200);
    assert_eq!(body["data"], json!({ field: null, "number": 1 }));
    let mut extensions = json!({ "code": expected });
    if has_request_id {
        extensions["requestId"] = json!("my-own-id");
    }
    assert_eq!(body["errors"][0]["extensions"], extensions);
    assert_eq!(body["errors"][0]["message"], message);
}

#[tokio::test]
async fn the_log_has_the_detail_under_the_request_id() {
    log::keep();
    let server = Running::start().await;
    let (token, _) = server.member().await;
    let request = server.post().header("x-request-id", "is-it-logged");
    let request = request.header("authorization", format!("Bearer {token}"));
    let body = json!({ "query": "{ inThePost: maybe }" }).to_string();
    assert_eq!(request.body(body).send().await.unwrap().status(), 200);
    let url = server.url("/graphql?query={inTheUrl:number(value:1)}");
    server.client.get(url).send().await.unwrap();
    let log = log::text();
    let mut lines = log.lines().filter(|line| line.contains("is-it-logged"));
    let failed = lines.next().unwrap();
    assert!(
        failed.contains("SELECT secret") && failed.contains("INTERNAL"),
        "{failed}"
    );
    let answered = lines.next().unwrap();
    for said in ["POST", "/graphql", "status=200", "latency_us="] {
        assert!(answered.contains(said), "{answered}");
    }
    for secret in [&token, "{ inThePost", "inTheUrl:", "query="] {
        assert!(!log.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn a_panic_is_an_answer_and_not_a_lost_connection() {
    let server = Running::start().await;
    let (status, body) = server.ask("{ panics }").await;
    assert_eq!((status, code(&body)), (500, "INTERNAL"));
    assert_eq!(server.ask("{ number(value: 1) }").await.0, 200);
}

#[tokio::test]
async fn an_operation_that_takes_too_long_is_given_up() {
    let short = |transport: &mut Transport| {
        transport.deadlines.execution_timeout = std::time::Duration::from_millis(50);
    };
    let server = Running::with(short).await;
    let (status, body) = server.ask("{ waits }").await;
    assert_eq!((status, code(&body)), (503, "TIMEOUT"));
    server.probe.until(0).await;
}

#[tokio::test]
async fn each_request_has_loaders_of_its_own() {
    let server = Running::start().await;
    let (token, _) = server.member().await;
    let (_, anonymous) = server.ask("{ a: loaders b: loaders who }").await;
    assert_eq!(anonymous["data"]["a"], anonymous["data"]["b"]);
    assert_eq!(anonymous["data"]["who"], Value::Null);
    let request = server
        .post()
        .header("authorization", format!("Bearer {token}"));
    let body = r#"{"query":"{ who }"}"#;
    let (_, member) = read(request.body(body).send().await.unwrap()).await;
    assert_ne!(member["data"]["who"], Value::Null);
}
