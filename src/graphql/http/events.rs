//! Operations as server-sent events: the graphql-sse protocol
//! (<https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md>), in its mode of distinct connections.
//!
//! Each operation has a request of its own, by POST or GET. What it comes to are events `next`, and `complete` is
//! the last; what is wrong with it is a `next` with `errors`, for who reads events sees nothing of another status.
//! A stream that has to end before its operation does ends with such a `next`, too, and without `complete` where
//! the client is to come again, from its last cursor: `Last-Event-ID` is not looked at, for a cursor stands where
//! the client asks for it, in `after`. All that holds on a websocket holds here.

mod last;

use std::{convert::Infallible, sync::Arc, time::Duration};

use async_graphql::{Executor, Request};
use axum::{
    body::{Body, Bytes},
    http::{HeaderName, HeaderValue, StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use tokio::{
    sync::mpsc,
    time::{Interval, interval, timeout},
};
use tokio_util::task::AbortOnDropHandle;
use uuid::Uuid;

use self::last::Last;
use super::{
    event::WORDS,
    negotiate::MediaType,
    reply::{Reply, headers},
};
use crate::{
    graphql::{
        api::Api,
        guard::Admitted,
        operation::Operation,
        outbox::{Outbox, Said, Waiters, Waiting},
        quota::Held,
        session::SessionWatch,
    },
    viewer::Viewer,
};

/// How long a client that does not read has to take note of the end.
const GOODBYE: Duration = Duration::from_secs(5);
/// What says nothing: the first shows that the stream is there, the others that it is there still.
const NOTHING: Bytes = Bytes::from_static(b":\n\n");
/// Has a proxy before the service hand on what comes, as it comes.
const UNBUFFERED: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Begins to send what an admitted subscription of `viewer` comes to.
///
/// # Errors
/// An answer in its place.
pub(super) async fn begin<E: Executor>(
    api: &Arc<Api<E>>,
    request: Request,
    admitted: Admitted,
    viewer: Viewer,
    media: MediaType,
    (parts, request_id): (&Parts, &str),
) -> Result<Response, Reply> {
    let subscription = api.subscription(viewer);
    let subscription = subscription.map_err(|answer| Reply::refused(answer, media))?;
    let session = SessionWatch::begin(&api.app, viewer).await;
    let session = session.map_err(|error| Reply::not_admitted(error, request_id))?;
    let (outbox, items) = Outbox::new();
    let operation = Operation {
        api: api.clone(),
        viewer,
        peer: api.peers.of(parts).for_long(),
        id: String::new(),
        key: 0,
        request_id: request_id.into(),
        outbox,
        words: &WORDS,
    };
    let operation = tokio::spawn(operation.run(Box::new(request), Ok(admitted)));
    // Of one message: what waits longer waits in the outbox, which has its bounds.
    let (out, mut coming) = mpsc::channel(1);
    let events = Events {
        ping: interval(api.deadlines.socket_ping_interval),
        api: api.clone(),
        session,
        items,
        out,
        request_id: request_id.into(),
        under_way: (AbortOnDropHandle::new(operation), subscription),
    };
    // Counted until the stream ends, as sockets are.
    api.sockets.spawn(events.run());
    let coming = stream::poll_fn(move |cx| {
        let next = coming.poll_recv(cx);
        next.map(|next| next.map(Ok::<Bytes, Infallible>))
    });
    let mut headers = headers(MediaType::EventStream);
    headers.insert(UNBUFFERED, HeaderValue::from_static("no"));
    Ok((StatusCode::OK, headers, Body::from_stream(coming)).into_response())
}

/// The end of a stream.
enum End {
    /// It has said its last word.
    Over,
    /// The client is not there any more.
    Gone,
    /// We end it.
    Told(Last),
}

/// An open stream.
struct Events<E> {
    api: Arc<Api<E>>,
    session: SessionWatch,
    items: Waiters,
    out: mpsc::Sender<Bytes>,
    ping: Interval,
    request_id: Arc<str>,
    /// The operation, and its place among the member's subscriptions.
    under_way: (AbortOnDropHandle<()>, Option<Held<Uuid>>),
}

impl<E: Executor> Events<E> {
    /// Serves the stream to its end.
    async fn run(mut self) {
        let end = loop {
            if let Err(end) = self.step().await {
                break end;
            }
        };
        // What the client does not read takes nothing up any more.
        drop((self.under_way, self.items));
        let code = match &end {
            End::Told(last) => last.code,
            End::Over | End::Gone => "",
        };
        tracing::debug!(request_id = &*self.request_id, code, "stream ended");
        if let End::Told(last) = end {
            let _ = timeout(GOODBYE, self.out.send(last.words().into())).await;
        }
    }

    async fn step(&mut self) -> Result<(), End> {
        tokio::select! {
            // First what ends it; and the first tick comes before all that there is to say.
            biased;
            () = self.api.stop.cancelled() => Err(End::Told(Last::RESTART)),
            () = self.session.ended() => Err(End::Told(Last::SIGNED_OUT)),
            () = self.out.closed() => Err(End::Gone),
            _ = self.ping.tick() => self.send(NOTHING).await,
            waiting = self.items.recv() => match waiting {
                Some(waiting) => self.deliver(*waiting).await,
                // It has panicked.
                None => Err(End::Told(Last::BROKEN)),
            },
        }
    }

    async fn deliver(&mut self, waiting: Waiting) -> Result<(), End> {
        let Waiting { item, room: _room } = waiting;
        match item.said {
            Said::Next(text) => self.send(text.into()).await,
            Said::Last(text) => {
                self.send(text.into()).await?;
                Err(End::Over)
            }
            Said::Interrupted => Err(End::Told(Last::INTERRUPTED)),
        }
    }

    /// Sends, unless the stream has to end before the client has read enough to make room.
    async fn send(&mut self, bytes: Bytes) -> Result<(), End> {
        let sent = timeout(self.api.deadlines.socket_send_timeout, self.out.send(bytes));
        tokio::select! {
            biased;
            sent = sent => match sent {
                Ok(Ok(())) => Ok(()),
                Ok(Err(_)) => Err(End::Gone),
                Err(_) => Err(End::Told(Last::TOO_SLOW)),
            },
            () = self.api.stop.cancelled() => Err(End::Told(Last::RESTART)),
            () = self.session.ended() => Err(End::Told(Last::SIGNED_OUT)),
        }
    }
}
