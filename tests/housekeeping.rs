//! What goes with time, and what stays.

use std::time::Duration;

use ashiato::{
    account::service::{SignUp, sign_in, sign_up},
    bulk::recount::recount,
    demo::{self, Settings},
    housekeeping::{self, Swept},
};
use indicatif::ProgressBar;
use tokio_util::sync::CancellationToken;

use crate::support::{clock::ManualClock, place::Place};

async fn community(clock: &std::sync::Arc<ManualClock>) -> Place {
    let place = Place::with(Default::default(), Some(clock.clone())).await;
    let settings = Settings {
        users: 200,
        ..Settings::new("2006-10-21".parse().unwrap())
    };
    demo::load(&place.app, &settings, &ProgressBar::hidden())
        .await
        .unwrap();
    place
}

async fn agrees(place: &Place) {
    let differences = recount(place.app.database.reader()).await.unwrap();
    assert_eq!(differences, []);
}

#[tokio::test]
async fn footprints_go_after_their_days_and_the_visit_counter_stays() {
    let clock = ManualClock::at("2006-10-21T00:00:00Z");
    let place = community(&clock).await;
    let visits = place
        .map::<i64>("SELECT username, visit_count FROM user_counters JOIN users ON id = user_id")
        .await;
    let days = place
        .map::<i64>("SELECT CAST(day AS TEXT), count(*) FROM footprints GROUP BY 1")
        .await;
    assert_eq!(days.len(), 28);

    // A footprint of 10 October stays for 365 days, in Japan: it goes on 11 October.
    clock.set("2007-10-10T14:59:59Z");
    let before = housekeeping::sweep(&place.app).await.unwrap();
    let until = |day: &str| -> u64 {
        let gone = days.iter().filter(|(of, _)| of.as_str() <= day);
        gone.map(|(_, count)| count.unsigned_abs()).sum()
    };
    assert_eq!(before.footprints, until("2006-10-09"));
    agrees(&place).await;
    clock.set("2007-10-10T15:00:00Z");
    let at = housekeeping::sweep(&place.app).await.unwrap();
    assert_eq!(before.footprints + at.footprints, until("2006-10-10"));
    assert!(at.footprints > 0);
    let oldest: String = place
        .one("SELECT CAST(min(day) AS TEXT) FROM footprints")
        .await;
    assert_eq!(oldest, "2006-10-11");
    agrees(&place).await;

    // More than one batch, seen and unseen.
    clock.set("2008-01-01T00:00:00Z");
    let rest = housekeeping::sweep(&place.app).await.unwrap();
    assert!(rest.footprints > 500, "{rest:?}");
    assert_eq!(place.one::<i64>("SELECT count(*) FROM footprints").await, 0);
    let left: i64 = place
        .one("SELECT CAST(sum(footprint_count) + sum(new_footprint_count) AS BIGINT) FROM user_counters")
        .await;
    assert_eq!(left, 0);
    agrees(&place).await;
    let after = place
        .map::<i64>("SELECT username, visit_count FROM user_counters JOIN users ON id = user_id")
        .await;
    assert_eq!(after, visits);
    let nothing = housekeeping::sweep(&place.app).await.unwrap();
    assert_eq!(nothing, Swept::default());
}

fn wish(username: &str) -> SignUp {
    SignUp {
        username: username.to_owned(),
        nickname: username.to_owned(),
        password: "three blind mice".to_owned(),
        birth_date: "1981-02-03".parse().unwrap(),
        home_region: None,
        invitation_code: None,
        phone: None,
        idempotency_key: Some("once".to_owned()),
    }
}

#[tokio::test]
async fn sessions_and_idempotency_keys_go_when_their_time_is_over() {
    let clock = ManualClock::at("2026-01-01T00:00:00Z");
    let place = Place::with(Default::default(), Some(clock.clone())).await;
    sign_up(&place.app, wish("early")).await.unwrap();
    clock.set("2026-01-02T00:00:00Z");
    sign_up(&place.app, wish("late")).await.unwrap();
    let counts = async |sql: &str| {
        place
            .one::<i64>(&format!("SELECT count(*) FROM {sql}"))
            .await
    };
    assert_eq!(counts("idempotency_keys").await, 2);

    // A day later to the millisecond, the first key is still kept.
    let kept = housekeeping::sweep(&place.app).await.unwrap();
    assert_eq!(kept, Swept::default());
    clock.set("2026-01-02T00:00:00.001Z");
    let swept = housekeeping::sweep(&place.app).await.unwrap();
    assert_eq!(swept.idempotency_keys, 1);
    assert_eq!(swept.sessions, 0);
    assert_eq!(counts("idempotency_keys").await, 1);

    // Sessions last 30 days.
    clock.set("2026-01-31T12:00:00Z");
    let swept = housekeeping::sweep(&place.app).await.unwrap();
    assert_eq!(swept.sessions, 1);
    assert_eq!(counts("sessions").await, 1);
    assert_eq!(counts("session_tokens").await, 1);
    let password = "three blind mice".to_owned();
    sign_in(&place.app, "early", password, None).await.unwrap();
    assert_eq!(counts("users").await, 2);
}

#[tokio::test]
async fn the_task_sweeps_at_once_and_ends_when_it_is_told() {
    let clock = ManualClock::at("2008-01-01T00:00:00Z");
    let place = community(&clock).await;
    let stop = CancellationToken::new();
    let task = housekeeping::start(place.app.clone(), stop.clone());
    let swept = async { while place.one::<i64>("SELECT count(*) FROM footprints").await > 0 {} };
    tokio::time::timeout(Duration::from_secs(10), swept)
        .await
        .unwrap();
    assert!(!task.is_finished());
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(1), task)
        .await
        .unwrap()
        .unwrap();
    agrees(&place).await;
}
