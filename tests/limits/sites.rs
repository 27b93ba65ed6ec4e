//! Who has a /48 of IPv6 has 65,536 networks, and of each limit as much as sixteen.

use chrono::Duration;
use futures_util::future::join_all;
use serde_json::json;

use super::{Caller, RIGHT, count, points, server, servers::second};
use crate::support::server::Running;

const SHARES: usize = 16;
const WRONG: &str = "a wrong password";
const LATE: &str = "TOO_MANY_SIGN_INS";

/// Somebody in that network of the site 2001:db8:1::/48.
fn within(server: &Running, network: usize) -> Caller {
    Caller::at(server, &format!("2001:db8:1:{network:x}::1"))
}

/// Somebody of another site.
fn elsewhere(server: &Running) -> Caller {
    Caller::at(server, "2001:db8:2::1")
}

#[tokio::test]
async fn a_site_signs_in_as_often_as_sixteen_addresses() {
    let server = server(|limits| {
        limits.max_sign_ins_per_minute = 1;
        limits.max_wrong_passwords = 0;
    })
    .await;
    for network in 0..SHARES {
        let caller = within(&server, network);
        assert_eq!(caller.sign_in("nobody", WRONG).await, "SIGN_IN_FAILED");
        assert_eq!(caller.sign_in("nobody", WRONG).await, LATE);
    }
    let next = within(&server, SHARES);
    assert_eq!(next.sign_in("nobody", WRONG).await, LATE);
    for other in [elsewhere(&server), Caller::at(&server, "192.0.2.1")] {
        assert_eq!(other.sign_in("nobody", WRONG).await, "SIGN_IN_FAILED");
    }
    // The site's come back, too, and what was refused for it was not taken from the network.
    server.pass(Duration::seconds(4));
    assert_eq!(next.sign_in("nobody", WRONG).await, "SIGN_IN_FAILED");
}

#[tokio::test]
async fn a_site_guesses_as_often_as_sixteen_addresses() {
    let server = server(|limits| {
        limits.max_sign_ins_per_minute = 0;
        limits.max_wrong_passwords = 1;
    })
    .await;
    server.named("hanako").await;
    for network in 0..SHARES {
        let caller = within(&server, network);
        assert_eq!(
            caller.sign_in("hanako", RIGHT).await,
            "IN",
            "that is no guess"
        );
        assert_eq!(caller.sign_in("hanako", WRONG).await, "SIGN_IN_FAILED");
    }
    let next = within(&server, SHARES);
    assert_eq!(next.sign_in("hanako", RIGHT).await, LATE);
    // Another name, and another site.
    assert_eq!(next.sign_in("taro", WRONG).await, "SIGN_IN_FAILED");
    assert_eq!(elsewhere(&server).sign_in("hanako", RIGHT).await, "IN");
}

/// As many as sixteen addresses make, and not one more where all ask at the same moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_makes_as_many_accounts_as_sixteen_addresses() {
    let server = server(|limits| limits.max_sign_ups_per_hour = 1).await;
    let joining = (0..SHARES + 8).map(|number| {
        let caller = within(&server, number);
        async move { joins(&caller, number).await }
    });
    let said = join_all(joining).await;
    assert_eq!(count(&said, "IN"), SHARES, "{said:?}");
    assert_eq!(count(&said, "TOO_MANY_SIGN_UPS"), 8, "{said:?}");
    assert_eq!(joins(&elsewhere(&server), 100).await, "IN");
}

#[tokio::test]
async fn what_a_site_is_refused_its_network_has_not_had() {
    let server = server(|limits| limits.max_sign_ups_per_hour = 1).await;
    for number in 0..SHARES - 1 {
        assert_eq!(joins(&within(&server, number), number).await, "IN");
    }
    server.pass(Duration::minutes(30));
    assert_eq!(joins(&within(&server, 50), 50).await, "IN");
    let next = within(&server, 51);
    assert_eq!(joins(&next, 51).await, "TOO_MANY_SIGN_UPS");
    server.pass(Duration::minutes(31));
    assert_eq!(joins(&next, 51).await, "IN");
    assert_eq!(joins(&next, 52).await, "TOO_MANY_SIGN_UPS");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_two_servers_count_a_site_together() {
    let one = server(|limits| limits.max_sign_ups_per_hour = 1).await;
    let two = second(&one, |limits| limits.max_sign_ups_per_hour = 1).await;
    let joining = (0..SHARES + 8).map(|number| {
        let mut caller = within(&one, number);
        if number % 2 == 1 {
            caller.url = format!("http://{}/graphql", two.local_addr());
        }
        async move { joins(&caller, number).await }
    });
    let said = join_all(joining).await;
    assert_eq!(count(&said, "IN"), SHARES, "{said:?}");
    two.shutdown().await;
}

#[tokio::test]
async fn a_site_has_the_points_of_sixteen_addresses() {
    let server = server(|limits| limits.points_per_hour_per_address = 3).await;
    for network in 0..SHARES {
        let caller = within(&server, network);
        assert_eq!(points::left(&caller).await["remaining"], 2);
        points::left(&caller).await;
        assert_eq!(points::left(&caller).await["remaining"], 0);
    }
    let next = within(&server, SHARES);
    let said = next.ask(points::LEFT, json!({})).await;
    assert_eq!(said.status, 429);
    assert_eq!(points::left(&elsewhere(&server)).await["remaining"], 2);
    // Who is signed in has points of their own.
    let (token, _) = server.named("hanako").await;
    let said = next.with(&token).ask(points::LEFT, json!({})).await;
    assert_eq!(said.status, 200);
}

/// What a sign-up comes to; again where all hold one row in turn.
async fn joins(caller: &Caller, number: usize) -> String {
    loop {
        let said = caller.sign_up(&format!("user{number}"), json!({})).await;
        if said != "UNAVAILABLE" && said != LATE {
            return said;
        }
    }
}
