//! What searches find is written with the texts; and what they do not find as it is, is found after a while.

use std::process::Command;

use ashiato::{diary::store::words::TEXTS, indexing};
use sea_orm::ConnectionTrait;

use super::*;
use crate::support::{backend::is_postgres, spoilt, sql};

/// Does to the database what an older program does, which knows nothing of searches.
async fn behind_our_back(world: &World, statement: &str) {
    let db = sea_orm::Database::connect(&world.url).await.unwrap();
    db.execute_unprepared(statement).await.unwrap();
    db.close().await.unwrap();
}

async fn indexed(world: &World) -> u64 {
    indexing::catch_up(&world.app).await.unwrap()
}

#[tokio::test]
async fn what_was_there_before_searches_found_any_is_found_after_the_first_walk() {
    let world = World::new().await;
    let people = world.people("person", 3).await;
    let item = json!({ "kind": "BOOK", "title": "雪国" });
    let item = people[0]
        .mutate("addCatalogueItem", item, "item { id }")
        .await;
    for person in &people {
        for number in 0..17 {
            write(person, &format!("{number}"), "雪国", "MEMBERS").await;
        }
        let review = json!({ "itemId": item["item"]["id"], "rating": 5, "body": "雪" });
        person.mutate("reviewItem", review, "").await;
    }
    let before = found(&people[0], "雪国").await;
    assert_eq!(before.len(), 51);
    assert_eq!(indexed(&world).await, 0, "there is nothing to be done");
    for texts in ["diary_texts", "review_texts"] {
        behind_our_back(&world, &format!("DELETE FROM {texts}")).await;
    }
    assert_eq!(found(&people[0], "雪国").await, [""; 0]);
    assert_eq!(indexed(&world).await, 54);
    assert_eq!(found(&people[0], "雪国").await.len(), before.len());
    agrees(&world).await;
    assert_eq!(indexed(&world).await, 0);
    // Where it was cut off it goes on.
    let some = "DELETE FROM diary_texts WHERE id IN (SELECT id FROM diaries WHERE title LIKE '1%')";
    behind_our_back(&world, some).await;
    let left = TEXTS.all(world.app.database.reader()).await.unwrap().len();
    assert_eq!(left, 51 - 3 * 8);
    assert_eq!(indexed(&world).await, 3 * 8);
    agrees(&world).await;
    assert_eq!(indexing::all_anew(&world.app).await.unwrap(), 54);
    assert_eq!(found(&people[0], "雪国").await.len(), before.len());
    agrees(&world).await;
}

/// An older program changes the diary, and not what it is found by.
#[tokio::test]
async fn what_an_older_program_changes_is_found_as_it_is_after_the_next_walk_and_by_nobody_else_before()
 {
    let world = World::new().await;
    let (author, reader) = (world.person("author").await, world.person("reader").await);
    write(&author, "one", "雪国", "MEMBERS").await;
    write(&author, "two", "雪国", "MEMBERS").await;
    behind_our_back(
        &world,
        "UPDATE diaries SET audience = 'ONLY_ME', body = '京都', edited_at = '2006-05-01T03:00:01+00:00' \
         WHERE title = 'one'",
    )
    .await;
    // It has the term still, and is not for them any more.
    assert_eq!(found(&reader, "雪国").await, ["two"]);
    assert_eq!(indexed(&world).await, 1);
    assert_eq!(indexed(&world).await, 0);
    assert_eq!(found(&author, "雪国").await, ["two"]);
    assert_eq!(found(&author, "京都").await, ["one"]);
    assert_eq!(found(&reader, "京都").await, [""; 0]);
}

/// Whichever comes last, what is found is what is there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn walks_and_edits_at_once_agree_in_the_end() {
    let world = World::new().await;
    let beside = world.beside().await;
    let people = world.people("author", 4).await;
    let mut diaries = Vec::new();
    for person in &people {
        for number in 0..6 {
            diaries.push((
                person,
                write(person, &format!("{number}"), "雪国", "PUBLIC").await,
            ));
        }
    }
    behind_our_back(&world, "DELETE FROM diary_texts").await;
    let edits = diaries
        .iter()
        .enumerate()
        .map(async |(place, (person, diary))| {
            if place % 5 == 0 {
                let input = json!({ "diaryId": diary });
                person.mutate("deleteDiary", input, "").await;
                return;
            }
            let input =
                json!({ "diaryId": diary, "body": format!("京都 {place}"), "audience": "FRIENDS" });
            person.mutate("editDiary", input, "").await;
        });
    let walks = async |app: &std::sync::Arc<ashiato::app::App>| {
        for _ in 0..4 {
            indexing::catch_up(app).await.unwrap();
            indexing::all_anew(app).await.unwrap();
        }
    };
    let edits = futures_util::future::join_all(edits);
    futures_util::join!(edits, walks(&world.app), walks(&beside.app));
    agrees(&world).await;
    assert_eq!(indexed(&world).await, 0);
    assert_eq!(found(&people[0], "京都").await.len(), 4);
    assert_eq!(found(&people[0], "雪国").await, [""; 0]);
}

