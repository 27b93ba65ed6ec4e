//! Backups of SQLite, made under load, and the way back.

use std::{
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use ashiato::{
    app::{App, Parts},
    bulk::recount::recount,
    config::Rules,
    database::Place,
};
use sea_orm::{ConnectionTrait, EntityTrait};

use crate::support::{
    backend::{Fresh, sqlite},
    process::Process,
};

fn ashiato(args: &[&str], url: &str) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_ashiato"))
        .args(args)
        .args(["--database-url", url])
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

/// The titles of all diaries in `file`, whose counters must agree.
async fn titles(file: &Path) -> Vec<String> {
    let app = App::open(Parts::new(Place::new(sqlite(file)), Rules::default()))
        .await
        .unwrap();
    let reader = app.database.reader();
    assert_eq!(recount(reader).await.unwrap(), []);
    let diaries = entity::diary::Entity::find().all(reader).await.unwrap();
    app.database.close().await;
    diaries.into_iter().map(|diary| diary.title).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite_a_backup_under_load_has_what_was_answered_and_can_be_put_back() {
    let database = Fresh::new().await;
    let server = Arc::new(Process::serve(&database.url));
    let token: Arc<str> = server.sign_up("writer").await.into();
    let enough = Arc::new(AtomicBool::new(false));
    let write = async |server: &Process, token: &str, title: String| {
        let written = server.write_diary(token, &title, "…", None).await;
        assert_eq!(
            written.unwrap()["data"]["writeDiary"]["diary"]["title"],
            title
        );
    };
    for turn in 0..50 {
        write(&server, &token, format!("before {turn}")).await;
    }
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let (server, token, enough) = (server.clone(), token.clone(), enough.clone());
            tokio::spawn(async move {
                for turn in 0.. {
                    if enough.load(Ordering::SeqCst) {
                        return turn;
                    }
                    write(&server, &token, format!("meanwhile {writer}-{turn}")).await;
                }
                0
            })
        })
        .collect();
    let copy = database.folder.path().join("copy.db");
    let (target, url) = (copy.display().to_string(), database.url.clone());
    let backing_up = tokio::task::spawn_blocking(move || ashiato(&["backup", &target], &url));
    let (done, said) = backing_up.await.unwrap();
    assert!(done, "{said}");
    // The server has made itself a key, which is not for whoever finds the copy.
    assert!(said.contains("test.db-keys are not in it"), "{said}");
    enough.store(true, Ordering::SeqCst);
    for writer in writers {
        assert!(writer.await.unwrap() > 0, "nobody was kept waiting");
    }
    // The same name twice would lose the first.
    let (done, said) = ashiato(&["backup", copy.to_str().unwrap()], &database.url);
    assert!(!done && said.contains("is there already"), "{said}");

    // Not under a service that runs, and not over a database by accident.
    let copy_name = copy.to_str().unwrap();
    let (done, said) = ashiato(&["restore", copy_name], &database.url);
    assert!(!done && said.contains("--replace"), "{said}");
    let (done, said) = ashiato(&["restore", copy_name, "--replace"], &database.url);
    assert!(!done && said.contains("stop the service first"), "{said}");
    write(&server, &token, "after".to_owned()).await;
    server.kill();
    drop(server);
    let all = titles(&database.file()).await;
    let (done, said) = ashiato(&["restore", copy_name, "--replace"], &database.url);
    assert!(done, "{said}");

    let restored = titles(&database.file()).await;
    let before = restored.iter().filter(|title| title.starts_with("before"));
    assert_eq!(before.count(), 50);
    assert!(restored.iter().all(|title| all.contains(title)));
    assert!(!restored.contains(&"after".to_owned()));
    // The token is of before, too.
    let server = Process::serve(&database.url);
    write(&server, &token, "again".to_owned()).await;
}

#[tokio::test]
async fn on_sqlite_what_is_no_backup_is_not_put_back() {
    let database = Fresh::empty().await;
    let folder = database.folder.path();
    let text = folder.join("text.db");
    std::fs::write(&text, "no database ".repeat(1000)).unwrap();
    let empty = folder.join("empty.db");
    std::fs::write(&empty, "").unwrap();
    let newer = folder.join("newer.db");
    App::open(Parts::new(Place::new(sqlite(&newer)), Rules::default()))
        .await
        .unwrap()
        .database
        .close()
        .await;
    let db = sea_orm::Database::connect(sqlite(&newer)).await.unwrap();
    let step =
        "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m99990101_000001_x', 0)";
    db.execute_unprepared(step).await.unwrap();
    db.close().await.unwrap();
    for (file, says) in [
        (&text, "is no backup"),
        (&empty, "is no backup"),
        (&newer, "newer Ashiato"),
        (&folder.join("nowhere.db"), "there is no file"),
    ] {
        let (done, said) = ashiato(&["restore", file.to_str().unwrap()], &database.url);
        assert!(!done && said.contains(says), "{said}");
        assert!(!database.file().exists(), "nothing was made");
    }
    let copy = folder.join("copy.db");
    let (done, said) = ashiato(&["backup", copy.to_str().unwrap()], &database.url);
    assert!(!done && said.contains("there is no database"), "{said}");
    let postgres = "postgres://nobody@127.0.0.1:1/nothing";
    for args in [
        ["backup", copy.to_str().unwrap()],
        ["restore", text.to_str().unwrap()],
    ] {
        let (done, said) = ashiato(&args, postgres);
        assert!(!done && said.contains("pg_dump"), "{said}");
    }
    assert!(!copy.exists());
}
