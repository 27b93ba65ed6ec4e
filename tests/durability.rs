//! What was answered is on disk.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use ashiato::{
    app::{App, Parts},
    bulk::recount::recount,
    config::Rules,
};
use nix::sys::signal::Signal;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::support::{backend::Fresh, process::Process, times, world::World};

const WRITERS: usize = 8;
/// Each round kills the server when so many more writes were answered.
const ANSWERS: usize = 30;
/// How long a server that was killed may take until it answers again.
const BACK: Duration = Duration::from_secs(2);

const COUNT: &str = "{ viewer { user { diaries { totalCount } } } }";
const READ: &str = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Diary { id title } } }";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_every_answered_write_outlives_twenty_kills_in_the_middle_of_writes() {
    outlives_kills(&Fresh::empty().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite_every_answered_write_outlives_twenty_kills_in_the_middle_of_writes() {
    let database = Fresh::empty().await;
    let app = outlives_kills(&database).await;
    let check = Statement::from_string(sea_orm::DbBackend::Sqlite, "PRAGMA integrity_check");
    let found = app.database.reader().query_one_raw(check).await;
    let found = found.unwrap().unwrap();
    assert_eq!(found.try_get_by_index::<String>(0).unwrap(), "ok");
}

/// Kills the server again and again. A service on what is left.
async fn outlives_kills(database: &Fresh) -> Arc<App> {
    let server = Process::serve(&database.url);
    let token: Arc<str> = server.sign_up("writer").await.into();
    let mut slowest = Duration::ZERO;
    let mut server = Arc::new(server);
    let mut answered: Vec<Value> = Vec::new();
    let rounds = times(20, 200);
    for round in 0..rounds {
        let count = Arc::new(AtomicUsize::new(0));
        let (enough, killing) = tokio::sync::oneshot::channel();
        let enough = Arc::new(std::sync::Mutex::new(Some(enough)));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (server, token) = (server.clone(), token.clone());
                let (count, enough) = (count.clone(), enough.clone());
                tokio::spawn(async move {
                    let mut answered = Vec::new();
                    for turn in 0.. {
                        let title = format!("{round}-{writer}-{turn}");
                        let Some(answer) = server.write_diary(&token, &title, "…", None).await
                        else {
                            break;
                        };
                        answered.push(answer["data"]["writeDiary"]["diary"].clone());
                        if count.fetch_add(1, Ordering::SeqCst) + 1 == ANSWERS {
                            enough.lock().unwrap().take().unwrap().send(()).unwrap();
                        }
                    }
                    answered
                })
            })
            .collect();
        killing.await.unwrap();
        server.kill();
        for writer in writers {
            answered.extend(writer.await.unwrap());
        }
        drop(server);
        let killed = Instant::now();
        server = Arc::new(Process::serve(&database.url));
        let counted = server.ask(Some(&token), COUNT, json!({})).await.unwrap();
        let back = killed.elapsed();
        assert!(back < BACK, "kill {round}: back after {back:?}: {counted}");
        slowest = slowest.max(back);
        for some in answered.chunks(100) {
            let ids: Vec<_> = some.iter().map(|diary| &diary["id"]).collect();
            let read = server
                .ask(Some(&token), READ, json!({ "ids": ids }))
                .await
                .unwrap();
            assert_eq!(read["data"]["nodes"], json!(some), "after kill {round}");
        }
    }
    assert!(answered.len() >= rounds * ANSWERS, "{}", answered.len());
    let counted = server.ask(Some(&token), COUNT, json!({})).await.unwrap();
    let total = counted["data"]["viewer"]["user"]["diaries"]["totalCount"].as_u64();
    // What was written and not answered may be there, too.
    assert!(total.unwrap() >= answered.len() as u64);
    println!(
        "{rounds} kills, {} answered writes, all there; back after {slowest:?} at the slowest",
        answered.len()
    );
    let server = Arc::into_inner(server).unwrap();
    assert_eq!(server.end(Signal::SIGTERM), Some(0), "a graceful stop");
    let app = App::open(Parts::new(database.place(), Rules::default()))
        .await
        .unwrap();
    let differences = recount(app.database.reader()).await.unwrap();
    assert_eq!(differences, []);
    app
}

/// A kill alone does not show that a commit waits for the disk: the system's cache outlives it.
#[tokio::test]
async fn on_sqlite_the_writer_waits_for_the_disk_at_every_commit() {
    let world = World::new().await;
    let pragmas = world
        .app
        .database
        .write(|tx| {
            Box::pin(async move {
                let mut values = Vec::new();
                for name in ["synchronous", "foreign_keys"] {
                    let pragma = Statement::from_string(
                        sea_orm::DbBackend::Sqlite,
                        format!("PRAGMA {name}"),
                    );
                    let row = tx.sql.query_one_raw(pragma).await?.unwrap();
                    values.push(row.try_get_by_index::<i32>(0)?);
                }
                Ok(values)
            })
        })
        .await
        .unwrap();
    const FULL: i32 = 2;
    assert_eq!(pragmas, [FULL, 1]);
    let mode = Statement::from_string(sea_orm::DbBackend::Sqlite, "PRAGMA journal_mode");
    let mode = world
        .app
        .database
        .reader()
        .query_one_raw(mode)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(mode.try_get_by_index::<String>(0).unwrap(), "wal");
}
