//! `/readyz`: what an operator, or a balancer, is told is true.

use ashiato::{
    app::{App, Parts},
    config::{Rules, Transport},
    database::{Place, tables},
    server::Server,
};

use chrono::Duration;
use sea_orm::ConnectionTrait;

use crate::support::{
    backend::{Cluster, Fresh, run},
    clock::ManualClock,
    log, soon,
};

struct Watched {
    server: Server,
}

impl Watched {
    async fn on(url: &str) -> Self {
        let app = App::open(Parts::new(Place::new(url), Rules::default()));
        let transport = Transport {
            listen: "127.0.0.1:0".to_owned(),
            ..Transport::default()
        };
        let server = Server::start(app.await.unwrap(), transport).await.unwrap();
        Self { server }
    }

    async fn status(&self) -> u16 {
        let url = format!("http://{}/readyz", self.server.local_addr());
        soon(reqwest::get(url)).await.unwrap().status().as_u16()
    }

    async fn becomes(&self, status: u16) {
        soon(async { while self.status().await != status {} }).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_a_server_is_ready_while_its_database_can_be_read_and_written() {
    let mut cluster = Cluster::start(&[]);
    let url = cluster.create("ashiato").await;
    let watched = Watched::on(&url).await;
    assert_eq!(watched.status().await, 200);
    // As after a failover that left the old address to what only reads now.
    let settle = async |read_only: &str| {
        let set = format!("ALTER DATABASE ashiato SET default_transaction_read_only = {read_only}");
        run(&cluster.url, &set).await;
        let end =
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'ashiato'";
        run(&cluster.url, end).await;
    };
    settle("on").await;
    watched.becomes(503).await;
    assert_eq!(watched.status().await, 503);
    settle("off").await;
    watched.becomes(200).await;
    // Over a restart, without one of the server.
    let restarted = tokio::task::spawn_blocking(move || {
        cluster.restart("immediate");
        cluster
    });
    let cluster = restarted.await.unwrap();
    watched.becomes(200).await;
    drop(cluster);
    assert_eq!(watched.status().await, 503);
    soon(watched.server.shutdown()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_is_ready_while_its_own_steps_are_there_and_whatever_a_newer_version_took() {
    let database = Fresh::new().await;
    let watched = Watched::on(&database.url).await;
    let db = database.place().connect_to_migrate().await.unwrap();
    let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m2099_newer', 0)";
    db.execute_unprepared(newer).await.unwrap();
    assert_eq!(watched.status().await, 200);
    let gone = "DELETE FROM seaql_migrations WHERE version = 'm2099_newer'";
    db.execute_unprepared(gone).await.unwrap();
    tables::down(&db, 1).await.unwrap();
    assert_eq!(watched.status().await, 503);
    tables::up(&db).await.unwrap();
    assert_eq!(watched.status().await, 200);
    db.close().await.unwrap();
    soon(watched.server.shutdown()).await;
}

#[tokio::test]
async fn on_postgres_a_clock_that_is_not_the_databases_is_told_to_the_log() {
    log::keep();
    for is_ahead in [true, false] {
        let database = Fresh::new().await;
        let mut parts = Parts::new(database.place(), Rules::default());
        if is_ahead {
            let later = parts.clock.now() + Duration::hours(1);
            parts.clock = ManualClock::at(&later.to_rfc3339());
        }
        let app = App::open(parts).await.unwrap();
        app.database.close().await;
        let name = database.url.rsplit('/').next().unwrap().to_owned() + " ";
        let text = log::text();
        let told = |line: &str| line.contains(&name) && line.contains("clock and the database's");
        assert_eq!(text.lines().any(told), is_ahead, "{name}: {text}");
    }
}
