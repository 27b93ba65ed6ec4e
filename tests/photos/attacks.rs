//! What somebody sends who means no good.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::{BOUNDARY, UPLOAD, drawing::bomb, form, jpeg, operation, png, post, send, send_photo};
use crate::support::server::{Running, code, read};

const PLACE: &str = "variables.input.file";

/// Begins to post a form of a megabyte, with these headers, and sends the `beginning` of it.
async fn begin(server: &Running, headers: &str, beginning: &[u8]) -> TcpStream {
    let mut connection = TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nHost: {}\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\n\
         Content-Length: 1000000\r\n{headers}\r\n",
        server.address
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    connection.write_all(beginning).await.unwrap();
    connection
}

/// The status that is answered, and all that is.
async fn answered(mut connection: TcpStream) -> (u16, String) {
    let mut answer = Vec::new();
    let reading = async {
        let mut piece = [0; 4096];
        loop {
            let length = connection.read(&mut piece).await.unwrap_or(0);
            answer.extend_from_slice(&piece[..length]);
            let is_whole = answer.ends_with(b"}") || length == 0;
            if is_whole {
                return;
            }
        }
    };
    timeout(Duration::from_secs(30), reading)
        .await
        .expect("an answer");
    let answer = String::from_utf8(answer).unwrap();
    (answer[9..12].parse().unwrap(), answer)
}

/// All of a form but its end.
pub fn beginning() -> Vec<u8> {
    let operation = operation(None).to_string();
    let whole = form(&[
        ("operations", "", operation.as_bytes()),
        ("map", "", format!("{{\"0\": [\"{PLACE}\"]}}").as_bytes()),
        ("0", "", b"beginning"),
    ]);
    // Without its end.
    whole[..whole.len() - BOUNDARY.len() - 8].to_vec()
}

