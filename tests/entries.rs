//! Signing up and in with one idempotency key from several connections at once.

use ashiato::account::session;
use entity::{idempotency_key, session as session_row, session_token, user};
use futures_util::future::join_all;
use migration::{Migrator, MigratorTrait};
use rstest::rstest;
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::support::{
    server::{Running, code},
    socket::Socket,
    world::World,
};

const CALLERS: usize = 16;
const SIGN_UP: &str = "mutation($input: SignUpInput!) { signUp(input: $input) { token user { id } userErrors { code } } }";
const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) { token user { id } userErrors { code } } }";

fn form() -> Value {
    json!({ "username": "hanako", "nickname": "花子", "password": "correct horse",
        "birthDate": "1986-04-01", "idempotencyKey": "key" })
}

fn again() -> Value {
    json!({ "username": "hanako", "password": "correct horse", "idempotencyKey": "key" })
}

/// The answers to the inputs, all asked at once, each on a connection of its own.
async fn at_once(running: &Running, document: &str, inputs: &[Value]) -> Vec<Value> {
    let calls = inputs.iter().map(async |input| {
        let body = json!({ "query": document, "variables": { "input": input } });
        let response = reqwest::Client::new()
            .post(running.url("/graphql"))
            .header("content-type", "application/json")
            .body(body.to_string())
            .send();
        serde_json::from_str(&response.await.unwrap().text().await.unwrap()).unwrap()
    });
    join_all(calls).await
}

/// A server that lets all callers in at once, who have one address here.
async fn running() -> Running {
    Running::own_with(|transport| {
        let limits = &mut transport.limits;
        limits.max_wrong_passwords = CALLERS as u32;
    })
    .await
}

/// Users, sessions, tokens and keys.
async fn rows(running: &Running) -> [u64; 4] {
    let db = running.app.database.reader();
    [
        user::Entity::find().count(db).await.unwrap(),
        session_row::Entity::find().count(db).await.unwrap(),
        session_token::Entity::find().count(db).await.unwrap(),
        idempotency_key::Entity::find().count(db).await.unwrap(),
    ]
}

/// Everybody came in, as the same user, with a token that works.
async fn all_are_in(running: &Running, answers: &[Value], name: &str) {
    let user = &answers[0]["data"][name]["user"];
    assert!(user["id"].is_string(), "{}", answers[0]);
    for answer in answers {
        let payload = &answer["data"][name];
        assert_eq!(payload["userErrors"], json!([]), "{answer}");
        assert_eq!(&payload["user"], user);
        let (status, me) = running
            .post()
            .bearer_auth(payload["token"].as_str().unwrap())
            .body(json!({ "query": "{ viewer { user { id } } }" }).to_string())
            .send()
            .await
            .map(|response| (response.status(), response.text()))
            .unwrap();
        let me: Value = serde_json::from_str(&me.await.unwrap()).unwrap();
        assert_eq!(status, 200);
        assert_eq!(&me["data"]["viewer"]["user"], user, "{me}");
    }
}

#[tokio::test]
async fn sign_ups_at_the_same_time_with_one_key_are_one_account() {
    let running = running().await;
    let answers = at_once(&running, SIGN_UP, &vec![form(); CALLERS]).await;
    all_are_in(&running, &answers, "signUp").await;
    assert_eq!(rows(&running).await, [1, 1, CALLERS as u64, 1]);
}

#[tokio::test]
async fn sign_ins_at_the_same_time_with_one_key_are_one_session_that_ends_whole() {
    let running = running().await;
    let mut first = form();
    first["idempotencyKey"] = Value::Null;
    at_once(&running, SIGN_UP, &[first]).await;
    let answers = at_once(&running, SIGN_IN, &vec![again(); CALLERS]).await;
    all_are_in(&running, &answers, "signIn").await;
    assert_eq!(rows(&running).await, [1, 2, 1 + CALLERS as u64, 1]);

    let tokens: Vec<_> = answers
        .iter()
        .map(|answer| answer["data"]["signIn"]["token"].as_str())
        .collect();
    let member = session::viewer(&running.app, tokens[3]).await.unwrap();
    running.sign_out(member.member().unwrap()).await;
    for token in tokens {
        assert!(session::viewer(&running.app, token).await.is_err());
    }
    assert_eq!(rows(&running).await, [1, 1, 1, 1]);

    // The key begins one other session, not one a caller.
    let answers = at_once(&running, SIGN_IN, &vec![again(); CALLERS]).await;
    all_are_in(&running, &answers, "signIn").await;
    assert_eq!(rows(&running).await, [1, 2, 1 + CALLERS as u64, 1]);
}

