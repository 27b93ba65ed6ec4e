//! The service on the network: listens, serves, and stops without losing what is under way.

mod accept;
mod activity;
mod exports;
mod headers;
mod pace;
mod photos;
mod router;
mod shares;
mod stats;
mod tempo;
mod timed;
pub mod tls;
mod webhooks;

use std::{io::ErrorKind, net::SocketAddr, sync::Arc};

use anyhow::Context;
use async_graphql::Executor;
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    task::JoinHandle,
    time::{Instant, timeout_at},
};
use tokio_util::sync::CancellationToken;

use crate::{
    app::App,
    config::Transport,
    graphql::{api::Api, schema},
    neighbours,
    usage::counting,
};
use accept::Accept;
use router::Open;
use shares::Shares;
use tls::Certificate;

/// A service that is listening.
#[derive(Debug)]
pub struct Server {
    local_addr: SocketAddr,
    stop: CancellationToken,
    ended: JoinHandle<()>,
}

impl Server {
    /// Begins to serve Ashiato's own schema.
    ///
    /// # Errors
    /// A sentence that says what to change, where it cannot listen as it is told.
    pub async fn start(app: Arc<App>, transport: Transport) -> anyhow::Result<Self> {
        let schema = schema::build();
        let sdl = schema.sdl();
        Self::start_with(app, schema, &sdl, transport).await
    }

    /// Begins to serve `executor`, whose schema is `sdl`.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub async fn start_with<E: Executor>(
        app: Arc<App>,
        executor: E,
        sdl: &str,
        transport: Transport,
    ) -> anyhow::Result<Self> {
        transport.check()?;
        let certificate = transport.tls.files().map(Certificate::read).transpose()?;
        let listener = listen(&transport.listen).await?;
        let local_addr = listener.local_addr()?;
        let profile = &transport.profile;
        let open = Open {
            origins: transport.allowed_origins.clone(),
            this_machine: !profile.is_production(),
            explorer: profile.explores(),
            is_sealed: certificate.is_some(),
        };
        let shares = Shares::new(&transport.limits, transport.proxies.clone());
        let api = Arc::new(Api::new(app, executor, sdl, transport)?);
        api.sockets
            .spawn(neighbours::notice(api.app.clone(), api.stop.clone()));
        let accept = Accept {
            listener,
            router: router::router(api.clone(), &open),
            certificate,
            deadlines: api.deadlines.clone(),
            max_connections: api.limits.max_connections,
            shares,
            stop: api.stop.clone(),
        };
        Ok(Self {
            local_addr,
            stop: api.stop.clone(),
            ended: tokio::spawn(serve(accept, api)),
        })
    }

    /// Where it listens.
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Stops: accepts nothing more, finishes what is under way, closes the websockets and then
    /// the database.
    pub async fn shutdown(self) {
        self.stop.cancel();
        if let Err(error) = self.ended.await {
            tracing::error!(%error, "the server did not end as it should");
        }
    }
}

async fn serve<E: Executor>(accept: Accept, api: Arc<Api<E>>) {
    let drain = api.deadlines.drain_timeout;
    let connections = accept.run().await;
    let deadline = Instant::now() + drain;
    api.sockets.close();
    let drained = async {
        connections.wait().await;
        api.sockets.wait().await;
    };
    if timeout_at(deadline, drained).await.is_err() {
        tracing::warn!(?drain, "not everything that was under way ended in time");
    }
    counting::write_last(&api.app).await;
    api.app.database.close().await;
    tracing::info!("stopped");
}

async fn listen(address: &str) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address).await;
    listener.map_err(|error| cannot_listen(address, &error))
}

/// Why nothing can listen on `address`, and what to do about it.
pub(crate) fn cannot_listen(address: &str, error: &std::io::Error) -> anyhow::Error {
    let advice = match error.kind() {
        ErrorKind::AddrInUse => {
            "another program listens there. Stop it, or choose another port with --listen, for \
             example --listen 127.0.0.1:8001"
        }
        ErrorKind::PermissionDenied => {
            "this user may not use that port. Choose one from 1024 on with --listen, for example \
             --listen 127.0.0.1:8000"
        }
        ErrorKind::AddrNotAvailable => {
            "this machine has no such address. Give one of its own with --listen, for example \
             --listen 127.0.0.1:8000, or 0.0.0.0:8000 for all"
        }
        _ => "give an address and a port with --listen, for example --listen 127.0.0.1:8000",
    };
    anyhow::anyhow!("cannot listen on `{address}`: {advice} ({error})")
}

/// The signals that ask the process to stop: SIGTERM, and SIGINT (Ctrl-C).
#[derive(Debug)]
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// From now on the signals no longer end the process at once.
    ///
    /// # Errors
    /// Where signals cannot be waited for.
    pub fn listen() -> anyhow::Result<Self> {
        let listen = |kind| signal(kind).context("cannot wait for signals");
        Ok(Self {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
        })
    }

    /// Comes back when there was one.
    pub async fn asked_to_stop(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
