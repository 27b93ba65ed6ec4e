//! What is compressed, for whom.

use std::{collections::HashSet, io::Read};

use flate2::read::GzDecoder;
use reqwest::{RequestBuilder, Response};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::server::Running;

/// An answer of about so many bytes.
fn long(bytes: usize) -> String {
    let text = "日記と足あと ".repeat(bytes / 20);
    json!({ "query": "query($t: String) { echo(text: $t) }", "variables": { "t": text } })
        .to_string()
}

async fn ask(request: RequestBuilder, accepted: &str, body: String) -> Response {
    let request = request.header("accept-encoding", accepted);
    let response = request.body(body).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let vary = response.headers().get_all("vary").iter();
    let mut vary = vary.map(|it| it.to_str().unwrap());
    assert!(vary.any(|names| names.contains("accept-encoding")));
    response
}

fn is_packed(response: &Response) -> bool {
    match response.headers().get("content-encoding") {
        Some(encoding) => encoding == "gzip",
        None => false,
    }
}

/// The body as it was before, and how long it is on the wire.
async fn unpacked(response: Response) -> (Value, usize) {
    let announced = response.headers()["content-length"].to_str().unwrap();
    let announced: usize = announced.parse().unwrap();
    let packed = response.bytes().await.unwrap();
    assert_eq!(packed.len(), announced);
    let mut text = String::new();
    GzDecoder::new(&packed[..])
        .read_to_string(&mut text)
        .unwrap();
    (serde_json::from_str(&text).unwrap(), announced)
}

#[rstest]
#[case::some(2_000)]
#[case::much(90_000)]
#[tokio::test]
async fn a_long_answer_is_compressed_for_who_takes_that(#[case] bytes: usize) {
    let server = Running::start().await;
    let plain = ask(server.post(), "br", long(bytes)).await;
    assert!(!is_packed(&plain));
    let plain = plain.text().await.unwrap();
    for accepted in ["gzip", "gzip, deflate, br, zstd"] {
        let packed = ask(server.post(), accepted, long(bytes)).await;
        assert!(is_packed(&packed), "{accepted}");
        let (answer, length) = unpacked(packed).await;
        assert_eq!(answer, serde_json::from_str::<Value>(&plain).unwrap());
        assert!(length < plain.len() / 3, "{length} of {}", plain.len());
    }
    let refused = ask(server.post(), "gzip;q=0, br", long(bytes)).await;
    assert!(!is_packed(&refused));
}

/// Longer than what is compressed at once.
#[tokio::test]
async fn a_very_long_answer_is_compressed_too() {
    let server = Running::with(|transport| {
        transport.limits.max_body_bytes = 10_000_000;
        transport.limits.max_values = 1_000_000;
    })
    .await;
    let packed = ask(server.post(), "gzip", long(2_000_000)).await;
    let (answer, length) = unpacked(packed).await;
    assert!(answer["data"]["echo"].as_str().unwrap().len() > 1_500_000);
    assert!(length < 300_000);
}

#[tokio::test]
async fn what_is_short_or_an_error_is_sent_as_it_is() {
    let server = Running::start().await;
    for body in [
        r#"{"query":"{ number(value: 1) }"}"#.to_owned(),
        json!({ "query": "{ echo(text: \"a\") }" }).to_string(),
    ] {
        assert!(!is_packed(&ask(server.post(), "gzip", body).await));
    }
    let request = server.client.post(server.url("/graphql"));
    let request = request.header("content-type", "application/json");
    let wrong: String = (0..30).map(|n| format!("nothing{n} ")).collect();
    let wrong = format!("{{ {wrong} }}");
    let wrong = json!({ "query": wrong }).to_string();
    let answer = ask(request, "gzip", wrong).await;
    assert!(!is_packed(&answer));
    assert!(answer.text().await.unwrap().len() > 1_000);
}

/// They give tokens and codes out, perhaps beside what another chose.
#[tokio::test]
async fn the_answer_to_a_mutation_is_sent_as_it_is() {
    let server = Running::own().await;
    let nickname = "日".repeat(32);
    let fields = (0..25).map(|n| format!("n{n}: nickname "));
    let fields: String = fields.collect();
    let query = format!(
        "mutation($nickname: String!) {{ signUp(input: {{ username: \"hanako\", nickname: $nickname,
            password: \"a long enough one\", birthDate: \"1984-02-15\" }}) {{
            token recoveryCodes user {{ {fields} }} }} }}"
    );
    let body = json!({ "query": query, "variables": { "nickname": nickname } });
    let answer = ask(server.post(), "gzip", body.to_string()).await;
    assert!(!is_packed(&answer));
    let answer = answer.text().await.unwrap();
    assert!(
        answer.contains("\"token\":\"") && answer.len() > 1_000,
        "{answer}"
    );
}

/// Who sees how long an answer is does not see whether it repeats something.
#[tokio::test]
async fn the_same_answer_has_another_length_each_time() {
    let server = Running::start().await;
    let (token, _) = server.member().await;
    let mut lengths = HashSet::new();
    for _ in 0..20 {
        let request = server.post().bearer_auth(&token);
        let (_, length) = unpacked(ask(request, "gzip", long(5_000)).await).await;
        lengths.insert(length);
    }
    assert!(lengths.len() > 5, "{lengths:?}");
}

#[tokio::test]
async fn what_is_kept_is_known_by_one_tag_compressed_or_not() {
    let server = Running::start().await;
    let mut url = reqwest::Url::parse(&server.url("/graphql")).unwrap();
    let text = "日記 ".repeat(500);
    let query = format!("{{ echo(text: \"{text}\") }}");
    url.query_pairs_mut().append_pair("query", &query);
    let get = async |accepted: &str, known: &str| {
        let request = server.client.get(url.clone());
        let request = request.header("accept-encoding", accepted);
        request.header("if-none-match", known).send().await.unwrap()
    };
    let (plain, packed) = (get("br", "").await, get("gzip", "").await);
    assert!(is_packed(&packed) && !is_packed(&plain));
    let tag = &plain.headers()["etag"];
    assert_eq!(tag, packed.headers()["etag"]);
    for accepted in ["br", "gzip"] {
        let same = get(accepted, tag.to_str().unwrap()).await;
        assert_eq!(same.status(), 304);
        assert!(!is_packed(&same));
    }
}

#[tokio::test]
async fn the_operator_can_leave_it_to_a_proxy() {
    let server = Running::with(|transport| transport.answers.compression = false).await;
    assert!(!is_packed(&ask(server.post(), "gzip", long(5_000)).await));
}

#[tokio::test]
async fn the_page_of_figures_is_compressed() {
    let server = Running::own().await;
    let get = async |accepted: &str| {
        let request = server.client.get(server.url("/stats?lang=en"));
        let request = request.header("accept-encoding", accepted);
        request.send().await.unwrap()
    };
    let packed = get("gzip").await;
    assert_eq!(packed.headers()["content-type"], "text/html; charset=utf-8");
    assert!(is_packed(&packed));
    let mut text = String::new();
    let bytes = packed.bytes().await.unwrap();
    GzDecoder::new(&bytes[..])
        .read_to_string(&mut text)
        .unwrap();
    assert_eq!(text, get("br").await.text().await.unwrap());
}
