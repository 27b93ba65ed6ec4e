//! What was counted is written once, whatever comes between.

use std::sync::Arc;

use ashiato::{
    app::{App, Parts},
    config::Rules,
    usage::{counting, tally::Deeds},
};
use entity::values::Device;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{READ, count, number, read};
use crate::support::{server::Running, soon, sql, world::World};

const DAY: &str = "2006-05-01";
const READINGS: &str = "SELECT CAST(COALESCE(sum(readings), 0) AS bigint) FROM usage_days";
const OPERATIONS: &str = "SELECT CAST(COALESCE(sum(operations), 0) AS bigint) FROM access_days";

#[tokio::test]
async fn several_servers_add_to_the_same_days() {
    let world = World::new().await;
    let people = world.people("person", 5).await;
    let other = world.beside().await;
    let mut writing = Vec::new();
    for turn in 0..20 {
        for person in &people {
            count(person, DAY, Device::Pc, Deeds::READING);
            let (user, day) = (person.viewer.id(), DAY.parse().unwrap());
            let done = Deeds::READING;
            other.app.usage.count(user, day, Device::Pc, done);
        }
        let app: &Arc<App> = if turn % 2 == 0 {
            &world.app
        } else {
            &other.app
        };
        let app = app.clone();
        writing.push(tokio::spawn(async move { counting::write(&app).await }));
    }
    for written in writing {
        // Where the one met the other, it waits on.
        let _ = written.await.unwrap();
    }
    for app in [&world.app, &other.app] {
        counting::write(app).await.unwrap();
    }
    assert_eq!(number(&world, READINGS).await, 200);
    assert_eq!(number(&world, OPERATIONS).await, 200);
    let rows = "SELECT count(*) FROM usage_days";
    assert_eq!(number(&world, rows).await, 5);
}

#[tokio::test]
async fn what_the_database_does_not_take_waits_on() {
    let world = World::new().await;
    let me = world.person("me").await;
    count(&me, DAY, Device::Pc, Deeds::READING);
    let lock = world.lock().await;
    let refused = counting::write(&world.app).await.unwrap_err();
    assert_eq!(refused.code(), "UNAVAILABLE");
    count(&me, DAY, Device::Pc, Deeds::READING);
    lock.rollback().await.unwrap();
    assert_eq!(number(&world, READINGS).await, 0);
    assert_eq!(number(&world, OPERATIONS).await, 0);
    counting::write(&world.app).await.unwrap();
    assert_eq!(number(&world, READINGS).await, 2);
    assert_eq!(number(&world, OPERATIONS).await, 2);
}

#[tokio::test]
async fn more_than_a_batch_is_written_in_several() {
    let world = World::new().await;
    let me = world.person("me").await;
    let first: chrono::NaiveDate = "1990-01-01".parse().unwrap();
    for day in first.iter_days().take(5_000) {
        count(&me, &day.to_string(), Device::Pc, Deeds::READING);
    }
    assert_eq!(counting::write(&world.app).await.unwrap(), 5_000);
    assert_eq!(number(&world, READINGS).await, 5_000);
    assert_eq!(number(&world, OPERATIONS).await, 5_000);
}

#[tokio::test]
async fn who_is_gone_is_not_counted_and_the_others_are() {
    let world = World::new().await;
    let me = world.person("me").await;
    let day = DAY.parse().unwrap();
    let gone = Some(Uuid::from_u128(9));
    world.app.usage.count(gone, day, Device::Pc, Deeds::READING);
    count(&me, DAY, Device::Pc, Deeds::READING);
    counting::write(&world.app).await.unwrap();
    assert_eq!(number(&world, READINGS).await, 1);
    // Of everybody it counts all the same.
    assert_eq!(number(&world, OPERATIONS).await, 2);
}

#[tokio::test]
async fn a_server_that_stops_writes_what_it_has_counted() {
    let mut server = Running::own().await;
    let (hanako, _) = server.named("hanako").await;
    read(&server, &hanako, super::PC).await;
    let (_, answer) = server.ask(READ).await;
    assert!(answer["data"]["viewer"].is_null());
    soon(server.take().shutdown()).await;
    let parts = Parts::new(server.database.place(), Rules::default());
    let again = App::open(parts).await.unwrap();
    let db = again.database.reader();
    for (text, expected) in [(READINGS, 1), (OPERATIONS, 2)] {
        let row = db.query_one_raw(sql::own(db, text)).await.unwrap().unwrap();
        assert_eq!(row.try_get_by_index::<i64>(0).unwrap(), expected, "{text}");
    }
}
