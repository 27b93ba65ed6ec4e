//! Several replicas of one primary: the seats at them, and what is read where one falls behind.

use std::time::Duration;

use ashiato::{
    app::{App, Parts},
    config::Rules,
    database::Place,
    lsn::Lsn,
};
use sea_orm::{ConnectionTrait, Statement};

use super::{connect, connect_to, number};
use crate::support::{
    backend::{Cluster, run},
    soon,
};

/// Which server answers a reader that needs `lsn` and sits at `seat`.
async fn port(app: &App, lsn: Lsn, seat: usize) -> i32 {
    let reading = app.database.reading(lsn, seat);
    let ask = Statement::from_string(reading.get_database_backend(), "SELECT inet_server_port()");
    let row = reading.query_one_raw(ask).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

/// Waits until the seats 0 to 3 are at `expected`.
async fn seated(app: &App, lsn: Lsn, expected: [i32; 4]) {
    soon(async {
        loop {
            let mut seats = [0; 4];
            for (seat, at) in seats.iter_mut().enumerate() {
                *at = port(app, lsn, seat).await;
            }
            if seats == expected {
                break;
            }
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_replicas_share_the_seats_and_one_that_is_behind_gives_its_own_to_the_others() {
    let primary = Cluster::start(&[]);
    let url = primary.create("ashiato").await;
    let (first, second) = (primary.replica(), primary.replica());
    let place = Place {
        replicas: [&first, &second].map(|it| it.database("ashiato")).into(),
        max_replica_lag: Duration::from_secs(3600),
        ..Place::new(&url)
    };
    let app = App::open(Parts::new(place, Rules::default()))
        .await
        .unwrap();
    let port_of = async |cluster: &Cluster| {
        let port = number(&connect(cluster).await, "inet_server_port()").await;
        i32::try_from(port).unwrap()
    };
    let (one, two) = (port_of(&first).await, port_of(&second).await);
    seated(&app, Lsn::OLDEST, [one, two, one, two]).await;

    // What was written while one is held back is read at the other alone; what is older, at both.
    run(&first.url, "SELECT pg_wal_replay_pause()").await;
    let paused = "(pg_get_wal_replay_pause_state() = 'paused')::int";
    let held = connect(&first).await;
    soon(async { while number(&held, paused).await == 0 {} }).await;
    let db = connect_to(&url).await;
    db.execute_unprepared("CREATE TABLE later (id int)")
        .await
        .unwrap();
    let written = Lsn::from_number(number(&db, "pg_current_wal_lsn() - '0/0'").await);
    seated(&app, written, [two; 4]).await;
    seated(&app, Lsn::OLDEST, [one, two, one, two]).await;

    run(&first.url, "SELECT pg_wal_replay_resume()").await;
    seated(&app, written, [one, two, one, two]).await;

    // One that has gone is missed by nobody, and then the primary stands in for both.
    drop(tokio::task::spawn_blocking(move || drop(second)).await);
    seated(&app, written, [one; 4]).await;
    drop((held, tokio::task::spawn_blocking(move || drop(first)).await));
    seated(&app, written, [port_of(&primary).await; 4]).await;
    // Nor does an end wait for who is gone.
    soon(app.database.close()).await;
}
