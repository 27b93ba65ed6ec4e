//! Points: what operations cost, and that they cost it.

use ashiato::ids::{GlobalId, Kind};
use chrono::{DateTime, Duration, Utc};
use futures_util::future::join_all;
use rstest::rstest;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Caller, Said, server};
use crate::support::server::{Running, code};

pub const LEFT: &str = "{ rateLimit { limit remaining resetAt cost } }";
/// 100 nodes of 100 nodes: 101 points.
const DEAR: &str = "{ searchUsers(text: \"friend\", first: 100) { nodes {
    friends(first: 100) { nodes { id } } } } rateLimit { cost } }";

pub async fn left(caller: &Caller) -> Value {
    let Said { body, .. } = caller.ask(LEFT, json!({})).await;
    body["data"]["rateLimit"].clone()
}

fn time(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

/// As `RateLimit.cost` says.
#[rstest]
#[case::least("{ rateLimit { cost } }", 1)]
#[case::one("{ user(username: \"a\") { nickname } rateLimit { cost } }", 1)]
#[case::a_page(
    "{ searchUsers(text: \"a\", first: 100) { nodes { id } } rateLimit { cost } }",
    1
)]
#[case::of_its_description(
    "{ user(username: \"a\") { diaries(first: 50) { nodes { title
    comments(first: 10) { nodes { id } } } } } rateLimit { cost } }",
    6
)]
#[case::twenty_where_nothing_is_said(
    "{ user(username: \"a\") { diaries { nodes { comments { nodes { id } } } } }
    rateLimit { cost } }",
    5
)]
#[case::of_pages_within(DEAR, 101)]
#[case::a_long_text(
    "{ user(username: \"a\") { diaries(first: 20) { nodes { body } } } rateLimit { cost } }",
    21
)]
#[case::other_texts(
    "{ user(username: \"a\") { bio reviews(first: 10) { nodes { body } }
    diaries(first: 1) { nodes { comments(first: 5) { nodes { body } } } } } rateLimit { cost } }",
    7
)]
#[case::ids(
    "query($ids: [ID!]!) { nodes(ids: $ids) { ... on User { friends(first: 10) { nodes { id } } } }
    rateLimit { cost } }",
    2
)]
#[case::a_search(
    "{ viewer { pathTo(username: \"a\") { length users { id } } } rateLimit { cost } }",
    10
)]
#[case::a_search_for_texts(
    "{ searchDiaries(text: \"ab\") { nodes { title } } rateLimit { cost } }",
    5
)]
#[case::a_chart_of_friends(
    "{ viewer { friendsSongChart { entries(first: 5) { nodes { place } } } } rateLimit { cost } }",
    5
)]
#[case::of_each_whom_a_search_finds(
    "{ viewer { pathTo(username: \"a\") { users { friends(first: 100) { nodes { id } } } } }
    rateLimit { cost } }",
    17
)]
#[case::a_fragment(
    "{ ...all rateLimit { cost } } fragment all on Query {
    a: searchUsers(text: \"a\", first: 100) { nodes { id } }
    b: searchUsers(text: \"b\", first: 1) { nodes { id } } }",
    2
)]
#[tokio::test]
async fn an_operation_costs_what_its_pages_allow(#[case] document: &str, #[case] cost: i64) {
    let server = server(|_| {}).await;
    let caller = Caller::at(&server, "192.0.2.1");
    let nobody = GlobalId::encode(Kind::User, &[Uuid::nil()]).to_string();
    let variables = json!({ "ids": vec![nobody; 10] });
    let before = left(&caller).await;
    let Said { body, .. } = caller.ask(document, variables).await;
    assert_eq!(body["data"]["rateLimit"]["cost"], cost, "{body}");
    let after = left(&caller).await;
    let remaining = |left: &Value| left["remaining"].as_i64().unwrap();
    assert_eq!(remaining(&before) - remaining(&after), cost + 1);
}

