//! The service's own keys can be changed, and nobody is signed out by it.

use ashiato::{secrets::Keys, server::Server};
use serde_json::{Value, json};

use super::{Caller, Said, beside, server};
use crate::support::{server::serve, world::account::code};

const OLD: [u8; 32] = [7; 32];
const NEW: [u8; 32] = [8; 32];

impl Caller {
    async fn mutate(&self, name: &str, input: Value, fields: &str) -> Value {
        let kind = name[..1].to_uppercase() + &name[1..];
        let document = format!(
            "mutation($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} userErrors {{ code }} }} }}"
        );
        let Said { body, .. } = self.ask(&document, json!({ "input": input })).await;
        body["data"][name].clone()
    }

    fn through(&self, server: &Server) -> Self {
        Self {
            url: format!("http://{}/graphql", server.local_addr()),
            ..self.clone()
        }
    }
}

/// As the README has it: the new key behind the old one, then before it, and then alone.
#[tokio::test]
async fn nobody_is_signed_out_while_keys_are_changed() {
    let first = server(|_| {}).await;
    let (token, _) = first.named("hanako").await;
    let hanako = Caller::at(&first, "192.0.2.1").with(&token);
    let input = json!({ "password": super::RIGHT });
    let begun = hanako.mutate("beginTwoFactor", input, "secret").await;
    let secret = begun["secret"].as_str().unwrap().to_owned();
    let now = || code(&secret, first.app.clock.now().timestamp());
    let input = json!({ "code": now() });
    let on = hanako
        .mutate("confirmTwoFactor", input, "twoFactorEnabled")
        .await;
    assert_eq!(on["twoFactorEnabled"], true);
    let mut tokens = vec![token];
    for (keys, opens) in [
        (vec![OLD, NEW], true),
        (vec![NEW, OLD], true),
        (vec![NEW], false),
    ] {
        let server = serve(beside(&first, Keys::Given(keys)).await).await;
        let hanako = hanako.through(&server);
        for token in &tokens {
            let me = hanako.clone().with(token);
            let said = me.ask("{ viewer { user { username } } }", json!({})).await;
            assert_eq!(said.body["data"]["viewer"]["user"]["username"], "hanako");
        }
        first.pass(chrono::Duration::minutes(1));
        let input =
            json!({ "username": "hanako", "password": super::RIGHT, "secondFactor": now() });
        let nobody = Caller {
            token: None,
            ..hanako
        };
        let came = nobody.mutate("signIn", input, "token").await;
        assert_eq!(came["token"].is_string(), opens, "{came}");
        tokens.extend(came["token"].as_str().map(str::to_owned));
        server.shutdown().await;
    }
    assert_eq!(tokens.len(), 3);
}
