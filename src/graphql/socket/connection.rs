//! One open socket: what its client says, what its operations answer, and every reason to end.

use std::sync::Arc;

use async_graphql::{Executor, Request};
use axum::extract::ws::{Message, WebSocket};
use futures_util::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use serde_json::{Map, Value};
use tokio::time::{Duration, Instant, Interval, interval, sleep, sleep_until, timeout};

use super::{
    close::Close,
    message::{FromClient, FromServer},
    operations::{Asker, NotStarted, Operations},
    outbox::{Said, Waiting},
    session::SessionWatch,
};
use crate::{
    error::Error,
    graphql::{api::Api, peer::Peer},
    language::Language,
    viewer::Viewer,
};

/// How long a client has to take note of a close.
const GOODBYE: Duration = Duration::from_secs(5);
/// How long what is under way has at the end of a session: it ends within a second.
const PARTING: Duration = Duration::from_millis(250);
/// As [`GOODBYE`], for a client that cannot be listened to any more.
const LINGER: Duration = Duration::from_secs(1);

/// The end of a socket.
enum End {
    /// We close it.
    Close(Close),
    /// The client closed it, or is not there any more.
    Gone,
}

impl From<Close> for End {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}

/// What a socket came with.
pub struct Upgraded {
    /// The `Authorization` of the request that became the socket.
    pub authorization: Option<Vec<u8>>,
    /// That request's, for the log.
    pub request_id: Arc<str>,
    /// Where the client is.
    pub peer: Peer,
}

/// An open socket.
pub struct Connection<E> {
    api: Arc<Api<E>>,
    from: Upgraded,
    sink: SplitSink<WebSocket, Message>,
    stream: SplitStream<WebSocket>,
    /// Who is at the other end, once `connection_init` has said so.
    viewer: Option<Viewer>,
    session: SessionWatch,
    operations: Operations,
    opened: Instant,
    heard: Instant,
    ping: Interval,
}

impl<E: Executor> Connection<E> {
    /// A socket that has just been opened.
    pub fn new(api: Arc<Api<E>>, from: Upgraded, socket: WebSocket) -> Self {
        let (sink, stream) = socket.split();
        Self {
            ping: interval(api.deadlines.socket_ping_interval),
            api,
            from,
            sink,
            stream,
            viewer: None,
            session: SessionWatch::default(),
            operations: Operations::default(),
            opened: Instant::now(),
            heard: Instant::now(),
        }
    }

    /// Serves the socket to its end.
    pub async fn run(&mut self) {
        let end = loop {
            if let Err(end) = self.step().await {
                break end;
            }
        };
        Box::pin(self.end(end)).await;
    }

    async fn end(&mut self, end: End) {
        match end {
            End::Close(close) => {
                if close == Close::SIGNED_OUT {
                    self.finish().await;
                }
                self.close(close).await;
            }
            End::Gone => {
                self.operations.stop_all();
                // Also answers the client's own close.
                let _ = timeout(GOODBYE, self.sink.close()).await;
                tracing::debug!(request_id = &*self.from.request_id, "socket gone");
            }
        }
    }

    /// The sign-out may have come over this very socket: its answer goes out, and no event any
    /// more.
    async fn finish(&mut self) {
        self.operations.stop_subscriptions();
        let finish = async {
            while !self.operations.is_empty() {
                let Some(Waiting { item, room: _room }) = self.operations.next().await else {
                    return;
                };
                let awaited = self.operations.accept(&item);
                let (Said::Next(text) | Said::Last(text)) = item.said else {
                    continue;
                };
                // Not `send`, which the end of the session ends.
                if awaited && self.sink.send(Message::text(text)).await.is_err() {
                    return;
                }
            }
        };
        let _ = timeout(PARTING, finish).await;
    }

    /// Closes the socket, and waits a moment for the client to take note.
    pub async fn close(&mut self, close: Close) {
        self.operations.stop_all();
        tracing::debug!(
            request_id = &*self.from.request_id,
            code = close.code(),
            "socket closed"
        );
        // What cannot be read any more cannot be drained either.
        let drains = close != Close::TOO_BIG;
        let goodbye = async {
            if self.sink.send(close.into()).await.is_err() {
                return;
            }
            // What the client still sends is read and dropped: were it left unread, the system
            // would throw away the close frame with it.
            if drains {
                while let Some(Ok(_)) = self.stream.next().await {}
            } else {
                sleep(LINGER).await;
            }
        };
        let _ = timeout(GOODBYE, goodbye).await;
    }

    async fn step(&mut self) -> Result<(), End> {
        let deadlines = &self.api.deadlines;
        tokio::select! {
            () = self.api.stop.cancelled() => Err(Close::RESTART.into()),
            () = self.session.ended() => Err(Close::SIGNED_OUT.into()),
            () = sleep_until(self.opened + deadlines.socket_init_timeout), if self.viewer.is_none() => {
                Err(Close::INIT_TIMEOUT.into())
            }
            () = sleep_until(self.heard + deadlines.socket_silence_timeout) => Err(End::Gone),
            _ = self.ping.tick() => self.send(Message::Ping(Vec::new().into())).await,
            message = self.stream.next() => match message {
                Some(Ok(message)) => {
                    self.heard = Instant::now();
                    // Boxed: an idle socket has no use for the room.
                    Box::pin(self.receive(message)).await
                }
                Some(Err(error)) => Err(unreadable(error)),
                None => Err(End::Gone),
            },
            Some(waiting) = self.operations.next() => self.deliver(waiting).await,
        }
    }