#[tokio::test]
async fn nothing_is_read_of_what_a_page_of_another_site_posts_or_somebody_signed_out() {
    let server = Running::own().await;
    let (token, _) = server.member().await;
    // None of the body is sent, and the answer comes at once.
    for (headers, status, said) in [
        (
            format!("Authorization: Bearer {token}\r\n"),
            400,
            "PREFLIGHT_REQUIRED",
        ),
        (
            format!("Authorization: Bearer {token}\r\nGraphQL-Require-Preflight: \r\n"),
            400,
            "PREFLIGHT_REQUIRED",
        ),
        (String::new(), 400, "PREFLIGHT_REQUIRED"),
        (
            "GraphQL-Require-Preflight: 1\r\n".to_owned(),
            401,
            "UNAUTHENTICATED",
        ),
        (
            "GraphQL-Require-Preflight: 1\r\nAuthorization: Bearer nonsense\r\n".to_owned(),
            401,
            "UNAUTHENTICATED",
        ),
    ] {
        let began = std::time::Instant::now();
        let (found, answer) = answered(begin(&server, &headers, b"").await).await;
        assert_eq!(found, status, "{headers}: {answer}");
        assert!(answer.contains(said), "{headers}: {answer}");
        assert!(began.elapsed() < Duration::from_secs(5), "{headers}");
    }
    // Nor is another form taken at all.
    let sent = server
        .client
        .post(server.url("/graphql"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("graphql-require-preflight", "1")
        .body("query={viewer{id}}");
    assert_eq!(sent.send().await.unwrap().status(), 415);
    assert_eq!(server.app.photos.count().await.unwrap(), 0);
}

#[tokio::test]
async fn a_slow_body_is_given_up_and_a_member_has_two_under_way() {
    let server = Running::own_with(|transport| {
        transport.deadlines.upload_timeout = Duration::from_secs(3);
    })
    .await;
    let (token, _) = server.member().await;
    let headers = format!("Authorization: Bearer {token}\r\nGraphQL-Require-Preflight: 1\r\n");
    let beginning = beginning();
    let slow = [
        begin(&server, &headers, &beginning).await,
        begin(&server, &headers, &beginning).await,
    ];
    tokio::time::sleep(Duration::from_millis(500)).await;
    let (status, answer) = answered(begin(&server, &headers, &beginning).await).await;
    assert_eq!(status, 429, "{answer}");
    assert!(answer.contains("TOO_MANY_UPLOADS"), "{answer}");
    assert!(answer.to_lowercase().contains("retry-after: 1"), "{answer}");
    for connection in slow {
        let (status, answer) = answered(connection).await;
        assert_eq!(status, 408, "{answer}");
    }
    // They are under way no more.
    let payload = send_photo(&server, &token, &jpeg(10, 10)).await;
    assert_eq!(payload["userErrors"], json!([]));
}

#[tokio::test]
async fn what_is_too_large_is_refused_before_all_of_it_has_come() {
    let server = Running::own_with(|transport| {
        transport.limits.max_file_bytes = 200_000;
        transport.limits.max_upload_bytes = 1_000_000;
    })
    .await;
    let (token, _) = server.member().await;
    let large = vec![0xff; 200_001];
    let (status, answer) = send(&server, &token, &operation(None), &[(PLACE, &large)]).await;
    assert_eq!(
        (status, code(&answer)),
        (413, "PAYLOAD_TOO_LARGE"),
        "{answer}"
    );
    // A part whose headers never end.
    let endless = format!(
        "--{BOUNDARY}\r\nContent-Disposition: {}",
        "x".repeat(950_000)
    );
    let (status, answer) = post(&server, &token, endless.into_bytes()).await;
    assert!([413, 503].contains(&status), "{status} {answer}");
    // Nobody's room is kept by what was refused.
    let payload = send_photo(&server, &token, &jpeg(10, 10)).await;
    assert_eq!(payload["userErrors"], json!([]));
}

#[tokio::test]
async fn there_is_room_for_so_much_at_once_and_it_comes_back() {
    let server = Running::own_with(|transport| {
        transport.limits.max_upload_bytes = 1_000_000;
    })
    .await;
    let (token, _) = server.member().await;
    for _ in 0..2 {
        let large = vec![0xff; 2_000_000];
        let (status, answer) = send(&server, &token, &operation(None), &[(PLACE, &large)]).await;
        assert_eq!((status, code(&answer)), (503, "UNAVAILABLE"), "{answer}");
        let payload = send_photo(&server, &token, &png(300, 300)).await;
        assert_eq!(payload["userErrors"], json!([]));
    }
}

#[tokio::test]
async fn a_file_is_used_once_whatever_the_document_makes_of_it() {
    let server = Running::own().await;
    let (token, _) = server.member().await;
    let fields: Vec<_> = (0..20)
        .map(|n| format!("a{n}: uploadPhoto(input: {{ file: $file }}) {{ photo {{ id }} }}"))
        .collect();
    let query = format!("mutation($file: Upload!) {{ {} }}", fields.join(" "));
    let operation = json!({ "query": query, "variables": { "file": null } });
    let file = jpeg(10, 10);
    let files = [("variables.file", file.as_slice())];
    let (_, answer) = send(&server, &token, &operation, &files).await;
    assert!(answer["data"]["a0"]["photo"]["id"].is_string(), "{answer}");
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 19, "{answer}");
    for error in errors {
        assert_eq!(error["extensions"]["code"], "INVALID_ARGUMENT");
    }
    assert_eq!(server.app.photos.count().await.unwrap(), 3);
}

/// The engine's own scalar is a text that names a file, and would panic.
#[tokio::test]
async fn nobody_writes_a_file_into_a_variable_or_the_document() {
    let server = Running::own().await;
    let (token, _) = server.member().await;
    for file in [
        json!("#__graphql_file__:0"),
        json!("0"),
        json!(0),
        json!([0]),
        json!({ "0": 0 }),
        json!(true),
        Value::Null,
    ] {
        let variables = json!({ "input": { "file": file } });
        let body = json!({ "query": UPLOAD, "variables": variables }).to_string();
        let sent = server.post().bearer_auth(&token).body(body).send();
        let (status, answer) = read(sent.await.unwrap()).await;
        assert_eq!(status, 400, "{file}: {answer}");
        // Nor beside a file that was sent.
        let query = "mutation($file: Upload!, $other: UploadPhotoInput!) {
            a: uploadPhoto(input: { file: $file }) { photo { id } }
            b: uploadPhoto(input: $other) { photo { id } } }";
        let variables = json!({ "file": null, "other": { "file": file } });
        let operation = json!({ "query": query, "variables": variables });
        let picture = jpeg(10, 10);
        let files = [("variables.file", picture.as_slice())];
        let (_, answer) = send(&server, &token, &operation, &files).await;
        assert!(answer["errors"].is_array(), "{file}: {answer}");
        assert_eq!(answer["data"], Value::Null, "{file}: {answer}");
    }
    for literal in ["\"0\"", "0", "[0]", "{ a: 0 }", "null", "A"] {
        let query = format!(
            "mutation {{ uploadPhoto(input: {{ file: {literal} }}) {{ photo {{ id }} }} }}"
        );
        let body = json!({ "query": query }).to_string();
        let sent = server.post().bearer_auth(&token).body(body).send();
        let (status, answer) = read(sent.await.unwrap()).await;
        assert_eq!(status, 400, "{literal}: {answer}");
    }
    assert_eq!(server.app.photos.count().await.unwrap(), 0);
}

#[tokio::test]
async fn what_is_no_picture_is_refused_whatever_it_is_called() {
    let server = Running::own().await;
    let (token, _) = server.member().await;
    // The parts say that they are image/jpeg, and `a.jpg`.
    for file in [
        b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec(),
        b"<!doctype html>".to_vec(),
        png(60, 60)[..200].to_vec(),
        Vec::new(),
    ] {
        let payload = send_photo(&server, &token, &file).await;
        let refused = json!([{ "code": "FILE_NOT_A_PHOTO", "field": ["file"] }]);
        assert_eq!(payload["userErrors"], refused);
    }
    let payload = send_photo(&server, &token, &bomb(30_000, 30_000)).await;
    let refused = json!([{ "code": "PHOTO_TOO_LARGE", "field": ["file"] }]);
    assert_eq!(payload["userErrors"], refused);
    assert_eq!(server.app.photos.count().await.unwrap(), 0);
    let viewer = json!({ "query": "{ viewer { photoSpace { used quota } } }" }).to_string();
    let sent = server.post().bearer_auth(&token).body(viewer).send();
    let (_, answer) = read(sent.await.unwrap()).await;
    let expected = json!({ "used": 0, "quota": 100_000_000 });
    assert_eq!(answer["data"]["viewer"]["photoSpace"], expected);
}
