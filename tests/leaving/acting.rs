//! What who is leaving can still do: nothing that acts with others, who do not find them.

use serde_json::{Value, json};

use crate::support::server::{Running, code};

const PASSWORD: &str = "a password that nobody guesses";

async fn ask(server: &Running, token: &str, document: &str) -> (u16, Value) {
    let body = json!({ "query": document });
    let sent = server.post().bearer_auth(token).body(body.to_string());
    crate::support::server::read(sent.send().await.unwrap()).await
}

#[tokio::test]
async fn who_is_leaving_acts_with_nobody_until_they_stay() {
    let server = Running::own().await;
    let (leaver, _) = server.named("leaver").await;
    let (other, _) = server.named("other").await;
    let write =
        r#"mutation { writeDiary(input: { title: "t", body: "b" }) { userErrors { code } } }"#;
    let find = r#"{ user(username: "leaver") { id } }"#;
    let ended = format!(
        r#"mutation {{ deleteAccount(input: {{ password: "{PASSWORD}" }}) {{ userErrors {{ code }} }} }}"#
    );
    assert!(ask(&server, &leaver, write).await.1.get("errors").is_none());
    let (_, done) = ask(&server, &leaver, &ended).await;
    assert_eq!(done["data"]["deleteAccount"]["userErrors"], json!([]));
    for document in [
        write,
        r#"mutation { a: signOutEverywhere(input: { exceptThis: true }) { userErrors { code } }
            ... on Mutation { b: writeDiary(input: { title: "t", body: "b" }) { userErrors { code } } } }"#,
    ] {
        let (_, refused) = ask(&server, &leaver, document).await;
        assert_eq!(code(&refused), "ACCOUNT_LEAVING", "{refused}");
    }
    // They find themselves, and look after the account; others find nobody.
    let own = "{ viewer { user { username } deletion { scheduledFor } } }";
    let (_, own) = ask(&server, &leaver, own).await;
    assert!(
        own["data"]["viewer"]["deletion"]["scheduledFor"].is_string(),
        "{own}"
    );
    let elsewhere =
        "mutation { signOutEverywhere(input: { exceptThis: true }) { userErrors { code } } }";
    assert!(
        ask(&server, &leaver, elsewhere)
            .await
            .1
            .get("errors")
            .is_none()
    );
    assert_eq!(
        ask(&server, &other, find).await.1["data"]["user"],
        Value::Null
    );
    let stay = "mutation { cancelAccountDeletion(input: {}) { userErrors { code } } }";
    let (_, stays) = ask(&server, &leaver, stay).await;
    assert_eq!(
        stays["data"]["cancelAccountDeletion"]["userErrors"],
        json!([]),
        "{stays}"
    );
    assert!(ask(&server, &leaver, write).await.1.get("errors").is_none());
    assert!(ask(&server, &other, find).await.1["data"]["user"]["id"].is_string());
}
