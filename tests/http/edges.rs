//! What protects the server, and what stands around the API.

use reqwest::Method;
use rstest::rstest;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{server::Running, socket::Socket, soon};

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

#[tokio::test]
async fn an_open_socket_is_a_connection() {
    let server = Running::with(|transport| transport.limits.max_connections = 1).await;
    let mut socket = Socket::ready(&server).await;
    let waits = tokio::spawn(server.client.get(server.url("/healthz")).send());
    socket.say(serde_json::json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await["type"], "pong");
    assert!(!waits.is_finished());
    soon(socket.0.close(None)).await.unwrap();
    assert_eq!(soon(waits).await.unwrap().unwrap().status(), 200);
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
