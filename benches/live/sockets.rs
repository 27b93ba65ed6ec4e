//! The sockets: each of another member, who waits for footprints.

use std::{sync::Arc, time::Instant};

use anyhow::{Context, Result, bail, ensure};
use futures_util::{SinkExt, StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{net::TcpStream, sync::mpsc};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{
        Message, Utf8Bytes, client::IntoClientRequest, http::HeaderValue, protocol::WebSocketConfig,
    },
};

use crate::{bar, place::Member, service::Service};

/// How many are opened at the same time.
const AT_ONCE: usize = 64;
/// What each reads at once.
const BUFFER: usize = 4 * 1024;
/// As in the README.
const DOCUMENT: &str =
    "subscription { footprintLeft { cursor node { visitor { nickname username } visitedAt } } }";

type Socket = WebSocketStream<TcpStream>;

/// A footprint that has arrived at its owner's socket.
#[derive(Debug)]
pub struct Arrival {
    /// The visitor's user name.
    pub visitor: String,
    /// The owner's.
    pub owner: String,
    /// When.
    pub at: Instant,
}

/// Sockets that are open.
pub struct Sockets {
    /// Everybody to whom footprints can come.
    pub owners: Vec<Member>,
    /// What comes to any of them; an error where one has ended.
    pub arrivals: mpsc::UnboundedReceiver<Result<Arrival>>,
    arrived: mpsc::UnboundedSender<Result<Arrival>>,
}

impl Default for Sockets {
    fn default() -> Self {
        let (arrived, arrivals) = mpsc::unbounded_channel();
        Self {
            owners: Vec::new(),
            arrivals,
            arrived,
        }
    }
}

impl Sockets {
    /// Opens one more for each of `owners`, and subscribes.
    ///
    /// # Errors
    /// Where one does not open.
    pub async fn open(&mut self, service: &Service, owners: &[Member]) -> Result<()> {
        let bar = bar(owners.len(), "sockets")?;
        let arrived = &self.arrived;
        stream::iter(owners.iter().map(Ok))
            .try_for_each_concurrent(AT_ONCE, async |owner| {
                let socket = open(service, owner).await?;
                bar.inc(1);
                tokio::spawn(listen(socket, owner.clone(), arrived.clone()));
                anyhow::Ok(())
            })
            .await?;
        bar.finish();
        self.owners.extend_from_slice(owners);
        Ok(())
    }
}

async fn open(service: &Service, owner: &Member) -> Result<Socket> {
    let stream = TcpStream::connect(&service.address).await?;
    let mut request = format!("ws://{}/graphql", service.address).into_client_request()?;
    request.headers_mut().insert(
        "sec-websocket-protocol",
        HeaderValue::from_static("graphql-transport-ws"),
    );
    let config = WebSocketConfig::default().read_buffer_size(BUFFER);
    let (mut socket, _) = client_async_with_config(request, stream, Some(config)).await?;
    let authorization = format!("Bearer {}", owner.token);
    let payload = json!({ "Authorization": authorization });
    say(
        &mut socket,
        &json!({ "type": "connection_init", "payload": payload }),
    )
    .await?;
    let answer = text(&mut socket).await?;
    ensure!(answer.contains("connection_ack"), "{answer}");
    let payload = json!({ "query": DOCUMENT });
    say(
        &mut socket,
        &json!({ "id": "1", "type": "subscribe", "payload": payload }),
    )
    .await?;
    Ok(socket)
}

async fn say(socket: &mut Socket, message: &Value) -> Result<()> {
    Ok(socket.send(Message::text(message.to_string())).await?)
}

async fn listen(
    mut socket: Socket,
    owner: Member,
    arrived: mpsc::UnboundedSender<Result<Arrival>>,
) {
    let owner: Arc<str> = owner.username.into();
    loop {
        let next = hear(&mut socket, &owner).await;
        let ended = next.is_err();
        // Who listens to that may have gone.
        if arrived.send(next).is_err() || ended {
            return;
        }
    }
}

/// The next footprint.
async fn hear(socket: &mut Socket, owner: &str) -> Result<Arrival> {
    let text = text(socket).await?;
    let at = Instant::now();
    let next: Next = serde_json::from_str(&text).with_context(|| text.to_string())?;
    Ok(Arrival {
        visitor: next.payload.data.footprint_left.node.visitor.username,
        owner: owner.to_owned(),
        at,
    })
}

/// The next message that is no ping.
async fn text(socket: &mut Socket) -> Result<Utf8Bytes> {
    loop {
        match socket.next().await.context("a socket ended")?? {
            Message::Text(text) => return Ok(text),
            Message::Close(frame) => bail!("a socket was closed: {frame:?}"),
            _ => {}
        }
    }
}

#[derive(Deserialize)]
struct Next {
    payload: Payload,
}

#[derive(Deserialize)]
struct Payload {
    data: Data,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    footprint_left: Edge,
}

#[derive(Deserialize)]
struct Edge {
    node: Node,
}

#[derive(Deserialize)]
struct Node {
    visitor: Visitor,
}

#[derive(Deserialize)]
struct Visitor {
    username: String,
}
