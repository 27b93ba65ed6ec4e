//! Accepts connections, each with its deadlines. (`axum::serve` has none for headers that come
//! slowly, and no limit on the number of connections.)

use std::{
    convert::Infallible, future::pending, net::SocketAddr, pin::pin, sync::Arc, time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Version, body::Incoming};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
};
use rustls::ServerConfig;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{Notify, Semaphore},
    time::timeout,
};
use tokio_rustls::TlsAcceptor;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

use super::{
    activity::Activity,
    pace::Pace,
    router,
    shares::{Full, Shares},
    tempo::Tempo,
    timed::Timed,
    tls::Certificate,
};
use crate::{config::Deadlines, graphql::seat::Seat, language::Language};

/// Where a request line and its headers must fit, and a connection's buffer.
const MAX_HEADER_BYTES: u32 = 64 * 1024;
/// Requests at once on one HTTP/2 connection.
const MAX_STREAMS: u32 = 100;
/// How long to wait where the system has no room for another connection.
const BREATH: Duration = Duration::from_millis(100);

/// What accepting takes.
pub struct Accept {
    /// Where connections come from.
    pub listener: TcpListener,
    /// What answers.
    pub router: Router,
    /// How long anything may take.
    pub deadlines: Deadlines,
    /// What they are sealed with; plain where there is none.
    pub certificate: Option<Certificate>,
    /// The most connections at once; more wait in the system's queue.
    pub max_connections: u32,
    /// How many of those one address may have; one more is closed at once.
    pub shares: Shares,
    /// Is cancelled when no more are to be accepted.
    pub stop: CancellationToken,
}

impl Accept {
    /// Accepts until told to stop. Gives back the connections, which end then, each when nothing is under
    /// way on it.
    pub async fn run(self) -> TaskTracker {
        let connections = TaskTracker::new();
        let most = usize::try_from(self.max_connections).unwrap_or(Semaphore::MAX_PERMITS);
        let room = Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS)));
        let (builder, shares) = (self.builder(), Arc::new(self.shares));
        loop {
            let next = async {
                // Never closed, so there is always a permit to come.
                let permit = room.clone().acquire_owned().await.ok()?;
                Some((permit, self.listener.accept().await))
            };
            let accepted = tokio::select! {
                () = self.stop.cancelled() => break,
                accepted = next => accepted,
            };
            match accepted {
                Some((permit, Ok((stream, peer)))) => {
                    // Closed before a byte is read, and before anything of TLS is worked out.
                    let Ok(share) = shares.take(peer.ip()) else {
                        continue;
                    };
                    let connection = Connection {
                        builder: builder.clone(),
                        router: self.router.clone(),
                        deadlines: self.deadlines.clone(),
                        peer: ConnectInfo(peer),
                        shares: shares.clone(),
                        seat: Arc::new(Seat::new(permit, share)),
                        stop: self.stop.clone(),
                    };
                    let seal = self.certificate.as_ref().map(Certificate::config);
                    connections.spawn(connection.begin(stream, seal));
                }
                Some((_, Err(error))) => {
                    // Out of file descriptors, or the peer has gone already.
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(BREATH).await;
                }
                None => break,
            }
        }
        connections.close();
        connections
    }

    fn builder(&self) -> Builder<TokioExecutor> {
        let mut builder = Builder::new(TokioExecutor::new());
        builder
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(self.deadlines.header_timeout)
            .max_buf_size(usize::try_from(MAX_HEADER_BYTES).unwrap_or(usize::MAX))
            .keep_alive(true);
        builder
            .http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(MAX_STREAMS)
            .max_header_list_size(MAX_HEADER_BYTES)
            .keep_alive_interval(self.deadlines.socket_ping_interval)
            .keep_alive_timeout(self.deadlines.header_timeout);
        builder
    }
}

/// What one connection is served with.
struct Connection {
    builder: Builder<TokioExecutor>,
    router: Router,
    deadlines: Deadlines,
    peer: ConnectInfo<SocketAddr>,
    shares: Arc<Shares>,
    /// A websocket outlives its connection's service and takes it along.
    seat: Arc<Seat>,
    /// Is cancelled when it is to end.
    stop: CancellationToken,
}

