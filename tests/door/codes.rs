//! Codes that are guessed at, and passwords that are asked for again.

use serde_json::{Value, json};

use super::{Caller, REFUSED, RIGHT, server, word};
use crate::support::{
    server::{Running, code as error_code, read},
    soon,
    world::account::code,
};

const SIGN_IN: &str =
    "mutation($input: SignInInput!) { signIn(input: $input) { token userErrors { code } } }";

impl Caller {
    /// Puts the mutation `name`, by whoever has `token`.
    async fn ask(&self, server: &Running, token: Option<&str>, name: &str, input: Value) -> Value {
        let kind = name[..1].to_uppercase() + &name[1..];
        let query = format!(
            "mutation($input: {kind}Input!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}"
        );
        let body = json!({ "query": query, "variables": { "input": input } });
        let mut request = self
            .0
            .post(server.url("/graphql"))
            .header("content-type", "application/json")
            .body(body.to_string());
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        read(soon(request.send()).await.unwrap()).await.1
    }

    async fn sign_in_with(&self, server: &Running, factor: &str) -> String {
        let input = json!({ "username": "hanako", "password": RIGHT, "secondFactor": factor });
        let body = json!({ "query": SIGN_IN, "variables": { "input": input } });
        let request = self
            .0
            .post(server.url("/graphql"))
            .header("content-type", "application/json")
            .body(body.to_string());
        let answer = read(soon(request.send()).await.unwrap()).await.1;
        word(&answer).to_owned()
    }
}

/// The code of the user error of `name`, or of the error.
fn said<'a>(answer: &'a Value, name: &str) -> &'a str {
    let reason = &answer["data"][name]["userErrors"][0]["code"];
    reason.as_str().unwrap_or_else(|| error_code(answer))
}

/// A server with hanako, who has a second factor: her app's secret, and a token.
async fn with_two_factor(server: &Running) -> (String, String) {
    let input = json!({ "username": "hanako", "password": RIGHT });
    let (_, came) = server.ask_with(SIGN_IN, json!({ "input": input })).await;
    let token = came["data"]["signIn"]["token"].as_str().unwrap().to_owned();
    let run = async |query: String| {
        let body = json!({ "query": query }).to_string();
        let sent = server.post().bearer_auth(&token).body(body).send();
        read(sent.await.unwrap()).await.1
    };
    let begin =
        format!("mutation {{ beginTwoFactor(input: {{ password: \"{RIGHT}\" }}) {{ secret }} }}");
    let begun = run(begin).await;
    let secret = begun["data"]["beginTwoFactor"]["secret"]
        .as_str()
        .unwrap()
        .to_owned();
    let code = code(&secret, now(server));
    let confirm = format!(
        "mutation {{ confirmTwoFactor(input: {{ code: \"{code}\" }}) {{ twoFactorEnabled }} }}"
    );
    let on = run(confirm).await;
    assert_eq!(
        on["data"]["confirmTwoFactor"]["twoFactorEnabled"], true,
        "{on}"
    );
    (secret, token)
}

fn now(server: &Running) -> i64 {
    server.app.clock.now().timestamp()
}

/// A code that is not the app's now, nor in the steps beside.
fn wrong(server: &Running, secret: &str) -> String {
    let near = [-30, 0, 30].map(|by| code(secret, now(server) + by));
    let all = (0..4).map(|number| format!("{number:06}"));
    all.into_iter().find(|code| !near.contains(code)).unwrap()
}

#[tokio::test]
async fn five_wrong_codes_close_an_account_s_door_to_codes_wherever_they_come_from() {
    let server = server(|_| {}).await;
    let (secret, _) = with_two_factor(&server).await;
    server.pass(chrono::Duration::minutes(1));
    let guess = wrong(&server, &secret);
    for turn in 0..5_u8 {
        let caller = Caller::at(10 + turn);
        assert_eq!(
            caller.sign_in_with(&server, &guess).await,
            "SECOND_FACTOR_WRONG"
        );
        // The password alone is right each time, and gives nothing back of what a code has taken.
        let alone = caller.sign_in(&server, "hanako", RIGHT).await;
        assert_eq!(word(&alone), "SECOND_FACTOR_REQUIRED");
    }
    let right = code(&secret, now(&server));
    for factor in [&guess, &right] {
        assert_eq!(Caller::at(20).sign_in_with(&server, factor).await, REFUSED);
    }
    // Each counts for fifteen minutes; a right one is given back.
    server.pass(chrono::Duration::seconds(899));
    let right = code(&secret, now(&server));
    assert_eq!(Caller::at(20).sign_in_with(&server, &right).await, REFUSED);
    server.pass(chrono::Duration::seconds(1));
    for _ in 0..2 {
        let right = code(&secret, now(&server));
        assert_eq!(Caller::at(20).sign_in_with(&server, &right).await, "IN");
        server.pass(chrono::Duration::seconds(30));
    }
}