/// GraphiQL asks for the schema whenever its page is opened.
#[rstest]
#[case(include_str!("../support/introspection.graphql"))]
#[case(include_str!("../support/introspection_graphiql.graphql"))]
#[tokio::test]
async fn introspection_costs_little(#[case] document: &str) {
    let server = server(|_| {}).await;
    let caller = Caller::at(&server, "192.0.2.1");
    let Said { status, .. } = caller.ask(document, json!({})).await;
    assert_eq!(status, 200);
    let remaining = left(&caller).await["remaining"].as_i64().unwrap();
    assert!(remaining > 5_000 - 50, "{remaining}");
}

#[tokio::test]
async fn points_go_down_by_the_cost_and_come_back_within_the_hour() {
    let server = server(|limits| limits.points_per_hour = 3_600).await;
    let (token, _) = server.named("hanako").await;
    let caller = Caller::at(&server, "192.0.2.1").with(&token);
    let now = server.app.clock.now();
    let first = left(&caller).await;
    let second = Duration::seconds(1);
    assert_eq!(first["limit"], 3_600);
    assert_eq!(
        (&first["remaining"], &first["cost"]),
        (&json!(3_599), &json!(1))
    );
    assert_eq!(time(&first["resetAt"]), now + second);
    caller.ask(DEAR, json!({})).await;
    let then = left(&caller).await;
    assert_eq!(then["remaining"], 3_599 - 101 - 1);
    assert_eq!(time(&then["resetAt"]), now + second * 103);
    // One comes back each second.
    server.pass(second * 3);
    let later = left(&caller).await;
    assert_eq!(later["remaining"], 3_600 - 103 + 3 - 1);
    assert_eq!(time(&later["resetAt"]), now + second * 104);
    server.pass(Duration::hours(1));
    let whole = left(&caller).await;
    assert_eq!(whole["remaining"], 3_599);
    assert_eq!(time(&whole["resetAt"]), server.app.clock.now() + second);
}

#[tokio::test]
async fn a_user_has_the_same_points_wherever_they_are_and_others_have_their_own() {
    let server = server(|limits| {
        limits.points_per_hour = 10;
        limits.points_per_hour_per_address = 20;
    })
    .await;
    let (token, _) = server.named("hanako").await;
    let (other, _) = server.named("taro").await;
    let at = |address: &str| Caller::at(&server, address);
    let remaining = async |caller: Caller| left(&caller).await["remaining"].as_i64().unwrap();
    assert_eq!(remaining(at("192.0.2.1").with(&token)).await, 9);
    assert_eq!(remaining(at("192.0.2.2").with(&token)).await, 8);
    assert_eq!(remaining(at("192.0.2.2").with(&other)).await, 9);
    // Who is signed out has those of the address.
    assert_eq!(remaining(at("192.0.2.2")).await, 19);
    assert_eq!(remaining(at("192.0.2.2")).await, 18);
    assert_eq!(remaining(at("192.0.2.3")).await, 19);
    assert_eq!(remaining(at("2001:db8:1:2::1")).await, 19);
    assert_eq!(remaining(at("2001:db8:1:2:3::")).await, 18, "one network");
    assert_eq!(remaining(at("2001:db8:1:3::1")).await, 19);
}

#[tokio::test]
async fn without_points_nothing_is_done_and_the_client_hears_when_to_come_again() {
    let server = server(|limits| limits.points_per_hour = 60).await;
    let (token, _) = server.named("hanako").await;
    let caller = Caller::at(&server, "192.0.2.1").with(&token);
    let write = "mutation { editProfile(input: { bio: \"changed\" }) { userErrors { code } } }";
    let bio = "{ viewer { user { bio } } }";
    for _ in 0..60 {
        assert_eq!(caller.ask(bio, json!({})).await.status, 200);
    }
    let Said {
        status,
        headers,
        body,
    } = caller.ask(write, json!({})).await;
    assert_eq!((status.as_u16(), code(&body)), (429, "THROTTLED"), "{body}");
    assert!(body.get("data").is_none(), "{body}");
    assert_eq!(headers["retry-after"], "61");
    assert_eq!(body["errors"][0]["extensions"]["retryAfter"], 61);
    // A client of the older media type reads 200 alone.
    let older = caller.send("application/json", write, json!({})).await;
    assert_eq!(older.status(), 200);
    assert_eq!(older.headers()["retry-after"], "61");
    let older: Value = serde_json::from_str(&older.text().await.unwrap()).unwrap();
    assert_eq!(older, body);
    // By GET, too.
    let url = format!("{}?query={{viewer{{user{{bio}}}}}}", caller.url);
    let got = caller.client.get(url).bearer_auth(&token).send().await;
    assert_eq!(got.unwrap().headers()["retry-after"], "61");
    server.pass(Duration::seconds(60));
    let Said { body, .. } = caller.ask(bio, json!({})).await;
    assert_eq!(
        body["data"]["viewer"]["user"]["bio"], "",
        "nothing was done"
    );
    assert_eq!(caller.ask(bio, json!({})).await.status, 429);
    // Others go on.
    let (other, _) = server.named("taro").await;
    let other = Caller::at(&server, "192.0.2.1").with(&other);
    assert_eq!(other.ask(bio, json!({})).await.status, 200);
}

