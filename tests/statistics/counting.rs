//! A day is counted once, whatever comes between: by whichever server, however often it is cut off.

use std::sync::Arc;

use ashiato::statistics::{
    rolling::{Progress, claim, roll_up, step},
    work::{see_to, start},
};
use chrono::{NaiveDate, TimeDelta};
use entity::values::{Device, HomeRegion};
use tokio_util::sync::CancellationToken;

use super::{come, people, put, rows, statistics};
use crate::support::{soon, world::World};

const JOINED: [&str; 2] = ["2006-04-10T03:00:00Z", "1980-05-02"];

fn day() -> NaiveDate {
    "2006-05-01".parse().unwrap()
}

/// A community of 23, on the day after.
async fn community() -> World {
    let world = World::uncached().await;
    let tokyo = people(&world, "tokyo", 12, JOINED, Some(HomeRegion::Tokyo)).await;
    let osaka = people(&world, "osaka", 11, JOINED, Some(HomeRegion::Osaka)).await;
    come(&world, &tokyo, "2006-05-01", Device::Pc).await;
    come(&world, &osaka[..5], "2006-04-20", Device::Smartphone).await;
    put(&world, "UPDATE users SET friend_count = 2, public_diaries = 3, song_reviews = 1, group_diaries = 2").await;
    put(&world, "UPDATE user_counters SET footprint_count = 4").await;
    world.clock.set("2006-05-02T03:00:00Z");
    world
}

/// Counts on from where it stands to the end: how many batches there were.
async fn finish(world: &World, rows: i64) -> usize {
    for batches in 0.. {
        match step(&world.app, day(), rows).await.unwrap() {
            Progress::Counted(_) => {}
            Progress::Done => return batches,
            Progress::NotOurs => panic!("it is ours"),
        }
    }
    unreachable!("it ends")
}

/// As if nothing had been counted.
async fn forget(world: &World) {
    put(world, "DELETE FROM statistics_days").await;
    put(world, "DELETE FROM statistics_runs").await;
}

#[tokio::test]
async fn a_count_that_is_cut_off_after_any_batch_is_gone_on_with_to_the_same_figures() {
    let world = community().await;
    assert!(claim(&world.app, day()).await.unwrap());
    assert_eq!(finish(&world, 4).await, 6);
    let whole = rows(&world).await;
    for expected in [
        "USERS 2006-05-01  23",
        "JOINED 2006-05-01 2006-04 23",
        "ACTIVE 2006-05-01  12",
        "MONTHLY_ACTIVE 2006-05-01  17",
        "ACTIVE_OF_MONTH 2006-05-01  17",
        "FRIENDSHIPS 2006-05-01  23",
        "DIARIES 2006-05-01  115",
        "REVIEWS 2006-05-01  23",
        "FOOTPRINTS 2006-05-01  92",
        "REGION 2006-04-01 TOKYO 12",
        "REGION 2006-04-01 OSAKA 11",
        "SEX 2006-04-01  23",
        "AGE 2006-04-01 TWENTIES 23",
        "ACCESS 2006-04-01 SMARTPHONE 5",
        "ACCESS 2006-05-01 PC 12",
    ] {
        assert!(
            whole.iter().any(|row| row == expected),
            "{expected}: {whole:#?}"
        );
    }
    for batches in 0..=6 {
        forget(&world).await;
        assert!(claim(&world.app, day()).await.unwrap());
        for _ in 0..batches {
            let counted = step(&world.app, day(), 4).await.unwrap();
            assert!(matches!(counted, Progress::Counted(_)));
        }
        // Here it dies. Another takes it over after a minute, and not before.
        let other = world.beside().await;
        assert!(!claim(&other.app, day()).await.unwrap());
        world.clock.advance(TimeDelta::seconds(60));
        assert!(claim(&other.app, day()).await.unwrap());
        assert_eq!(
            rows(&world).await,
            Vec::<String>::new(),
            "all at once, at the end"
        );
        // It was not dead: what it does now is in vain.
        let late = step(&world.app, day(), 4).await.unwrap();
        assert_eq!(late, Progress::NotOurs);
        finish(&other, 3).await;
        assert_eq!(rows(&world).await, whole, "after {batches}");
        assert!(!claim(&world.app, day()).await.unwrap(), "it is done");
        other.app.database.close().await;
    }
}

#[tokio::test]
async fn of_several_servers_that_begin_at_once_one_counts() {
    let world = community().await;
    let other = world.beside().await;
    let count = |app: &Arc<ashiato::app::App>| {
        let app = app.clone();
        tokio::spawn(async move { see_to(&app).await.unwrap() })
    };
    for turn in 0..5 {
        forget(&world).await;
        let both = [count(&world.app), count(&other.app)];
        let mut done = Vec::new();
        for one in both {
            done.push(one.await.unwrap());
        }
        done.sort_by_key(|progress| *progress != Progress::Done);
        assert_eq!(done, [Progress::Done, Progress::NotOurs], "turn {turn}");
        assert_eq!(see_to(&world.app).await.unwrap(), Progress::NotOurs);
        let counted = rows(&world).await;
        assert!(
            counted.contains(&"USERS 2006-05-01  23".to_owned()),
            "{counted:?}"
        );
        let found = statistics(&world).await;
        assert_eq!(found["users"], 23);
    }
}

#[tokio::test]
async fn each_day_is_counted_and_how_far_it_came_is_forgotten() {
    let world = community().await;
    for (time, day, done) in [
        ("2006-05-02T14:59:59Z", "2006-05-01", Progress::Done),
        ("2006-05-02T15:04:59Z", "2006-05-01", Progress::NotOurs),
        ("2006-05-02T15:05:00Z", "2006-05-02", Progress::Done),
        // A service that was away for some days goes on with yesterday.
        ("2006-05-10T03:00:00Z", "2006-05-09", Progress::Done),
    ] {
        world.clock.set(time);
        assert_eq!(see_to(&world.app).await.unwrap(), done, "{time}");
        assert_eq!(statistics(&world).await["day"], day);
        let runs = crate::usage::number(&world, "SELECT count(*) FROM statistics_runs").await;
        assert_eq!(runs, 1);
    }
    let left =
        "SELECT count(*) FROM statistics_runs WHERE place IS NOT NULL OR held_by IS NOT NULL";
    assert_eq!(crate::usage::number(&world, left).await, 0);
}

#[tokio::test]
async fn a_batch_takes_as_many_statements_however_many_it_has() {
    let world = community().await;
    assert!(claim(&world.app, day()).await.unwrap());
    let mut counts = Vec::new();
    for users in [1, 5, 10] {
        world.forget_statements();
        let counted = step(&world.app, day(), users).await.unwrap();
        assert_eq!(counted, Progress::Counted(users.unsigned_abs()));
        counts.push(world.statements());
    }
    counts.dedup();
    assert_eq!(counts, [6], "{:#?}", world.statement_texts());
    // Who looks and finds it done asks one.
    finish(&world, 100).await;
    world.forget_statements();
    roll_up(&world.app, day(), |_| {}).await.unwrap();
    assert_eq!(world.statements(), 1);
}

#[tokio::test]
async fn a_server_counts_by_itself_until_it_stops() {
    let world = community().await;
    let stop = CancellationToken::new();
    let working = start(world.app.clone(), stop.clone());
    soon(async {
        while statistics(&world).await.is_null() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    stop.cancel();
    soon(working).await.unwrap();
}
