//! Signing in: three times at once, then three times a minute from an address; thirty wrong passwords an
//! hour for a name from one.

use chrono::Duration;
use futures_util::future::join_all;
use rstest::rstest;
use serde_json::json;

use super::{Caller, RIGHT, Said, count, server, word};

const REFUSED: &str = "TOO_MANY_SIGN_INS";
const WRONG: &str = "a wrong password";
const PROVE: &str = "mutation($password: String!) {
    createRecoveryCodes(input: { password: $password }) { recoveryCodes userErrors { code } } }";

#[rstest]
#[case::right("hanako", RIGHT, "IN")]
#[case::wrong("hanako", WRONG, "SIGN_IN_FAILED")]
#[case::of_nobody("nobody_at_all", WRONG, "SIGN_IN_FAILED")]
#[tokio::test]
async fn an_address_signs_in_three_times_at_once_and_then_three_times_a_minute(
    #[case] name: &str,
    #[case] password: &str,
    #[case] said: &str,
) {
    let server = server(|_| {}).await;
    server.named("hanako").await;
    let caller = Caller::at(&server, "192.0.2.1");
    for _ in 0..3 {
        assert_eq!(caller.sign_in(name, password).await, said);
    }
    let checks = server.app.passwords.checks();
    let variables = json!({ "username": name, "password": password });
    let Said { body, .. } = caller.ask(super::SIGN_IN, variables).await;
    assert_eq!(word(&body, "signIn"), REFUSED);
    assert_eq!(body["errors"][0]["extensions"]["retryAfter"], 21);
    assert_eq!(
        server.app.passwords.checks(),
        checks,
        "nothing was looked at"
    );
    // Whatever the name; and whatever the address in one network.
    assert_eq!(caller.sign_in("another", WRONG).await, REFUSED);
    let elsewhere = Caller::at(&server, "192.0.2.2");
    assert_eq!(elsewhere.sign_in(name, password).await, said);
    for _ in 0..2 {
        server.pass(Duration::seconds(20));
        assert_eq!(caller.sign_in(name, password).await, said);
        assert_eq!(caller.sign_in(name, password).await, REFUSED);
    }
}

#[tokio::test]
async fn the_addresses_of_one_ipv6_network_are_one() {
    let server = server(|_| {}).await;
    let at = |address: &str| Caller::at(&server, address);
    for address in [
        "2001:db8:1:2::1",
        "2001:db8:1:2:3::",
        "2001:db8:1:2:ffff:ffff:ffff:ffff",
    ] {
        assert_eq!(at(address).sign_in("hanako", WRONG).await, "SIGN_IN_FAILED");
    }
    assert_eq!(
        at("2001:db8:1:2::9").sign_in("hanako", WRONG).await,
        REFUSED
    );
    let next = at("2001:db8:1:3::1").sign_in("hanako", WRONG).await;
    assert_eq!(next, "SIGN_IN_FAILED");
}

#[tokio::test]
async fn who_is_in_already_proves_the_password_as_often_as_it_is_right() {
    let server = server(|_| {}).await;
    let (token, _) = server.named("hanako").await;
    let caller = Caller::at(&server, "192.0.2.1").with(&token);
    let prove = async |password: &str| {
        let Said { body, .. } = caller.ask(PROVE, json!({ "password": password })).await;
        word(&body, "createRecoveryCodes")
    };
    for _ in 0..8 {
        assert_eq!(prove(RIGHT).await, "");
    }
    for _ in 0..3 {
        assert_eq!(prove(WRONG).await, "PASSWORD_WRONG");
    }
    assert_eq!(prove(RIGHT).await, REFUSED);
}

#[tokio::test]
async fn thirty_wrong_passwords_an_hour_are_looked_at_and_nobody_is_locked_out() {
    let server = server(|limits| limits.max_sign_ins_per_minute = 0).await;
    server.named("hanako").await;
    let stranger = Caller::at(&server, "192.0.2.1");
    let owner = Caller::at(&server, "192.0.2.2");
    for minute in 0..30 {
        assert_eq!(
            stranger.sign_in("hanako", WRONG).await,
            "SIGN_IN_FAILED",
            "{minute}"
        );
        // What is right is given back, and gives back nothing else.
        if minute < 29 {
            assert_eq!(stranger.sign_in("hanako", RIGHT).await, "IN");
        }
        server.pass(Duration::minutes(1));
    }
    for password in [WRONG, RIGHT] {
        assert_eq!(stranger.sign_in(" HANAKO ", password).await, REFUSED);
    }
    for _ in 0..2 {
        assert_eq!(owner.sign_in("hanako", RIGHT).await, "IN");
    }
    assert_eq!(stranger.sign_in("another", WRONG).await, "SIGN_IN_FAILED");
    // Each counts for an hour: the first comes back half an hour later.
    server.pass(Duration::minutes(30) - Duration::seconds(1));
    assert_eq!(stranger.sign_in("hanako", WRONG).await, REFUSED);
    server.pass(Duration::seconds(1));
    assert_eq!(stranger.sign_in("hanako", WRONG).await, "SIGN_IN_FAILED");
    assert_eq!(stranger.sign_in("hanako", WRONG).await, REFUSED);
}

#[rstest]
#[case("hanako")]
#[case("nobody_at_all")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_wrong_passwords_at_the_same_time_no_more_are_looked_at(#[case] name: &str) {
    let server = server(|limits| {
        limits.max_sign_ins_per_minute = 0;
        limits.max_wrong_passwords = 5;
    })
    .await;
    server.named("hanako").await;
    let caller = Caller::at(&server, "192.0.2.1");
    let checks = server.app.passwords.checks();
    let said = join_all((0..20).map(|_| caller.sign_in(name, WRONG))).await;
    assert_eq!(count(&said, "SIGN_IN_FAILED"), 5, "{said:?}");
    assert_eq!(count(&said, REFUSED), 15, "{said:?}");
    assert_eq!(server.app.passwords.checks() - checks, 5);
}
