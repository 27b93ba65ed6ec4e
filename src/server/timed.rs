//! A connection whose client has to take what is written.

use std::{
    future::Future,
    io::{Error, ErrorKind, IoSlice, Result},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep_until},
};

use super::{
    activity::{Activity, UnderWay},
    tempo::Tempo,
};

/// As much as the system keeps of what it cannot send yet. It would keep megabytes, and say nothing
/// of a slow client's reading before a third of them was read.
#[cfg(any(target_os = "android", target_os = "linux"))]
const UNSENT: u32 = 16 * 1024;

/// A connection that fails where its client is too slow in taking what is written. The time runs
/// only while something waits to be written: an idle websocket has nothing to fear.
#[derive(Debug)]
pub struct Timed {
    stream: TcpStream,
    tempo: Tempo,
    /// When what waits is overdue.
    due: Option<Instant>,
    sleep: Pin<Box<Sleep>>,
    /// Whose client reads, however slowly, is not idle.
    activity: Arc<Activity>,
    waiting: Option<UnderWay>,
}

/// Has the system say how fast the client of `stream` reads, and whether it is there at all: the few bytes by which
/// a stream of events shows that it is open would be written to who has gone without a word for a quarter of an hour.
#[cfg(any(target_os = "android", target_os = "linux"))]
fn bound(stream: &TcpStream, tempo: Tempo) {
    let socket = socket2::SockRef::from(stream);
    let bounded = socket.set_tcp_notsent_lowat(UNSENT);
    // Later than what is said here of who does not read.
    let acknowledged = socket.set_tcp_user_timeout(Some(tempo.patience * 2));
    if let Err(error) = bounded.and(acknowledged) {
        tracing::debug!(%error, "cannot see how fast a client reads");
    }
}

impl Timed {
    /// `stream` with a client that has to keep `tempo`. What waits to be written is under way in `activity`.
    pub fn new(stream: TcpStream, tempo: Tempo, activity: Arc<Activity>) -> Self {
        #[cfg(any(target_os = "android", target_os = "linux"))]
        bound(&stream, tempo);
        Self {
            stream,
            tempo,
            due: None,
            sleep: Box::pin(sleep_until(Instant::now())),
            activity,
            waiting: None,
        }
    }

    fn written(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<Result<usize>>,
    ) -> Poll<Result<usize>> {
        match &written {
            Poll::Pending => {
                let (tempo, activity) = (self.tempo, &self.activity);
                let due = *self.due.get_or_insert_with(|| tempo.due());
                self.waiting.get_or_insert_with(|| activity.begin());
                if self.sleep.deadline() != due {
                    self.sleep.as_mut().reset(due);
                }
                if self.sleep.as_mut().poll(cx).is_ready() {
                    let reason = "the client does not read, or too slowly";
                    return Poll::Ready(Err(Error::new(ErrorKind::TimedOut, reason)));
                }
            }
            Poll::Ready(Ok(bytes)) => {
                self.due = self.due.map(|due| self.tempo.taken(due, *bytes, 1));
            }
            Poll::Ready(Err(_)) => {}
        }
        written
    }
}

impl AsyncRead for Timed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Timed {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.written(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.written(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// Is called when everything is written.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.due = None;
        self.waiting = None;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
