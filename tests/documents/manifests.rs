//! Manifests are read and checked at the start, and what cannot be used is said by its name.

use ashiato::{
    config::{Transport, TrustMode},
    server::Server,
};
use rstest::rstest;
use serde_json::{Value, json};

use super::{By, Manifest, NUMBER, id, sha256};
use crate::support::server::{Running, app};

/// Starts Ashiato's own schema: what is said where it does not.
pub async fn start(set: impl FnOnce(&mut Transport)) -> Result<(), String> {
    let (app, _, _database) = app().await;
    let mut transport = Transport {
        listen: "127.0.0.1:0".to_owned(),
        ..Transport::default()
    };
    set(&mut transport);
    match Server::start(app, transport).await {
        Ok(server) => {
            server.shutdown().await;
            Ok(())
        }
        Err(error) => Err(format!("{error:#}")),
    }
}

/// The same with these manifests.
async fn with(manifests: &[Manifest]) -> Result<(), String> {
    start(|transport| {
        for manifest in manifests {
            manifest.trust(transport, TrustMode::Prefer);
        }
    })
    .await
}

const WHO: &str = "query Who { viewer { user { nickname } } }";

#[rstest]
#[case::code_generator(json!({ id(WHO): WHO }))]
#[case::with_another_hash(json!({ "2a7c9a9f5e8ba1f0": WHO }))]
#[case::relay(json!({ "5d41402abc4b2a76b9719d911017c592": WHO }))]
#[case::apollo(json!({
    "format": "apollo-persisted-query-manifest",
    "version": 1,
    "operations": [{ "id": sha256(WHO), "name": "Who", "type": "query", "body": WHO }],
}))]
#[case::twice_alike(json!({ "a": WHO, "b": WHO }))]
#[tokio::test]
async fn a_manifest_is_taken_as_clients_tools_write_it(#[case] manifest: Value) {
    with(&[Manifest::of(&manifest)]).await.unwrap();
}

#[rstest]
#[case::syntax("query {", "cannot be parsed")]
#[case::unknown("query Who { viewer { nothing } }", "`nothing`")]
#[case::unknown_in_the_second(
    "query A { viewer { isSearchable } } query B { nothing }",
    "`nothing`"
)]
#[case::a_fragment_that_is_not_there("{ viewer { ...Gone } }", "`Gone`")]
#[case::too_many_nodes(
    "query($n: Int = 100) { searchUsers(text: \"a\", first: $n) { nodes { friends(first: $n) { nodes {
     friends(first: 100) { nodes { id } } } } } } }",
    "could return more than 500000 nodes"
)]
#[case::two_passwords(
    "mutation { a: signIn(input: { username: \"a\", password: \"b\" }) { token }
     b: signIn(input: { username: \"a\", password: \"c\" }) { token } }",
    "1 password"
)]
#[case::two_roots(
    "subscription { a: footprintLeft { cursor } b: footprintLeft { cursor } }",
    "one root field"
)]
#[tokio::test]
async fn a_bad_document_is_said_by_its_id_with_what_is_wrong(
    #[case] bad: &str,
    #[case] said: &str,
) {
    let manifest = Manifest::of(&json!({ "good": WHO, "the-bad-one": bad }));
    let file = manifest.path().display().to_string();
    let error = with(&[manifest]).await.unwrap_err();
    for said in ["`the-bad-one`", &file, said] {
        assert!(error.contains(said), "{said}: {error}");
    }
    assert!(!error.contains("`good`"), "{error}");
}

#[rstest]
#[case::no_json("nonsense", "no JSON object")]
#[case::empty("{}", "no documents")]
#[case::a_list("[]", "no JSON object")]
#[case::no_text(r#"{"a": {"query": "{ x }"}}"#, "`a` is no text")]
#[case::another_format(r#"{"format": "x", "operations": []}"#, "`format` is \"x\"")]
#[case::another_s_hash(
    r#"{"sha256:71f7dc5758652baac68e4a10c50be732b741c892ade2883a99358f52b555286b": "{ viewer { isSearchable } }"}"#,
    "the hash of its text"
)]
#[case::one_id_for_two(
    r#"{"a": "{ viewer { isSearchable } }", "a": "{ viewer { visitCount } }"}"#,
    "another one with this id"
)]
#[tokio::test]
async fn a_file_that_is_no_manifest_is_said_by_its_name(#[case] text: &str, #[case] said: &str) {
    let manifest = Manifest::written(text);
    let file = manifest.path().display().to_string();
    let error = with(&[manifest]).await.unwrap_err();
    assert!(
        error.contains("--trusted-documents") && error.contains(&file),
        "{error}"
    );
    assert!(error.contains(said), "{error}");
}

#[tokio::test]
async fn what_is_not_there_is_said_and_so_is_what_makes_no_sense() {
    let missing = |transport: &mut Transport| {
        transport.documents.trusted_documents = vec!["/nowhere/at/all.json".into()];
    };
    let error = start(missing).await.unwrap_err();
    assert!(
        error.contains("cannot read --trusted-documents /nowhere/at/all.json"),
        "{error}"
    );
    let alone = |transport: &mut Transport| {
        transport.documents.trusted_documents_mode = TrustMode::Only;
    };
    let error = start(alone).await.unwrap_err();
    assert!(error.contains("needs --trusted-documents"), "{error}");
}

/// Old versions of a client are in use for long.
#[tokio::test]
async fn several_manifests_are_one() {
    let (other, third) = (
        "query { echo(text: \"other\") }",
        "query { echo(text: \"third\") }",
    );
    let manifests = [
        Manifest::with(&[NUMBER, other]),
        Manifest::with(&[other]),
        Manifest::of(&json!({ "number": NUMBER, "third": third })),
    ];
    let server = Running::with(|transport| {
        for manifest in &manifests {
            manifest.trust(transport, TrustMode::Only);
        }
    })
    .await;
    for (id, said) in [
        (id(other), json!({ "echo": "other" })),
        ("third".to_owned(), json!({ "echo": "third" })),
        ("number".to_owned(), json!({ "number": 1 })),
        (id(NUMBER), json!({ "number": 1 })),
    ] {
        let parameters = json!({ "documentId": id, "variables": { "n": 1 } });
        let answer = By::Post.ask(&server, &parameters).await;
        assert_eq!(answer["data"], said, "{answer}");
    }
    // One id cannot be two documents', in whichever files they are.
    let two = [
        Manifest::of(&json!({ "a": WHO })),
        Manifest::of(&json!({ "a": "{ viewer { isSearchable } }" })),
    ];
    let error = with(&two).await.unwrap_err();
    assert!(error.contains("another one with this id"), "{error}");
}
