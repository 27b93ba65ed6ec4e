//! Live feeds while the database is busy: late, and none missing.

use ashiato::{
    config::Transport,
    error::Error,
    footprint::{service::visit, visit::Visited},
    paging::cursor,
    rejection::Rejection,
    server::Server,
};
use futures_util::future::{join_all, try_join_all};
use serde_json::json;

use crate::support::{
    backend::is_postgres,
    socket::Socket,
    world::{Person, World},
};

const SOCKETS: usize = 10;
const SUBSCRIPTIONS: usize = 20;
const VISITORS: usize = 20;
const FEED: &str = "subscription($after: String) {
    footprintLeft(after: $after) { node { number visitor { username nickname } } } }";

async fn visits(visitor: &Person<'_>, owner: &Person<'_>) -> Result<bool, Rejection> {
    let me = visitor.viewer.id().unwrap();
    let visited = Visited::Profile(owner.viewer.id().unwrap());
    let visit = visit(&visitor.world.app, me, visited, None, None).await?;
    Ok(visit.counted)
}

/// What one socket hears until each of its subscriptions has heard of everybody: each once, in
/// order, and nothing with an error.
async fn hears_all(socket: &mut Socket, from: usize, names: &[String]) {
    let mut last = [from; SUBSCRIPTIONS];
    while last.iter().any(|last| *last < names.len()) {
        let message = socket.hear().await;
        assert_eq!(message["type"], "next", "{message}");
        assert!(message["payload"].get("errors").is_none(), "{message}");
        let id: usize = message["id"].as_str().unwrap().parse().unwrap();
        let node = &message["payload"]["data"]["footprintLeft"]["node"];
        assert_eq!(node["visitor"]["username"], names[last[id]]);
        last[id] += 1;
        assert_eq!(node["number"], last[id]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn feeds_outlive_a_locked_and_a_busy_database() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let visitors = world.people("visitor", VISITORS).await;
    let names: Vec<_> = visitors.iter().map(|v| v.username.clone()).collect();
    let transport = Transport {
        listen: "127.0.0.1:0".to_owned(),
        ..Transport::default()
    };
    let server = Server::start(world.app.clone(), transport).await.unwrap();
    let mut sockets = Vec::new();
    for _ in 0..SOCKETS {
        let authorization = json!({ "Authorization": format!("Bearer {}", owner.token) });
        let mut socket = Socket::ready_at(server.local_addr(), authorization).await;
        for id in 0..SUBSCRIPTIONS {
            let after = json!({ "after": cursor(b'n', &0_i64) });
            socket.subscribe_with(&id.to_string(), FEED, after).await;
        }
        sockets.push(socket);
    }
    visits(&visitors[0], &owner).await.unwrap();
    join_all(
        sockets
            .iter_mut()
            .map(|socket| hears_all(socket, 0, &names[..1])),
    )
    .await;

    // Another program holds the file: who comes is refused, and leaves nothing.
    let lock = world.lock().await;
    let refused = visits(&visitors[1], &owner).await;
    assert!(matches!(
        refused,
        Err(Rejection::Failed(Error::Unavailable(_)))
    ));
    lock.rollback().await.unwrap();

    // All connections that read are taken: people come, and no feed can read of it.
    let db = world.app.database.reader();
    // On PostgreSQL those that write are among them: nobody comes before they are free.
    let (all, (meanwhile, later)) = if is_postgres() {
        (8, visitors[1..].split_at(0))
    } else {
        (4, visitors[1..].split_at(VISITORS - 1))
    };
    let busy = try_join_all((0..all).map(|_| db.begin())).await.unwrap();
    for visitor in meanwhile {
        assert!(visits(visitor, &owner).await.unwrap());
    }
    // Whoever asked before this one has waited in vain, too.
    let code = owner.error("{ viewer { visitCount } }", json!({})).await;
    assert_eq!(code, "UNAVAILABLE");
    join_all(busy.into_iter().map(|reading| reading.rollback())).await;
    for visitor in later {
        assert!(visits(visitor, &owner).await.unwrap());
    }
    join_all(
        sockets
            .iter_mut()
            .map(|socket| hears_all(socket, 1, &names)),
    )
    .await;
    server.shutdown().await;
}
