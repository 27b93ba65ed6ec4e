//! Replicas that must not be read: gone, too old, astray, or none at all.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use ashiato::{
    app::{App, Parts},
    config::Rules,
    database::Place,
    lsn::Lsn,
};
use serde_json::json;

use super::{NICKNAME, Scene};
use crate::support::{
    backend::{Cluster, run, sqlite},
    linked::until,
    log, soon,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_a_replica_that_was_left_behind_by_a_failover_is_not_read() {
    let primary = Cluster::start(&[]);
    primary.create("ashiato").await;
    let (next, left) = (primary.replica(), primary.replica());
    run(&next.url, "SELECT pg_promote()").await;
    let open = async |replica: &Cluster| {
        let place = Place {
            replicas: vec![replica.database("ashiato")],
            ..Place::new(next.database("ashiato"))
        };
        App::open(Parts::new(place, Rules::default()))
            .await
            .unwrap()
    };
    let reads = |app: &App| app.database.reading(Lsn::OLDEST, 0).is_replica();
    let app = open(&left).await;
    let its_own = next.replica();
    let followed = open(&its_own).await;
    soon(async {
        while !reads(&followed) {
            tokio::task::yield_now().await
        }
    })
    .await;
    assert!(!reads(&app));
    app.database.close().await;
    followed.database.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_a_replica_that_is_too_old_or_gone_is_not_read() {
    let scene = Scene::new("1s").await;
    let hanako = scene.join("hanako").await;
    scene.pause().await;
    scene.rename(0, &hanako, "after").await;
    // Within the lag that is allowed, others may see the old one; after it, nobody does.
    for server in [0, 1] {
        scene.shows(server, None, "hanako", "after").await;
        assert_eq!(scene.nickname(server, None, "hanako").await, "after");
    }
    scene.resume().await;
    let Scene {
        primary,
        replica,
        servers,
        _nats,
    } = scene;
    let ask = async || {
        let of = json!({ "of": "hanako" });
        let answer = servers[1].ask(None, NICKNAME, of).await.unwrap();
        assert_eq!(answer["data"]["user"]["nickname"], "after", "{answer}");
    };
    let going = tokio::task::spawn_blocking(move || drop(replica));
    while !going.is_finished() {
        ask().await;
    }
    for _ in 0..50 {
        ask().await;
    }
    drop((servers, primary));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_what_is_no_replica_is_refused_with_a_sentence() {
    let (primary, other) = (Cluster::start(&[]), Cluster::start(&[]));
    let url = primary.create("ashiato").await;
    let others = other.create("ashiato").await;
    let open = async |url: &str, replica: &str| {
        let place = Place {
            replicas: vec![replica.to_owned()],
            ..Place::new(url)
        };
        App::open(Parts::new(place, Rules::default())).await
    };
    let refused = async |url: &str, replica: &str| {
        let error = open(url, replica).await.expect_err("refused");
        error.to_string()
    };
    let sentence = refused(&url, &url).await;
    assert!(sentence.contains("is no replica"), "{sentence}");
    let sentence = refused(&url, &others).await;
    assert!(sentence.contains("of another database"), "{sentence}");
    // Another database of the same cluster has the same log.
    primary.create("another").await;
    let replica = primary.replica();
    let sentence = refused(&url, &replica.database("another")).await;
    assert!(sentence.contains("of another database"), "{sentence}");
    let file = sqlite(&std::env::temp_dir().join("never made.db"));
    let sentence = refused(&file, &url).await;
    assert!(sentence.contains("replicas of a PostgreSQL"), "{sentence}");
    let sentence = refused(&url, "postgres://nobody@127.0.0.1:1").await;
    assert!(sentence.contains("names no database"), "{sentence}");
    // One that is away for now is waited for.
    let app = open(&url, "postgres://nobody@127.0.0.1:1/ashiato")
        .await
        .unwrap();
    app.database.ping().await.unwrap();
    app.database.close().await;
    let citus =
        "CREATE FUNCTION create_distributed_table(t text) RETURNS void LANGUAGE sql AS $$ $$";
    run(&url, citus).await;
    let sentence = refused(&url, &url).await;
    assert!(sentence.contains("cannot be used on Citus"), "{sentence}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_of_a_replica_that_was_never_read_the_log_says_once_why() {
    log::keep();
    let primary = Cluster::start(&[]);
    let url = primary.create("ashiato").await;
    let place = Place {
        replicas: vec![primary.database("made_later")],
        ..Place::new(&url)
    };
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let mut parts = Parts::new(place, Rules::default());
    parts.on_statement = Some(Arc::new(move |_| {
        count.fetch_add(1, Ordering::SeqCst);
    }));
    let app = App::open(parts).await.unwrap();
    log::line("/made_later", "does not answer").await;
    primary.create("made_later").await;
    log::line("/made_later", "is a replica of another database").await;
    // It is asked again and again.
    let asks = || app.database.reading(Lsn::OLDEST, 0).is_replica();
    let before = asked.load(Ordering::SeqCst);
    until(async || asked.load(Ordering::SeqCst) >= before + 5).await;
    assert!(!asks());
    let text = log::text();
    let said = text.lines().filter(|line| line.contains("/made_later"));
    assert_eq!(said.count(), 2, "{text}");
    app.database.close().await;
}
