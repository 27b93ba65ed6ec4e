//! How a copy of one's data is made, however much there is and whoever dies meanwhile, and how it goes.

use ashiato::account::leaving::{
    export::{
        make::{make, see_to},
        store,
    },
    work::see_to_exports,
};
use chrono::TimeDelta;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    exports::{ask, bytes, files, last, rows},
    id,
};
use crate::support::world::World;

const DIARIES: usize = 20;

#[tokio::test]
async fn a_server_that_dies_is_replaced_and_nothing_stands_there_twice() {
    let world = World::new().await;
    let (me, _) = world.joined("goes_away").await;
    // Hardly to be compressed, so that it comes in several parts.
    let mut chance = StdRng::seed_from_u64(15);
    for number in 0..DIARIES {
        let signs = (0..10_000).map(|_| chance.random_range('一'..'鿕'));
        let body: String = signs.collect();
        let input = json!({ "title": format!("{number}"), "body": body });
        me.mutate("writeDiary", input, "").await;
    }
    let key = ask(&me).await;
    // One begins, writes a part, and falls silent.
    let dying = world.beside().await;
    let now = world.app.clock.now();
    let server = dying.app.server;
    let begun = dying.app.database.write(move |tx| {
        Box::pin(async move {
            let times = [now, now + TimeDelta::seconds(60)];
            let claimed = store::claim(&tx.sql, key, server, times).await?;
            assert!(claimed.is_some());
            store::put_part(&tx.sql, key, 0, vec![1; 100]).await?;
            store::put_part(&tx.sql, key, 9, vec![1; 100]).await?;
            Ok(())
        })
    });
    begun.await.unwrap();
    assert_eq!(last(&me).await["state"], "RUNNING");
    assert!(!make(&world.app, key).await.unwrap(), "it is another's");
    see_to_exports(&world.app).await.unwrap();
    assert_eq!(last(&me).await["state"], "RUNNING");
    world.clock.advance(TimeDelta::seconds(60));
    see_to_exports(&world.app).await.unwrap();
    let state = last(&me).await;
    assert_eq!(state["state"], "READY");
    let bytes = bytes(&world, key).await;
    assert_eq!(state["size"], bytes.len());
    assert!(bytes.len() > 300_000, "{}", bytes.len());
    assert_eq!(rows(&files(bytes), "diaries.jsonl").len(), DIARIES);
    // What the first one writes now is refused.
    let late = dying.app.database.write(move |tx| {
        Box::pin(async move { Ok(store::go_on(&tx.sql, key, server, [1, 1], now).await?) })
    });
    assert!(!late.await.unwrap());
}

#[tokio::test]
async fn it_is_in_parts_and_pages_however_much_there_is() {
    let world = World::new().await;
    let (me, _) = world.joined("goes_away").await;
    let now = world.app.clock.now();
    let user = id(&me);
    // More than a few pages of footprints, of visitors who are gone: their names are null.
    let app = world.app.clone();
    let written = world.app.database.write(move |tx| {
        let app = app.clone();
        Box::pin(async move {
            for number in 0..450_i64 {
                let row = entity::footprint::Model {
                    owner_id: user,
                    id: app.ids.at(now),
                    visitor_id: Uuid::from_u128(u128::try_from(number).unwrap() + 1),
                    day: "2006-05-01".parse().unwrap(),
                    number: number + 1,
                    visited_at: now,
                    origin: None,
                };
                ashiato::footprint::store::leave(&tx.sql, &[&row], row.day, now).await?;
            }
            Ok(())
        })
    });
    written.await.unwrap();
    let key = ask(&me).await;
    world.forget_statements();
    see_to_exports(&world.app).await.unwrap();
    // Six or so a page of a hundred, and a few for each file.
    assert!(world.statements() < 160, "{}", world.statements());
    let rows = rows(
        &files(bytes(&world, key).await),
        "footprints_received.jsonl",
    );
    assert_eq!(rows.len(), 450);
    assert!(
        rows.iter()
            .all(|row| row["visitor"].is_null() && row["day"] == "2006-05-01")
    );
}

#[tokio::test]
async fn what_nobody_fetches_goes_after_its_days_and_then_from_the_list() {
    let world = World::new().await;
    let (me, _) = world.joined("goes_away").await;
    let key = ask(&me).await;
    see_to_exports(&world.app).await.unwrap();
    world
        .clock
        .advance(TimeDelta::days(7) - TimeDelta::milliseconds(1));
    see_to_exports(&world.app).await.unwrap();
    assert_eq!(last(&me).await["state"], "READY");
    world.clock.advance(TimeDelta::milliseconds(1));
    // Before anybody has seen to it, too.
    assert_eq!(last(&me).await["url"], Value::Null);
    see_to_exports(&world.app).await.unwrap();
    assert_eq!(last(&me).await["state"], "EXPIRED");
    assert!(bytes(&world, key).await.is_empty());
    world.clock.advance(TimeDelta::days(30));
    see_to_exports(&world.app).await.unwrap();
    assert_eq!(last(&me).await, Value::Null);
}

#[tokio::test]
async fn what_cannot_be_made_has_failed_after_some_tries_and_counts_for_nothing() {
    let world = World::new().await;
    let (me, _) = world.joined("goes_away").await;
    let key = ask(&me).await;
    for _ in 0..5 {
        let claimed = world.beside().await;
        let (server, now) = (claimed.app.server, world.app.clock.now());
        let begun = claimed.app.database.write(move |tx| {
            let times = [now, now + TimeDelta::seconds(60)];
            Box::pin(async move { Ok(store::claim(&tx.sql, key, server, times).await?) })
        });
        assert!(begun.await.unwrap().is_some());
        world.clock.advance(TimeDelta::seconds(60));
    }
    let due = store::due(world.app.database.reader(), world.app.clock.now(), 10).await;
    see_to(&world.app, &due.unwrap()[0]).await.unwrap();
    assert_eq!(last(&me).await["state"], "FAILED");
    ask(&me).await;
}
