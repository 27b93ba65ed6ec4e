//! Where no others are taken, nothing else is: not on any transport, whatever it is called.

use ashiato::config::{Profile, TrustMode};
use rstest::rstest;
use serde_json::{Value, json};

use super::{By, Manifest, NEW, NUMBER, OLD, persisted, posted, sha256, trusting};
use crate::support::server::{Running, code, read};

const OTHER: &str = "{ number(value: 1) }";

#[rstest]
#[case::other(json!({ "query": OTHER }))]
#[case::a_space_more(json!({ "query": format!("{NUMBER} "), "variables": { "n": 1 } }))]
#[case::introspection(json!({ "query": "{ __schema { queryType { name } } }" }))]
#[case::the_least(json!({ "query": "{ __typename }" }))]
#[case::no_document(json!({ "query": "{" }))]
#[case::to_be_kept(json!({ "query": OTHER, "extensions": persisted(OTHER) }))]
#[case::by_a_trusted_name(json!({ "query": OTHER, "extensions": persisted(NUMBER) }))]
#[tokio::test]
async fn other_documents_are_refused(#[case] parameters: Value) {
    let server = trusting(TrustMode::Only, &[NUMBER]).await;
    for by in By::ALL {
        let answer = by.ask(&server, &parameters).await;
        assert_eq!(code(&answer), "TRUSTED_DOCUMENT_REQUIRED", "{by:?}");
        assert!(answer.get("data").is_none(), "{answer}");
    }
    for (accept, status) in [(NEW, 400), (OLD, 200)] {
        let answer = posted(&server, accept, &parameters).send().await.unwrap();
        assert_eq!(answer.status(), status);
    }
}

#[tokio::test]
async fn what_is_kept_for_clients_is_off() {
    let server = trusting(TrustMode::Only, &[NUMBER]).await;
    let alone = json!({ "extensions": persisted(OTHER) });
    let with_text = json!({ "query": OTHER, "extensions": persisted(OTHER) });
    for by in By::ALL {
        // Sent with its text it would be refused, too: so nobody is asked for that.
        assert_eq!(
            code(&by.ask(&server, &alone).await),
            "TRUSTED_DOCUMENT_NOT_FOUND"
        );
        by.ask(&server, &with_text).await;
        assert_eq!(
            code(&by.ask(&server, &alone).await),
            "TRUSTED_DOCUMENT_NOT_FOUND"
        );
    }
}

/// It is in the manifest, whatever the client sends of it.
#[tokio::test]
async fn the_text_of_a_trusted_document_is_as_good_as_its_id() {
    let server = trusting(TrustMode::Only, &[NUMBER]).await;
    for extensions in [Value::Null, persisted(NUMBER)] {
        let whole = json!({ "query": NUMBER, "variables": { "n": 7 }, "extensions": extensions });
        for by in By::ALL {
            let answer = by.ask(&server, &whole).await;
            assert_eq!(answer, json!({ "data": { "number": 7 } }), "{by:?}");
        }
    }
}

/// Nothing of the files is of use to who sends another document with them.
#[tokio::test]
async fn a_request_with_files_names_a_trusted_document_too() {
    const SET: &str = "mutation($file: Upload!) { setProfilePhoto(input: { file: $file }) {
        userErrors { code } } }";
    let manifest = Manifest::with(&[SET]);
    let server = Running::own_with(|transport| manifest.trust(transport, TrustMode::Only)).await;
    let (token, _) = server.member().await;
    let send = async |operations: Value| {
        let boundary = "limit";
        let part = |name: &str, text: &str| {
            format!("--{boundary}\r\ncontent-disposition: form-data; {name}\r\n\r\n{text}\r\n")
        };
        let body = [
            part("name=\"operations\"", &operations.to_string()),
            part("name=\"map\"", "{\"0\":[\"variables.file\"]}"),
            part("name=\"0\"; filename=\"a.png\"", "no picture"),
            format!("--{boundary}--\r\n"),
        ];
        let request = server.client.post(server.url("/graphql"));
        let request = request
            .bearer_auth(&token)
            .header("graphql-require-preflight", "1")
            .header(
                "content-type",
                format!("multipart/form-data; boundary={boundary}"),
            );
        read(request.body(body.concat()).send().await.unwrap())
            .await
            .1
    };
    let answer = send(json!({ "documentId": super::id(SET), "variables": { "file": null } })).await;
    let codes = &answer["data"]["setProfilePhoto"]["userErrors"];
    assert_eq!(codes.as_array().unwrap().len(), 1, "{answer}");
    let other = SET.replace("userErrors", "idempotent: userErrors");
    let answer = send(json!({ "query": other, "variables": { "file": null } })).await;
    assert_eq!(code(&answer), "TRUSTED_DOCUMENT_REQUIRED");
}

/// GraphiQL asks what stands in no manifest, its introspection first.
#[tokio::test]
async fn there_is_no_explorer_where_nothing_could_be_explored() {
    for (mode, expected) in [(TrustMode::Prefer, 200), (TrustMode::Only, 404)] {
        let server = trusting(mode, &[NUMBER]).await;
        let page = server.client.get(server.url("/")).send().await.unwrap();
        assert_eq!(page.status(), expected, "{mode:?}");
    }
}

/// A manifest is no way around what a profile has closed.
#[tokio::test]
async fn introspection_is_as_closed_as_ever() {
    let asks = "{ __schema { queryType { name } } }";
    let error = |profile: Profile| async move {
        let manifest = Manifest::with(&[asks]);
        super::manifests::start(|transport| {
            manifest.trust(transport, TrustMode::Only);
            transport.profile.profile = profile;
        })
        .await
    };
    let said = error(Profile::Production).await.unwrap_err();
    assert!(
        said.contains(&sha256(asks)) && said.contains("does not tell its schema"),
        "{said}"
    );
    assert!(error(Profile::Development).await.is_ok());
}
