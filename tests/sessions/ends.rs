//! Signing out from elsewhere.

use std::time::Instant;

use ashiato::{
    account::session::ending::end_mine_everywhere,
    app::{App, Parts},
    config::Rules,
    ids::{GlobalId, Kind},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{devices, id, sessions};
use crate::support::{
    keys,
    server::Running,
    socket::Socket,
    world::{Person, World},
};

async fn signed_in<'w>(world: &'w World, username: &str, device: &str) -> Person<'w> {
    let came = world.sign_in(username, json!({ "device": device })).await;
    world.comes_with(&came["token"]).await.unwrap()
}

async fn lives(person: &Person<'_>) -> bool {
    person.world.lives(&json!(person.token)).await
}

#[tokio::test]
async fn a_user_ends_one_of_their_sessions() {
    let world = World::new().await;
    let (hanako, _) = world.joined("hanako").await;
    let phone = signed_in(&world, "hanako", "phone").await;
    let car = signed_in(&world, "hanako", "car").await;
    let input = json!({ "sessionId": id(&phone), "idempotencyKey": "out" });
    let done = hanako
        .mutate("signOutSession", input.clone(), "signedOut")
        .await;
    assert_eq!(done["signedOut"], true);
    assert!(!lives(&phone).await && lives(&car).await && lives(&hanako).await);
    assert_eq!(devices(&hanako).await, [json!("car"), Value::Null]);
    // The call again is the same call; another finds nothing.
    hanako.mutate("signOutSession", input, "").await;
    let again = json!({ "sessionId": id(&phone) });
    assert_eq!(hanako.refusal("signOutSession", again).await, "NOT_FOUND");
    // One's own, too.
    let own = json!({ "sessionId": id(&hanako) });
    hanako.mutate("signOutSession", own, "").await;
    assert!(!lives(&hanako).await);
    assert_eq!(sessions(&car).await["totalCount"], 1);
}

#[tokio::test]
async fn another_s_session_is_absent_by_as_many_statements() {
    let world = World::uncached().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let mine = me.viewer.id().unwrap();
    let nobodys = |user| {
        let session = Uuid::from_u128(1);
        GlobalId::encode(Kind::Session, &[user, session]).to_string()
    };
    let document = "mutation($input: SignOutSessionInput!) { signOutSession(input: $input) {
        signedOut userErrors { code message field } } }";
    let mut answers = Vec::new();
    for session in [
        id(&other),
        nobodys(mine),
        nobodys(other.viewer.id().unwrap()),
        nobodys(Uuid::from_u128(2)),
    ] {
        world.forget_statements();
        let variables = json!({ "input": { "sessionId": session } });
        let answer = me.answer(document, variables).await;
        answers.push((answer, world.statement_texts()));
    }
    let payload = &answers[0].0["data"]["signOutSession"];
    assert_eq!(payload["userErrors"][0]["code"], "NOT_FOUND");
    assert_eq!(payload["signedOut"], false);
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:#?}"
    );
    assert!(lives(&other).await && lives(&me).await);
    let user = json!({ "input": { "sessionId": me.id() } });
    assert_eq!(me.error(document, user).await, "INVALID_ID");
}

#[tokio::test]
async fn a_user_signs_out_everywhere_or_everywhere_else() {
    let world = World::new().await;
    let (hanako, _) = world.joined("hanako").await;
    let (taro, _) = world.joined("taro").await;
    let phone = signed_in(&world, "hanako", "phone").await;
    let input = json!({ "exceptThis": true, "idempotencyKey": "out" });
    let done = phone
        .mutate("signOutEverywhere", input.clone(), "endedSessions")
        .await;
    assert_eq!(done["endedSessions"], 1);
    assert!(!lives(&hanako).await && lives(&phone).await);
    signed_in(&world, "hanako", "car").await;
    let again = phone
        .mutate("signOutEverywhere", input, "endedSessions")
        .await;
    assert_eq!(again, done);
    assert_eq!(devices(&phone).await.len(), 2, "the car came later");
    let done = phone
        .mutate("signOutEverywhere", json!({}), "endedSessions")
        .await;
    assert_eq!(done["endedSessions"], 2);
    assert!(!lives(&phone).await && lives(&taro).await);
}

/// As `signOut` does: whoever is at the other end of a socket hears no more.
#[tokio::test]
async fn sockets_of_ended_sessions_close_within_a_second() {
    let server = Running::own().await;
    let (token, member) = server.member().await;
    let authorization = |token: &str| json!({ "Authorization": format!("Bearer {token}") });
    let mut other = Socket::ready_with(&server, authorization(&token)).await;
    let sign_in = "mutation { signIn(input: { username: \"hanako\",
        password: \"a password that nobody guesses\" }) { token } }";
    let (_, came) = server.ask(sign_in).await;
    let here = came["data"]["signIn"]["token"].as_str().unwrap();
    let mut here = Socket::ready_with(&server, authorization(here)).await;
    let sign_out = "mutation { signOutEverywhere(input: { exceptThis: true }) { endedSessions } }";
    here.subscribe("1", sign_out).await;
    let answer = here.hear().await;
    let ended = Instant::now();
    assert_eq!(
        answer["payload"]["data"]["signOutEverywhere"]["endedSessions"], 1,
        "{answer}"
    );
    assert_eq!(other.closed().await, (4403, "signed out".to_owned()));
    assert!(ended.elapsed().as_millis() < 1000);
    assert_eq!(here.hear().await["type"], "complete");
    // Out of this one, in by another: the answer still arrives.
    here.subscribe("2", sign_in).await;
    let answer = here.hear().await;
    assert!(
        answer["payload"]["data"]["signIn"]["token"].is_string(),
        "{answer}"
    );
    assert_eq!(here.closed().await, (4403, "signed out".to_owned()));

    // At another server, too.
    let (token, member) = (server.named("taro").await, member);
    let mut taro = Socket::ready_with(&server, authorization(&token.0)).await;
    let mut parts = Parts::new(server.database.place(), Rules::default());
    parts.keys = keys();
    let elsewhere = App::open(parts).await.unwrap();
    let ended = Instant::now();
    for member in [token.1, member] {
        end_mine_everywhere(&elsewhere, member, false, None)
            .await
            .unwrap();
    }
    assert_eq!(taro.closed().await, (4403, "signed out".to_owned()));
    assert!(ended.elapsed().as_millis() < 1500, "{:?}", ended.elapsed());
}