#[tokio::test]
async fn a_recount_tells_what_is_wrong_with_what_is_found() {
    let world = World::new().await;
    let author = world.person("author").await;
    write(&author, "one", "雪国", "MEMBERS").await;
    let item = json!({ "kind": "BOOK", "title": "雪国" });
    let item = author.mutate("addCatalogueItem", item, "item { id }").await;
    let review = json!({ "itemId": item["item"]["id"], "rating": 5, "body": "雪" });
    author.mutate("reviewItem", review, "").await;
    agrees(&world).await;
    for (spoil, check) in [
        ("UPDATE diaries SET body = '京都'", "diary_texts"),
        ("UPDATE diaries SET audience = 'FRIENDS'", "diary_texts"),
        ("UPDATE reviews SET body = '京都'", "review_texts"),
        ("DELETE FROM diary_texts", "diary_texts"),
        ("DELETE FROM review_texts", "review_texts"),
        (
            "DELETE FROM diary_texts",
            "diary_texts: the version that is there",
        ),
        (
            "UPDATE review_texts SET edited_at = '2006-05-01T03:00:01+00:00'",
            "review_texts: the version that is there",
        ),
    ] {
        let found = spoilt::checks(&world.url, spoil).await;
        assert!(found.iter().any(|it| it == check), "{spoil}: {found:?}");
    }
}

/// `ashiato admin reindex`, as an operator calls it, while the service runs. What it says.
async fn reindex(world: &World) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ashiato"));
    command.args(["admin", "reindex", "--database-url", &world.url]);
    let output = tokio::task::spawn_blocking(move || command.output());
    let output = output.await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operator_in_doubt_has_everything_be_found_anew() {
    let world = World::new().await;
    let (author, reader) = (world.person("author").await, world.person("reader").await);
    let mut diaries = Vec::new();
    for number in 0..45 {
        diaries.push(write(&author, &format!("{number}"), "雪国", "MEMBERS").await);
    }
    let item = json!({ "kind": "BOOK", "title": "雪国" });
    let item = author.mutate("addCatalogueItem", item, "item { id }").await;
    let review = json!({ "itemId": item["item"]["id"], "rating": 5, "body": "雪" });
    author.mutate("reviewItem", review, "").await;
    // The version is right, and the words are not: that does not show.
    let spoil = match is_postgres() {
        true => "UPDATE diary_texts SET terms = ''",
        false => "DELETE FROM diary_words",
    };
    behind_our_back(&world, spoil).await;
    assert_eq!(found(&reader, "雪国").await, [""; 0]);
    assert_eq!(indexed(&world).await, 0);
    let edits = async {
        for diary in &diaries[..5] {
            let input = json!({ "diaryId": diary, "body": "京都", "audience": "PUBLIC" });
            author.mutate("editDiary", input, "").await;
        }
    };
    let (said, ()) = futures_util::join!(reindex(&world), edits);
    assert_eq!(said, "searches find 46 diaries and reviews anew\n");
    assert_eq!(found(&reader, "雪国").await.len(), 40);
    assert_eq!(found(&reader, "京都").await.len(), 5);
    agrees(&world).await;
}

/// However many are written in one moment: each has a place of its own.
#[tokio::test]
async fn texts_of_one_moment_are_found_in_the_order_in_which_they_were_written() {
    let world = World::new().await;
    let people = world.people("author", 3).await;
    let mut expected = Vec::new();
    for number in 0..60 {
        let title = format!("{number:02}");
        write(&people[number % 3], &title, "雪国", "PUBLIC").await;
        expected.insert(0, title);
    }
    assert_eq!(found(&people[0], "雪国").await, expected);
    let db = world.app.database.reader();
    let count = "SELECT count(*) FROM diary_texts";
    let rows = db.query_all_raw(sql::own(db, count)).await.unwrap();
    assert_eq!(rows[0].try_get_by_index::<i64>(0).unwrap(), 60);
}
