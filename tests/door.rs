//! Signing in beside those who would keep others from it, or guess.

mod codes;

use std::net::{IpAddr, Ipv4Addr};

use ashiato::config::Limits;
use futures_util::future::select_all;
use reqwest::Client;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{
    server::{Running, code, read},
    socket::Socket,
    soon,
};

const SIGN_IN: &str = "mutation($username: String!, $password: String!) {
    signIn(input: { username: $username, password: $password }) { token userErrors { code } } }";
const RIGHT: &str = "a password that nobody guesses";
const REFUSED: &str = "TOO_MANY_SIGN_INS";
const SOCKETS: usize = 16;
const EACH: usize = 100;

/// Somebody with an address of their own on this machine.
struct Caller(Client);

impl Caller {
    fn at(last: u8) -> Self {
        let address = IpAddr::V4(Ipv4Addr::new(127, 0, 0, last));
        Self(Client::builder().local_address(address).build().unwrap())
    }

    async fn sign_in(&self, server: &Running, username: &str, password: &str) -> Value {
        let variables = json!({ "username": username, "password": password });
        self.put(server, SIGN_IN, variables).await
    }

    async fn put(&self, server: &Running, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables });
        let request = self
            .0
            .post(server.url("/graphql"))
            .header("content-type", "application/json")
            .body(body.to_string());
        read(soon(request.send()).await.unwrap()).await.1
    }
}

const SIGN_UP: &str = "mutation($username: String!, $password: String!, $code: String) {
    signUp(input: { username: $username, password: $password, nickname: \"花子\",
        birthDate: \"1986-04-01\", invitationCode: $code, idempotencyKey: \"a key\" }) {
        token userErrors { code } } }";
const CODE: &str = "mutation($number: String!) {
    requestPhoneCode(input: { number: $number }) { expiresAt userErrors { code } } }";

/// What a sign-in came to, in a word.
fn word(answer: &Value) -> &str {
    let payload = &answer["data"]["signIn"];
    match payload["userErrors"][0]["code"].as_str() {
        Some(reason) => reason,
        None if payload["token"].is_string() => "IN",
        None => code(answer),
    }
}

async fn server(set: impl FnOnce(&mut Limits)) -> Running {
    let server = Running::own_with(|transport| set(&mut transport.limits)).await;
    server.named("hanako").await;
    server
}

