//! Answers on their way to a client, and whether they move.
//!
//! Over HTTP/2 a client can read every byte that is written, and never make room for an answer: no
//! write waits then, and only the answer itself shows that nothing moves.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::{sync::Notify, time::timeout};

/// What is given out at once: one frame of HTTP/2.
const PIECE: usize = 16 * 1024;

/// The answers under way on one connection.
#[derive(Debug, Default)]
pub struct Pace {
    under_way: AtomicUsize,
    moved: Notify,
}

impl Pace {
    /// `body`, watched until it is given out whole, or dropped.
    pub fn watch(self: Arc<Self>, body: Body) -> Body {
        self.under_way.fetch_add(1, Ordering::SeqCst);
        self.moved.notify_one();
        Body::new(Paced {
            body,
            rest: Bytes::new(),
            pace: self,
        })
    }

    /// Comes back when answers are under way and none of them has moved for so long.
    pub async fn stalled(&self, patience: Duration) {
        loop {
            if self.under_way.load(Ordering::SeqCst) == 0 {
                self.moved.notified().await;
            } else if timeout(patience, self.moved.notified()).await.is_err() {
                return;
            }
        }
    }
}

/// A body in pieces, each of which tells that it has moved.
struct Paced {
    body: Body,
    rest: Bytes,
    pace: Arc<Pace>,
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.pace.moved.notify_one();
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                end => return Poll::Ready(end),
            }
        }
        let next = self.rest.len().min(PIECE);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(next)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (mut hint, rest) = (self.body.size_hint(), self.rest.len());
        let rest = u64::try_from(rest).unwrap_or(u64::MAX);
        // The upper bound first: the lower one must never pass it.
        if let Some(upper) = hint.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint.set_lower(hint.lower().saturating_add(rest));
        hint
    }
}

impl Drop for Paced {
    fn drop(&mut self) {
        self.pace.under_way.fetch_sub(1, Ordering::SeqCst);
        self.pace.moved.notify_one();
    }
}
