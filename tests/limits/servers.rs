//! Several servers on one database, and one that starts again.

use ashiato::{
    config::{Limits, Transport},
    secrets::Keys,
    server::Server,
};
use futures_util::future::join_all;
use serde_json::json;

use super::{Caller, RIGHT, behind_proxy, beside, count, server};
use crate::support::{keys, server::Running};

const WRONG: &str = "a wrong password";

/// A second server on the database of the first.
pub async fn second(first: &Running, set: impl FnOnce(&mut Limits)) -> Server {
    with_keys(first, keys(), set).await
}

async fn with_keys(first: &Running, keys: Keys, set: impl FnOnce(&mut Limits)) -> Server {
    let mut transport = Transport {
        listen: "127.0.0.1:0".to_owned(),
        ..Transport::default()
    };
    behind_proxy(&mut transport, set);
    Server::start(beside(first, keys).await, transport)
        .await
        .unwrap()
}

fn few(limits: &mut Limits) {
    limits.max_sign_ins_per_minute = 0;
    limits.max_wrong_passwords = 5;
}

/// Whoever comes from the same address to `server`.
pub fn at(server: &Server, first: &Caller) -> Caller {
    Caller {
        url: format!("http://{}/graphql", server.local_addr()),
        ..first.clone()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_two_servers_look_at_no_more_wrong_passwords_than_one() {
    let first = server(few).await;
    first.named("hanako").await;
    let second = second(&first, few).await;
    let one = Caller::at(&first, "192.0.2.1");
    let other = at(&second, &one);
    for name in ["hanako", "nobody_at_all"] {
        let tries = (0..10).flat_map(|_| [&one, &other]);
        let tries = tries.map(async |caller| {
            loop {
                let said = caller.sign_in(name, WRONG).await;
                // A row that all of them hold in turn.
                if said != "UNAVAILABLE" {
                    return said;
                }
            }
        });
        let said = join_all(tries).await;
        assert_eq!(count(&said, "SIGN_IN_FAILED"), 5, "{said:?}");
        assert_eq!(count(&said, "TOO_MANY_SIGN_INS"), 15, "{said:?}");
    }
    // Who has the name comes in from elsewhere, through any.
    for caller in [&one, &other] {
        let elsewhere = Caller {
            address: Some("192.0.2.2".to_owned()),
            ..caller.clone()
        };
        assert_eq!(elsewhere.sign_in("hanako", RIGHT).await, "IN");
        assert_eq!(caller.sign_in("hanako", RIGHT).await, "TOO_MANY_SIGN_INS");
    }
    second.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_two_servers_make_no_more_accounts_than_one() {
    let first = server(|_| {}).await;
    let second = second(&first, |_| {}).await;
    let one = Caller::at(&first, "192.0.2.1");
    let other = at(&second, &one);
    let joining = (0..12).map(async |number| {
        let caller = [&one, &other][number % 2];
        loop {
            let said = caller.sign_up(&format!("user{number}"), json!({})).await;
            if said != "UNAVAILABLE" {
                return said;
            }
        }
    });
    let said = join_all(joining).await;
    assert_eq!(count(&said, "IN"), 3, "{said:?}");
    assert_eq!(count(&said, "TOO_MANY_SIGN_UPS"), 9, "{said:?}");
    second.shutdown().await;
}

#[tokio::test]
async fn a_server_that_starts_again_goes_on_counting() {
    let mut running = server(few).await;
    running.named("hanako").await;
    let caller = Caller::at(&running, "192.0.2.1");
    for _ in 0..5 {
        assert_eq!(caller.sign_in("hanako", WRONG).await, "SIGN_IN_FAILED");
    }
    running.take().shutdown().await;
    // With a new key in front of the old one, too.
    for keys in [keys(), Keys::Given(vec![[9; 32], [7; 32]])] {
        let again = with_keys(&running, keys, few).await;
        let said = at(&again, &caller).sign_in("hanako", RIGHT).await;
        assert_eq!(said, "TOO_MANY_SIGN_INS");
        again.shutdown().await;
    }
}

/// Without a key of the service's own each server counts for itself.
#[tokio::test]
async fn without_a_key_wrong_passwords_are_counted_all_the_same() {
    let running = server(few).await;
    running.named("hanako").await;
    let without = with_keys(&running, Keys::None, few).await;
    let here = Caller::at(&running, "192.0.2.1");
    let there = at(&without, &here);
    for caller in [&there, &here] {
        for _ in 0..5 {
            assert_eq!(caller.sign_in("hanako", WRONG).await, "SIGN_IN_FAILED");
        }
        assert_eq!(caller.sign_in("hanako", RIGHT).await, "TOO_MANY_SIGN_INS");
    }
    without.shutdown().await;
}
