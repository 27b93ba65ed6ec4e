//! The live feed over real websockets: resumable without a gap or a double.

use std::{collections::BTreeSet, time::Duration};

use ashiato::{
    config::Transport,
    footprint::{service, visit::Visited},
    paging,
    server::Server,
};
use futures_util::{SinkExt, StreamExt};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

use crate::support::world::{Person, World, first};

const VISITORS: usize = 2_000;
const CUTS: usize = 50;
/// Longer than anything here takes: a test that hangs says so.
const PATIENCE: Duration = Duration::from_secs(60);

const FEED: &str = "subscription($after: String) {
    footprintLeft(after: $after) { cursor node { number visitor { username } } } }";

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn subscribe(server: &Server, token: &str, after: &str) -> Socket {
    let url = format!("ws://{}/graphql", server.local_addr());
    let mut request = url.into_client_request().unwrap();
    request.headers_mut().insert(
        "sec-websocket-protocol",
        HeaderValue::from_static("graphql-transport-ws"),
    );
    let (mut socket, _) = timeout(PATIENCE, connect_async(request))
        .await
        .unwrap()
        .unwrap();
    let authorization = format!("Bearer {token}");
    say(
        &mut socket,
        json!({ "type": "connection_init", "payload": { "Authorization": authorization } }),
    )
    .await;
    assert_eq!(hear(&mut socket).await["type"], "connection_ack");
    let payload = json!({ "query": FEED, "variables": { "after": after } });
    say(
        &mut socket,
        json!({ "id": "1", "type": "subscribe", "payload": payload }),
    )
    .await;
    socket
}

async fn say(socket: &mut Socket, message: Value) {
    socket
        .send(Message::text(message.to_string()))
        .await
        .unwrap();
}

async fn hear(socket: &mut Socket) -> Value {
    loop {
        let message = timeout(PATIENCE, socket.next())
            .await
            .unwrap()
            .unwrap()
            .unwrap();
        if let Message::Text(text) = message {
            return serde_json::from_str(&text).unwrap();
        }
    }
}

/// The cursor, the number and the visitor of the next footprint.
async fn footprint(socket: &mut Socket) -> (String, i64, String) {
    let message = hear(socket).await;
    assert_eq!(message["type"], "next", "{message}");
    let edge = &message["payload"]["data"]["footprintLeft"];
    (
        edge["cursor"].as_str().unwrap().to_owned(),
        edge["node"]["number"].as_i64().unwrap(),
        edge["node"]["visitor"]["username"]
            .as_str()
            .unwrap()
            .to_owned(),
    )
}