/// Codes on paper have too many bits to be guessed: who has lost the phone is not kept out by others.
#[tokio::test]
async fn a_code_on_paper_lets_in_where_codes_are_not_looked_at_any_more() {
    let server = server(|_| {}).await;
    let (secret, token) = with_two_factor(&server).await;
    let caller = Caller::at(1);
    server.pass(chrono::Duration::minutes(1));
    let right = code(&secret, now(&server));
    let input = json!({ "password": RIGHT, "secondFactor": right });
    let query = "mutation($input: CreateRecoveryCodesInput!) {
        createRecoveryCodes(input: $input) { recoveryCodes } }";
    let body = json!({ "query": query, "variables": { "input": input } }).to_string();
    let sent = server.post().bearer_auth(&token).body(body).send();
    let (_, made) = read(sent.await.unwrap()).await;
    let paper = made["data"]["createRecoveryCodes"]["recoveryCodes"][0].clone();
    let guess = wrong(&server, &secret);
    for turn in 0..5_u8 {
        Caller::at(10 + turn).sign_in_with(&server, &guess).await;
    }
    assert_eq!(caller.sign_in_with(&server, &guess).await, REFUSED);
    let paper = paper.as_str().unwrap();
    assert_eq!(caller.sign_in_with(&server, paper).await, "IN");
}

/// A right password is no help: wrong codes count at the door as wrong passwords do.
#[tokio::test]
async fn wrong_codes_are_wrong_passwords_of_their_address() {
    let server = server(|limits| {
        limits.max_wrong_passwords = 3;
        limits.max_wrong_codes = 100;
    })
    .await;
    let (secret, _) = with_two_factor(&server).await;
    let caller = Caller::at(9);
    let guess = wrong(&server, &secret);
    for factor in [guess.as_str(), "0000-0000-0000-0000", "nonsense"] {
        let said = caller.sign_in_with(&server, factor).await;
        assert_eq!(said, "SECOND_FACTOR_WRONG");
        let alone = caller.sign_in(&server, "hanako", RIGHT).await;
        assert!(["SECOND_FACTOR_REQUIRED", REFUSED].contains(&word(&alone)));
    }
    assert_eq!(caller.sign_in_with(&server, &guess).await, REFUSED);
    let elsewhere = Caller::at(8).sign_in(&server, "hanako", RIGHT).await;
    assert_eq!(word(&elsewhere), "SECOND_FACTOR_REQUIRED");
}

#[tokio::test]
async fn whatever_asks_for_the_password_again_counts_wrong_ones_as_a_sign_in_does() {
    let server = server(|limits| limits.max_wrong_passwords = 5).await;
    let input = json!({ "input": { "username": "hanako", "password": RIGHT } });
    let (_, came) = server.ask_with(SIGN_IN, input).await;
    let token = came["data"]["signIn"]["token"].as_str();
    let caller = Caller::at(7);
    let wrong = json!({ "password": "wrong" });
    for (name, input, expected) in [
        (
            "changePassword",
            json!({ "currentPassword": "wrong", "newPassword": "six slow mice" }),
            "PASSWORD_WRONG",
        ),
        ("createRecoveryCodes", wrong.clone(), "PASSWORD_WRONG"),
        ("beginTwoFactor", wrong.clone(), "PASSWORD_WRONG"),
        ("disableTwoFactor", wrong, "PASSWORD_WRONG"),
        (
            "recoverAccount",
            json!({ "username": " Hanako", "recoveryCode": "0", "newPassword": "six slow mice" }),
            "RECOVERY_FAILED",
        ),
    ] {
        let answer = caller.ask(&server, token, name, input).await;
        assert_eq!(said(&answer, name), expected, "{name}: {answer}");
    }
    // All of them together: by the account and the address.
    let here = caller.sign_in(&server, "hanako", RIGHT).await;
    assert_eq!(word(&here), REFUSED);
    let input = json!({ "password": RIGHT });
    let answer = caller
        .ask(&server, token, "createRecoveryCodes", input)
        .await;
    assert_eq!(said(&answer, "createRecoveryCodes"), REFUSED, "{answer}");
    for (caller, name) in [(Caller::at(6), "hanako"), (caller, "another")] {
        let answer = caller.sign_in(&server, name, RIGHT).await;
        assert_ne!(word(&answer), REFUSED);
    }
}
