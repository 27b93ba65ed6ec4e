//! Members' feeds as streams: they resume without a gap, show what is visible at the delivery, and end with what
//! they stand on.

use std::{sync::Arc, time::Instant};

use ashiato::{
    account::suspension::service::{Wish, suspend},
    app::{App, Parts},
    config::Rules,
    footprint::{service, visit::Visited},
    friendship::blocking,
    paging::cursor,
    user::roles::give_role,
    viewer::Member,
};
use entity::values::Role;
use serde_json::{Value, json};

use crate::support::{
    keys,
    server::{Running, code, read},
    stream::{Said, Stream},
};

const FEED: &str = "subscription($after: String) { footprintLeft(after: $after) {
    cursor node { number visitor { username } } } }";

async fn begin(server: &Running, token: &str, after: Value) -> Stream {
    Stream::begin_with(server, Some(token), FEED, json!({ "after": after })).await
}

fn start() -> Value {
    json!(cursor(b'n', &0_i64))
}

async fn visit(app: &Arc<App>, visitor: Member, owner: Member) {
    let visited = Visited::Profile(owner.id);
    let visit = service::visit(app, visitor.id, visited, None, None).await;
    assert!(visit.unwrap().counted);
}

/// The next footprint: its number, by whom it is, and its cursor.
async fn footprint(stream: &mut Stream) -> (i64, String, Value) {
    let event = stream.next().await;
    let edge = &event["data"]["footprintLeft"];
    let name = edge["node"]["visitor"]["username"].as_str();
    (
        edge["node"]["number"].as_i64().unwrap(),
        name.unwrap_or_else(|| panic!("{event}")).to_owned(),
        edge["cursor"].clone(),
    )
}

async fn is_signed_out_at_once(mut stream: Stream, since: Instant) {
    assert_eq!(stream.refused().await, "UNAUTHENTICATED");
    assert_eq!(stream.hear().await, Said::Complete);
    assert_eq!(stream.hear().await, Said::End);
    assert!(since.elapsed().as_millis() < 1500, "{:?}", since.elapsed());
}

/// Another server on the same database. No event of its reaches the first by itself.
async fn another(server: &Running) -> Arc<App> {
    let mut parts = Parts::new(server.database.place(), Rules::default());
    parts.keys = keys();
    parts.clock = server.app.clock.clone();
    App::open(parts).await.unwrap()
}

#[tokio::test]
async fn what_came_while_one_was_away_comes_first_once_and_in_order() {
    let server = Running::own().await;
    let (token, me) = server.named("hanako").await;
    let mut visitors = Vec::new();
    for number in 1..=6 {
        visitors.push(server.named(&format!("visitor{number}")).await.1);
    }
    let mut stream = begin(&server, &token, start()).await;
    let mut last = Value::Null;
    for (number, visitor) in (1..).zip(&visitors[..2]) {
        visit(&server.app, *visitor, me).await;
        let (given, _, cursor) = footprint(&mut stream).await;
        assert_eq!(given, number);
        last = cursor;
    }
    drop(stream);
    for visitor in &visitors[2..5] {
        visit(&server.app, *visitor, me).await;
    }
    let mut stream = begin(&server, &token, last).await;
    for number in 3..=5 {
        assert_eq!(footprint(&mut stream).await.0, number);
    }
    visit(&server.app, visitors[5], me).await;
    assert_eq!(footprint(&mut stream).await.0, 6);
}

#[tokio::test]
async fn what_is_blocked_is_not_delivered() {
    let server = Running::own().await;
    let (token, me) = server.named("hanako").await;
    let (_, other) = server.named("taro").await;
    let (_, third) = server.named("jiro").await;
    let mut stream = begin(&server, &token, start()).await;
    visit(&server.app, other, me).await;
    assert_eq!(footprint(&mut stream).await.1, "taro");
    server.pass(chrono::Duration::days(1));
    // Read ahead, where it is; and then blocked, through another server.
    let elsewhere = another(&server).await;
    blocking::block(&elsewhere, other.id, me.id, None)
        .await
        .unwrap();
    visit(&server.app, third, me).await;
    assert_eq!(footprint(&mut stream).await.1, "jiro");
    drop(stream);
    let mut replay = begin(&server, &token, start()).await;
    assert_eq!(footprint(&mut replay).await.1, "jiro");
}

#[tokio::test]
async fn a_suspension_ends_a_stream_within_a_second_here_and_from_elsewhere() {
    let server = Running::own().await;
    let elsewhere = another(&server).await;
    let (_, moderator) = server.named("guard").await;
    let app = server.app.clone();
    let given = server.app.database.write(move |tx| {
        let app = app.clone();
        Box::pin(async move { give_role(&app, tx, None, moderator.id, Role::Moderator).await })
    });
    given.await.unwrap();
    for (name, app) in [("here", &server.app), ("there", &elsewhere)] {
        let (token, member) = server.named(name).await;
        let stream = begin(&server, &token, start()).await;
        let wish = Wish {
            until: None,
            reason: "spam".to_owned(),
        };
        suspend(app, moderator.id, member.id, wish, None)
            .await
            .unwrap();
        is_signed_out_at_once(stream, Instant::now()).await;
    }
}

async fn mutate(server: &Running, token: Option<&str>, query: &str) -> Value {
    let mut request = server.post();
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let body = json!({ "query": query }).to_string();
    let (status, answer) = read(request.body(body).send().await.unwrap()).await;
    assert_eq!((status, code(&answer)), (200, ""), "{answer}");
    answer["data"].clone()
}

/// Who wishes the account away has all other sessions end, and who signs out that one.
#[tokio::test]
async fn leaving_and_signing_out_end_streams_within_a_second() {
    const PASSWORD: &str = "a password that nobody guesses";
    let server = Running::own().await;
    let (token, _) = server.named("hanako").await;
    let sign_in = format!(
        "mutation {{ signIn(input: {{ username: \"hanako\", password: \"{PASSWORD}\" }}) {{ token }} }}"
    );
    let signed_in = mutate(&server, None, &sign_in).await;
    let second = signed_in["signIn"]["token"].as_str().unwrap().to_owned();
    let mut mine = begin(&server, &token, start()).await;
    let other = begin(&server, &second, start()).await;
    let leave = format!(
        "mutation {{ deleteAccount(input: {{ password: \"{PASSWORD}\" }}) {{ userErrors {{ code }} }} }}"
    );
    let left = mutate(&server, Some(&token), &leave).await;
    assert_eq!(left["deleteAccount"]["userErrors"], json!([]));
    is_signed_out_at_once(other, Instant::now()).await;
    // Until then they can think better of it.
    let still = tokio::time::timeout(std::time::Duration::from_millis(100), mine.hear()).await;
    assert!(still.is_err(), "{still:?}");
    let out = "mutation { signOut { signedOut } }";
    assert_eq!(
        mutate(&server, Some(&token), out).await["signOut"]["signedOut"],
        true
    );
    is_signed_out_at_once(mine, Instant::now()).await;
}

/// The answer to a sign-out that is itself asked for as events is given.
#[tokio::test]
async fn who_signs_out_by_events_hears_of_it() {
    let server = Running::own().await;
    let (token, _) = server.named("hanako").await;
    let out = "mutation { signOut { signedOut } }";
    let mut stream = Stream::begin(&server, Some(&token), out).await;
    let answer = stream.next().await;
    assert_eq!(answer["data"]["signOut"]["signedOut"], true, "{answer}");
    assert_eq!(stream.hear().await, Said::Complete);
}