    async fn receive(&mut self, message: Message) -> Result<(), End> {
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => return Err(Close::malformed("Messages are text").into()),
            // The library has its pong ready: nothing more is read until that is written. Who pings
            // and does not read would fill the memory with pongs.
            Message::Ping(_) => return self.flush().await,
            Message::Pong(_) => return Ok(()),
            Message::Close(_) => return Err(End::Gone),
        };
        match FromClient::read(&text)? {
            FromClient::ConnectionInit(payload) => self.begin(payload).await,
            FromClient::Ping(payload) => self.say(&FromServer::Pong { payload }).await,
            FromClient::Pong => Ok(()),
            FromClient::Subscribe(id, request) => self.start(id, request).await,
            // Unknown ids are of operations that ended meanwhile.
            FromClient::Complete(id) => {
                self.operations.stop(&id);
                Ok(())
            }
        }
    }

    async fn begin(&mut self, payload: Map<String, Value>) -> Result<(), End> {
        if self.viewer.is_some() {
            return Err(Close::SECOND_INIT.into());
        }
        let given = |names: &[&str]| {
            let is_it = |key: &str| names.iter().any(|name| key.eq_ignore_ascii_case(name));
            let mut given = payload.iter();
            given.find_map(|(key, value)| (is_it(key) && !value.is_null()).then_some(value))
        };
        // A browser's page sets no header of the request that becomes a socket.
        match given(&["acceptLanguage", "accept-language"]) {
            Some(Value::String(value)) => self.from.peer.language = Language::accepted(value),
            Some(_) => return Err(Close::malformed("`acceptLanguage` is a string").into()),
            None => {}
        }
        let authorization = match given(&["authorization"]) {
            Some(Value::String(value)) => Some(value.as_bytes()),
            Some(_) => return Err(Close::FORBIDDEN.into()),
            None => self.from.authorization.as_deref(),
        };
        let caller = self.api.caller(authorization).await;
        let viewer = caller.map_err(|error| self.refuse(&error))?.viewer;
        let watch = SessionWatch::begin(&self.api.app, viewer).await;
        self.session = watch.map_err(|error| self.refuse(&error))?;
        self.viewer = Some(viewer);
        self.say(&FromServer::ConnectionAck).await
    }

    fn refuse(&self, error: &Error) -> End {
        if let Some(detail) = error.detail() {
            tracing::warn!(
                request_id = &*self.from.request_id,
                detail,
                "cannot say who opens a socket"
            );
        }
        End::Close(match error {
            Error::Unavailable(_) => Close::TRY_AGAIN,
            Error::Internal(_) => Close::BROKEN,
            _ => Close::FORBIDDEN,
        })
    }

    async fn start(&mut self, id: String, request: Box<Request>) -> Result<(), End> {
        let Some(viewer) = self.viewer else {
            return Err(Close::UNAUTHORIZED.into());
        };
        let asker = Asker {
            api: self.api.clone(),
            viewer,
            peer: self.from.peer.clone(),
            request_id: self.from.request_id.clone(),
        };
        match self.operations.start(asker, id.clone(), request) {
            Ok(()) => Ok(()),
            Err(NotStarted::Close(close)) => Err(close.into()),
            Err(NotStarted::Refused(answer)) => {
                let payload = answer.told_in(self.from.peer.language).into_errors();
                self.say(&FromServer::Error { id: &id, payload }).await
            }
        }
    }

    async fn deliver(&mut self, waiting: Waiting) -> Result<(), End> {
        let Waiting { item, room: _room } = waiting;
        if !self.operations.accept(&item) {
            return Ok(());
        }
        match item.said {
            Said::Next(text) | Said::Last(text) => self.send(Message::text(text)).await,
            Said::Close(close) => Err(close.into()),
        }
    }

    async fn say(&mut self, message: &FromServer<'_>) -> Result<(), End> {
        self.send(Message::text(message.write())).await
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        let sent = self.sink.send(message);
        written(&self.api, &mut self.session, sent).await
    }

    async fn flush(&mut self) -> Result<(), End> {
        let flushed = self.sink.flush();
        written(&self.api, &mut self.session, flushed).await
    }
}

/// Writes, unless the socket has to end before the client has read enough to make room.
async fn written<E>(
    api: &Api<E>,
    session: &mut SessionWatch,
    writing: impl Future<Output = Result<(), axum::Error>>,
) -> Result<(), End> {
    tokio::select! {
        // What can be sent is sent: a signed-out socket still gets the answer to its sign-out.
        biased;
        sent = timeout(api.deadlines.socket_send_timeout, writing) => match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => Err(Close::TOO_SLOW.into()),
        },
        () = api.stop.cancelled() => Err(Close::RESTART.into()),
        () = session.ended() => Err(Close::SIGNED_OUT.into()),
    }
}

/// What to do about a frame that could not be read.
fn unreadable(error: axum::Error) -> End {
    use tokio_tungstenite::tungstenite::Error as Frame;
    match error.into_inner().downcast::<Frame>().map(|error| *error) {
        Ok(Frame::Capacity(_)) => Close::TOO_BIG.into(),
        Ok(Frame::Utf8(_)) => Close::malformed("A text message is not UTF-8").into(),
        _ => End::Gone,
    }
}
