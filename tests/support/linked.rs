//! Servers of one database, whose events NATS carries.

use std::sync::Arc;

use ashiato::{
    app::{App, Parts},
    cache::Cache,
    config::Rules,
    nats,
    server::Server,
};
use tokio_util::sync::CancellationToken;

use super::{keys, server::serve, soon, world::World};

/// A server on the world's database, linked with the others at the NATS of `url`, that keeps what it
/// reads in `cache`.
pub async fn server(
    world: &World,
    url: &str,
    cache: Cache,
    stop: &CancellationToken,
) -> (Arc<App>, Server) {
    let mut parts = Parts::new(world.database.place(), Rules::default());
    parts.keys = keys();
    parts.clock = world.clock.clone();
    parts.cache = cache;
    let app = App::open(parts).await.unwrap();
    nats::link(&app.events, url, "ashiato", stop.clone())
        .await
        .unwrap();
    (app.clone(), serve(app).await)
}

/// Waits until `holds`.
pub async fn until(holds: impl AsyncFn() -> bool) {
    soon(async {
        while !holds().await {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

/// Waits until NATS carries events of `app`.
pub async fn linked(app: &App) {
    until(async || app.events.is_linked()).await;
}
