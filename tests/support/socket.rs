//! A websocket's client, with a time-out an item.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

use super::{server::Running, soon};

/// A client.
pub struct Socket(pub WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Opens a socket that offers `protocol`, if any.
    pub async fn offering(server: &Running, protocol: Option<&'static str>) -> Self {
        Self::connect(server.address, protocol).await
    }

    async fn connect(address: SocketAddr, protocol: Option<&'static str>) -> Self {
        let url = format!("ws://{address}/graphql");
        let mut request = url.into_client_request().unwrap();
        if let Some(protocol) = protocol {
            let value = HeaderValue::from_static(protocol);
            request
                .headers_mut()
                .insert("sec-websocket-protocol", value);
        }
        Self(soon(connect_async(request)).await.unwrap().0)
    }

    /// Opens a socket.
    pub async fn open(server: &Running) -> Self {
        Self::offering(server, Some("graphql-transport-ws")).await
    }

    /// Opens a socket and begins.
    pub async fn ready(server: &Running) -> Self {
        Self::ready_with(server, json!({})).await
    }

    /// Opens a socket and begins with this payload.
    pub async fn ready_with(server: &Running, payload: Value) -> Self {
        Self::ready_at(server.address, payload).await
    }

    /// Opens a socket at `address` and begins with this payload.
    pub async fn ready_at(address: SocketAddr, payload: Value) -> Self {
        let mut socket = Self::connect(address, Some("graphql-transport-ws")).await;
        socket
            .say(json!({ "type": "connection_init", "payload": payload }))
            .await;
        assert_eq!(socket.hear().await, json!({ "type": "connection_ack" }));
        socket
    }

    /// Sends a message.
    pub async fn say(&mut self, message: Value) {
        self.send(Message::text(message.to_string())).await;
    }

    /// Sends a frame.
    pub async fn send(&mut self, message: Message) {
        soon(self.0.send(message)).await.unwrap();
    }

    /// Starts an operation.
    pub async fn subscribe(&mut self, id: &str, query: &str) {
        self.subscribe_with(id, query, json!({})).await;
    }

    /// Starts an operation with variables.
    pub async fn subscribe_with(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.say(json!({ "id": id, "type": "subscribe", "payload": payload }))
            .await;
    }

    /// The next message.
    pub async fn hear(&mut self) -> Value {
        let message = self.next().await;
        message.unwrap_or_else(|closed| panic!("closed: {closed:?}"))
    }

    /// The next message, or the code and reason that the socket is closed with.
    pub async fn next(&mut self) -> Result<Value, (u16, String)> {
        loop {
            match soon(self.0.next())
                .await
                .expect("the socket ended")
                .unwrap()
            {
                Message::Text(text) => return Ok(serde_json::from_str(&text).unwrap()),
                Message::Close(Some(frame)) => {
                    return Err((frame.code.into(), frame.reason.to_string()));
                }
                Message::Close(None) => panic!("closed without a code"),
                _ => {}
            }
        }
    }

    /// The code and reason that the socket is closed with; messages before that are skipped.
    pub async fn closed(&mut self) -> (u16, String) {
        loop {
            if let Err(closed) = self.next().await {
                return closed;
            }
        }
    }
}
