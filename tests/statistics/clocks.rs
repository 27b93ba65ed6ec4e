//! A clock that was wrong does no harm that lasts.

use ashiato::statistics::rolling::Progress;

use super::*;

async fn community() -> World {
    let world = World::new().await;
    let joined = ["2006-04-10T03:00:00Z", "1980-05-02"];
    people(&world, "person", 20, joined, None).await;
    world
}

async fn at(world: &World, time: &str) -> Progress {
    world.clock.set(time);
    see_to(&world.app).await.unwrap()
}

#[tokio::test]
async fn a_day_that_is_counted_is_not_counted_again_by_a_clock_that_goes_back() {
    let world = community().await;
    assert_eq!(at(&world, "2006-05-02T03:00:00Z").await, Progress::Done);
    assert_eq!(at(&world, "2006-05-03T03:00:00Z").await, Progress::Done);
    let before = rows(&world).await;
    put(&world, "DELETE FROM users WHERE username = 'person0'").await;
    assert_eq!(at(&world, "2006-05-02T03:00:00Z").await, Progress::NotOurs);
    assert_eq!(rows(&world).await, before);
    assert_eq!(statistics(&world).await["day"], "2006-05-01");
    assert_eq!(at(&world, "2006-05-04T03:00:00Z").await, Progress::Done);
    assert_eq!(statistics(&world).await["users"], 19);
}

#[tokio::test]
async fn a_day_that_is_to_come_is_not_shown_until_it_has_come() {
    let world = community().await;
    assert_eq!(at(&world, "2026-05-02T03:00:00Z").await, Progress::Done);
    assert_eq!(statistics(&world).await["day"], "2026-05-01");
    world.clock.set("2006-05-02T03:00:00Z");
    assert_eq!(statistics(&world).await, Value::Null);
    assert_eq!(at(&world, "2006-05-02T03:00:00Z").await, Progress::Done);
    assert_eq!(statistics(&world).await["day"], "2006-05-01");
    assert_eq!(at(&world, "2006-06-02T03:00:00Z").await, Progress::Done);
    let found = statistics(&world).await;
    assert_eq!(
        (&found["day"], &found["groupsMonth"]),
        (&json!("2006-06-01"), &json!("2006-05-01"))
    );
    assert_eq!(found["regions"][0]["users"], 20);
}
