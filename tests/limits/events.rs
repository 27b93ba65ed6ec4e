//! What a subscription's events cost.

use ashiato::{
    config::{Limits, Transport},
    footprint::{service, visit::Visited},
    paging::cursor,
    server::Server,
};
use chrono::Duration;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{
    socket::Socket,
    world::{Person, World},
};

const LEFT: &str = "{ rateLimit { remaining } }";
/// A node an event.
const LEAN: &str = "subscription($after: String) { footprintLeft(after: $after) {
    cursor node { number visitor { nickname } } } }";
/// 300 nodes an event: 3 points to start, 2 for each.
const DEAR: &str = "subscription($after: String) { footprintLeft(after: $after) {
    cursor node { number visitor { nickname diaries(first: 100) { nodes { id } }
    friends(first: 100) { nodes { id } } reviews(first: 100) { nodes { id } } } } } }";

async fn serve(world: &World, points: u32) -> Server {
    let transport = Transport {
        listen: "127.0.0.1:0".to_owned(),
        limits: Limits {
            points_per_hour: points,
            ..Limits::default()
        },
        ..Transport::default()
    };
    Server::start(world.app.clone(), transport).await.unwrap()
}

async fn visit(visitor: &Person<'_>, owner: &Person<'_>) {
    let visited = Visited::Profile(owner.viewer.id().unwrap());
    let me = visitor.viewer.id().unwrap();
    let visit = service::visit(&visitor.world.app, me, visited, None, None);
    assert!(visit.await.unwrap().counted);
}

async fn socket(server: &Server, owner: &Person<'_>) -> Socket {
    let payload = json!({ "Authorization": format!("Bearer {}", owner.token) });
    Socket::ready_at(server.local_addr(), payload).await
}

fn start() -> String {
    cursor(b'n', &0_i64)
}

async fn watch(socket: &mut Socket, id: &str, document: &str, after: &str) {
    socket
        .subscribe_with(id, document, json!({ "after": after }))
        .await;
}

/// The cursor and the number of the next event, or the error that the subscription ends with.
async fn next(socket: &mut Socket) -> Result<(String, i64), Value> {
    let message = socket.hear().await;
    if message["type"] == "error" {
        return Err(message["payload"][0].clone());
    }
    let edge = &message["payload"]["data"]["footprintLeft"];
    let cursor = edge["cursor"].as_str();
    Ok((
        cursor.unwrap_or_else(|| panic!("{message}")).to_owned(),
        edge["node"]["number"].as_i64().unwrap(),
    ))
}

async fn remaining(socket: &mut Socket) -> Value {
    socket.subscribe("left", LEFT).await;
    let message = socket.hear().await;
    assert_eq!(socket.hear().await["type"], "complete");
    message["payload"]["data"]["rateLimit"]["remaining"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lean_events_are_free_however_many_come() {
    const MANY: usize = 200;
    let world = World::new().await;
    let owner = world.person("owner").await;
    let visitors = world.people("visitor", MANY).await;
    let server = serve(&world, 2).await;
    let mut socket = socket(&server, &owner).await;
    watch(&mut socket, "a", LEAN, &start()).await;
    let coming = async {
        for visitor in &visitors {
            visit(visitor, &owner).await;
        }
    };
    let hearing = async {
        for number in 1..=i64::try_from(MANY).unwrap() {
            assert_eq!(next(&mut socket).await.unwrap().1, number);
        }
    };
    futures_util::join!(coming, hearing);
    assert_eq!(
        remaining(&mut socket).await,
        0,
        "of two: the start, and this"
    );
    server.shutdown().await;
}

/// Those that came before, and those that come as one watches, alike.
#[rstest]
#[case::replayed(true)]
#[case::live(false)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dear_events_are_paid_for_and_resumed_without_loss(#[case] before: bool) {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let visitors = world.people("visitor", 7).await;
    let server = serve(&world, 10).await;
    let mut socket = socket(&server, &owner).await;
    let come = async || {
        for visitor in &visitors {
            visit(visitor, &owner).await;
        }
    };
    if before {
        come().await;
    }
    watch(&mut socket, "a", DEAR, &start()).await;
    if !before {
        come().await;
    }
    // Ten, less the start, are three events, and one too few for the fourth.
    let mut last = String::new();
    for number in 1..=3 {
        let (cursor, given) = next(&mut socket).await.unwrap();
        assert_eq!(given, number);
        last = cursor;
    }
    let error = next(&mut socket).await.unwrap_err();
    assert_eq!(error["extensions"]["code"], "THROTTLED", "{error}");
    assert_eq!(error["extensions"]["retryAfter"], 361, "{error}");
    // It is the subscription that ends, not the socket; and what was not paid for costs nothing.
    assert_eq!(remaining(&mut socket).await, 0);
    watch(&mut socket, "a", DEAR, &last).await;
    let error = next(&mut socket).await.unwrap_err();
    assert_eq!(error["extensions"]["code"], "THROTTLED", "{error}");
    world.clock.advance(Duration::hours(1));
    watch(&mut socket, "a", DEAR, &last).await;
    for number in 4..=6 {
        let (cursor, given) = next(&mut socket).await.unwrap();
        assert_eq!(given, number);
        last = cursor;
    }
    assert!(next(&mut socket).await.is_err());
    world.clock.advance(Duration::hours(1));
    watch(&mut socket, "a", DEAR, &last).await;
    assert_eq!(next(&mut socket).await.unwrap().1, 7);
    server.shutdown().await;
}

/// Whoever begins without a cursor could not come back to it: so it is there, whatever is done meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_event_is_paid_for_with_the_start() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let visitors = world.people("visitor", 2).await;
    let server = serve(&world, 200).await;
    let mut heard = socket(&server, &owner).await;
    watch(&mut heard, "a", DEAR, &start()).await;
    // Once it has started all that is left is spent.
    let mut left = 200;
    loop {
        let then = remaining(&mut heard).await.as_i64().unwrap();
        let took = left - then;
        left = then;
        if took > 1 {
            assert_eq!(took, 5 + 1, "the start, the first event, and this");
            break;
        }
    }
    for _ in 0..left {
        remaining(&mut heard).await;
    }
    for visitor in &visitors {
        visit(visitor, &owner).await;
    }
    assert_eq!(next(&mut heard).await.unwrap().1, 1);
    let error = next(&mut heard).await.unwrap_err();
    assert_eq!(error["extensions"]["code"], "THROTTLED", "{error}");
    server.shutdown().await;
}

#[tokio::test]
async fn what_never_suffices_for_the_first_event_does_not_start() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let server = serve(&world, 4).await;
    let mut heard = socket(&server, &owner).await;
    watch(&mut heard, "a", DEAR, &start()).await;
    let error = next(&mut heard).await.unwrap_err();
    assert_eq!(error["extensions"]["code"], "THROTTLED", "{error}");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("costs 5 points"), "{message}");
    assert_eq!(remaining(&mut heard).await, 3, "it cost nothing");
    server.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_there_is_no_limit_dear_events_come_like_others() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let visitors = world.people("visitor", 20).await;
    for visitor in &visitors {
        visit(visitor, &owner).await;
    }
    let server = serve(&world, 0).await;
    let mut socket = socket(&server, &owner).await;
    watch(&mut socket, "a", DEAR, &start()).await;
    for number in 1..=20 {
        assert_eq!(next(&mut socket).await.unwrap().1, number);
    }
    server.shutdown().await;
}
