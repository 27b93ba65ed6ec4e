//! The database, on whatever the suite runs.

use ashiato::{
    account::service::{NewUser, insert},
    app::{App, Parts},
    config::Rules,
};
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::{KEY, doctor, folder, run};
use crate::support::{
    backend::{Fresh, is_postgres},
    clock::ManualClock,
    world::{World, account::PASSWORD},
};

#[tokio::test]
async fn a_database_that_serves_is_well_and_stays_as_it_is() {
    let world = World::new().await;
    world.person("hanako").await;
    let folder = folder();
    let place = ["--database-url", &*world.url];
    let found = doctor(folder.path(), &place, &[("ASHIATO_SECRET_KEYS", KEY)]);
    assert_eq!(found.status, 0, "{}", found.said);
    let name = if is_postgres() {
        "PostgreSQL 1"
    } else {
        "SQLite 3"
    };
    found.says("database", "ok", name);
    found.says("tables", "ok", "up to date");
    found.says("writing", "ok", "takes writes");
    found.says("sealed", "ok", "open");
    found.says("clock", "ok", "20");
    assert_eq!(found.of("connections").len(), usize::from(is_postgres()));
    if is_postgres() {
        let args = ["--database-connections", "9999", place[0], place[1]];
        let found = doctor(folder.path(), &args, &[]);
        found.says("connections", "warning", "--database-connections");
    }
    // The probe was taken back.
    let left = world.app.database.reader();
    let left = left.execute_unprepared("SELECT 1 FROM ashiato_doctor");
    assert!(left.await.is_err());
}

#[tokio::test]
async fn an_empty_database_is_left_empty() {
    let database = Fresh::empty().await;
    let folder = folder();
    let place = ["--database-url", &*database.url];
    let found = doctor(folder.path(), &place, &[]);
    assert_eq!(found.status, 0, "{}", found.said);
    let found = doctor(folder.path(), &["--no-migrate", place[0], place[1]], &[]);
    assert_eq!(found.status, 1, "{}", found.said);
    assert!(found.said.contains("ashiato migrate up"), "{}", found.said);
    let args = ["migrate", "status", place[0], place[1]];
    let status = run(folder.path(), &args, &[]);
    let said = String::from_utf8_lossy(&status.stdout);
    assert!(!said.contains("taken"), "{said}");
}

#[tokio::test]
async fn tables_of_another_version_are_told() {
    let database = Fresh::new().await;
    let folder = folder();
    let place = ["--database-url", &*database.url];
    let migrate = |args: &[&str]| {
        let all = ["migrate"].iter().chain(args).chain(&place);
        let all: Vec<_> = all.copied().collect();
        let output = run(folder.path(), &all, &[]);
        assert!(output.status.success(), "{all:?}: {output:?}");
    };
    migrate(&["up"]);
    migrate(&["down", "--yes"]);
    let found = doctor(folder.path(), &place, &[]);
    found.says("tables", "warning", "1 steps are missing");
    assert_eq!(found.status, 0, "{}", found.said);
    let found = doctor(folder.path(), &["--no-migrate", place[0], place[1]], &[]);
    found.says("tables", "failed", "ashiato migrate up");
    migrate(&["up"]);
    let db = database.place().connect_to_migrate().await.unwrap();
    let newer = "INSERT INTO seaql_migrations (version, applied_at) \
                 VALUES ('m29991231_000001_newer', 1)";
    db.execute_unprepared(newer).await.unwrap();
    db.close().await.unwrap();
    let found = doctor(folder.path(), &place, &[]);
    found.says("tables", "failed", "m29991231_000001_newer");
}

#[tokio::test]
async fn a_clock_behind_the_newest_row_fails() {
    let database = Fresh::new().await;
    let mut parts = Parts::new(database.place(), Rules::default());
    parts.clock = ManualClock::at("2999-01-01T00:00:00Z");
    let app = App::open(parts).await.unwrap();
    let joined_at = app.clock.now();
    let new = NewUser {
        id: app.ids.at(joined_at),
        username: "hanako".to_owned(),
        nickname: "花子".to_owned(),
        birth_date: "1984-02-15".parse().unwrap(),
        home_region: None,
        joined_at,
        password_hash: None,
    };
    let joined = app.database.write(move |tx| {
        let new = new.clone();
        Box::pin(async move { insert(tx, new).await })
    });
    joined.await.unwrap();
    app.database.close().await;
    let folder = folder();
    let found = doctor(folder.path(), &["--database-url", &database.url], &[]);
    let words = "there is a row of 2999-01-01T00:00:00Z: have NTP";
    found.says("clock", "failed", words);
}

#[tokio::test]
async fn what_another_key_sealed_is_told() {
    let world = World::new().await;
    let (hanako, _) = world.joined("hanako").await;
    let input = json!({ "password": PASSWORD });
    hanako.mutate("beginTwoFactor", input, "secret").await;
    let folder = folder();
    let other = format!("{}=", "A".repeat(43));
    let look = |keys: &str| {
        let place = ["--database-url", &*world.url];
        doctor(folder.path(), &place, &[("ASHIATO_SECRET_KEYS", keys)])
    };
    look(&other).says("sealed", "failed", "1 of 1");
    look(&format!("{other},{KEY}")).says("sealed", "ok", "open");
}

#[tokio::test]
async fn a_database_that_cannot_be_reached_fails_with_what_to_do() {
    let folder = folder();
    for (url, words) in [
        ("sqlite:///no/such/folder/a.db", "make the folder"),
        (
            "postgres://nobody:s3cret@127.0.0.1:1/ashiato",
            "Check that PostgreSQL runs there",
        ),
        ("postgres://127.0.0.1:1", "names no database"),
        ("mysql://a", "must begin with"),
    ] {
        let found = doctor(folder.path(), &["--database-url", url], &[]);
        found.says("database", "failed", words);
        assert!(!found.said.contains("s3cret"), "{}", found.said);
    }
    // What is no database.
    std::fs::write(folder.path().join("a.db"), "x".repeat(5_000)).unwrap();
    let found = doctor(folder.path(), &["--database-url", "sqlite://a.db"], &[]);
    found.says("database", "failed", "a.db");
}

#[tokio::test]
async fn on_sqlite_a_file_that_is_held_takes_no_writes() {
    let database = Fresh::new().await;
    let place = database.place();
    let app = App::open(Parts::new(place.clone(), Rules::default())).await;
    app.unwrap().database.close().await;
    let db = place.connect_to_migrate().await.unwrap();
    db.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();
    let folder = folder();
    let look = || doctor(folder.path(), &["--database-url", &place.url], &[]);
    look().says("writing", "failed", "another program holds it");
    db.execute_unprepared("ROLLBACK").await.unwrap();
    look().says("writing", "ok", "takes writes");
}