/// Has as many sign-ins under way on one socket as can be, for as long as it is let.
async fn flood(mut socket: Socket) {
    let guess = |number: usize| json!({ "username": format!("u{number}"), "password": "wrong" });
    for number in 0..EACH {
        let id = number.to_string();
        socket.subscribe_with(&id, SIGN_IN, guess(number)).await;
    }
    let mut number = EACH;
    loop {
        let message = socket.hear().await;
        if message["type"] == "next" {
            let said = word(&message["payload"]);
            assert!([REFUSED, "SIGN_IN_FAILED"].contains(&said), "{message}");
        } else {
            let id = number.to_string();
            socket.subscribe_with(&id, SIGN_IN, guess(number)).await;
            number += 1;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn others_sign_in_while_one_address_floods() {
    let server = server(|limits| limits.max_sign_ins_per_minute = 8).await;
    let mut sockets = Vec::new();
    for _ in 0..SOCKETS {
        sockets.push(Socket::ready(&server).await);
    }
    let flooding = select_all(sockets.into_iter().map(|socket| Box::pin(flood(socket))));
    let others = async {
        while server.app.passwords.checks() < 5 {
            tokio::task::yield_now().await;
        }
        let caller = Caller::at(2);
        for _ in 0..3 {
            let answer = caller.sign_in(&server, "hanako", RIGHT).await;
            assert_eq!(word(&answer), "IN", "{answer}");
        }
    };
    tokio::select! {
        () = others => {}
        _ = flooding => unreachable!("it goes on"),
    }
}

#[rstest]
#[case::of_a_user("hanako", " HANAKO")]
#[case::of_nobody("nobody_at_all", "Nobody_At_All ")]
#[tokio::test]
async fn a_name_is_guessed_at_ten_times_from_one_address(#[case] name: &str, #[case] same: &str) {
    let server = server(|limits| limits.max_wrong_passwords = 10).await;
    let (caller, wrong) = (Caller::at(1), "wrong");
    // Right ones do not count.
    for _ in 0..12 {
        let came = caller.sign_in(&server, "hanako", RIGHT).await;
        assert_eq!(word(&came), "IN");
    }
    for _ in 0..10 {
        let answer = caller.sign_in(&server, name, wrong).await;
        assert_eq!(word(&answer), "SIGN_IN_FAILED");
    }
    let checks = server.app.passwords.checks();
    let refused = caller.sign_in(&server, same, RIGHT).await;
    assert_eq!(
        refused["errors"][0]["message"],
        "Too many wrong passwords came from your address. Try again in 3600 seconds."
    );
    assert_eq!(refused["errors"][0]["extensions"]["retryAfter"], 3600);
    assert_eq!(
        (word(&refused), &refused["data"]["signIn"]),
        (REFUSED, &Value::Null)
    );
    let mut socket = Socket::ready(&server).await;
    let guess = json!({ "username": name, "password": RIGHT });
    socket.subscribe_with("1", SIGN_IN, guess).await;
    assert_eq!(socket.hear().await["payload"]["errors"], refused["errors"]);
    assert_eq!(
        server.app.passwords.checks(),
        checks,
        "nothing was looked at"
    );

    let elsewhere = Caller::at(2).sign_in(&server, "hanako", RIGHT).await;
    assert_eq!(word(&elsewhere), "IN", "who has the name comes in");
    let another = caller.sign_in(&server, "another", wrong).await;
    assert_eq!(word(&another), "SIGN_IN_FAILED");
    // Each counts for an hour.
    server.pass(chrono::Duration::seconds(3599));
    assert_eq!(word(&caller.sign_in(&server, name, wrong).await), REFUSED);
    server.pass(chrono::Duration::seconds(1));
    for _ in 0..10 {
        let answer = caller.sign_in(&server, name, wrong).await;
        assert_eq!(word(&answer), "SIGN_IN_FAILED");
    }
    assert_eq!(word(&caller.sign_in(&server, name, wrong).await), REFUSED);
}

/// A sign-up that is repeated comes in by the password of who has the name: it is no other way to guess.
#[rstest]
#[case::a_name_that_is_taken(Value::Null, "USERNAME_TAKEN")]
#[case::without_an_invitation(json!("7K4D-9QXM-2F8T-WB3E"), "INVITATION_INVALID")]
#[tokio::test]
async fn a_repeated_sign_up_counts_as_a_guess(#[case] invitation: Value, #[case] told: &str) {
    let server = server(|limits| limits.max_wrong_passwords = 3).await;
    let caller = Caller::at(1);
    let guess = json!({ "username": "hanako", "password": "a wrong password", "code": invitation });
    for _ in 0..3 {
        let answer = caller.put(&server, SIGN_UP, guess.clone()).await;
        assert_eq!(answer["data"]["signUp"]["userErrors"][0]["code"], told);
    }
    let checks = server.app.passwords.checks();
    let refused = caller.put(&server, SIGN_UP, guess).await;
    assert_eq!(code(&refused), REFUSED);
    assert_eq!(
        word(&caller.sign_in(&server, "hanako", RIGHT).await),
        REFUSED
    );
    assert_eq!(
        server.app.passwords.checks(),
        checks,
        "nothing was looked at"
    );
    let elsewhere = Caller::at(2).sign_in(&server, "hanako", RIGHT).await;
    assert_eq!(word(&elsewhere), "IN");
}

#[tokio::test]
async fn an_address_has_few_codes_sent() {
    let server = server(|limits| limits.max_phone_codes_per_address = 3).await;
    let asked = async |caller: &Caller, number: usize| {
        let number = json!({ "number": format!("0901111{number:04}") });
        let answer = caller.put(&server, CODE, number).await;
        let payload = answer["data"]["requestPhoneCode"].clone();
        payload["userErrors"][0]["code"]
            .as_str()
            .unwrap_or("SENT")
            .to_owned()
    };
    let caller = Caller::at(1);
    for number in 0..3 {
        assert_eq!(asked(&caller, number).await, "SENT");
    }
    assert_eq!(asked(&caller, 3).await, "TOO_MANY_CODES");
    assert_eq!(asked(&Caller::at(2), 3).await, "SENT");
}
