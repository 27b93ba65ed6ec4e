//! An empty PostgreSQL is filled at once: all or nothing, with every index and key afterwards.

use ashiato::{
    bulk::{pass, people::Person, recount::recount, ties::Tie, whole::Whole},
    demo,
};
use chrono::{DateTime, Utc};
use entity::values::UserKind;
use indicatif::ProgressBar;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::settings;
use crate::support::place::Place;

/// Every index, key and reference.
async fn found_by(place: &Place) -> Vec<String> {
    place
        .all(
            "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() \
             UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' \
             || pg_get_constraintdef(oid) || convalidated FROM pg_constraint \
             WHERE connamespace = current_schema()::regnamespace ORDER BY 1",
        )
        .await
}

fn person(number: u128, joined_at: DateTime<Utc>) -> Person {
    Person {
        id: Uuid::from_u128(number),
        username: format!("member{number}"),
        nickname: "とも\tだち\\".to_owned(),
        kind: UserKind::Member,
        bio: String::new(),
        birth_date: "1980-02-29".parse().unwrap(),
        home_region: None,
        joined_at,
        password_hash: None,
    }
}

async fn rows(place: &Place) -> Vec<i64> {
    let text = "SELECT count(*) FROM users UNION ALL SELECT count(*) FROM friendships";
    place.all(text).await
}

#[tokio::test]
async fn on_postgres_a_load_of_everything_leaves_the_same_indexes_and_keys() {
    let place = Place::new().await;
    let before = found_by(&place).await;
    assert!(before.iter().any(|it| it.contains("FOREIGN KEY")));
    assert!(before.iter().any(|it| it.contains("UNIQUE INDEX")));
    demo::load(&place.app, &settings(60, 1), &ProgressBar::hidden())
        .await
        .unwrap();
    assert_eq!(before, found_by(&place).await);
}

#[tokio::test]
async fn on_postgres_at_once_and_by_parts_make_the_same_rows() {
    let (at_once, by_parts) = (Place::new().await, Place::new().await);
    // Something is there that a load of everything would have to leave: it is not tried.
    let reader = by_parts.app.database.reader();
    reader
        .execute_unprepared(
            "INSERT INTO idempotency_keys VALUES \
             (gen_random_uuid(), 'k', 'o', '', '', now())",
        )
        .await
        .unwrap();
    assert!(
        Whole::begin(&by_parts.app.database)
            .await
            .unwrap()
            .is_none()
    );
    for place in [&at_once, &by_parts] {
        demo::load(&place.app, &settings(120, 3), &ProgressBar::hidden())
            .await
            .unwrap();
        assert_eq!(recount(place.app.database.reader()).await.unwrap(), []);
    }
    let kept: i64 = by_parts.one("SELECT count(*) FROM idempotency_keys").await;
    assert_eq!(kept, 1);
    let (at_once, mut by_parts) = (at_once.everything().await, by_parts.everything().await);
    by_parts.insert("idempotency_keys".into(), Vec::new());
    for (table, rows) in &at_once {
        assert!(rows == &by_parts[table], "{table}");
    }
}

#[tokio::test]
async fn on_postgres_a_load_that_is_broken_off_leaves_nothing() {
    let place = Place::new().await;
    let before = found_by(&place).await;
    let now = place.app.clock.now();
    let two = [person(1, now), person(2, now)];
    let tie = Tie {
        memberships: Vec::new(),
        id: Uuid::from_u128(9),
        ends: [two[0].id, two[1].id],
        since: now,
    };
    // As where the process ends: its connection goes.
    let whole = Whole::begin(&place.app.database).await.unwrap().unwrap();
    pass(&whole, [tie.clone()], &|_| {}).await.unwrap();
    pass(&whole, two.clone(), &|_| {}).await.unwrap();
    assert!(whole.give_up().await.is_none());
    assert_eq!(rows(&place).await, [0, 0]);
    assert_eq!(before, found_by(&place).await);
    // What cannot be: two rows of one key, which only the key finds.
    let whole = Whole::begin(&place.app.database).await.unwrap().unwrap();
    let twice = [two[0].clone(), two[0].clone()];
    pass(&whole, twice, &|_| {}).await.unwrap();
    let refused = whole.finish(&|_| {}).await.unwrap_err().to_string();
    assert!(
        refused.contains("could not create unique index"),
        "{refused}"
    );
    assert_eq!(rows(&place).await, [0, 0]);
    assert_eq!(before, found_by(&place).await);
    // And a load that is whole.
    let whole = Whole::begin(&place.app.database).await.unwrap().unwrap();
    pass(&whole, [tie], &|_| {}).await.unwrap();
    pass(&whole, two, &|_| {}).await.unwrap();
    whole.finish(&|_| {}).await.unwrap();
    assert_eq!(rows(&place).await, [2, 2]);
    let said: Vec<String> = place.all("SELECT nickname FROM users").await;
    assert_eq!(said, ["とも\tだち\\", "とも\tだち\\"]);
    assert_eq!(recount(place.app.database.reader()).await.unwrap(), []);
}

#[tokio::test]
async fn on_postgres_counters_come_after_what_they_count() {
    let place = Place::new().await;
    let now = place.app.clock.now();
    let whole = Whole::begin(&place.app.database).await.unwrap().unwrap();
    let two = [person(1, now), person(2, now)];
    let tie = Tie {
        memberships: Vec::new(),
        id: Uuid::from_u128(9),
        ends: [two[0].id, two[1].id],
        since: now,
    };
    pass(&whole, two, &|_| {}).await.unwrap();
    let late = pass(&whole, [tie], &|_| {}).await;
    assert!(late.is_err(), "the users' friends would not be counted");
    whole.give_up().await;
}
