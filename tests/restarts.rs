//! PostgreSQL restarted under load: coded errors while it is away, and then everything goes on.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use ashiato::{
    app::{App, Parts},
    bulk::recount::recount,
    config::Rules,
    database::Place,
};
use serde_json::json;
use tokio::sync::Notify;

use crate::support::{backend::Cluster, process::Process};

const WRITERS: usize = 8;
/// Each restart comes when so many more writes were answered.
const ANSWERS: usize = 50;

const COUNT: &str = "{ viewer { user { diaries { totalCount } } } }";

struct Load {
    server: Process,
    token: String,
    answered: AtomicUsize,
    refused: AtomicUsize,
    progress: Notify,
    enough: AtomicBool,
}

impl Load {
    /// Writes until it is enough, each diary again with its key until it is answered.
    async fn write(&self, writer: usize) {
        for turn in 0.. {
            if self.enough.load(Ordering::SeqCst) {
                return;
            }
            let key = format!("{writer}-{turn}");
            while !self.is_answered(&key).await {}
            self.answered.fetch_add(1, Ordering::SeqCst);
            self.progress.notify_one();
        }
    }

    async fn is_answered(&self, key: &str) -> bool {
        let answer = self
            .server
            .write_diary(&self.token, key, "…", Some(key))
            .await;
        let answer = answer.expect("the server answers whatever its database does");
        if answer["data"]["writeDiary"]["diary"]["id"].is_string() {
            return true;
        }
        let code = &answer["errors"][0]["extensions"]["code"];
        assert!(
            code == "UNAVAILABLE" || code == "OUTCOME_UNKNOWN",
            "{answer}"
        );
        self.refused.fetch_add(1, Ordering::SeqCst);
        false
    }

    async fn until(&self, answered: usize) {
        while self.answered.load(Ordering::SeqCst) < answered {
            self.progress.notified().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_five_restarts_under_load_cost_coded_errors_and_seconds_and_no_write() {
    let mut cluster = Cluster::start(&[]);
    let url = cluster.create("ashiato").await;
    let server = Process::serve(&url);
    let load = Arc::new(Load {
        token: server.sign_up("writer").await,
        server,
        answered: AtomicUsize::new(0),
        refused: AtomicUsize::new(0),
        progress: Notify::new(),
        enough: AtomicBool::new(false),
    });
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let load = load.clone();
            tokio::spawn(async move { load.write(writer).await })
        })
        .collect();
    for how in ["fast", "immediate", "fast", "immediate", "fast"] {
        load.until(load.answered.load(Ordering::SeqCst) + ANSWERS)
            .await;
        cluster = tokio::task::spawn_blocking(move || {
            cluster.restart(how);
            cluster
        })
        .await
        .unwrap();
        let back = Instant::now();
        let more = load.answered.load(Ordering::SeqCst) + WRITERS;
        tokio::time::timeout(Duration::from_secs(5), load.until(more))
            .await
            .unwrap_or_else(|_| panic!("not back within 5 s of a restart ({how})"));
        println!(
            "{how}: writing again {:?} after it was back",
            back.elapsed()
        );
    }
    load.enough.store(true, Ordering::SeqCst);
    for writer in writers {
        writer.await.unwrap();
    }
    let answered = load.answered.load(Ordering::SeqCst);
    let counted = load.server.ask(Some(&load.token), COUNT, json!({})).await;
    assert_eq!(
        counted.unwrap()["data"]["viewer"]["user"]["diaries"]["totalCount"],
        answered,
        "each once"
    );
    let app = App::open(Parts::new(Place::new(&url), Rules::default()))
        .await
        .unwrap();
    assert_eq!(recount(app.database.reader()).await.unwrap(), []);
    app.database.close().await;
    println!(
        "5 restarts, {answered} answered writes, all there once; {} coded errors",
        load.refused.load(Ordering::SeqCst)
    );
}
