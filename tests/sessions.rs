//! Where a user is signed in, and how that ends.

mod ends;
mod limit;
mod uses;

use ashiato::ids::{GlobalId, Kind};
use chrono::Duration;
use reqwest::header;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{
    server::{Running, read},
    socket::Socket,
    world::{
        Person, World,
        account::{PASSWORD, refused},
    },
};

const SESSIONS: &str = "query($first: Int, $after: String) { viewer {
    sessions(first: $first, after: $after) { totalCount pageInfo { endCursor hasNextPage }
        nodes { id device createdAt lastUsedAt expiresAt isCurrent } } } }";

async fn sessions(person: &Person<'_>) -> Value {
    let data = person.run(SESSIONS, json!({})).await;
    data["viewer"]["sessions"].clone()
}

async fn devices(person: &Person<'_>) -> Vec<Value> {
    let list = sessions(person).await;
    let nodes = list["nodes"].as_array().unwrap().iter();
    nodes.map(|node| node["device"].clone()).collect()
}

/// The id of the session that `person` is here in.
fn id(person: &Person<'_>) -> String {
    let member = person.viewer.member().unwrap();
    GlobalId::encode(Kind::Session, &[member.id, member.session]).to_string()
}

#[tokio::test]
async fn a_user_sees_where_they_are_signed_in_the_newest_first() {
    let world = World::new().await;
    let (hanako, _) = world.joined("hanako").await;
    world.joined("taro").await;
    world.clock.advance(Duration::minutes(1));
    let phone = world
        .sign_in("hanako", json!({ "device": " My phone " }))
        .await;
    let phone = world.comes_with(&phone["token"]).await.unwrap();
    let list = sessions(&phone).await;
    assert_eq!(list["totalCount"], 2);
    let session = |of: &Person<'_>, device: Value, at: &str, until: &str, current: bool| {
        json!({ "id": id(of), "device": device, "createdAt": at, "lastUsedAt": at,
            "expiresAt": until, "isCurrent": current })
    };
    let (joined, came) = ("2006-05-01T03:00:00.000Z", "2006-05-01T03:01:00.000Z");
    let (first, second) = ("2006-05-31T03:00:00.000Z", "2006-05-31T03:01:00.000Z");
    assert_eq!(
        list["nodes"],
        json!([
            session(&phone, json!("My phone"), came, second, true),
            session(&hanako, Value::Null, joined, first, false),
        ])
    );
    let current = |list: Value| -> Vec<Value> {
        let nodes = list["nodes"].as_array().unwrap().iter();
        nodes.map(|node| node["isCurrent"].clone()).collect()
    };
    assert_eq!(current(sessions(&hanako).await), [false, true]);
    // Each by its id, and to nobody else.
    let node = "query($id: ID!) { node(id: $id) { ... on Session { device isCurrent } } }";
    let found = hanako.run(node, json!({ "id": id(&phone) })).await;
    assert_eq!(
        found["node"],
        json!({ "device": "My phone", "isCurrent": false })
    );
    let taro = world.person("jiro").await;
    for (who, of) in [(&taro, &phone), (&world.anonymous(), &phone)] {
        let found = who.run(node, json!({ "id": id(of) })).await;
        assert_eq!(found["node"], Value::Null);
    }
    assert_eq!(sessions(&taro).await["totalCount"], 1);
}

#[tokio::test]
async fn the_list_is_read_by_pages_and_what_has_ended_stands_in_none() {
    let world = World::new().await;
    let (hanako, _) = world.joined("hanako").await;
    for number in 0..5 {
        world.clock.advance(Duration::days(1));
        world
            .sign_in("hanako", json!({ "device": format!("{number}") }))
            .await;
    }
    let page = async |after: Value| {
        let page = hanako
            .run(SESSIONS, json!({ "first": 2, "after": after }))
            .await;
        let page = page["viewer"]["sessions"].clone();
        let nodes = page["nodes"].as_array().unwrap().iter();
        let devices: Vec<_> = nodes.map(|node| node["device"].clone()).collect();
        assert_eq!(page["totalCount"], 6);
        (devices, page["pageInfo"].clone())
    };
    let (first, info) = page(Value::Null).await;
    assert_eq!(first, ["4", "3"]);
    let (second, info) = page(info["endCursor"].clone()).await;
    assert_eq!(
        (second, &info["hasNextPage"]),
        (vec![json!("2"), json!("1")], &json!(true))
    );
    let (third, info) = page(info["endCursor"].clone()).await;
    assert_eq!(
        (third, &info["hasNextPage"]),
        (vec![json!("0"), Value::Null], &json!(false))
    );
    // The first three end by themselves, before anybody sweeps.
    world
        .clock
        .advance(Duration::days(28) - Duration::seconds(1));
    let token = json!(world.sign_in("hanako", json!({})).await["token"]);
    let now = world.comes_with(&token).await.unwrap();
    assert_eq!(
        devices(&now).await,
        [json!(null), json!("4"), json!("3"), json!("2")]
    );
    assert_eq!(sessions(&now).await["totalCount"], 4);
    let ended = hanako
        .error(SESSIONS, json!({ "after": "c2Vzc2lvbg" }))
        .await;
    assert_eq!(ended, "INVALID_CURSOR");
}

