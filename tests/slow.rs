//! Subscribers that do not read: each is closed with its code, holds little, and nobody else waits
//! for them.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use ashiato::{
    events::Event,
    footprint::{service::visit, visit::Visited},
    user::service::{ProfileEdit, edit_profile},
};
use futures_util::{
    SinkExt, StreamExt,
    future::{join_all, select_all},
};
use serde_json::json;
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

use crate::support::{backend::Fresh, process::Process, server::Running, socket::Socket, soon};

/// How long visitors come each time: long enough for who does not read to be given up.
const PHASE: Duration = Duration::from_secs(3);
const PATIENCE: &str = "500ms";
const SLOW: usize = 10;
const READERS: usize = 4;
const ROUNDS: usize = 2;

/// A client that stops reading, and takes little before it does.
struct Slow(WebSocketStream<TcpStream>);

impl Slow {
    async fn subscribe(address: SocketAddr, token: &str, document: &str) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        let stream = socket.connect(address).await.unwrap();
        let request = format!("ws://{address}/graphql").into_client_request();
        let mut request = request.unwrap();
        request.headers_mut().insert(
            "sec-websocket-protocol",
            HeaderValue::from_static("graphql-transport-ws"),
        );
        let mut socket = client_async(request, stream).await.unwrap().0;
        let authorization = json!({ "Authorization": format!("Bearer {token}") });
        let begin = json!({ "type": "connection_init", "payload": authorization });
        socket.send(Message::text(begin.to_string())).await.unwrap();
        let text = |message: Message| message.into_text().unwrap().contains("connection_ack");
        while !text(soon(socket.next()).await.unwrap().unwrap()) {}
        let payload = json!({ "query": document });
        let start = json!({ "id": "1", "type": "subscribe", "payload": payload });
        socket.send(Message::text(start.to_string())).await.unwrap();
        Self(socket)
    }

    /// Reads for as long as it is let.
    async fn read(&mut self) {
        while let Some(Ok(_)) = self.0.next().await {}
    }

    /// Reads again: how many events there were, and what the socket was closed with.
    async fn rest(mut self) -> (usize, Option<u16>) {
        let mut events = 0;
        while let Some(Ok(message)) = soon(self.0.next()).await {
            match message {
                Message::Text(_) => events += 1,
                Message::Close(frame) => return (events, frame.map(|frame| frame.code.into())),
                _ => {}
            }
        }
        (events, None)
    }
}

/// What visitors came to.
struct Visits {
    count: usize,
    /// How long all but the slowest hundredth took to reach a reader, from the moment that they were
    /// asked for.
    p99: Duration,
    /// The most memory that the server had.
    memory: u64,
}

struct Scene {
    server: Process,
    owner: String,
    visitor: String,
    _database: Fresh,
}

impl Scene {
    async fn new() -> Self {
        let database = Fresh::new().await;
        // Every visit counts, whoever comes, and however often.
        let flags = [
            "--visit-pause-minutes",
            "0",
            "--visits-per-hour",
            "0",
            "--socket-send-timeout",
            PATIENCE,
        ];
        let server = Process::serve_with(&database.url, &flags);
        let owner = server.sign_up("owner").await;
        let visitor = server.sign_up("visitor").await;
        let edit =
            "mutation($bio: String!) { editProfile(input: { bio: $bio }) { userErrors { code } } }";
        let bio = json!({ "bio": "日".repeat(1000) });
        server.ask(Some(&visitor), edit, bio).await.unwrap();
        Self {
            server,
            owner,
            visitor,
            _database: database,
        }
    }

