//! Answers on their way to a client, and whether each of them moves.
//!
//! Over HTTP/2 a client can read every byte that is written, and never make room for an answer: no
//! write waits then, and only the answer itself shows that it does not move. An answer that waits for the
//! service, as a stream of events does nearly always, is not the client's fault.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::{
    sync::Notify,
    time::{Instant, sleep_until},
};

use super::{activity::UnderWay, tempo::Tempo};
use crate::graphql::seat::Share;

/// What is given out at once: one frame of HTTP/2.
const PIECE: usize = 16 * 1024;

/// The answers under way on one connection.
#[derive(Debug)]
pub struct Pace {
    tempo: Tempo,
    answers: Mutex<Answers>,
    begun: Notify,
}

#[derive(Debug, Default)]
struct Answers {
    last: u64,
    /// When each is overdue that the client is to take.
    due: HashMap<u64, Instant>,
}

impl Pace {
    /// For a client that has to keep `tempo`.
    pub fn new(tempo: Tempo) -> Self {
        Self {
            tempo,
            answers: Mutex::default(),
            begun: Notify::new(),
        }
    }

    /// `body`, watched until it is given out whole, or dropped: until then what it answers is under way.
    pub fn watch(self: Arc<Self>, body: Body, request: (UnderWay, Option<Share>)) -> Body {
        let answer = {
            let mut answers = self.lock();
            answers.last += 1;
            let answer = answers.last;
            answers.due.insert(answer, self.tempo.due());
            answer
        };
        self.begun.notify_one();
        Body::new(Paced {
            body,
            rest: Bytes::new(),
            waits: false,
            pace: self,
            answer,
            _request: request,
        })
    }

    /// Comes back when an answer is overdue.
    pub async fn stalled(&self) {
        loop {
            let first = self.lock().due.values().min().copied();
            match first {
                None => self.begun.notified().await,
                Some(due) if due <= Instant::now() => return,
                // None that begins later is due before.
                Some(due) => sleep_until(due).await,
            }
        }
    }

    fn moved(&self, answer: u64, bytes: usize) {
        let mut answers = self.lock();
        let sharing = answers.due.len();
        if let Some(due) = answers.due.get_mut(&answer) {
            *due = self.tempo.taken(*due, bytes, sharing);
        }
    }

    /// All of the answer that there is has been taken: it waits for more.
    fn pause(&self, answer: u64) {
        self.lock().due.remove(&answer);
    }

    /// There is more of the answer.
    fn resume(&self, answer: u64) {
        let due = self.tempo.due();
        self.lock().due.entry(answer).or_insert(due);
        self.begun.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Answers> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A body in pieces, each of which tells that it has moved.
struct Paced {
    body: Body,
    rest: Bytes,
    /// Whether it waits for the service.
    waits: bool,
    pace: Arc<Pace>,
    answer: u64,
    /// Until the answer is given out, or dropped.
    _request: (UnderWay, Option<Share>),
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.rest.is_empty() {
            let Poll::Ready(next) = Pin::new(&mut self.body).poll_frame(cx) else {
                self.waits = true;
                self.pace.pause(self.answer);
                return Poll::Pending;
            };
            if std::mem::take(&mut self.waits) {
                self.pace.resume(self.answer);
            }
            match next {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                end => return Poll::Ready(end),
            }
        }
        // The last byte comes apart. Over HTTP/2 a piece is taken as soon as there is room for one
        // byte of it: with the last piece this would be dropped, and nobody see that it stays.
        let next = self.rest.len().saturating_sub(1).clamp(1, PIECE);
        let next = next.min(self.rest.len());
        self.pace.moved(self.answer, next);
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
        self.pace.lock().due.remove(&self.answer);
    }
}