/// A client that repeats its sign-in for ever, as one in a loop does.
#[tokio::test]
async fn a_session_keeps_its_newest_tokens_and_no_more() {
    const TWENTY: usize = session::TOKENS as usize;
    let running = Running::own().await;
    let mut first = form();
    first["idempotencyKey"] = Value::Null;
    at_once(&running, SIGN_UP, &[first]).await;
    let mut tokens = Vec::new();
    for _ in 0..TWENTY + 3 {
        let answer = at_once(&running, SIGN_IN, &[again()]).await.remove(0);
        tokens.push(
            answer["data"]["signIn"]["token"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
        // The one of the sign-up is another session's.
        let kept = 1 + tokens.len().min(TWENTY) as u64;
        assert_eq!(rows(&running).await, [1, 2, kept, 1]);
    }
    let (ended, kept) = tokens.split_at(3);
    for token in ended {
        assert!(session::viewer(&running.app, Some(token)).await.is_err());
    }
    for token in kept {
        assert!(session::viewer(&running.app, Some(token)).await.is_ok());
    }
}

/// Thirty aliases would be thirty guesses at the price of one request.
#[rstest]
#[case::aliases("a: signIn(input: $a) { token } b: signIn(input: $a) { token }", "")]
#[case::of_both_kinds("signIn(input: $a) { token } signUp(input: $b) { token }", "")]
#[case::fragments(
    "signIn(input: $a) { token } ... { ...F }",
    "fragment F on Mutation { b: signIn(input: $a) { token } }"
)]
#[tokio::test]
async fn a_document_with_two_passwords_is_refused_before_one_is_looked_at(
    #[case] fields: &str,
    #[case] fragment: &str,
) {
    const REFUSED: &str = "DOCUMENT_TOO_MANY_PASSWORDS";
    let running = Running::own().await;
    let mut variables = json!({ "a": again() });
    let mut defined = "$a: SignInInput!".to_owned();
    if fields.contains("$b") {
        variables["b"] = form();
        defined.push_str(", $b: SignUpInput!");
    }
    let document = format!("mutation({defined}) {{ {fields} }} {fragment}");
    let (status, body) = running.ask_with(&document, variables.clone()).await;
    assert_eq!((status, code(&body)), (400, REFUSED), "{body}");
    let mut socket = Socket::ready(&running).await;
    socket.subscribe_with("1", &document, variables).await;
    let answer = socket.hear().await;
    assert_eq!(answer["type"], "error");
    assert_eq!(answer["payload"], body["errors"]);
    assert_eq!(running.app.passwords.checks(), 0);
    assert_eq!(rows(&running).await, [0, 0, 0, 0]);
    // One goes with whatever else.
    let one = "mutation($a: SignInInput!) { signIn(input: $a) { token } b: signOut { signedOut } }";
    let (status, body) = running.ask_with(one, json!({ "a": again() })).await;
    assert_eq!((status, code(&body)), (200, "UNAUTHENTICATED"), "{body}");
    assert_eq!(running.app.passwords.checks(), 1);
}

#[tokio::test]
async fn one_key_with_two_inputs_gives_nobody_anothers_session() {
    let running = Running::own().await;
    let mut other_name = form();
    other_name["username"] = json!("jiro");
    let mut other_nickname = form();
    other_nickname["nickname"] = json!("はな");
    let mut wrong = form();
    wrong["password"] = json!("another horse");
    at_once(&running, SIGN_UP, &[form()]).await;
    let inputs = [other_name, other_nickname, wrong];
    let answers = at_once(&running, SIGN_UP, &inputs).await;
    // A key is each user's own, and this one is another user.
    assert_eq!(answers[0]["data"]["signUp"]["userErrors"], json!([]));
    assert_eq!(code(&answers[1]), "IDEMPOTENCY_KEY_REUSED");
    // As without the key: who does not know the password hears nothing of it.
    let mut keyless = inputs[2].clone();
    keyless["idempotencyKey"] = Value::Null;
    let plain = at_once(&running, SIGN_UP, &[keyless]).await;
    assert_eq!(answers[2], plain[0]);
    assert_eq!(
        plain[0]["data"]["signUp"],
        json!({ "token": null, "user": null, "userErrors": [{ "code": "USERNAME_TAKEN" }] })
    );
    let mut guess = again();
    guess["password"] = json!("another horse");
    let refused = at_once(&running, SIGN_IN, &[guess]).await;
    assert_eq!(
        refused[0]["data"]["signIn"],
        json!({ "token": null, "user": null, "userErrors": [{ "code": "SIGN_IN_FAILED" }] })
    );
    // The sign-up's key was used with another input: it is no sign-in's.
    let reused = at_once(&running, SIGN_IN, &[again()]).await;
    assert_eq!(code(&reused[0]), "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(rows(&running).await, [2, 2, 2, 2]);
}

#[tokio::test]
async fn who_is_signed_in_stays_so_when_the_tables_come_to_hold_several_tokens() {
    let world = World::new().await;
    let hanako = world.person("hanako").await;
    let other = sea_orm::Database::connect(&world.url).await.unwrap();
    let run = async |sql: &str| _ = other.execute_unprepared(sql).await.unwrap();
    // As it was: the session knows its one token.
    run("CREATE TABLE kept_sessions AS SELECT * FROM sessions").await;
    run("CREATE TABLE kept_tokens AS SELECT * FROM session_tokens").await;
    let steps = Migrator::migrations();
    let from = steps
        .iter()
        .position(|step| step.name().ends_with("session_tokens"));
    let since = steps.len() - from.unwrap();
    Migrator::down(&other, Some(since as u32)).await.unwrap();
    assert!(
        session::viewer(&world.app, Some(&hanako.token))
            .await
            .is_err()
    );
    let columns = "token_hash, user_id, session_id, expires_at";
    run(&format!(
        "INSERT INTO session_tokens ({columns}) SELECT {columns} FROM kept_tokens"
    ))
    .await;
    run(
        "INSERT INTO sessions (user_id, id, token_hash, created_at, expires_at) \
         SELECT s.user_id, s.id, t.token_hash, s.created_at, s.expires_at \
         FROM kept_sessions AS s JOIN kept_tokens AS t ON t.session_id = s.id",
    )
    .await;
    Migrator::up(&other, None).await.unwrap();
    let viewer = session::viewer(&world.app, Some(&hanako.token)).await;
    let member = viewer.unwrap().member().unwrap();
    session::end(&world.app, member).await.unwrap();
    assert!(
        session::viewer(&world.app, Some(&hanako.token))
            .await
            .is_err()
    );
}
