//! Demos at the edge of what can be, and beyond.

use ashiato::{
    app::{App, Parts},
    bulk::recount::recount,
    clock::day_in_japan,
    config::Rules,
    demo::{self, Settings},
};
use chrono::{DateTime, NaiveDate, Utc};
use indicatif::ProgressBar;
use rstest::rstest;
use sea_orm::ConnectionTrait;

use super::settings;
use crate::support::place::Place;

fn as_of(day: &str) -> Settings {
    Settings {
        as_of: day.parse().unwrap(),
        ..settings(40, 1)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_of_those_who_load_at_once_one_does_and_the_others_find_the_people() {
    let one = Place::new().await;
    let open = async || {
        let parts = Parts::new(one.database.place(), Rules::default());
        App::open(parts).await.unwrap()
    };
    let apps = [open().await, open().await, open().await];
    let loading = apps.iter().map(demo::load_if_empty);
    let mut loaded = 0;
    for done in futures_util::future::join_all(loading).await {
        loaded += usize::from(done.unwrap().is_some());
    }
    assert_eq!(loaded, 1);
    // By the command it is a sentence.
    let commands = apps.iter().map(async |app| {
        let refused = demo::load(app, &settings(40, 1), &ProgressBar::hidden()).await;
        refused.unwrap_err().to_string()
    });
    for sentence in futures_util::future::join_all(commands).await {
        assert!(sentence.contains("users already"), "{sentence}");
    }
    assert_eq!(recount(apps[0].database.reader()).await.unwrap(), []);
    for app in apps {
        app.database.close().await;
    }
}

/// Who waits while another loads has no time-out, whatever the database has for everybody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_who_loads_has_no_time_out_though_the_database_has() {
    let one = Place::new().await;
    // Whose loads take longer, each alone, than the database lets a statement take, or a wait.
    let bounds = "SET LOCAL citus.enable_ddl_propagation = off; DO $$ DECLARE name text; BEGIN \
        FOREACH name IN ARRAY ARRAY['lock_timeout', 'statement_timeout', \
            'idle_in_transaction_session_timeout'] LOOP \
            EXECUTE format('ALTER DATABASE %I SET %I = ''20ms''', current_database(), name); \
        END LOOP; END $$";
    let db = one.database.place().connect_to_migrate().await.unwrap();
    db.execute_unprepared(bounds).await.unwrap();
    db.close().await.unwrap();
    let parts = || Parts::new(one.database.place(), Rules::default());
    let apps = [App::open(parts()).await, App::open(parts()).await].map(Result::unwrap);
    let loading = apps.iter().map(demo::load_if_empty);
    let mut loaded = 0;
    for done in futures_util::future::join_all(loading).await {
        loaded += usize::from(done.unwrap().is_some());
    }
    assert_eq!(loaded, 1);
    for app in apps {
        app.database.close().await;
    }
}

#[tokio::test]
async fn a_demo_that_cannot_be_is_refused_with_a_sentence() {
    let place = Place::new().await;
    for settings in [
        settings(3, 1),
        settings(usize::MAX, 1),
        as_of("2004-08-13"),
        as_of("2101-01-01"),
        as_of("+262142-12-31"),
        as_of("-262143-01-01"),
    ] {
        let refused = demo::load(&place.app, &settings, &ProgressBar::hidden()).await;
        let sentence = refused.unwrap_err().to_string();
        assert!(
            sentence.contains("--users") || sentence.contains("--as-of"),
            "{sentence}"
        );
    }
    assert_eq!(place.one::<i64>("SELECT count(*) FROM users").await, 0);
}

#[rstest]
#[case::first_day(as_of("2004-08-14"), Rules::default())]
#[case::last_day(as_of("2100-12-31"), Rules::default())]
#[case::last_seed(settings(40, u64::MAX), Rules::default())]
#[case::one_friend(settings(40, 1), Rules { friend_limit: 1, ..Rules::default() })]
#[case::any_number_of_friends(settings(40, 1), Rules { friend_limit: i64::MAX, ..Rules::default() })]
#[case::any_age(settings(40, 1), Rules { minimum_age: 0, ..Rules::default() })]
#[case::grown_up(settings(400, 1), Rules { minimum_age: 18, ..Rules::default() })]
#[case::oldest(settings(40, 1), Rules { minimum_age: 120, ..Rules::default() })]
#[tokio::test]
async fn a_demo_at_the_edge_agrees_with_itself_and_the_rules(
    #[case] settings: Settings,
    #[case] rules: Rules,
) {
    let age = rules.minimum_age;
    let place = Place::with(rules, None).await;
    let made = demo::load(&place.app, &settings, &ProgressBar::hidden()).await;
    assert_eq!(made.unwrap().users, settings.users);
    assert_eq!(recount(place.app.database.reader()).await.unwrap(), []);
    let joined: Vec<DateTime<Utc>> = place.all("SELECT joined_at FROM users ORDER BY id").await;
    let born: Vec<NaiveDate> = place.all("SELECT birth_date FROM users ORDER BY id").await;
    for (joined, born) in joined.into_iter().map(day_in_japan).zip(born) {
        assert!(joined < settings.as_of, "joined later");
        assert!(joined.years_since(born) >= Some(age), "joined too young");
    }
}
