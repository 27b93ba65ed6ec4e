//! Signing up: three accounts an hour from an address.

use chrono::Duration;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{Caller, RIGHT, Said, count, server, word};

const REFUSED: &str = "TOO_MANY_SIGN_UPS";
const SIGN_UP: &str = "mutation($input: SignUpInput!) {
    signUp(input: $input) { token user { username } userErrors { code } } }";

impl Caller {
    /// What a sign-up comes to, in a word.
    pub async fn sign_up(&self, username: &str, given: Value) -> String {
        word(&self.join(username, given).await.body, "signUp")
    }

    async fn join(&self, username: &str, given: Value) -> Said {
        let mut input = json!({ "username": username, "nickname": "…", "password": RIGHT,
            "birthDate": "1986-04-01" });
        for (name, value) in given.as_object().unwrap() {
            input[name] = value.clone();
        }
        self.ask(SIGN_UP, json!({ "input": input })).await
    }
}

#[tokio::test]
async fn an_address_makes_three_accounts_an_hour() {
    let server = server(|_| {}).await;
    let caller = Caller::at(&server, "192.0.2.1");
    for name in ["one_one", "two_two"] {
        assert_eq!(caller.sign_up(name, json!({})).await, "IN");
        server.pass(Duration::minutes(10));
    }
    // What can be no account is none, and tells of nobody.
    for given in [
        json!({ "password": "short" }),
        json!({ "birthDate": "2025-01-01" }),
        json!({ "nickname": "" }),
        json!({ "invitationCode": "7K4D-9QXM-2F8T-WB3E" }),
    ] {
        for _ in 0..2 {
            assert_ne!(caller.sign_up("three", given.clone()).await, REFUSED);
        }
    }
    // A name that is taken tells of somebody.
    assert_eq!(caller.sign_up("one_one", json!({})).await, "USERNAME_TAKEN");
    let Said { body, .. } = caller.join("three", json!({})).await;
    assert_eq!(word(&body, "signUp"), REFUSED);
    assert_eq!(body["data"]["signUp"], Value::Null);
    assert_eq!(body["errors"][0]["extensions"]["retryAfter"], 2400);
    let elsewhere = Caller::at(&server, "192.0.2.2");
    assert_eq!(elsewhere.sign_up("three", json!({})).await, "IN");
    server.pass(Duration::minutes(40) - Duration::seconds(1));
    assert_eq!(caller.sign_up("four_four", json!({})).await, REFUSED);
    server.pass(Duration::seconds(1));
    assert_eq!(caller.sign_up("four_four", json!({})).await, "IN");
    assert_eq!(caller.sign_up("five_five", json!({})).await, REFUSED);
}

#[tokio::test]
async fn a_sign_up_that_is_repeated_is_one_and_comes_in_however_many_there_were() {
    let server = server(|limits| limits.max_sign_ins_per_minute = 0).await;
    let caller = Caller::at(&server, "192.0.2.1");
    let key = || json!({ "idempotencyKey": "key" });
    for _ in 0..3 {
        assert_eq!(caller.sign_up("hanako", key()).await, "IN");
    }
    for name in ["two_two", "three"] {
        assert_eq!(caller.sign_up(name, key()).await, "IN");
    }
    assert_eq!(caller.sign_up("four_four", key()).await, REFUSED);
    let Said { body, .. } = caller.join("hanako", key()).await;
    assert_eq!(word(&body, "signUp"), "IN");
    assert_eq!(body["data"]["signUp"]["user"]["username"], "hanako");
    // By its own password alone.
    let mut guess = key();
    guess["password"] = json!("another password");
    assert_eq!(caller.sign_up("hanako", guess).await, REFUSED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_sign_ups_at_the_same_time_three_make_an_account() {
    let server = server(|_| {}).await;
    let caller = Caller::at(&server, "192.0.2.1");
    let names: Vec<_> = (0..12).map(|number| format!("user{number}")).collect();
    let said = join_all(names.iter().map(|name| caller.sign_up(name, json!({})))).await;
    assert_eq!(count(&said, "IN"), 3, "{said:?}");
    assert_eq!(count(&said, REFUSED), 9, "{said:?}");
}
