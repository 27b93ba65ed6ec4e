//! GraphQL over HTTP, case by case of the specification's draft, and what protects the server.

use ashiato::config::Transport;
use reqwest::{Method, Response};
use rstest::rstest;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{
    server::{Running, code, read},
    soon,
};

const NEW: &str = "application/graphql-response+json";
const OLD: &str = "application/json";

fn content_type(response: &Response) -> &str {
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
    assert_eq!(response.headers()["cache-control"], "no-store");
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
#[case(Some("multipart/form-data; boundary=x"), 415)]
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

/// What is wrong before there is a GraphQL request is 4xx whatever the media type; what is wrong
/// with its document is 400, or 200 for `application/json`.
#[rstest]
#[case::no_json("{ \"not", 400, 400, "INVALID_JSON")]
#[case::empty("", 400, 400, "INVALID_JSON")]
#[case::batch(r#"[{"query":"{ echo }"}]"#, 400, 400, "BATCH_NOT_SUPPORTED")]
#[case::text(r#""{ echo }""#, 400, 400, "BAD_REQUEST")]
#[case::no_query(r#"{"qeury":"{ echo }"}"#, 400, 400, "BAD_REQUEST")]
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
    "GRAPHQL_VALIDATION_FAILED"
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
#[case::others(r#"{"query":"{ number(value: 1) }","id":7,"extensions":{"a":[1]}}"#)]
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

#[rstest]
#[case::announced(false)]
#[case::in_pieces(true)]
#[tokio::test]
async fn a_body_that_is_too_large_is_413(#[case] pieces: bool) {
    let server = Running::start().await;
    let send = async |size: usize| {
        let frame = r#"{"query":"{ number(value: 1) }#"}"#;
        let padding = "x".repeat(size - frame.len());
        let body = frame.replace('#', &format!("#{padding}"));
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let length = if pieces {
            "transfer-encoding: chunked".to_owned()
        } else {
            format!("content-length: {}", body.len())
        };
        let head = format!(
            "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
             connection: close\r\n{length}\r\n\r\n"
        );
        let body = if pieces {
            format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len())
        } else {
            body
        };
        // The server may answer and close before it has read all.
        let _ = stream.write_all((head + &body).as_bytes()).await;
        let mut answer = Vec::new();
        let _ = soon(stream.read_to_end(&mut answer)).await;
        String::from_utf8(answer).unwrap()
    };
    let right = send(100_000).await;
    assert!(
        right.starts_with("HTTP/1.1 200") && right.contains("\"number\":1"),
        "{right}"
    );
    let wrong = send(100_001).await;
    assert!(
        wrong.starts_with("HTTP/1.1 413") && wrong.contains("PAYLOAD_TOO_LARGE"),
        "{wrong}"
    );
}

#[rstest]
#[case::headers("POST /graphql HTTP/1.1\r\nhost: x\r\n", "")]
#[case::body(
    "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{",
    "HTTP/1.1 408"
)]
#[tokio::test]
async fn who_is_too_slow_is_cut_off(#[case] sent: &str, #[case] answer: &str) {
    let server = Running::with(|transport| {
        transport.deadlines.header_timeout = std::time::Duration::from_millis(100);
        transport.deadlines.body_timeout = std::time::Duration::from_millis(100);
    })
    .await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(sent.as_bytes()).await.unwrap();
    let mut got = Vec::new();
    soon(stream.read_to_end(&mut got)).await.unwrap();
    let got = String::from_utf8(got).unwrap();
    assert!(got.starts_with(answer), "{got}");
}

#[tokio::test]
async fn connections_past_the_limit_wait_for_room() {
    let server = Running::with(|transport| transport.limits.max_connections = 1).await;
    let first = TcpStream::connect(server.address).await.unwrap();
    let second = tokio::spawn(server.client.get(server.url("/healthz")).send());
    // The first has the only place; a request of its own shows that it is served.
    let mut first = first;
    first
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    let mut start = [0; 12];
    soon(first.read_exact(&mut start)).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 200");
    assert!(!second.is_finished());
    drop(first);
    assert_eq!(soon(second).await.unwrap().unwrap().status(), 200);
}

#[rstest]
#[case("http://localhost", true)]
#[case("http://localhost:5173", true)]
#[case("http://127.0.0.1:3000", true)]
#[case("http://[::1]:3000", true)]
#[case("http://localhost.example.com", false)]
#[case("http://localhost:x", false)]
#[case("https://example.com", false)]
#[case("null", false)]
#[tokio::test]
async fn pages_of_this_machine_may_call(#[case] origin: &str, #[case] allowed: bool) {
    let server = Running::start().await;
    assert_eq!(
        preflight(&server, origin).await,
        allowed.then(|| origin.to_owned())
    );
}

#[tokio::test]
async fn a_list_of_origins_takes_the_place_of_this_machine() {
    let server = Running::with(|transport| {
        transport.allowed_origins = vec!["https://example.com".to_owned()];
    })
    .await;
    let allowed = preflight(&server, "https://example.com").await;
    assert_eq!(allowed.as_deref(), Some("https://example.com"));
    assert_eq!(preflight(&server, "http://localhost:3000").await, None);
}

async fn preflight(server: &Running, origin: &str) -> Option<String> {
    let request = server
        .client
        .request(Method::OPTIONS, server.url("/graphql"));
    let wished = "authorization,content-type,graphql-require-preflight,x-request-id";
    let response = request
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", wished)
        .send()
        .await
        .unwrap();
    let headers = response.headers();
    assert_eq!(headers["access-control-allow-headers"], wished);
    let allowed = headers.get("access-control-allow-origin")?;
    Some(allowed.to_str().unwrap().to_owned())
}

#[rstest]
#[case("my-id_1.2", true)]
#[case("has spaces", false)]
#[case("<script>", false)]
#[case("long", false)]
#[tokio::test]
async fn a_request_id_is_taken_over_where_it_is_plain(#[case] id: &str, #[case] taken: bool) {
    let id = if id == "long" {
        "x".repeat(65)
    } else {
        id.to_owned()
    };
    let server = Running::start().await;
    let request = server
        .client
        .get(server.url("/healthz"))
        .header("x-request-id", &id);
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["x-request-id"] == id.as_str(), taken);
}

#[tokio::test]
async fn the_service_is_alive_ready_and_has_an_explorer() {
    let server = Running::own().await;
    let get = |path: &str| server.client.get(server.url(path)).send();
    assert_eq!(get("/healthz").await.unwrap().status(), 200);
    assert_eq!(get("/readyz").await.unwrap().status(), 200);
    let page = get("/").await.unwrap();
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    assert_eq!(page.headers()["cache-control"], "no-cache");
    assert_eq!(page.headers()["x-content-type-options"], "nosniff");
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(get("/assets/nothing.js").await.unwrap().status(), 404);
    assert_eq!(get("/nothing").await.unwrap().status(), 404);
    server.app.database.close().await;
    assert_eq!(get("/readyz").await.unwrap().status(), 503);
    assert_eq!(get("/healthz").await.unwrap().status(), 200);
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
