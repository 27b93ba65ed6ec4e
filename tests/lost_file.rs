//! The database file deleted or renamed under a running server.

use std::fs;

use sea_orm::EntityTrait;
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

/// A connection that is made anew after a lost transaction would make a new, empty file.
#[tokio::test]
async fn on_sqlite_no_other_file_is_made_in_its_place() {
    use sea_orm::ConnectionTrait;
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
