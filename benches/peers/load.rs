//! Sends requests for a while, and measures.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use futures_util::future::try_join_all;
use hdrhistogram::Histogram;

use crate::{
    community::Community,
    cost::Cost,
    operations::Operation,
    server::{Connection, Server, send},
};

/// What was measured.
#[derive(Clone, Debug)]
pub struct Measured {
    pub requests: usize,
    pub time: Duration,
    pub cost: Cost,
    /// Microseconds.
    pub latency: Histogram<u64>,
}

/// Measures `operation` at `server` for `time`.
///
/// # Errors
/// Where a request fails.
pub async fn measure(
    operation: &Operation,
    server: &Server,
    community: &Community,
    time: Duration,
) -> Result<Measured> {
    let mut connections = Vec::new();
    for _ in 0..operation.connections {
        connections.push(server.connect().await?);
    }
    // It warms up for as long: connections, plans, caches.
    run(operation, server, community, time, &mut connections).await?;
    let before = cost(server, community).await?;
    let began = Instant::now();
    let latency = run(operation, server, community, time, &mut connections).await?;
    let time = began.elapsed();
    let cost = cost(server, community).await? - before;
    let requests = usize::try_from(latency.len())?;
    ensure!(requests > 0, "nothing was answered");
    Ok(Measured {
        requests,
        time,
        cost,
        latency,
    })
}

async fn cost(server: &Server, community: &Community) -> Result<Cost> {
    Cost::now(server.process, community.postmaster, &community.db).await
}

async fn run(
    operation: &Operation,
    server: &Server,
    community: &Community,
    time: Duration,
    connections: &mut [Connection],
) -> Result<Histogram<u64>> {
    let over = Arc::new(AtomicBool::new(false));
    let end = over.clone();
    let timer = tokio::spawn(async move {
        tokio::time::sleep(time).await;
        end.store(true, Ordering::Relaxed);
    });
    let sending = connections.iter_mut().map(|connection| {
        let over = over.clone();
        async move {
            let mut latency = Histogram::<u64>::new(3)?;
            while !over.load(Ordering::Relaxed) {
                let request = operation.request(server.kind, community, community.fresh_turn())?;
                let began = Instant::now();
                let answer = send(connection, &request).await?;
                latency.record(u64::try_from(began.elapsed().as_micros())?)?;
                let wrong = answer
                    .windows(9)
                    .take(64)
                    .any(|part| part == b"\"errors\":");
                ensure!(!wrong, "{}", String::from_utf8_lossy(&answer));
            }
            anyhow::Ok(latency)
        }
    });
    let mut all = Histogram::<u64>::new(3)?;
    for latency in try_join_all(sending).await? {
        all.add(latency)?;
    }
    timer.await?;
    Ok(all)
}
