//! On which nodes the tables of a cluster lie.

use std::{collections::BTreeMap, process::Command};

use ashiato::{
    bulk::recount::recount,
    database::{
        shards::{Lies, TABLES},
        tables,
    },
};
use sea_orm::{ConnectionTrait, DatabaseConnection, TransactionTrait};
use serde_json::json;

use super::{connect, number, texts};
use crate::support::{backend::Fresh, soon, world::World};

/// Of each table, where it lies: what Citus says, and what is promised.
async fn places(db: &DatabaseConnection) -> [BTreeMap<String, String>; 2] {
    let lie = "SELECT t.table_name || '|' || CASE WHEN t.citus_table_type = 'reference' \
        THEN 'everywhere' WHEN t.citus_table_type = 'distributed' THEN t.distribution_column || \
        ' beside ' || (SELECT min(o.table_name::text) FROM citus_tables AS o \
        WHERE o.colocation_id = t.colocation_id) ELSE t.citus_table_type END FROM citus_tables AS t";
    let lie = texts(db, lie).await;
    let lie = lie.iter().map(|row| row.split_once('|').unwrap());
    // The tables that lie together, and their column; those of users among them.
    let together = |table: &'static str, lies: &Lies| match *lies {
        Lies::Everywhere => None,
        Lies::With(column) => Some(("users", column)),
        Lies::Beside(other, column) => Some((other, column)),
        Lies::By(column) => Some((table, column)),
    };
    let first_with = |group: &str| {
        let with = TABLES
            .iter()
            .filter(|(table, lies)| together(table, lies).is_some_and(|(other, _)| other == group));
        with.map(|(table, _)| *table).min().unwrap()
    };
    let promised = TABLES.iter().map(|(table, lies)| {
        let place = match together(table, lies) {
            None => "everywhere".to_owned(),
            Some((group, column)) => format!("{column} beside {}", first_with(group)),
        };
        ((*table).to_owned(), place)
    });
    [
        lie.map(|(table, place)| (table.to_owned(), place.to_owned()))
            .collect(),
        promised.collect(),
    ]
}

fn ashiato(args: &[&str], database: &Fresh) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_ashiato"))
        .args(args)
        .args(["--database-url", &database.url])
        .output()
        .unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success(), "{said}");
    said
}

#[tokio::test]
async fn on_citus_tables_are_spread_with_what_stands_in_them_and_once() {
    let database = Fresh::empty().await;
    let db = connect(&database).await;
    ashiato(&["demo", "--users", "30"], &database);
    let count = "SELECT (SELECT count(*) FROM friendships) + (SELECT count(*) FROM diary_comments) \
        + (SELECT count(*) FROM catalogue_titles)";
    let before = number(&db, count).await;
    assert!(before > 0 && places(&db).await[0].is_empty());

    let said = ashiato(&["migrate", "--distribute"], &database);
    assert!(said.contains("Spread catalogue_items, "), "{said}");
    let [lie, promised] = places(&db).await;
    assert_eq!(lie, promised);
    assert_eq!(number(&db, count).await, before);
    assert_eq!(recount(&db).await.unwrap(), []);
    let here = "SELECT pg_relation_size('users') + pg_relation_size('diary_comments')";
    assert_eq!(number(&db, here).await, 0, "no second copy stays");

    let said = ashiato(&["migrate", "--distribute"], &database);
    assert!(said.contains("All tables are spread already"), "{said}");

    // Who waits for a row is told so in time, which is at a worker.
    let hanako = "SELECT id::text FROM users WHERE username = 'hanako'";
    let hanako = texts(&db, hanako).await.remove(0);
    let hanako = &format!("UPDATE users SET bio = bio WHERE id = '{hanako}'");
    let holding = db.begin().await.unwrap();
    holding.execute_unprepared(hanako).await.unwrap();
    let other = connect(&database).await;
    let refused = soon(other.execute_unprepared(hanako)).await.unwrap_err();
    assert!(refused.to_string().contains("lock timeout"), "{refused}");
    holding.rollback().await.unwrap();
}

#[tokio::test]
async fn on_citus_what_a_later_step_makes_is_spread_with_the_rest() {
    let world = World::new().await;
    let me = world.person("hanako").await;
    let db = connect(&world.database).await;
    let [before, promised] = places(&db).await;
    assert_eq!(before, promised);
    // One of the later steps makes the table of the names anew.
    while places(&db).await[0].contains_key("user_grams") {
        tables::down(&db, 1).await.unwrap();
    }
    tables::up(&db).await.unwrap();
    assert_eq!(places(&db).await[0], promised);
    let found = "{ searchUsers(text: \"hanako\") { nodes { username } } }";
    let found = me.run(found, json!({})).await;
    assert_eq!(found["searchUsers"]["nodes"][0]["username"], "hanako");
}
