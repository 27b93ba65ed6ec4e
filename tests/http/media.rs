//! Which media types are taken and given.

use reqwest::Response;
use rstest::rstest;

use super::{NEW, OLD};
use crate::support::server::{Running, code, read};

/// A response's media type.
pub fn content_type(response: &Response) -> &str {
    response.headers()["content-type"].to_str().unwrap()
}

#[rstest]
#[case::new(Some(NEW), NEW)]
#[case::old(Some(OLD), OLD)]
#[case::both("application/graphql-response+json, application/json", NEW)]
#[case::both_turned("application/json, application/graphql-response+json", NEW)]
#[case::quality("application/graphql-response+json, application/json;q=0.9", NEW)]
#[case::other_quality("application/graphql-response+json;q=0.5, application/json", OLD)]
#[case::never("application/graphql-response+json;q=0, */*", OLD)]
#[case::old_never("application/json;q=0, */*", NEW)]
#[case::charset("Application/GraphQL-Response+JSON; charset=UTF-8", NEW)]
#[case::unknown_first("text/html, application/graphql-response+json;q=0.1", NEW)]
#[case::browser("text/html,application/xhtml+xml,*/*;q=0.8", OLD)]
#[case::anything("*/*", OLD)]
#[case::any_application("application/*", OLD)]
#[case::missing(None, OLD)]
#[tokio::test]
async fn the_media_type_is_the_one_accepted(
    #[case] accept: impl Into<Option<&'static str>>,
    #[case] expected: &str,
) {
    let server = Running::start().await;
    let mut request = server
        .client
        .post(server.url("/graphql"))
        .header("content-type", OLD);
    if let Some(accept) = accept.into() {
        request = request.header("accept", accept);
    }
    let response = request
        .body(r#"{"query":"{ __typename }"}"#)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(
        content_type(&response),
        format!("{expected}; charset=utf-8")
    );
    assert_eq!(response.headers()["cache-control"], "private, no-store");
}

#[rstest]
#[case("text/html")]
#[case("image/*")]
#[case("application/xml;q=1")]
#[case("application/json;q=0")]
#[case("application/json;charset=shift_jis")]
#[case("nonsense")]
#[tokio::test]
async fn what_cannot_be_accepted_is_406(#[case] accept: &str) {
    let server = Running::start().await;
    let request = server.client.post(server.url("/graphql"));
    let request = request.header("content-type", OLD).header("accept", accept);
    let response = request
        .body(r#"{"query":"{ __typename }"}"#)
        .send()
        .await
        .unwrap();
    let (status, body) = read(response).await;
    assert_eq!((status, code(&body)), (406, "NOT_ACCEPTABLE"));
}

#[rstest]
#[case(Some("application/json"), 200)]
#[case(Some("application/json; charset=utf-8"), 200)]
#[case(Some("APPLICATION/JSON;charset=\"UTF-8\""), 200)]
#[case(Some("application/json; charset=shift_jis"), 415)]
#[case(Some("application/graphql"), 415)]
#[case(Some("text/plain"), 415)]
#[case(Some("application/x-www-form-urlencoded"), 415)]
// It lacks the header that a form cannot have.
#[case(Some("multipart/form-data; boundary=x"), 400)]
#[case(Some("text/plain, application/json"), 415)]
#[case(None, 415)]
#[tokio::test]
async fn only_json_is_taken(#[case] ty: Option<&str>, #[case] expected: u16) {
    let server = Running::start().await;
    let mut request = server.client.post(server.url("/graphql"));
    if let Some(ty) = ty {
        request = request.header("content-type", ty);
    }
    let body = r#"{"query":"mutation { bump }"}"#;
    let response = request.body(body).send().await.unwrap();
    assert_eq!(response.status(), expected);
}
