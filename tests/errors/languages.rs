//! Messages in English and in Japanese, by `Accept-Language`.

use ashiato::{
    config::{Rules, Transport},
    language::Language,
};
use chrono::Duration;
use serde_json::json;

use super::{ask, told};
use crate::support::server::{Running, code, read};

const WRITE: &str = "mutation($input: WriteDiaryInput!) { writeDiary(input: $input) {
    userErrors { code message field minimum limit until retryAfter } } }";
const END: &str = "mutation($input: EndFriendshipInput!) { endFriendship(input: $input) {
    userErrors { code message } } }";

#[tokio::test]
async fn the_language_is_the_one_that_is_wished_and_the_answer_says_which() {
    let server = Running::own().await;
    for (wished, language, said) in [
        ("ja", "ja", "先にログインしてください"),
        ("ja-JP,ja;q=0.9,en;q=0.8", "ja", "先にログインしてください"),
        ("fr,ja;q=0.5,en;q=0.4", "ja", "先にログインしてください"),
        ("en-GB,ja;q=0.9", "en", "Sign in first"),
        ("ja;q=0.1,en;q=0.2", "en", "Sign in first"),
        ("ja;q=0,*", "en", "Sign in first"),
        ("fr", "en", "Sign in first"),
        ("", "en", "Sign in first"),
        ("nonsense;;q=,,", "en", "Sign in first"),
    ] {
        let query = "mutation { signOut { userErrors { code } } }";
        let answer = ask(&server, wished, None, query, json!({})).await;
        let headers = answer.headers().clone();
        assert_eq!(headers["content-language"], language, "{wished}");
        let mut vary = headers.get_all("vary").iter();
        let varies = vary.any(|value| value.to_str().unwrap().contains("accept-language"));
        assert!(varies, "{headers:?}");
        let (_, body) = read(answer).await;
        assert_eq!(code(&body), "UNAUTHENTICATED");
        let message = body["errors"][0]["message"].as_str().unwrap();
        assert!(message.starts_with(said), "{wished}: {message}");
    }
    // Where nothing is said, and in answers without errors.
    let answer = server
        .post()
        .body(r#"{"query":"{ __typename }"}"#)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["content-language"], "en");
}

#[tokio::test]
async fn whatever_refuses_speaks_the_language() {
    let few = |transport: &mut Transport| {
        transport.limits.max_depth = 3;
        transport.limits.max_body_bytes = 1_000;
    };
    let server = Running::own_with(few).await;
    let url = server.url("/graphql");
    let post = |body: &str| server.post().body(body.to_owned());
    let json = |query: &str| json!({ "query": query }).to_string();
    let nothing = server
        .client
        .post(&url)
        .header("accept", "text/html")
        .body("{}");
    let deep = json("{ viewer { user { friends { nodes { id } } } } }");
    for (request, expected, japanese) in [
        (post(&deep), "DOCUMENT_TOO_DEEP", "3段"),
        (
            post(&json("{ nothing }")),
            "GRAPHQL_VALIDATION_FAILED",
            "スキーマに合いません",
        ),
        (post(&json("{")), "GRAPHQL_PARSE_FAILED", "解析できません"),
        (post("{"), "INVALID_JSON", "1行目"),
        (post("[]"), "BATCH_NOT_SUPPORTED", "バッチ"),
        (post("{}"), "BAD_REQUEST", "`query` がありません"),
        (post(&"x".repeat(2_000)), "PAYLOAD_TOO_LARGE", "1000バイト"),
        (
            post("").header("content-type", "text/plain"),
            "UNSUPPORTED_MEDIA_TYPE",
            "application/json",
        ),
        (nothing, "NOT_ACCEPTABLE", "Accept には"),
        (server.client.put(&url), "METHOD_NOT_ALLOWED", "POST で"),
        (
            post(&json("{ node(id: 1) { id } }")),
            "INVALID_ID",
            "このサービスの ID ではありません",
        ),
        (
            post(&json("{ nodes(ids: []) { id } }")).bearer_auth("x"),
            "UNAUTHENTICATED",
            "トークン",
        ),
        (
            post(&json("subscription { footprintLeft { cursor } }")),
            "SUBSCRIPTION_NEEDS_WEBSOCKET",
            "WebSocket",
        ),
    ] {
        let answer = request
            .header("accept-language", "ja")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.headers()["content-language"], "ja", "{expected}");
        let (_, body) = read(answer).await;
        assert_eq!(code(&body), expected, "{body}");
        let message = body["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains(japanese), "{expected}: {message}");
    }
}

#[tokio::test]
async fn what_a_message_says_in_figures_programs_read_too() {
    let rules = Rules {
        visits_per_hour: 1,
        ..Rules::default()
    };
    let server = Running::ruled(rules).await;
    let (token, _) = server.member().await;
    let input = json!({ "input": { "title": "長".repeat(101), "body": "…" } });
    for (language, message) in [
        ("en", "Use at most 100 characters."),
        ("ja", "100文字以内で入力してください。"),
    ] {
        let answer = told(&server, language, Some(&token), WRITE, input.clone()).await;
        let expected = json!([{ "code": "TEXT_TOO_LONG", "message": message, "field": ["title"],
            "minimum": null, "limit": 100, "until": null, "retryAfter": null }]);
        assert_eq!(answer["data"]["writeDiary"]["userErrors"], expected);
    }
    // A range, and an age.
    let join = "mutation { signUp(input: { username: \"a\", nickname: \"x\", password: \"a long enough one\",
        birthDate: \"2020-01-01\" }) { userErrors { code minimum limit } } }";
    let answer = told(&server, "ja", None, join, json!({})).await;
    let errors = answer["data"]["signUp"]["userErrors"].as_array().unwrap();
    let told_of = |code: &str| {
        let error = errors.iter().find(|error| error["code"] == code);
        error.map(|error| (error["minimum"].clone(), error["limit"].clone()))
    };
    assert_eq!(
        told_of("USERNAME_INVALID"),
        Some((json!(3), json!(20))),
        "{answer}"
    );
    // A moment: when the next visit counts.
    for name in ["taro", "jiro"] {
        server.named(name).await;
    }
    let visit = "mutation($username: String!) { visitProfile(input: { username: $username }) {
        userErrors { code message until limit } } }";
    told(
        &server,
        "ja",
        Some(&token),
        visit,
        json!({ "username": "taro" }),
    )
    .await;
    let answer = told(
        &server,
        "ja",
        Some(&token),
        visit,
        json!({ "username": "jiro" }),
    )
    .await;
    let error = &answer["data"]["visitProfile"]["userErrors"][0];
    assert_eq!(error["code"], "VISIT_LIMIT_REACHED", "{answer}");
    assert_eq!(error["until"], "2026-11-23T04:00:00.000Z");
    assert_eq!(error["limit"], 1);
    // People in Japan read Japan's time.
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("2026年11月23日13時00分"), "{message}");
    // And of top-level errors the extensions have them.
    let page = "{ viewer { user { friends(first: 101) { totalCount } } } }";
    let answer = told(&server, "ja", Some(&token), page, json!({})).await;
    let extensions = json!({ "code": "INVALID_PAGE", "argument": "first", "minimum": 1, "limit": 100, "given": 101 });
    assert_eq!(answer["errors"][0]["extensions"], extensions, "{answer}");
}

