//! Several servers on one database, and faults under load: nothing passes a cap, nothing answered
//! is lost. `ASHIATO_SOAK=1` (`make soak`) runs the long form.

use std::sync::Arc;

use ashiato::{
    app::{App, Parts},
    bulk::recount::recount,
    config::Rules,
    error::Error,
    friendship::{
        blocking::{block, unblock},
        service::{accept, end, request},
    },
    rejection::{Rejection, UserErrorCode},
};
use entity::user;
use futures_util::future::join_all;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, PaginatorTrait, Statement,
};
use uuid::Uuid;

use crate::support::{
    crowd, times,
    world::{Person, World},
};

/// Another server on the world's database.
async fn server(world: &World, rules: &Rules) -> Arc<App> {
    let mut parts = Parts::new(world.database.place(), rules.clone());
    parts.clock = world.clock.clone();
    App::open(parts).await.unwrap()
}

fn id(person: &Person<'_>) -> Uuid {
    person.viewer.id().unwrap()
}

/// PostgreSQL met no deadlock: the order in which users are held leaves none to be tried again.
/// (`scripts/postgres` has it look after 100 ms, before a wait for a lock is given up.)
async fn no_deadlock(world: &World) {
    let db = world.app.database.reader();
    if db.get_database_backend() != DbBackend::Postgres {
        return;
    }
    let text = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    let asked = Statement::from_string(DbBackend::Postgres, text);
    let row = db.query_one_raw(asked).await.unwrap().unwrap();
    assert_eq!(row.try_get_by_index::<i64>(0).unwrap(), 0);
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

/// rules.md, Friendships 3, with the cap as it comes: users with 998 to 1,000 friends, sixteen
/// requests that are accepted at once, half of them by the user and half by the others, through two
/// servers. Then the friendships end again, for the next trial.
async fn no_trial_passes_the_cap(trials: usize) {
    const AT_ONCE: usize = 16;
    let rules = Rules::default();
    let world = World::new().await;
    let app = &world.app;
    let servers = [server(&world, &rules).await, server(&world, &rules).await];
    let cap = usize::try_from(rules.friend_limit).unwrap();
    let friends = crowd::people(app, "friend", cap).await;
    let mut populars = Vec::new();
    for room in 0..=2 {
        let [popular] = crowd::people(app, &format!("room{room}x"), 1).await[..] else {
            unreachable!()
        };
        let ties = friends[room..].iter().map(|friend| [popular, *friend]);
        crowd::befriend(app, ties).await;
        let others = crowd::people(app, &format!("other{room}x"), AT_ONCE).await;
        let requests: Vec<_> = others
            .iter()
            .enumerate()
            .map(|(turn, other)| match turn % 2 {
                0 => [*other, popular],
                _ => [popular, *other],
            })
            .collect();
        crowd::ask(app, &requests).await;
        populars.push((room, requests));
    }
    let (mut accepted, mut refused) = (0, 0);
    for trial in 0..trials {
        let (room, requests) = &populars[trial % populars.len()];
        let accepts = requests.iter().enumerate().map(async |(turn, request)| {
            let [sender, recipient] = *request;
            // Each server has some of either end.
            let app = &servers[turn / 2 % 2];
            loop {
                let done = accept(app, recipient, sender, None).await;
                let full = [
                    UserErrorCode::FriendLimitReached,
                    UserErrorCode::OtherCannotAccept,
                ];
                if let Some(done) = settled(done, &full) {
                    break done;
                }
            }
        });
        let done = join_all(accepts).await;
        let fitted: Vec<_> = requests
            .iter()
            .zip(done)
            .filter_map(|(request, done)| done.then_some(*request))
            .collect();
        assert_eq!(fitted.len(), *room, "trial {trial}");
        accepted += fitted.len();
        refused += AT_ONCE - fitted.len();
        if trial + populars.len() < trials {
            for [sender, recipient] in fitted {
                end(&world.app, sender, recipient, None).await.unwrap();
                request(&world.app, sender, recipient, "", None)
                    .await
                    .unwrap();
            }
        }
    }
    let reader = world.app.database.reader();
    assert_eq!(recount(reader).await.unwrap(), []);
    let mut counts = friend_counts(reader).await;
    counts.retain(|count| *count >= rules.friend_limit - 2);
    // Each is full to the last place, and nobody past it.
    assert_eq!(counts, [rules.friend_limit; 3]);
    println!(
        "{trials} trials of {AT_ONCE} accepts at once: {accepted} accepted, {refused} refused, \
         none over the cap of {cap}, all counters as recounted"
    );
}

async fn friend_counts(reader: &DatabaseConnection) -> Vec<i64> {
    let users = user::Entity::find().all(reader).await.unwrap();
    users.into_iter().map(|user| user.friend_count).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_no_number_of_accepts_through_two_servers_passes_the_cap() {
    no_trial_passes_the_cap(times(1000, 10_000)).await;
}

/// Two servers on one file are for an operator's mistake: it holds all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite_no_number_of_accepts_through_two_servers_passes_the_cap() {
    no_trial_passes_the_cap(times(100, 1000)).await;
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
    let reader = world.app.database.reader();
    let rows = entity::friendship::Entity::find()
        .count(reader)
        .await
        .unwrap();
    assert_eq!(rows, 2 * pairs as u64);
    assert_eq!(recount(reader).await.unwrap(), []);
    no_deadlock(&world).await;
    println!("{pairs} pairs that crossed, {pairs} friendships");
}

/// rules.md, Friendships 8: eight requests, each accepted through one server, or crossed, while one of
/// the two blocks the other through the other server. Then all is taken back, for the next trial.
async fn never_both_friends_and_blocked(trials: usize) {
    const PAIRS: usize = 8;
    let world = World::new().await;
    let rules = Rules::default();
    let servers = [server(&world, &rules).await, server(&world, &rules).await];
    let people = crowd::people(&world.app, "p", PAIRS * 2).await;
    let pairs: Vec<_> = people.chunks(2).map(|pair| [pair[0], pair[1]]).collect();
    let reader = world.app.database.reader();
    let (mut befriended, mut refused) = (0, 0);
    for trial in 0..trials {
        for [sender, recipient] in &pairs {
            request(&world.app, *sender, *recipient, "", None)
                .await
                .unwrap();
        }
        let crossing = pairs.iter().enumerate().map(async |(turn, pair)| {
            let [sender, recipient] = *pair;
            // Either end blocks, through either server; some accept, some ask back.
            let turn = turn + trial;
            let [one, other] = [turn % 2, 1 - turn % 2].map(|at| &servers[at]);
            let [blocker, blocked] = match turn / 2 % 2 {
                0 => [sender, recipient],
                _ => [recipient, sender],
            };
            let befriends = async || loop {
                let absent = [UserErrorCode::NoSuchRequest, UserErrorCode::NotFound];
                let done = match turn / 4 % 2 {
                    0 => accept(one, recipient, sender, None).await,
                    _ => request(one, recipient, sender, "", None).await.map(|_| ()),
                };
                if let Some(done) = settled(done, &absent) {
                    break done;
                }
            };
            let blocks = async || loop {
                let done = block(other, blocker, blocked, None).await;
                if settled(done, &[]).is_some() {
                    break;
                }
            };
            let (friends, ()) = futures_util::join!(befriends(), blocks());
            (friends, [blocker, blocked])
        });
        let done = join_all(crossing).await;
        let first = done.iter().filter(|(friends, _)| *friends).count();
        befriended += first;
        refused += PAIRS - first;
        let friends = entity::friendship::Entity::find();
        assert_eq!(friends.count(reader).await.unwrap(), 0, "trial {trial}");
        let blocks = entity::block::Entity::find().count(reader).await.unwrap();
        assert_eq!(blocks, 2 * PAIRS as u64, "trial {trial}");
        for (_, [blocker, blocked]) in done {
            unblock(&world.app, blocker, blocked, None).await.unwrap();
        }
    }
    assert_eq!(recount(reader).await.unwrap(), []);
    no_deadlock(&world).await;
    println!(
        "{trials} trials of {PAIRS} requests accepted and blocked at once: {befriended} were \
         friends first, {refused} were blocked first, none was both, all counters as recounted"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accept_against_block_through_two_servers_is_never_both() {
    never_both_friends_and_blocked(times(200, 2000)).await;
}