impl Connection {
    async fn begin(mut self, stream: TcpStream, seal: Option<Arc<ServerConfig>>) {
        let patience = self.deadlines.header_timeout;
        let activity = Activity::new();
        // An answer is written whole: waiting for more would only cost time.
        let _ = stream.set_nodelay(true);
        let Some(seal) = seal else {
            if timeout(patience, has_spoken(&stream)).await.is_err() {
                tracing::debug!("a connection said nothing");
                return;
            }
            let stream = Timed::new(stream, self.tempo(), activity.clone());
            return self.serve(stream, activity).await;
        };
        let stream = Timed::new(stream, self.tempo(), activity.clone());
        let sealed = timeout(patience, TlsAcceptor::from(seal).accept(stream)).await;
        match sealed {
            Ok(Ok(stream)) => {
                let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                self.builder = if is_http2 {
                    self.builder.http2_only()
                } else {
                    self.builder.http1_only()
                };
                self.serve(stream, activity).await;
            }
            Ok(Err(error)) => tracing::debug!(%error, "a connection could not be sealed"),
            Err(_) => tracing::debug!("a connection did not seal itself in time"),
        }
    }

    /// Who asks and does not read the answer would hold it, and the connection, for ever.
    fn tempo(&self) -> Tempo {
        Tempo {
            patience: self.deadlines.write_timeout,
            rate: self.deadlines.min_write_rate,
        }
    }

    async fn serve(
        self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        activity: Arc<Activity>,
    ) {
        let pace = Arc::new(Pace::new(self.tempo()));
        let (watched, heard) = (pace.clone(), Arc::new(Notify::new()));
        let (asked, begun) = (heard.clone(), activity.clone());
        let Self {
            builder,
            router,
            deadlines,
            peer,
            shares,
            seat,
            stop,
        } = self;
        let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
            asked.notify_one();
            let under_way = begun.begin();
            // Over HTTP/1 there is one at a time.
            let share = match request.version() {
                Version::HTTP_2 => shares.take_request(peer.0.ip()),
                _ => Ok(None),
            };
            let share = share.map_err(|Full| Language::of_headers(request.headers()));
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(seat.clone());
            request.extensions_mut().insert(peer);
            let (routes, pace) = (router.clone(), watched.clone());
            async move {
                let (answer, share) = match share {
                    Ok(share) => (routes.oneshot(request).await?, share),
                    Err(language) => (router::too_many_requests(language), None),
                };
                let held = (under_way, share);
                Ok::<_, Infallible>(answer.map(|body| pace.watch(body, held)))
            }
        });
        // Who has said which HTTP they speak may say nothing more: HTTP/2 has no deadline of its own
        // before its first frames.
        let silent = async {
            if timeout(deadlines.header_timeout, heard.notified())
                .await
                .is_ok()
            {
                pending::<()>().await;
            }
        };
        let cut_off = async {
            tokio::select! {
                () = pace.stalled() => tracing::debug!("an answer is not read"),
                () = silent => tracing::debug!("a connection asked nothing"),
            }
        };
        let asked_to_end = async {
            tokio::select! {
                () = stop.cancelled() => {}
                () = activity.idle(deadlines.idle_timeout()) => tracing::debug!("a connection idles"),
            }
        };
        // What still comes is answered, until the client has heard that it is to go. One that never
        // hears it has to go all the same.
        let does_not_end = async { activity.idle(deadlines.header_timeout).await };
        let mut served =
            pin!(builder.serve_connection_with_upgrades(TokioIo::new(stream), service));
        let mut cut_off = pin!(cut_off);
        let ended = tokio::select! {
            ended = &mut served => ended,
            () = &mut cut_off => return,
            () = asked_to_end => {
                served.as_mut().graceful_shutdown();
                tokio::select! {
                    ended = served => ended,
                    () = cut_off => return,
                    () = does_not_end => return,
                }
            }
        };
        // Its client's trouble, not ours: slow headers, a reset.
        if let Err(error) = ended {
            tracing::debug!(%error, "connection ended");
        }
    }
}

/// Comes back when it can be told which HTTP the client speaks. The library waits for that without
/// a deadline of its own: silent connections would keep everybody else out.
async fn has_spoken(stream: &TcpStream) {
    const GLANCE: Duration = Duration::from_millis(20);
    const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    let mut bytes = [0; PREFACE.len()];
    let mut known = 0;
    while let Ok(count) = stream.peek(&mut bytes).await {
        let said = bytes.get(..count).unwrap_or_default();
        if count == 0 || count == PREFACE.len() || !PREFACE.starts_with(said) {
            return;
        }
        // As much as before: more is on its way, or never comes.
        if count == known {
            tokio::time::sleep(GLANCE).await;
        }
        known = count;
    }
}