/// What somebody wrote is quoted in the message alone, and not at length.
#[tokio::test]
async fn what_a_client_wrote_is_not_repeated_beside_the_message() {
    let server = Running::own().await;
    let name = "n".repeat(5_000);
    let query = format!(
        "query(${name}: Int!) {{ viewer {{ user {{ friends(first: ${name}) {{ totalCount }} }} }} }}"
    );
    let answer = told(&server, "ja", None, &query, json!({ name: "many" })).await;
    assert_eq!(code(&answer), "BAD_USER_INPUT", "{answer}");
    assert!(answer.to_string().chars().count() < 600, "{answer}");
    assert_eq!(
        answer["errors"][0]["extensions"],
        json!({ "code": "BAD_USER_INPUT" })
    );
}

#[tokio::test]
async fn a_repeated_call_is_told_the_first_answer_in_the_language_of_the_repetition() {
    let server = Running::own().await;
    let (token, _) = server.member().await;
    let (_, taro) = server.named("taro").await;
    let id = ashiato::ids::GlobalId::encode(ashiato::ids::Kind::User, &[taro.id]);
    let input = json!({ "input": { "userId": id.0, "idempotencyKey": "once" } });
    for (language, message) in [
        ("en", "You are not friends."),
        ("ja", "マイミクではありません。"),
        ("en", "You are not friends."),
    ] {
        let answer = told(&server, language, Some(&token), END, input.clone()).await;
        let expected = json!([{ "code": "NOT_FRIENDS", "message": message }]);
        assert_eq!(answer["data"]["endFriendship"]["userErrors"], expected);
    }
    // A copy of one's data, asked for twice: the moment is the one of the first answer.
    let export = "mutation($key: String!) { requestDataExport(input: { password: \"a password that nobody guesses\",
        idempotencyKey: $key }) { userErrors { code until message } } }";
    told(&server, "en", Some(&token), export, json!({ "key": "a" })).await;
    let first = told(&server, "en", Some(&token), export, json!({ "key": "b" })).await;
    server.pass(Duration::minutes(5));
    let again = told(&server, "ja", Some(&token), export, json!({ "key": "b" })).await;
    let of = |answer: &serde_json::Value, name: &str| {
        answer["data"]["requestDataExport"]["userErrors"][0][name].clone()
    };
    assert_eq!(of(&first, "code"), of(&again, "code"), "{first} {again}");
    assert_eq!(of(&first, "until"), of(&again, "until"));
    assert_ne!(of(&first, "message"), of(&again, "message"));
}

#[test]
fn what_holders_of_the_service_read_is_english() {
    let error = ashiato::error::Error::TooManySignUps(7);
    assert_eq!(error.to_string(), error.text().say(Language::English));
}