#[rstest]
#[case("", "TEXT_REQUIRED")]
#[case(" \u{200b} ", "TEXT_REQUIRED")]
#[case(&"x".repeat(101), "TEXT_TOO_LONG")]
#[case("a\nb", "TEXT_NOT_ALLOWED")]
#[case("a\u{202e}b", "TEXT_NOT_ALLOWED")]
#[tokio::test]
async fn a_device_is_called_something_that_can_be_shown(#[case] name: &str, #[case] code: &str) {
    let world = World::new().await;
    world.joined("hanako").await;
    let checks = world.app.passwords.checks();
    let input = json!({ "username": "hanako", "password": PASSWORD, "device": name });
    let refused = world.anonymous().attempt("signIn", input, "token").await;
    let expected = json!([{ "code": code, "field": ["device"] }]);
    assert_eq!(refused["userErrors"], expected);
    assert_eq!(
        world.app.passwords.checks(),
        checks,
        "before anything is looked at"
    );
    let input = json!({ "username": "taro", "nickname": "t", "password": PASSWORD,
        "birthDate": "1986-04-01", "device": name });
    let refused = world.anonymous().attempt("signUp", input, "token").await;
    assert_eq!(refused["userErrors"], expected);
}

#[tokio::test]
async fn who_does_not_name_a_device_is_called_by_the_user_agent() {
    const SIGN_IN: &str = "mutation { signIn(input: { username: \"hanako\",
        password: \"a password that nobody guesses\" }) { token userErrors { code } } }";
    const LIST: &str = "{ viewer { sessions { nodes { device } } } }";
    let server = Running::own().await;
    let (token, _) = server.member().await;
    for agent in [
        &b"Mozilla/5.0 (X11) Gecko/20100101 Firefox/128.0"[..],
        b"\xff\t<b>",
    ] {
        let sent = server
            .post()
            .header(
                header::USER_AGENT,
                header::HeaderValue::from_bytes(agent).unwrap(),
            )
            .body(json!({ "query": SIGN_IN }).to_string())
            .send();
        let (status, body) = read(sent.await.unwrap()).await;
        assert_eq!(status, 200, "{body}");
        assert!(body["data"]["signIn"]["token"].is_string(), "{body}");
    }
    // Over a socket, that of the request that became it; there was none here.
    let mut socket = Socket::ready(&server).await;
    socket.subscribe("1", SIGN_IN).await;
    assert!(socket.hear().await["payload"]["data"]["signIn"]["token"].is_string());
    let list = server.post().bearer_auth(token);
    let list = list.body(json!({ "query": LIST }).to_string()).send();
    let (_, body) = read(list.await.unwrap()).await;
    let nodes = body["data"]["viewer"]["sessions"]["nodes"]
        .as_array()
        .unwrap();
    let devices: Vec<_> = nodes.iter().map(|node| node["device"].clone()).collect();
    assert_eq!(
        devices,
        [
            Value::Null,
            json!("<b>"),
            json!("(X11) Firefox/128.0"),
            Value::Null
        ]
    );
}

#[tokio::test]
async fn a_sign_in_out_of_a_session_ends_that_one_and_no_other() {
    let world = World::new().await;
    let (hanako, _) = world.joined("hanako").await;
    let (taro, _) = world.joined("taro").await;
    let other = world.sign_in("hanako", json!({})).await;
    let form = json!({ "username": "hanako", "password": PASSWORD });
    // A wrong password changes nothing; nor does coming in as somebody else.
    let wrong = json!({ "username": "hanako", "password": "wrong" });
    assert_eq!(hanako.refusal("signIn", wrong).await, "SIGN_IN_FAILED");
    taro.mutate("signIn", form.clone(), "").await;
    for token in [&hanako.token, &taro.token] {
        assert!(world.lives(&json!(token)).await);
    }
    let came = hanako
        .mutate("signIn", form.clone(), "token user { username }")
        .await;
    assert_eq!(came["user"]["username"], "hanako");
    assert!(
        !world.lives(&json!(hanako.token)).await,
        "its token is dead after the answer"
    );
    assert!(world.lives(&came["token"]).await && world.lives(&other["token"]).await);

    // Repeated by its key it goes on with the session that it began, out of whichever it comes.
    let mut keyed = form;
    keyed["idempotencyKey"] = json!("in");
    let hanako = world.comes_with(&came["token"]).await.unwrap();
    let first = hanako.mutate("signIn", keyed.clone(), "token").await;
    assert!(!world.lives(&came["token"]).await);
    let again = world
        .anonymous()
        .mutate("signIn", keyed.clone(), "token")
        .await;
    let out_of_another = world.comes_with(&other["token"]).await.unwrap();
    let third = out_of_another.mutate("signIn", keyed, "token").await;
    let mut sessions = Vec::new();
    for token in [&first["token"], &again["token"], &third["token"]] {
        sessions.push(world.comes_with(token).await.unwrap().viewer);
    }
    assert_eq!(sessions[0], sessions[1]);
    assert_eq!(sessions[0], sessions[2]);
    assert!(world.lives(&other["token"]).await);
}

#[tokio::test]
async fn the_list_and_its_count_take_a_statement_each_however_many_there_are() {
    let world = World::uncached().await;
    let (hanako, _) = world.joined("hanako").await;
    let mut counts = Vec::new();
    for more in [0, 4] {
        for _ in 0..more {
            world.sign_in("hanako", json!({})).await;
        }
        world.forget_statements();
        assert_eq!(sessions(&hanako).await["totalCount"], 1 + more);
        counts.push(world.statements());
    }
    assert_eq!(counts, [2, 2], "{:#?}", world.statement_texts());
    world.forget_statements();
    let without = "{ viewer { sessions { nodes { id } } } }";
    hanako.run(without, json!({})).await;
    assert_eq!(world.statements(), 1);
    assert_eq!(
        refused(&world.sign_in("hanako", json!({ "password": "no" })).await),
        "SIGN_IN_FAILED"
    );
}
