//! What a service in production keeps to itself.

use std::process::Command;

use ashiato::config::{Profile, Transport};
use reqwest::header;
use rstest::rstest;
use serde_json::Value;

use crate::support::server::{Running, code};

/// 32 bytes in base64.
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn production(transport: &mut Transport) {
    transport.profile.profile = Profile::Production;
}

#[rstest]
#[case::whole("{ __schema { queryType { name } } }")]
#[case::a_type(r#"{ __type(name: "User") { name } }"#)]
#[case::under_another_name("{ joining: __schema { queryType { name } } }")]
#[case::in_a_fragment("{ ...A } fragment A on Query { ... { __schema { queryType { name } } } }")]
#[case::beside_another(
    "query A { viewer { user { id } } } query B { __schema { queryType { name } } }"
)]
#[tokio::test]
async fn the_schema_is_not_told_in_production(#[case] document: &str) {
    let body = serde_json::json!({ "query": document, "operationName": document
        .contains("query B")
        .then_some("B") });
    let ask = async |server: &Running| -> Value {
        let answer = server.post().body(body.to_string()).send().await.unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    };
    let server = Running::own_with(production).await;
    assert_eq!(code(&ask(&server).await), "INTROSPECTION_DISABLED");
    let asks = Running::own_with(|transport| {
        production(transport);
        transport.profile.introspection = Some(true);
    })
    .await;
    assert!(ask(&asks).await.get("errors").is_none());
    let develops = Running::own().await;
    assert!(ask(&develops).await.get("errors").is_none());
}

#[tokio::test]
async fn names_of_types_are_told_in_production_for_clients_caches_live_by_them() {
    let server = Running::own_with(production).await;
    let (_, body) = server.ask("{ __typename viewer { __typename } }").await;
    assert_eq!(body["data"]["__typename"], "Query");
}

#[tokio::test]
async fn what_is_misspelt_is_not_put_right_for_who_guesses() {
    for set in [production, |_: &mut Transport| {}] {
        let server = Running::own_with(set).await;
        let (_, body) = server.ask("{ viewr { user { id } } }").await;
        let said = body["errors"][0]["message"].as_str().unwrap();
        assert!(!said.contains("viewer"), "{said}");
    }
}

#[tokio::test]
async fn there_is_a_page_to_explore_with_in_development_alone() {
    for (profile, explorer, status) in [
        (Profile::Development, None, 200),
        (Profile::Development, Some(false), 404),
        (Profile::Production, None, 404),
        (Profile::Production, Some(true), 200),
    ] {
        let server = Running::own_with(|transport| {
            transport.profile.profile = profile;
            transport.profile.explorer = explorer;
        })
        .await;
        let page = server.client.get(server.url("/")).send().await.unwrap();
        assert_eq!(page.status(), status, "{profile:?} {explorer:?}");
    }
}

#[tokio::test]
async fn pages_of_this_machine_may_call_in_development_alone_and_those_of_a_list_always() {
    let allowed = async |server: &Running, origin: &str| {
        let call = server.post().header(header::ORIGIN, origin).body("{}");
        let answer = call.send().await.unwrap();
        let allowed = answer.headers().get(header::ACCESS_CONTROL_ALLOW_ORIGIN);
        allowed.is_some_and(|allowed| allowed == origin)
    };
    let (here, there) = ("http://localhost:5173", "https://example.com");
    let develops = Running::own().await;
    assert!(allowed(&develops, here).await && !allowed(&develops, there).await);
    let closed = Running::own_with(production).await;
    assert!(!allowed(&closed, here).await && !allowed(&closed, there).await);
    let listed = Running::own_with(|transport| {
        production(transport);
        transport.allowed_origins = vec![there.to_owned()];
    })
    .await;
    assert!(!allowed(&listed, here).await && allowed(&listed, there).await);
}

#[tokio::test]
async fn every_answer_tells_browsers_what_it_is_not() {
    let server = Running::own().await;
    let asked = server.post().body(r#"{"query":"{ __typename }"}"#);
    let answers = [
        asked.send().await.unwrap(),
        server
            .client
            .get(server.url("/healthz"))
            .send()
            .await
            .unwrap(),
        server
            .client
            .get(server.url("/nothing"))
            .send()
            .await
            .unwrap(),
        server.post().body("no JSON").send().await.unwrap(),
    ];
    for answer in answers {
        let headers = answer.headers();
        for (name, value) in [
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::X_FRAME_OPTIONS, "DENY"),
            (
                header::CONTENT_SECURITY_POLICY,
                "default-src 'none'; frame-ancestors 'none'",
            ),
        ] {
            let values: Vec<_> = headers.get_all(&name).iter().collect();
            assert_eq!(values, [value], "{name} of {}", answer.url());
        }
        let kept: Vec<_> = headers.get_all(header::CACHE_CONTROL).iter().collect();
        assert!(kept.len() == 1 && kept[0].to_str().unwrap().ends_with("no-store"));
        // What is not sealed cannot promise to be.
        assert!(!headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
    }
    // The explorer has a policy of its own.
    let page = server.client.get(server.url("/")).send().await.unwrap();
    let policies: Vec<_> = page
        .headers()
        .get_all(header::CONTENT_SECURITY_POLICY)
        .iter()
        .collect();
    assert_eq!(policies.len(), 1);
    assert!(policies[0].to_str().unwrap().contains("script-src"));
}

/// What a service in production is not started with.
#[rstest]
#[case::no_key(&[], "--secret-keys-file")]
#[case::known_passwords(&["--demo", "--secret-keys", KEY], "--demo is for development")]
#[case::codes_in_the_log(&["--sms", "log", "--secret-keys", KEY], "--sms log is for development")]
fn what_is_fit_for_development_alone_is_refused(#[case] flags: &[&str], #[case] said: &str) {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_ashiato"))
        .current_dir(&folder)
        .args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--profile",
            "production",
        ])
        .args(flags)
        .output()
        .unwrap();
    assert!(!output.status.success());
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(log.contains(said), "{log}");
    let files = std::fs::read_dir(folder).unwrap().count();
    assert_eq!(files, 0, "something was written before");
}