async fn visit(visitor: &Person<'_>, owner: &Person<'_>) {
    let visited = Visited::Profile(owner.viewer.id().unwrap());
    let me = visitor.viewer.id().unwrap();
    let visit = service::visit(&visitor.world.app, me, visited, None, None)
        .await
        .unwrap();
    assert!(visit.counted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_cut_off_fifty_times_sees_two_thousand_visitors_once_each_in_order() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let early = world.person("early").await;
    let visitors = world.people("visitor", VISITORS).await;
    let transport = Transport {
        listen: "127.0.0.1:0".to_owned(),
        ..Transport::default()
    };
    let server = Server::start(world.app.clone(), transport).await.unwrap();
    visit(&early, &owner).await;
    let list = "{ viewer { footprints { edges { cursor } } } }";
    let list = owner.run(list, json!({})).await;
    let mut cursor = list["viewer"]["footprints"]["edges"][0]["cursor"]
        .as_str()
        .unwrap()
        .to_owned();

    let coming = async {
        // Some at once, as people come.
        for some in visitors.chunks(16) {
            futures_util::future::join_all(some.iter().map(|visitor| visit(visitor, &owner))).await;
        }
    };
    let watching = async {
        let mut chance = StdRng::seed_from_u64(2006);
        let mut cuts = BTreeSet::new();
        while cuts.len() < CUTS {
            cuts.insert(chance.random_range(1..VISITORS));
        }
        let (mut names, mut last) = (BTreeSet::new(), 1);
        let mut socket = subscribe(&server, &owner.token, &cursor).await;
        while names.len() < VISITORS {
            if cuts.remove(&names.len()) {
                // The line is cut without a word; what was under way is lost.
                drop(socket);
                socket = subscribe(&server, &owner.token, &cursor).await;
            }
            let (next, number, name) = footprint(&mut socket).await;
            assert!(number > last, "{number} after {last}");
            assert!(names.insert(name.clone()), "{name} twice");
            (cursor, last) = (next, number);
        }
        assert!(cuts.is_empty());
        names
    };
    let ((), names) = futures_util::join!(coming, watching);
    let expected: BTreeSet<_> = visitors
        .iter()
        .map(|person| person.username.clone())
        .collect();
    assert_eq!(names, expected);
    server.shutdown().await;
}

/// rules.md, Footprints 7.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_hears_of_visitors_who_are_named_and_never_of_others() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let (friend, far) = (world.person("friend").await, world.person("far").await);
    let (nobody, guest) = (world.person("nobody").await, world.person("guest").await);
    owner.befriend(&friend).await;
    let choose = async |person: &Person<'_>, policy: &str| {
        let input = json!({ "policy": policy });
        person.mutate("setFootprintPolicy", input, "").await;
    };
    choose(&friend, "CONNECTIONS").await;
    choose(&far, "CONNECTIONS").await;
    choose(&nobody, "ANONYMOUS").await;
    let transport = Transport {
        listen: "127.0.0.1:0".to_owned(),
        ..Transport::default()
    };
    let server = Server::start(world.app.clone(), transport).await.unwrap();
    let all = paging::cursor(b'n', &0_i64);
    let mut socket = subscribe(&server, &owner.token, &all).await;
    let (mut cursor, mut number) = (all, 0);
    for round in 1..=3 {
        // Some before the socket looks, some while it waits.
        for visitor in [&nobody, &far, &friend, &nobody, &guest, &far] {
            world.clock.advance(chrono::Duration::minutes(5));
            visit(visitor, &owner).await;
        }
        for (name, after) in [("friend", 3), ("guest", 2)] {
            number += after;
            let heard = footprint(&mut socket).await;
            assert_eq!((heard.1, &*heard.2), (number, name), "round {round}");
            cursor = heard.0;
        }
        // The last one, of whom nothing was heard.
        number += 1;
        if round == 2 {
            drop(socket);
            socket = subscribe(&server, &owner.token, &cursor).await;
        }
    }
    // Who is not named sees no names either, from the next event on.
    choose(&owner, "CONNECTIONS").await;
    for (visitor, name) in [(&guest, Value::Null), (&friend, json!("friend"))] {
        world.clock.advance(chrono::Duration::minutes(5));
        visit(visitor, &owner).await;
        let message = hear(&mut socket).await;
        let node = &message["payload"]["data"]["footprintLeft"]["node"];
        assert_eq!(node["visitor"]["username"], name, "{message}");
        number += 1;
        assert_eq!(node["number"], number);
    }
    server.shutdown().await;
}

#[tokio::test]
async fn without_a_cursor_the_feed_begins_now_and_visibility_is_the_viewers() {
    let world = World::new().await;
    let (owner, other) = (world.person("owner").await, world.person("another").await);
    let early = world.person("early").await;
    visit(&early, &owner).await;
    let document = "subscription { footprintLeft { node { visitor { username } } } }";
    let mut mine = Box::pin(owner.subscribe(document, json!({})));
    let mut others = Box::pin(other.subscribe(document, json!({})));
    let came = first(&mut mine, async |turn| {
        visit(&world.person(&format!("mine{turn}")).await, &owner).await;
    });
    let came = came.await["data"]["footprintLeft"]["node"]["visitor"]["username"].clone();
    assert!(
        came.as_str().unwrap().starts_with("mine"),
        "{came}: from now on"
    );
    let came = first(&mut others, async |turn| {
        visit(&world.person(&format!("other{turn}")).await, &other).await;
    });
    let came = came.await["data"]["footprintLeft"]["node"]["visitor"]["username"].clone();
    assert!(
        came.as_str().unwrap().starts_with("other"),
        "{came}: one's own"
    );
}
