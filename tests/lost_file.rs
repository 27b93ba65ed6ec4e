//! The database file, or the log beside it, deleted or renamed under a running server.

use std::fs;

use futures_util::future::try_join_all;
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::{Value, json};

use crate::support::{
    log,
    server::{Running, code, read},
};

const WRITE: &str =
    "mutation { writeDiary(input: { title: \"t\", body: \"b\" }) { diary { id } } }";
const READ: &str = "{ viewer { user { diaries { totalCount } } } }";

async fn ask(server: &Running, token: &str, document: &str) -> Value {
    let body = json!({ "query": document }).to_string();
    let request = server.post().bearer_auth(token).body(body);
    read(request.send().await.unwrap()).await.1
}

async fn ready(server: &Running) -> u16 {
    let asked = server.client.get(server.url("/readyz")).send();
    asked.await.unwrap().status().as_u16()
}

#[tokio::test]
async fn on_sqlite_nothing_is_written_until_that_very_file_is_back() {
    let server = Running::own().await;
    let (token, _) = server.member().await;
    let written = ask(&server, &token, WRITE).await;
    assert!(written["data"]["writeDiary"]["diary"]["id"].is_string());
    assert_eq!(ready(&server).await, 200);
    let file = server.database.file();
    let away = file.with_extension("away");

    fs::rename(&file, &away).unwrap();
    assert_eq!(code(&ask(&server, &token, WRITE).await), "UNAVAILABLE");
    assert_eq!(ready(&server).await, 503);
    // What was written can still be read.
    let count = ask(&server, &token, READ).await;
    assert_eq!(count["data"]["viewer"]["user"]["diaries"]["totalCount"], 1);

    // A copy, as of a backup, is another file.
    fs::copy(&away, &file).unwrap();
    assert_eq!(code(&ask(&server, &token, WRITE).await), "UNAVAILABLE");
    assert_eq!(ready(&server).await, 503);

    fs::rename(&away, &file).unwrap();
    let written = ask(&server, &token, WRITE).await;
    assert!(written["data"]["writeDiary"]["diary"]["id"].is_string());
    assert_eq!(ready(&server).await, 200);
    // Who opens the file anew finds what was answered, and nothing that was refused.
    let url = format!("sqlite://{}", file.display());
    let other = sea_orm::Database::connect(url).await.unwrap();
    let found = entity::diary::Entity::find().all(&other).await.unwrap();
    assert_eq!(found.len(), 2);
}

/// The newest writes stand in the log alone: where it is gone, they go with the process.
#[tokio::test]
async fn on_sqlite_nothing_is_written_until_the_very_log_beside_it_is_back() {
    let server = Running::own().await;
    let (token, _) = server.member().await;
    // Nobody has read so far: the connection that writes is made anew, and the log is the same.
    let lost = server.app.database.write::<(), _>(|tx| {
        Box::pin(async move {
            tx.sql.execute_unprepared("ROLLBACK").await?;
            Ok(())
        })
    });
    assert!(lost.await.is_err());
    let write = async || ask(&server, &token, WRITE).await;
    assert!(write().await["data"]["writeDiary"]["diary"]["id"].is_string());
    let file = server.database.file();
    let log = file.with_extension("db-wal");
    let away = file.with_extension("away");

    fs::rename(&log, &away).unwrap();
    assert_eq!(code(&write().await), "UNAVAILABLE");
    assert_eq!(ready(&server).await, 503);
    // What was written can still be read, by every connection.
    let reader = server.app.database.reader();
    let reading = try_join_all((0..4).map(|_| reader.begin())).await.unwrap();
    for one in reading {
        let found = entity::diary::Entity::find().all(&one).await.unwrap();
        assert_eq!(found.len(), 1);
        one.rollback().await.unwrap();
    }
    // What another program makes there is another file.
    fs::write(&log, "").unwrap();
    assert_eq!(code(&write().await), "UNAVAILABLE");
    assert_eq!(ready(&server).await, 503);

    fs::rename(&away, &log).unwrap();
    assert!(write().await["data"]["writeDiary"]["diary"]["id"].is_string());
    assert_eq!(ready(&server).await, 200);

    // It is gone for good, with all that was answered: stopping in order brings it home.
    fs::remove_file(&log).unwrap();
    assert_eq!(code(&write().await), "UNAVAILABLE");
    server.app.database.close().await;
    let url = format!("sqlite://{}", file.display());
    let other = sea_orm::Database::connect(url).await.unwrap();
    let found = entity::diary::Entity::find().all(&other).await.unwrap();
    assert_eq!(found.len(), 2);
}

/// A connection that is made anew after a lost transaction would make a new, empty file.
#[tokio::test]
async fn on_sqlite_no_other_file_is_made_in_its_place() {
    let server = Running::own().await;
    let (token, _) = server.member().await;
    let file = server.database.file();
    let gone = file.clone();
    let lost = server.app.database.write::<(), _>(move |tx| {
        let gone = gone.clone();
        Box::pin(async move {
            // It goes while a transaction is under way that is then lost.
            let _ = fs::remove_file(gone);
            tx.sql.execute_unprepared("ROLLBACK").await?;
            Ok(())
        })
    });
    assert!(lost.await.is_err());
    for _ in 0..2 {
        assert_eq!(code(&ask(&server, &token, WRITE).await), "UNAVAILABLE");
    }
    assert!(!file.exists());
}

#[tokio::test]
async fn on_sqlite_the_log_says_so_although_nobody_asks() {
    log::keep();
    let server = Running::own().await;
    let file = server.database.file();
    let path = file.display().to_string();
    let away = file.with_extension("away");
    fs::rename(&file, &away).unwrap();
    log::line(&path, "it was deleted or renamed").await;
    fs::rename(&away, &file).unwrap();
    log::line(&path, "is back").await;
}