#[tokio::test]
async fn what_costs_more_than_an_hour_has_is_never_done() {
    let server = server(|limits| limits.points_per_hour_per_address = 100).await;
    let caller = Caller::at(&server, "192.0.2.1");
    let Said {
        status,
        headers,
        body,
    } = caller.ask(DEAR, json!({})).await;
    assert_eq!((status.as_u16(), code(&body)), (429, "THROTTLED"));
    let message = body["errors"][0]["message"].as_str().unwrap();
    assert!(
        message.contains("costs 101 points, and an hour has 100"),
        "{message}"
    );
    assert!(headers.get("retry-after").is_none(), "waiting is no help");
    assert!(body["errors"][0]["extensions"].get("retryAfter").is_none());
    assert_eq!(left(&caller).await["remaining"], 99, "it cost nothing");
}

#[tokio::test]
async fn a_document_that_is_refused_costs_nothing() {
    let server = server(|_| {}).await;
    let caller = Caller::at(&server, "192.0.2.1");
    for document in ["{ nothing }", "{", "mutation { signOut { nothing } }"] {
        assert_eq!(caller.ask(document, json!({})).await.status, 400);
    }
    assert_eq!(left(&caller).await["remaining"], 4_999);
}

#[tokio::test]
async fn without_a_limit_there_are_no_points() {
    let server = server(|limits| {
        limits.points_per_hour = 0;
        limits.points_per_hour_per_address = 0;
    })
    .await;
    let (token, _) = server.named("hanako").await;
    let caller = Caller::at(&server, "192.0.2.1");
    for caller in [caller.clone(), caller.with(&token)] {
        for _ in 0..20 {
            assert_eq!(left(&caller).await, Value::Null);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_those_who_ask_at_the_same_time_as_many_are_answered_as_there_are_points() {
    let server = server(|limits| limits.points_per_hour_per_address = 20).await;
    let caller = Caller::at(&server, "192.0.2.1");
    let asked = join_all((0..50).map(|_| caller.ask(LEFT, json!({})))).await;
    let answered = asked.iter().filter(|said| said.status == 200).count();
    assert_eq!(answered, 20);
}

/// Of several servers each counts by itself: so many times as much, and no more.
#[tokio::test]
async fn two_servers_have_twice_the_points() {
    let running = server(|limits| limits.points_per_hour_per_address = 3).await;
    let second = super::servers::second(&running, |limits| {
        limits.points_per_hour_per_address = 3;
    })
    .await;
    let one = Caller::at(&running, "192.0.2.1");
    let other = Caller {
        url: format!("http://{}/graphql", second.local_addr()),
        ..one.clone()
    };
    for (caller, answered) in [(&one, 3), (&other, 3), (&one, 0), (&other, 0)] {
        for _ in 0..answered {
            assert_eq!(caller.ask(LEFT, json!({})).await.status, 200);
        }
        assert_eq!(caller.ask(LEFT, json!({})).await.status, 429);
    }
    second.shutdown().await;
}

#[tokio::test]
async fn a_browser_may_read_when_to_come_again() {
    let server = Running::own().await;
    let response = server.post().header("origin", "http://localhost:3000");
    let response = response.body("{}").send().await.unwrap();
    let exposed = response.headers()["access-control-expose-headers"].to_str();
    assert!(exposed.unwrap().contains("retry-after"));
}
