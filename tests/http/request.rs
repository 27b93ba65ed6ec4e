//! What is a request, and the status of what is none.

use reqwest::Method;
use rstest::rstest;
use serde_json::json;

use super::{NEW, OLD, media::content_type};
use crate::support::server::{Running, code, read};

/// What is wrong before there is a GraphQL request is 4xx whatever the media type; what is wrong
/// with its document is 400, or 200 for `application/json`.
#[rstest]
#[case::no_json("{ \"not", 400, 400, "INVALID_JSON")]
#[case::empty("", 400, 400, "INVALID_JSON")]
#[case::batch(r#"[{"query":"{ echo }"}]"#, 400, 400, "BATCH_NOT_SUPPORTED")]
#[case::text(r#""{ echo }""#, 400, 400, "BAD_REQUEST")]
#[case::no_query(r#"{"qeury":"{ echo }"}"#, 400, 400, "BAD_REQUEST")]
#[case::twice(r#"{"query":"{ echo }","query":"{ echo }"}"#, 400, 400, "BAD_REQUEST")]
#[case::variables_twice(
    r#"{"query":"{ echo }","variables":{},"variables":null}"#,
    400,
    400,
    "BAD_REQUEST"
)]
#[case::query(r#"{"query":1}"#, 400, 400, "BAD_REQUEST")]
#[case::name(r#"{"query":"{ echo }","operationName":1}"#, 400, 400, "BAD_REQUEST")]
#[case::variables(r#"{"query":"{ echo }","variables":[7]}"#, 400, 400, "BAD_REQUEST")]
#[case::extensions(r#"{"query":"{ echo }","extensions":"x"}"#, 400, 400, "BAD_REQUEST")]
#[case::syntax(r#"{"query":"{"}"#, 400, 200, "GRAPHQL_PARSE_FAILED")]
#[case::validation(r#"{"query":"{ nothing }"}"#, 400, 200, "GRAPHQL_VALIDATION_FAILED")]
#[case::argument(
    r#"{"query":"{ number(value: \"secret\") }"}"#,
    400,
    200,
    "GRAPHQL_VALIDATION_FAILED"
)]
#[case::variable(
    r#"{"query":"query($n: Int!) { number(value: $n) }"}"#,
    400,
    200,
    "BAD_USER_INPUT"
)]
#[case::null(
    r#"{"query":"query($n: Int!) { number(value: $n) }","variables":{"n":null}}"#,
    400,
    200,
    "BAD_USER_INPUT"
)]
#[case::ill_typed(
    r#"{"query":"query($n: Int!) { number(value: $n) }","variables":{"n":"secret"}}"#,
    400,
    200,
    "BAD_USER_INPUT"
)]
#[case::which(
    r#"{"query":"query A { echo } query B { echo }"}"#,
    400,
    200,
    "OPERATION_RESOLUTION_FAILED"
)]
#[case::unknown(
    r#"{"query":"query A { echo }","operationName":"B"}"#,
    400,
    200,
    "OPERATION_RESOLUTION_FAILED"
)]
#[case::subscription(
    r#"{"query":"subscription { count(to: 1) }"}"#,
    400,
    400,
    "SUBSCRIPTION_NEEDS_WEBSOCKET"
)]
#[tokio::test]
async fn a_fault_of_the_request_has_its_status_and_code(
    #[case] body: &str,
    #[case] new: u16,
    #[case] old: u16,
    #[case] expected: &str,
) {
    let server = Running::start().await;
    for (accept, status) in [(NEW, new), (OLD, old)] {
        let request = server.client.post(server.url("/graphql"));
        let request = request.header("content-type", OLD).header("accept", accept);
        let response = request.body(body.to_owned()).send().await.unwrap();
        assert!(content_type(&response).starts_with(accept));
        let (got, answer) = read(response).await;
        assert_eq!((got, code(&answer)), (status, expected), "{answer}");
        assert!(answer.get("data").is_none(), "{answer}");
        assert!(!answer.to_string().contains("secret"), "{answer}");
    }
}

#[rstest]
#[case::null_variables(
    r#"{"query":"{ number(value: 1) }","variables":null,"operationName":null,"extensions":null}"#
)]
#[case::others(r#"{"query":"{ number(value: 1) }","id":7,"id":7,"extensions":{"a":[1]}}"#)]
#[case::named(r#"{"query":"query A { echo } query B { number(value: 1) }","operationName":"B"}"#)]
#[case::variables(r#"{"query":"query($n: Int!) { number(value: $n) }","variables":{"n":1}}"#)]
#[tokio::test]
async fn a_right_request_is_answered(#[case] body: &str) {
    let server = Running::start().await;
    let (status, answer) = read(server.post().body(body.to_owned()).send().await.unwrap()).await;
    assert_eq!((status, answer), (200, json!({ "data": { "number": 1 } })));
}

#[rstest]
#[case(&[("query", "query($n: Int!) { number(value: $n) }"), ("variables", r#"{"n":1}"#)], 200)]
#[case(&[("query", "{ number(value: 1) }"), ("variables", ""), ("operationName", ""), ("extensions", "")], 200)]
#[case(&[("query", "query null { number(value: 1) }"), ("operationName", "null")], 200)]
#[case(&[("query", "mutation { bump }")], 405)]
#[case(&[("query", "query A { echo } mutation B { bump }"), ("operationName", "B")], 405)]
#[case(&[("query", "{ number(value: 1) }"), ("variables", "[1]")], 400)]
#[case(&[("query", "{ number(value: 1) }"), ("variables", "nonsense")], 400)]
#[case(&[("query", "")], 400)]
#[case(&[], 400)]
#[case(&[("query", "{ echo }"), ("query", "mutation { bump }")], 400)]
#[tokio::test]
async fn get_is_for_queries(#[case] parameters: &[(&str, &str)], #[case] expected: u16) {
    let server = Running::start().await;
    let mut url = reqwest::Url::parse(&server.url("/graphql")).unwrap();
    url.query_pairs_mut().extend_pairs(parameters);
    for accept in [NEW, OLD] {
        let request = server.client.get(url.clone()).header("accept", accept);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), expected);
        if expected == 405 {
            assert_eq!(response.headers()["allow"], "POST");
        }
    }
}

#[rstest]
#[case(Method::PUT)]
#[case(Method::DELETE)]
#[case(Method::HEAD)]
#[tokio::test]
async fn other_methods_are_405(#[case] method: Method) {
    let server = Running::start().await;
    let response = server
        .client
        .request(method, server.url("/graphql"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 405);
    assert_eq!(response.headers()["allow"], "GET, POST");
}