    async fn visit(&self) {
        let document = "mutation { visitProfile(input: { username: \"owner\" }) {
            userErrors { code } } }";
        let answer = self.server.ask(Some(&self.visitor), document, json!({}));
        let answer = answer.await.unwrap();
        assert_eq!(answer["data"]["visitProfile"]["userErrors"], json!([]));
    }

    async fn reader(&self) -> Socket {
        let authorization = json!({ "Authorization": format!("Bearer {}", self.owner) });
        let mut socket = Socket::ready_at(self.server.socket_address(), authorization).await;
        let document = "subscription($after: String) {
            footprintLeft(after: $after) { node { number } } }";
        let all = json!({ "after": ashiato::paging::cursor(b'n', &0_i64) });
        socket.subscribe_with("1", document, all).await;
        socket
    }

    /// Visits, one after the other.
    async fn visits(&self, readers: &mut [Socket]) -> Visits {
        let (mut times, mut memory, start) = (Vec::new(), 0, Instant::now());
        while start.elapsed() < PHASE {
            let began = Instant::now();
            let hearing = readers.iter_mut().map(async |reader| {
                let message = reader.hear().await;
                assert_eq!(message["type"], "next", "{message}");
                began.elapsed()
            });
            let ((), heard) = futures_util::join!(self.visit(), join_all(hearing));
            times.extend(heard);
            memory = memory.max(self.server.memory());
        }
        times.sort_unstable();
        Visits {
            count: times.len() / READERS,
            p99: times[times.len() * 99 / 100],
            memory,
        }
    }
}

/// Thirty times a text of 3,000 bytes.
fn heavy() -> String {
    let bios: String = (0..29).map(|number| format!("b{number}: bio ")).collect();
    format!("subscription {{ footprintLeft {{ node {{ visitor {{ {bios} }} }} }} }}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reads_again_hears_the_code_that_the_socket_is_closed_with() {
    let server = Running::own_with(|transport| {
        transport.deadlines.socket_send_timeout = Duration::from_millis(200);
    })
    .await;
    let ((owner, me), (_, visitor)) = (server.member().await, server.named("visitor").await);
    let edit = ProfileEdit {
        bio: Some("日".repeat(1000)),
        ..ProfileEdit::default()
    };
    edit_profile(&server.app, visitor.id, edit, None)
        .await
        .unwrap();
    let slow = Slow::subscribe(server.address, &owner, &heavy()).await;
    let is_watched = || {
        let watched = server.app.events.watched();
        watched
            .iter()
            .any(|(event, _)| *event == Event::FootprintLeft(me.id))
    };
    soon(async {
        while !is_watched() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let mut visits = 0;
    while is_watched() {
        server.pass(chrono::Duration::minutes(5));
        let visited = Visited::Profile(me.id);
        soon(visit(&server.app, visitor.id, visited, None, None))
            .await
            .unwrap();
        visits += 1;
    }
    let (events, code) = slow.rest().await;
    assert!(events < visits);
    assert_eq!(code, Some(1013));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_read_is_closed_and_holds_little_and_keeps_nobody_waiting() {
    let scene = Scene::new().await;
    let mut readers = Vec::new();
    for _ in 0..READERS {
        readers.push(scene.reader().await);
    }
    let address = scene.server.socket_address();
    let (mut without, mut with) = (Duration::MAX, Duration::MAX);
    let mut held = 0;
    let heavy = heavy();
    let subscribe = || (0..SLOW).map(|_| Slow::subscribe(address, &scene.owner, &heavy));
    for _ in 0..ROUNDS {
        // The same subscriptions, read and then not read: what resolving takes is there before.
        let mut slow = join_all(subscribe()).await;
        let reading = select_all(slow.iter_mut().map(|slow| Box::pin(slow.read())));
        let visits = tokio::select! {
            visits = scene.visits(&mut readers) => visits,
            _ = reading => panic!("who reads is not closed"),
        };
        without = without.min(visits.p99);
        drop(slow);
        let before = scene.server.memory();
        let slow = join_all(subscribe()).await;
        let visits = scene.visits(&mut readers).await;
        with = with.min(visits.p99);
        held = held.max(visits.memory.saturating_sub(before));
        for (events, code) in join_all(slow.into_iter().map(Slow::rest)).await {
            let came = visits.count;
            // Who reads again in time hears it; the connection of the others has ended.
            assert!(matches!(code, None | Some(1013)), "{code:?}");
            assert!(
                events < came,
                "it got all {came} events: this shows nothing"
            );
        }
    }
    let each = held / SLOW as u64;
    println!(
        "{SLOW} who do not read hold {each} bytes each; p99 of {READERS} who do: {without:?} \
         without them, {with:?} with them"
    );
    assert!(each < 1 << 20, "{each} bytes each");
    // Of a machine that is busy with other tests, a few milliseconds say nothing.
    let floor = without.max(Duration::from_millis(20));
    assert!(with < floor * 2, "{with:?} after {without:?}");
}
