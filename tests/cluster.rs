//! Several servers on one database, and faults under load: nothing passes a cap, nothing answered
//! is lost. `ASHIATO_SOAK=1` (`make soak`) runs the long form.

use std::sync::Arc;

use ashiato::{
    app::{App, Parts},
    bulk::recount::recount,
    config::Rules,
    error::Error,
    friendship::service::{accept, request},
    rejection::{Rejection, UserErrorCode},
};
use futures_util::future::join_all;
use uuid::Uuid;

use crate::support::world::{Person, World};

fn times(short: usize, long: usize) -> usize {
    if std::env::var_os("ASHIATO_SOAK").is_some() {
        long
    } else {
        short
    }
}

/// Another server on the world's database.
async fn server(world: &World, rules: &Rules) -> Arc<App> {
    let mut parts = Parts::new(world.database.place(), rules.clone());
    parts.clock = world.clock.clone();
    App::open(parts).await.unwrap()
}

fn id(person: &Person<'_>) -> Uuid {
    person.viewer.id().unwrap()
}

/// Whether it was done; a refusal must be one of `allowed`, and a busy database is tried again.
fn settled<T>(done: Result<T, Rejection>, allowed: &[UserErrorCode]) -> Option<bool> {
    match done {
        Ok(_) => Some(true),
        Err(Rejection::Refused(errors)) => {
            assert!(
                errors.iter().all(|error| allowed.contains(&error.code)),
                "{errors:?}"
            );
            Some(false)
        }
        Err(Rejection::Failed(Error::Unavailable(_))) => None,
        Err(failed) => panic!("{failed:?}"),
    }
}

/// rules.md, Friendships 3: from both ends, through two servers, with room for two more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_number_of_accepts_through_two_servers_passes_the_cap() {
    const AT_ONCE: usize = 16;
    let rules = Rules {
        friend_limit: 3,
        ..Rules::default()
    };
    let trials = times(1000, 10_000) / AT_ONCE;
    let world = World::with(rules.clone()).await;
    let servers = [server(&world, &rules).await, server(&world, &rules).await];
    let (mut accepted, mut refused) = (0, 0);
    for trial in 0..trials {
        // Everybody has asked the first, who has one friend already: two of sixteen fit.
        let people = world.people(&format!("p{trial}x"), AT_ONCE + 2).await;
        let (popular, others) = people.split_first().unwrap();
        popular.befriend(&others[0]).await;
        let askers = &others[1..];
        for asker in askers {
            request(&world.app, id(asker), id(popular), "", None)
                .await
                .unwrap();
        }
        let accepts = askers.iter().enumerate().map(async |(turn, asker)| {
            let app = &servers[turn % 2];
            loop {
                let done = accept(app, id(popular), id(asker), None).await;
                let full = [UserErrorCode::FriendLimitReached];
                if let Some(done) = settled(done, &full) {
                    break done;
                }
            }
        });
        let done = join_all(accepts).await;
        let fits = done.iter().filter(|done| **done).count();
        assert_eq!(fits, 2, "trial {trial}");
        accepted += fits;
        refused += AT_ONCE - fits;
    }
    let differences = recount(world.app.database.reader()).await.unwrap();
    assert_eq!(differences, []);
    println!("{accepted} accepted, {refused} refused, none over the cap");
}

/// rules.md, Friendships 2: requests that cross at the same moment, through two servers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_cross_are_one_friendship_and_nobody_hears_of_a_deadlock() {
    let pairs = times(500, 5000);
    let world = World::new().await;
    let rules = Rules::default();
    let servers = [server(&world, &rules).await, server(&world, &rules).await];
    let ask = async |app: &Arc<App>, me: &Person<'_>, other: &Person<'_>| loop {
        let done = request(app, id(me), id(other), "", None).await;
        if settled(done, &[UserErrorCode::AlreadyFriends]).is_some() {
            break;
        }
    };
    let people = world.people("p", pairs * 2).await;
    for some in people.chunks(16) {
        let crossing = some.chunks(2).map(async |pair| {
            futures_util::join!(
                ask(&servers[0], &pair[0], &pair[1]),
                ask(&servers[1], &pair[1], &pair[0])
            );
        });
        join_all(crossing).await;
    }
    use sea_orm::{EntityTrait, PaginatorTrait};
    let reader = world.app.database.reader();
    let rows = entity::friendship::Entity::find()
        .count(reader)
        .await
        .unwrap();
    assert_eq!(rows, 2 * pairs as u64);
    assert_eq!(recount(reader).await.unwrap(), []);
    println!("{pairs} pairs that crossed, {pairs} friendships");
}
