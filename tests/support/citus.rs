//! A Citus cluster for the tests: a coordinator and two workers, each a server of `scripts/postgres`
//! on a port of its own.
//!
//! A database of a cluster is one of the same name on every node. Each keeps in tables of its own
//! what it knows of the others, so that copies of all of them, made from templates, are a cluster's
//! database too: with its tables spread, in some tenths of a second.

use ashiato::database::{Place, shards};

use super::backend::{Cluster, run, run_on_all};

/// The database that knows its nodes and has no tables.
pub const BARE: &str = "bare";

/// Few shards, because each is a table to copy; but more than nodes. Every database that is used
/// has a worker of Citus at each node.
const SETTINGS: &[&str] = &[
    "shared_preload_libraries = 'citus'",
    "citus.shard_count = 4",
    "max_worker_processes = 200",
    "shared_buffers = 64MB",
    "citus.enable_stat_counters = on",
    // Otherwise Citus makes certificates for its nodes, of a kind that Rust's TLS does not read.
    "citus.node_conninfo = 'sslmode=prefer'",
];

/// Starts one, with [`BARE`] in it.
///
/// # Panics
/// Where Citus is not installed.
pub async fn start() -> Vec<Cluster> {
    let nodes: Vec<_> = (0..3).map(|_| Cluster::start(SETTINGS)).collect();
    run_on_all(&nodes, &format!("CREATE DATABASE {BARE}")).await;
    for node in &nodes {
        run(&node.database(BARE), "CREATE EXTENSION citus").await;
    }
    let coordinator = nodes[0].database(BARE);
    let port = |node: &Cluster| node.url.rsplit(':').next().unwrap().to_owned();
    let sql = format!(
        "SELECT citus_set_coordinator_host('127.0.0.1', {})",
        port(&nodes[0])
    );
    run(&coordinator, &sql).await;
    for worker in &nodes[1..] {
        let sql = format!("SELECT citus_add_node('127.0.0.1', {})", port(worker));
        run(&coordinator, &sql).await;
    }
    seal(&nodes, BARE).await;
    nodes
}

/// Spreads the tables of the database `name`, and makes it a template.
pub async fn distribute(nodes: &[Cluster], name: &str) {
    let place = Place::new(nodes[0].database(name));
    let db = place.connect_to_migrate().await.unwrap();
    shards::distribute(&db).await.unwrap().unwrap();
    db.close().await.unwrap();
    seal(nodes, name).await;
}

/// Ends what is connected to the database `name`, and lets nothing connect: only so it is copied.
/// Citus keeps connections between the nodes, and a worker.
async fn seal(nodes: &[Cluster], name: &str) {
    run_on_all(
        nodes,
        &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"),
    )
    .await;
    let end = format!(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'"
    );
    run_on_all(nodes, &end).await;
}
