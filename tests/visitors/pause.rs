//! Within the pause after a visit the next one changes nothing, whichever of the two is named.

use ashiato::{config::Rules, housekeeping};
use chrono::Duration;
use rstest::rstest;

use super::{choose, count, is_sound, mine, numbers, visit};
use crate::support::world::World;

/// With a limit of visits, and without: the visitor's row is held, or only read.
#[rstest]
#[tokio::test]
async fn a_visit_that_is_not_named_pauses_those_that_are_and_is_paused_by_them(
    #[values(0, 300)] visits_per_hour: i64,
) {
    let rules = Rules {
        visits_per_hour,
        ..Rules::default()
    };
    let world = World::with(rules).await;
    let (owner, visitor) = (world.person("owner").await, world.person("visitor").await);
    let other = world.person("other").await;
    let mut last = 0;
    for (minute, policy, counts, visits, number) in [
        (0, "ANONYMOUS", true, 1, None),
        (4, "NAMED", false, 1, None),
        (5, "NAMED", true, 2, Some(2)),
        (9, "ANONYMOUS", false, 2, Some(2)),
        // The day's footprint, which was named, stays as it was.
        (10, "ANONYMOUS", true, 3, Some(2)),
        (12, "NAMED", false, 3, Some(2)),
        (14, "CONNECTIONS", false, 3, Some(2)),
        (15, "CONNECTIONS", true, 4, Some(2)),
        (19, "NAMED", false, 4, Some(2)),
        (20, "NAMED", true, 5, Some(5)),
    ] {
        world.clock.advance(Duration::minutes(minute - last));
        last = minute;
        choose(&visitor, policy).await;
        assert_eq!(visit(&visitor, &owner).await, counts, "at {minute}");
        let seen = mine(&owner).await;
        assert_eq!(seen["visitCount"], visits, "at {minute}");
        assert_eq!(numbers(&seen), Vec::from_iter(number), "at {minute}");
        if minute == 4 {
            assert!(visit(&visitor, &other).await, "it is a pause of the two");
        }
    }
    is_sound(&world).await;
}

#[tokio::test]
async fn midnight_in_japan_ends_the_pause_after_a_visit_that_is_not_named() {
    let world = World::new().await;
    let (owner, visitor) = (world.person("owner").await, world.person("visitor").await);
    choose(&visitor, "ANONYMOUS").await;
    for (time, counts) in [
        ("14:57:00", true),
        ("14:59:59", false),
        ("15:00:00", true),
        ("15:04:59", false),
        ("15:05:00", true),
    ] {
        world.clock.set(&format!("2006-05-01T{time}Z"));
        assert_eq!(visit(&visitor, &owner).await, counts, "{time}");
    }
    assert_eq!(mine(&owner).await["visitCount"], 3);
}

#[tokio::test]
async fn what_a_pause_needs_is_kept_no_longer() {
    let world = World::new().await;
    let (owner, visitor) = (world.person("owner").await, world.person("visitor").await);
    choose(&visitor, "ANONYMOUS").await;
    assert!(visit(&visitor, &owner).await);
    assert_eq!(count(&world, "unlisted_visits").await, 1);
    assert_eq!(count(&world, "footprints").await, 0);
    world.clock.set("2006-05-01T03:04:59.999Z");
    let swept = housekeeping::sweep(&world.app).await.unwrap();
    assert_eq!(swept.unlisted_visits, 0);
    assert!(!visit(&visitor, &owner).await);
    world.clock.set("2006-05-01T03:05:00Z");
    let swept = housekeeping::sweep(&world.app).await.unwrap();
    assert_eq!(swept.unlisted_visits, 1);
    assert_eq!(count(&world, "unlisted_visits").await, 0);
    assert!(visit(&visitor, &owner).await);
    assert_eq!(mine(&owner).await["visitCount"], 2);
    // Who is named leaves nothing there.
    choose(&visitor, "NAMED").await;
    world.clock.advance(Duration::minutes(5));
    assert!(visit(&visitor, &owner).await);
    housekeeping::sweep(&world.app).await.unwrap();
    assert_eq!(count(&world, "unlisted_visits").await, 0);
}

#[tokio::test]
async fn without_a_pause_nothing_is_remembered() {
    let rules = Rules {
        visit_pause_minutes: 0,
        ..Rules::default()
    };
    let world = World::with(rules).await;
    let (owner, visitor) = (world.person("owner").await, world.person("visitor").await);
    choose(&visitor, "ANONYMOUS").await;
    for visits in 1..4 {
        assert!(visit(&visitor, &owner).await);
        assert_eq!(mine(&owner).await["visitCount"], visits);
    }
    assert_eq!(count(&world, "unlisted_visits").await, 0);
}
