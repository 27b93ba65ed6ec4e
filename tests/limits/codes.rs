//! Codes for mobile numbers: ten in a quarter of an hour from an address, whichever numbers they are for.

use chrono::Duration;
use futures_util::future::join_all;
use serde_json::json;

use super::{
    Caller, RIGHT, count, server,
    servers::{at, second},
    word,
};

const REFUSED: &str = "TOO_MANY_CODES";
const CODE: &str = "mutation($number: String!) {
    requestPhoneCode(input: { number: $number }) { expiresAt userErrors { code message } } }";

impl Caller {
    /// What asking for a code for the number with this `end` comes to, in a word.
    async fn ask_for_code(&self, end: usize) -> String {
        let number = json!({ "number": format!("0901111{end:04}") });
        loop {
            let body = self.ask(CODE, number.clone()).await.body;
            let payload = &body["data"]["requestPhoneCode"];
            match payload["userErrors"][0]["code"].as_str() {
                Some(reason) => return reason.to_owned(),
                None if payload["expiresAt"].is_string() => return "SENT".to_owned(),
                // A row that all of them hold in turn.
                None => assert_eq!(body["errors"][0]["extensions"]["code"], "UNAVAILABLE"),
            }
        }
    }
}

#[tokio::test]
async fn an_address_has_ten_codes_sent_in_any_quarter_of_an_hour() {
    let server = server(|_| {}).await;
    let caller = Caller::at(&server, "192.0.2.1");
    for end in 0..10 {
        assert_eq!(caller.ask_for_code(end).await, "SENT");
        server.pass(Duration::minutes(1));
    }
    let refused = caller.ask(CODE, json!({ "number": "09011110010" })).await;
    assert_eq!(
        refused.body["data"]["requestPhoneCode"]["userErrors"][0],
        json!({ "code": REFUSED,
            "message": "Too many codes were asked for from your address. Try again in 300 seconds." })
    );
    // What is no number has nothing sent, and does not count.
    for _ in 0..3 {
        let wrong = caller.ask(CODE, json!({ "number": "hanako" })).await.body;
        let code = &wrong["data"]["requestPhoneCode"]["userErrors"][0]["code"];
        assert_eq!(code, "PHONE_NUMBER_INVALID");
    }
    let elsewhere = Caller::at(&server, "192.0.2.2");
    assert_eq!(elsewhere.ask_for_code(10).await, "SENT");
    // One by one they count no more.
    server.pass(Duration::seconds(299));
    assert_eq!(caller.ask_for_code(10).await, REFUSED);
    server.pass(Duration::seconds(1));
    assert_eq!(caller.ask_for_code(10).await, "SENT");
    assert_eq!(caller.ask_for_code(11).await, REFUSED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_those_who_ask_at_the_same_time_as_many_are_sent_as_may_be() {
    let server = server(|limits| limits.max_phone_codes_per_address = 4).await;
    let caller = Caller::at(&server, "192.0.2.1");
    let said = join_all((0..12).map(|end| caller.ask_for_code(end))).await;
    assert_eq!(count(&said, "SENT"), 4, "{said:?}");
    assert_eq!(count(&said, REFUSED), 8, "{said:?}");
}

#[tokio::test]
async fn without_a_limit_as_many_are_sent_as_are_asked_for() {
    let server = server(|limits| limits.max_phone_codes_per_address = 0).await;
    let caller = Caller::at(&server, "192.0.2.1");
    let said = join_all((0..20).map(|end| caller.ask_for_code(end))).await;
    assert_eq!(count(&said, "SENT"), 20, "{said:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_two_servers_send_no_more_codes_than_one() {
    let few = |limits: &mut ashiato::config::Limits| limits.max_phone_codes_per_address = 4;
    let first = server(few).await;
    let second = second(&first, few).await;
    let one = Caller::at(&first, "192.0.2.1");
    let other = at(&second, &one);
    let asking = (0..12).map(|end| [&one, &other][end % 2].ask_for_code(end));
    let said = join_all(asking).await;
    assert_eq!(count(&said, "SENT"), 4, "{said:?}");
    assert_eq!(count(&said, REFUSED), 8, "{said:?}");
    second.shutdown().await;
}

/// Messages to recover by are among them.
#[tokio::test]
async fn codes_to_recover_by_count_as_those_to_verify_with() {
    const ASK: &str =
        "mutation($number: String!) { requestPhoneRecovery(input: { number: $number }) {
        recovery userErrors { code } } }";
    let server = server(|limits| limits.max_phone_codes_per_address = 4).await;
    let caller = Caller::at(&server, "192.0.2.1");
    let ask = async |caller: &Caller, number: &str| {
        let body = caller.ask(ASK, json!({ "number": number })).await.body;
        let code = &body["data"]["requestPhoneRecovery"]["userErrors"][0]["code"];
        code.as_str().unwrap_or("SENT").to_owned()
    };
    assert_eq!(caller.ask_for_code(0).await, "SENT");
    for _ in 0..3 {
        assert_eq!(ask(&caller, "09022220000").await, "SENT");
    }
    assert_eq!(ask(&caller, "09022220001").await, REFUSED);
    assert_eq!(caller.ask_for_code(1).await, REFUSED);
    // Who holds the number asks from elsewhere.
    let elsewhere = Caller::at(&server, "192.0.2.2");
    assert_eq!(ask(&elsewhere, "09022220000").await, "SENT");
}

/// What is tried with them counts as wrong passwords do: by the name and the address.
#[tokio::test]
async fn recoveries_by_phone_that_are_wrong_are_wrong_passwords_of_their_address() {
    const RECOVER: &str = "mutation($input: RecoverAccountInput!) {
        recoverAccount(input: $input) { token userErrors { code } } }";
    let server = server(|limits| {
        limits.max_sign_ins_per_minute = 0;
        limits.max_wrong_passwords = 3;
    })
    .await;
    server.named("hanako").await;
    let caller = Caller::at(&server, "192.0.2.1");
    let recover = async |username: &str| {
        let input = json!({ "username": username, "newPassword": "six slow mice",
            "phone": { "recovery": "a guess", "code": "000000" } });
        let body = caller.ask(RECOVER, json!({ "input": input })).await.body;
        word(&body, "recoverAccount")
    };
    for username in ["hanako", "nobody_at_all"] {
        for _ in 0..3 {
            assert_eq!(recover(username).await, "RECOVERY_FAILED");
        }
        assert_eq!(recover(username).await, "TOO_MANY_SIGN_INS");
    }
    assert_eq!(caller.sign_in("hanako", RIGHT).await, "TOO_MANY_SIGN_INS");
    let elsewhere = Caller::at(&server, "192.0.2.2");
    assert_eq!(elsewhere.sign_in("hanako", RIGHT).await, "IN");
}
