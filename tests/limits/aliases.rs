//! Many sign-ins in one document.

use std::{net::IpAddr, sync::Arc};

use ashiato::{
    account::door::Door,
    config::Limits,
    graphql::{peer::Network, schema},
    loaders::Loaders,
    viewer::Caller as Asker,
};
use async_graphql::Request;
use serde_json::{Value, json};

use super::{Caller, Said, server};
use crate::support::{server::code, world::World};

fn document(count: usize, username: &str) -> String {
    let fields: String = (0..count)
        .map(|number| {
            format!(
                "s{number}: signIn(input: {{ username: \"{username}\", password: \"wrong\" }}) {{
                userErrors {{ code }} }} "
            )
        })
        .collect();
    format!("mutation {{ {fields} }}")
}

/// Executes what the guard would not let by.
async fn execute(world: &World, door: &Arc<Door>, document: &str) -> Value {
    let address: IpAddr = "192.0.2.1".parse().unwrap();
    let request = Request::new(document)
        .data(Loaders::new(world.app.clone(), Asker::ANONYMOUS))
        .data(door.entrance(Network::of(Some(address))));
    let answer = schema::build().execute(request).await;
    serde_json::to_value(answer).unwrap()
}

#[tokio::test]
async fn a_document_with_many_sign_ins_is_refused_whole() {
    let server = server(|_| {}).await;
    server.named("hanako").await;
    let caller = Caller::at(&server, "192.0.2.1");
    let checks = server.app.passwords.checks();
    let Said { body, .. } = caller.ask(&document(30, "hanako"), json!({})).await;
    assert_eq!(code(&body), "DOCUMENT_TOO_MANY_PASSWORDS");
    assert_eq!(server.app.passwords.checks(), checks);
}

/// Were it not, each would count for itself: against the address's, and against the name's.
#[tokio::test]
async fn many_sign_ins_of_one_document_count_one_by_one() {
    let world = World::new().await;
    world.joined("hanako").await;
    for (limits, looked_at) in [
        (
            Limits {
                max_sign_ins_per_minute: 4,
                ..Limits::default()
            },
            4,
        ),
        (
            Limits {
                max_sign_ins_per_minute: 0,
                max_wrong_passwords: 7,
                ..Limits::default()
            },
            3,
        ),
    ] {
        let door = Arc::new(Door::new(world.app.clone(), &limits));
        let checks = world.app.passwords.checks();
        let answer = execute(&world, &door, &document(12, "hanako")).await;
        let failed = |number: usize| {
            let field = &answer["data"][format!("s{number}")];
            field["userErrors"][0]["code"] == "SIGN_IN_FAILED"
        };
        // One after the other, as they stand there. (Those of the first document count in the second.)
        let expected: Vec<_> = (0..12).map(|number| number < looked_at).collect();
        assert_eq!(
            (0..12).map(failed).collect::<Vec<_>>(),
            expected,
            "{answer}"
        );
        let errors = answer["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 12 - looked_at);
        assert_eq!(world.app.passwords.checks() - checks, looked_at as u64);
    }
}

#[tokio::test]
async fn codes_for_numbers_count_one_by_one() {
    let server = server(|limits| limits.max_phone_codes_per_address = 3).await;
    let fields: String = (0..6)
        .map(|number| {
            format!(
                "c{number}: requestPhoneCode(input: {{ number: \"0901111000{number}\" }}) {{
                expiresAt userErrors {{ code }} }} "
            )
        })
        .collect();
    let caller = Caller::at(&server, "192.0.2.1");
    let Said { body, .. } = caller
        .ask(&format!("mutation {{ {fields} }}"), json!({}))
        .await;
    let sent = |number: &usize| body["data"][format!("c{number}")]["expiresAt"].is_string();
    assert_eq!((0..6).filter(sent).count(), 3, "{body}");
}

/// An absent name and one that somebody has: the same answer after the same statements, up to the last
/// attempt and beyond.
#[tokio::test]
async fn an_absent_name_is_counted_as_one_that_somebody_has() {
    let world = World::uncached().await;
    world.joined("hanako").await;
    let limits = Limits {
        max_sign_ins_per_minute: 0,
        max_wrong_passwords: 2,
        ..Limits::default()
    };
    let door = Arc::new(Door::new(world.app.clone(), &limits));
    let mut seen = Vec::new();
    for name in ["hanako", "nobody_at_all", "keiko-is-no-name"] {
        let mut said = Vec::new();
        for _ in 0..4 {
            world.forget_statements();
            let answer = execute(&world, &door, &document(1, name)).await;
            said.push((answer.to_string(), world.statement_texts()));
        }
        assert!(said[1].0.contains("SIGN_IN_FAILED"), "{said:?}");
        assert!(said[2].0.contains("Too many wrong passwords"), "{said:?}");
        seen.push(said);
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
}
