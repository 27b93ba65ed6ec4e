//! GraphQL over a websocket: the graphql-transport-ws protocol
//! (<https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>).

mod close;
mod connection;
mod message;
mod operations;

use std::sync::Arc;

use async_graphql::Executor;
use axum::{
    extract::{FromRequestParts, WebSocketUpgrade},
    http::{header, request::Parts},
    response::{IntoResponse, Response},
};

use super::{api::Api, request_id::request_id, seat::Seat};
use crate::config::Limits;
use close::Close;
use connection::{Connection, Upgraded};

/// The protocol's name.
const PROTOCOL: &str = "graphql-transport-ws";
/// What a socket reads at once, and keeps for it: one of ten thousand must be small. (A message that is
/// longer has its length for itself.)
const READ_BUFFER: usize = 1024;
/// What is gathered before it goes to the system. (Every message is flushed.)
const WRITE_BUFFER: usize = 16 * 1024;
/// How many times as long as a client's message what is said back can be: an error quotes the
/// operation's id, a pong brings its payload again, whose numbers may be written longer.
const ECHO: usize = 8;

/// Whether a request wants to become a websocket.
pub fn is_upgrade(parts: &Parts) -> bool {
    parts
        .headers
        .get(header::UPGRADE)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// The most bytes that can be there to be written to one socket: its largest message, and a pong
/// and a close beside it. (Nothing is read while something waits to be written, so there is never
/// more; the library's own bound is none.)
fn room(limits: &Limits) -> usize {
    let bytes = |limit: u32| usize::try_from(limit).unwrap_or(usize::MAX);
    let longest = bytes(limits.max_response_bytes)
        .saturating_add(bytes(limits.max_body_bytes).saturating_mul(ECHO));
    longest.saturating_add(2 * WRITE_BUFFER)
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
        peer: api.peers.of(parts).for_long(),
    };
    // Counted until the socket ends, as its connection is.
    let open = api.sockets.token();
    let seat = parts.extensions.remove::<Arc<Seat>>();
    upgrade
        .max_message_size(limit)
        .max_frame_size(limit)
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(WRITE_BUFFER)
        .max_write_buffer_size(room(&api.limits))
        .on_upgrade(async move |socket| {
            let mut connection = Connection::new(api, from, socket);
            if ours {
                connection.run().await;
            } else {
                connection.close(Close::WRONG_PROTOCOL).await;
            }
            drop((connection, open, seat));
        })
}
