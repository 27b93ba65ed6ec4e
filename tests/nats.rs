//! Several servers, whose events NATS carries; and what happens while it is away.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use ashiato::{
    app::App,
    cache::Cache,
    footprint::{service::visit, visit::Visited},
    paging::cursor,
    server::Server,
};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::support::{
    linked::{self, linked},
    nats::Nats,
    socket::Socket,
    world::{Person, World},
};

/// A server on the world's database, linked with the others.
async fn server(world: &World, nats: &Nats, stop: &CancellationToken) -> (Arc<App>, Server) {
    linked::server(world, &nats.url(), Cache::default(), stop).await
}

async fn leave(app: &Arc<App>, visitor: &Person<'_>, owner: &Person<'_>) {
    let visited = Visited::Profile(owner.viewer.id().unwrap());
    let me = visitor.viewer.id().unwrap();
    assert!(visit(app, me, visited, None, None).await.unwrap().counted);
}

async fn subscriber(server: &Server, owner: &Person<'_>) -> Socket {
    let authorization = json!({ "Authorization": format!("Bearer {}", owner.token) });
    let mut socket = Socket::ready_at(server.local_addr(), authorization).await;
    let document = "subscription($after: String) { footprintLeft(after: $after) {
        node { number visitor { username } } } }";
    let all = json!({ "after": cursor(b'n', &0_i64) });
    socket.subscribe_with("1", document, all).await;
    socket
}

/// The number of the next footprint.
async fn number(socket: &mut Socket) -> i64 {
    let message = socket.hear().await;
    let node = &message["payload"]["data"]["footprintLeft"]["node"];
    node["number"]
        .as_i64()
        .unwrap_or_else(|| panic!("{message}"))
}

/// A neighbour is looked for every five seconds while NATS is there: what comes sooner, it carried.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_footprint_left_through_one_server_reaches_a_subscriber_of_another_at_once() {
    const VISITS: usize = 20;
    let world = World::new().await;
    let owner = world.person("owner").await;
    let visitors = world.people("visitor", VISITS + 1).await;
    let (nats, stop) = (Nats::start(), CancellationToken::new());
    let (a, at_a) = server(&world, &nats, &stop).await;
    let (b, at_b) = server(&world, &nats, &stop).await;
    linked(&a).await;
    linked(&b).await;
    let mut socket = subscriber(&at_b, &owner).await;
    leave(&b, &visitors[0], &owner).await;
    assert_eq!(number(&mut socket).await, 1);
    let began = Instant::now();
    for (visitor, expected) in visitors[1..].iter().zip(2..) {
        leave(&a, visitor, &owner).await;
        assert_eq!(number(&mut socket).await, expected);
    }
    let took = began.elapsed();
    assert!(
        took < Duration::from_secs(4),
        "{VISITS} visits took {took:?}"
    );
    println!("{VISITS} footprints through another server in {took:?}");
    stop.cancel();
    at_a.shutdown().await;
    at_b.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_restarts_of_nats_under_visits_lose_nothing_and_double_nothing() {
    const VISITS: usize = 300;
    let world = World::new().await;
    let owner = world.person("owner").await;
    let visitors = world.people("visitor", VISITS).await;
    let (mut nats, stop) = (Nats::start(), CancellationToken::new());
    let (a, at_a) = server(&world, &nats, &stop).await;
    let (_b, at_b) = server(&world, &nats, &stop).await;
    let mut sockets = [
        subscriber(&at_a, &owner).await,
        subscriber(&at_b, &owner).await,
    ];
    let left = AtomicUsize::new(0);
    let visiting = async {
        for visitor in &visitors {
            leave(&a, visitor, &owner).await;
            left.fetch_add(1, Ordering::SeqCst);
        }
    };
    let restarting = async {
        for round in 1..=5 {
            while left.load(Ordering::SeqCst) < round * VISITS / 6 {
                tokio::task::yield_now().await;
            }
            nats.stop();
            // While it is away, somebody comes.
            let away = left.load(Ordering::SeqCst);
            while left.load(Ordering::SeqCst) == away {
                tokio::task::yield_now().await;
            }
            nats.start_again();
        }
    };
    let [one, other] = &mut sockets;
    let hearing = async |socket: &mut Socket| {
        for expected in 1..=VISITS {
            assert_eq!(number(socket).await, i64::try_from(expected).unwrap());
        }
    };
    futures_util::join!(visiting, restarting, hearing(one), hearing(other));
    println!("5 restarts of NATS, {VISITS} footprints at each of two servers, each once, in order");
    stop.cancel();
    at_a.shutdown().await;
    at_b.shutdown().await;
}
