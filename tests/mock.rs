//! A mock for design work: nothing is kept, answers come late, and things fail as they do when something is wrong.

mod ephemeral;

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use ashiato::{config::Transport, user::loader::id_by_username};
use serde_json::{Value, json};

use crate::support::{
    server::{Running, code},
    socket::Socket,
};

fn late(transport: &mut Transport) {
    transport.mock.latency = Some("250ms-300ms".parse().unwrap());
}

/// Has so many of a hundred fail.
fn failing(rate: &'static str) -> impl FnOnce(&mut Transport) {
    move |transport| transport.mock.fail_rate = Some(rate.parse().unwrap())
}

#[tokio::test]
async fn answers_come_late_over_every_transport() {
    let server = Running::own_with(late).await;
    let (least, most) = (Duration::from_millis(250), Duration::from_secs(5));
    let began = Instant::now();
    assert_eq!(server.ask("{ __typename }").await.0, 200);
    assert!(
        (least..most).contains(&began.elapsed()),
        "{:?}",
        began.elapsed()
    );
    let mut socket = Socket::ready(&server).await;
    let began = Instant::now();
    socket.subscribe("1", "{ __typename }").await;
    assert_eq!(socket.hear().await["type"], "next");
    assert!(
        (least..most).contains(&began.elapsed()),
        "{:?}",
        began.elapsed()
    );
    // What is no operation is not late.
    let began = Instant::now();
    assert_eq!(server.ask("{ nothing }").await.0, 400);
    assert!(began.elapsed() < least);
}

#[tokio::test]
async fn what_fails_looks_as_it_does_when_something_is_wrong() {
    let server = Running::own_with(failing("100%")).await;
    let mut seen = BTreeSet::new();
    for _ in 0..60 {
        let (status, body) = server.ask("{ __typename }").await;
        let code = code(&body).to_owned();
        assert!(body.get("data").is_none(), "{body}");
        let has_id = body["errors"][0]["extensions"]["requestId"].is_string();
        assert_eq!(has_id, code != "TIMEOUT", "{body}");
        seen.insert((status, code));
    }
    let expected = [(500, "INTERNAL"), (503, "TIMEOUT"), (503, "UNAVAILABLE")];
    assert_eq!(
        seen,
        expected
            .map(|(status, code)| (status, code.to_owned()))
            .into()
    );
    // Nothing of it comes where nothing is said.
    let server = Running::own().await;
    for _ in 0..20 {
        assert_eq!(server.ask("{ __typename }").await.0, 200);
    }
}

#[tokio::test]
async fn a_mutation_that_takes_too_long_was_carried_out_and_others_were_not() {
    let server = Running::own_with(failing("100%")).await;
    let mut seen = BTreeSet::new();
    for number in 0..40 {
        let username = format!("person{number}");
        let query = "mutation($name: String!) { signUp(input: { username: $name, nickname: \"x\",
            password: \"a long enough one\", birthDate: \"1984-02-15\" }) { token } }";
        let (_, body) = server.ask_with(query, json!({ "name": username })).await;
        let is_there = id_by_username(&server.app, &username)
            .await
            .unwrap()
            .is_some();
        let code = code(&body);
        assert_eq!(is_there, code == "TIMEOUT", "{body}");
        seen.insert(code.to_owned());
        if seen.len() == 3 {
            return;
        }
    }
    panic!("{seen:?}");
}

#[tokio::test]
async fn live_operations_fail_at_their_start_and_at_their_events() {
    let server = Running::own_with(failing("50%")).await;
    let (token, _) = server.member().await;
    let (_, visitor) = server.named("taro").await;
    let owner = id_by_username(&server.app, "hanako").await.unwrap();
    let payload = json!({ "Authorization": format!("Bearer {token}") });
    let document =
        "subscription($after: String) { footprintLeft(after: $after) { node { number } } }";
    let all = json!({ "after": ashiato::paging::cursor(b'n', &0_i64) });
    let visited = ashiato::footprint::visit::Visited::Profile(owner.unwrap());
    let visit = ashiato::footprint::service::visit(&server.app, visitor.id, visited, None, None);
    visit.await.unwrap();
    let mut seen = BTreeSet::new();
    for _ in 0..80 {
        let mut socket = Socket::ready_with(&server, payload.clone()).await;
        socket.subscribe_with("1", document, all.clone()).await;
        seen.insert(match socket.next().await {
            Ok(message) if message["type"] == "next" => {
                let node = &message["payload"]["data"]["footprintLeft"]["node"];
                assert_eq!(node["number"], 1, "{message}");
                "an event".to_owned()
            }
            Ok(message) => {
                assert_eq!(message["type"], "error", "{message}");
                let code: &Value = &message["payload"][0]["extensions"]["code"];
                code.as_str().unwrap().to_owned()
            }
            Err((code, _)) => format!("closed with {code}"),
        });
        if seen.len() == 4 {
            break;
        }
    }
    let expected = ["INTERNAL", "UNAVAILABLE", "an event", "closed with 1013"];
    assert_eq!(seen, expected.map(str::to_owned).into());
}
