//! GraphQL over a websocket: the graphql-transport-ws protocol
//! (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>).

mod close;
mod connection;
mod message;
mod operation;
mod operations;
mod outbox;
mod session;

use std::sync::Arc;

use async_graphql::Executor;
use axum::{
    extract::{FromRequestParts, WebSocketUpgrade},
    http::{header, request::Parts},
    response::{IntoResponse, Response},
};
use tokio::sync::OwnedSemaphorePermit;

use super::{api::Api, request_id::request_id};
use close::Close;
use connection::{Connection, Upgraded};

/// The protocol's name.
const PROTOCOL: &str = "graphql-transport-ws";
/// What a socket reads at once: one of ten thousand must be small.
const READ_BUFFER: usize = 8 * 1024;

/// Whether a request wants to become a websocket.
pub fn is_upgrade(parts: &Parts) -> bool {
    parts
        .headers
        .get(header::UPGRADE)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// Makes the request a websocket.
pub async fn upgrade<E: Executor>(api: Arc<Api<E>>, parts: &mut Parts) -> Response {
    let mut upgrade = match WebSocketUpgrade::from_request_parts(parts, &()).await {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    let ours = upgrade.requested_protocols().any(|name| name == PROTOCOL);
    let agreed = if ours {
        Some(axum::http::HeaderValue::from_static(PROTOCOL))
    } else {
        // Who speaks another protocol hears the code that says so: browsers tell a page nothing
        // but 1006 where none of its protocols is taken.
        upgrade.requested_protocols().next().cloned()
    };
    if let Some(agreed) = agreed {
        upgrade.set_selected_protocol(agreed);
    }
    let limit = usize::try_from(api.limits.max_body_bytes).unwrap_or(usize::MAX);
    let authorization = parts.headers.get(header::AUTHORIZATION);
    let from = Upgraded {
        authorization: authorization.map(|value| value.as_bytes().to_vec()),
        request_id: request_id(parts).into(),
    };
    // Counted until the socket ends, as its connection is.
    let open = api.sockets.token();
    let permit = parts.extensions.remove::<Arc<OwnedSemaphorePermit>>();
    upgrade
        .max_message_size(limit)
        .max_frame_size(limit)
        .read_buffer_size(READ_BUFFER)
        .on_upgrade(async move |socket| {
            let connection = Connection::new(api, from, socket);
            if ours {
                connection.run().await;
            } else {
                connection.close(Close::WRONG_PROTOCOL).await;
            }
            drop((open, permit));
        })
}
