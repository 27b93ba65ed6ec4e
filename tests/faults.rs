//! A locked, a full, a read-only database: a coded error in time, and nothing lost.

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::json;

use crate::support::world::{Person, World};

const WRITE: &str =
    "mutation { writeDiary(input: { title: \"t\", body: \"b\" }) { diary { id } } }";

async fn diaries(person: &Person<'_>) -> i64 {
    let data = person
        .run("{ viewer { user { diaries { totalCount } } } }", json!({}))
        .await;
    data["viewer"]["user"]["diaries"]["totalCount"]
        .as_i64()
        .unwrap()
}

/// How many diaries another process finds: only what is committed.
async fn seen_by_others(world: &World, person: &Person<'_>) -> u64 {
    use entity::diary;
    use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
    let other = sea_orm::Database::connect(&world.url).await.unwrap();
    let mine = diary::Column::AuthorId.eq(person.viewer.id().unwrap());
    diary::Entity::find()
        .filter(mine)
        .count(&other)
        .await
        .unwrap()
}

/// Runs a pragma on the connection that writes.
async fn pragma(world: &World, text: &'static str) {
    world
        .app
        .database
        .write(move |tx| {
            Box::pin(async move {
                tx.sql.execute_unprepared(text).await?;
                Ok(())
            })
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_locked_database_is_unavailable_within_moments_and_then_serves_again() {
    let world = World::new().await;
    let person = world.person("person").await;
    let lock = world.lock().await;
    let began = Instant::now();
    // All that wait hear of it together, not one after the other.
    let writes = (0..5).map(|_| person.error(WRITE, json!({})));
    for code in futures_util::future::join_all(writes).await {
        assert_eq!(code, "UNAVAILABLE");
    }
    let took = began.elapsed();
    assert!(took < Duration::from_millis(2500), "{took:?}");
    // Reading goes on meanwhile.
    assert_eq!(diaries(&person).await, 0);
    lock.rollback().await.unwrap();
    person.run(WRITE, json!({})).await;
    assert_eq!(diaries(&person).await, 1);
}

/// One of them waits for who has the row, the others for their turn, and then for who has the row.
#[tokio::test]
async fn on_postgres_who_waits_for_a_row_after_others_is_told_as_soon_as_they_are() {
    let world = World::new().await;
    let person = world.person("person").await;
    let other = sea_orm::Database::connect(&world.url).await.unwrap();
    let lock = other.begin().await.unwrap();
    let held = "SELECT 1 FROM users FOR UPDATE";
    lock.execute_unprepared(held).await.unwrap();
    let began = Instant::now();
    let writes = (0..5).map(|_| person.error(WRITE, json!({})));
    for code in futures_util::future::join_all(writes).await {
        assert_eq!(code, "UNAVAILABLE");
    }
    let took = began.elapsed();
    assert!(took < Duration::from_millis(1500), "{took:?}");
    lock.rollback().await.unwrap();
    person.run(WRITE, json!({})).await;
}

#[tokio::test]
async fn on_sqlite_a_full_database_is_unavailable_and_keeps_what_was_written() {
    let world = World::new().await;
    let person = world.person("person").await;
    person.run(WRITE, json!({})).await;
    pragma(&world, "PRAGMA max_page_count = 1").await;
    let large = json!({ "body": "字".repeat(10_000) });
    let document = "mutation($body: String!) { writeDiary(input: { title: \"t\", body: $body }) { diary { id } } }";
    assert_eq!(person.error(document, large.clone()).await, "UNAVAILABLE");
    assert_eq!(diaries(&person).await, 1);
    // The connection is made anew, and what it writes is committed: others see it.
    person.run(document, large).await;
    assert_eq!(diaries(&person).await, 2);
    assert_eq!(seen_by_others(&world, &person).await, 2);
}

#[tokio::test]
async fn on_sqlite_a_read_only_database_is_unavailable_for_writing_and_goes_on_being_read() {
    let world = World::new().await;
    let person = world.person("person").await;
    pragma(&world, "PRAGMA query_only = on").await;
    assert_eq!(person.error(WRITE, json!({})).await, "UNAVAILABLE");
    assert_eq!(diaries(&person).await, 0);
    person.run(WRITE, json!({})).await;
    assert_eq!(seen_by_others(&world, &person).await, 1);
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_is_refused_with_a_sentence() {
    use ashiato::{
        app::{App, Parts},
        config::Rules,
        database::Place,
    };
    let folder = tempfile::tempdir().unwrap();
    let is_a_folder = folder.path().join("folder.db");
    std::fs::create_dir(&is_a_folder).unwrap();
    let is_no_database = folder.path().join("text.db");
    std::fs::write(&is_no_database, "no database ".repeat(1000)).unwrap();
    for (url, advice) in [
        (
            format!("sqlite://{}/no/such/folder/a.db", folder.path().display()),
            "--database-url",
        ),
        (
            format!("sqlite://{}", is_a_folder.display()),
            "--database-url",
        ),
        (
            format!("sqlite://{}", is_no_database.display()),
            "--database-url",
        ),
        ("sqlite::memory:".to_owned(), "name a file"),
        ("sqlite://".to_owned(), "names no file"),
        ("sqlite://a.db?mode=ro".to_owned(), "sets itself"),
        (
            "mysql://localhost/ashiato".to_owned(),
            "must begin with `sqlite:`",
        ),
        (
            "postgres://nobody@127.0.0.1:1/nothing".to_owned(),
            "Check that PostgreSQL runs there",
        ),
        (
            "postgres://nobody@127.0.0.1".to_owned(),
            "names no database",
        ),
    ] {
        let refused = App::open(Parts::new(Place::new(&url), Rules::default()))
            .await
            .unwrap_err();
        let sentence = format!("{refused:#}");
        assert!(
            sentence.contains(advice) && !sentence.contains("panicked"),
            "{sentence}"
        );
    }
}

#[tokio::test]
async fn a_mutation_that_panics_takes_no_other_with_it() {
    let world = World::new().await;
    let person = world.person("person").await;
    let panics = world.app.database.write::<(), _>(|_| {
        Box::pin(async move {
            let nothing: Vec<()> = Vec::new();
            #[allow(clippy::no_effect)]
            nothing[0];
            Ok(())
        })
    });
    let (panicked, answer) = futures_util::join!(panics, person.answer(WRITE, json!({})));
    assert!(panicked.is_err());
    assert!(answer.get("errors").is_none(), "{answer}");
    assert_eq!(diaries(&person).await, 1);
}

/// On a full disk SQLite can end a transaction by itself, behind the driver's back: no later write
/// may be answered and never committed.
#[tokio::test]
async fn on_sqlite_a_transaction_that_ended_by_itself_swallows_no_later_write() {
    let world = World::new().await;
    let person = world.person("person").await;
    let ended = world.app.database.write::<(), _>(|tx| {
        Box::pin(async move {
            tx.sql.execute_unprepared("ROLLBACK").await?;
            Ok(())
        })
    });
    assert!(ended.await.is_err());
    for _ in 0..3 {
        person.run(WRITE, json!({})).await;
    }
    assert_eq!(diaries(&person).await, 3);
    assert_eq!(seen_by_others(&world, &person).await, 3);
}
