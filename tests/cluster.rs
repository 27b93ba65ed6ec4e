//! Two servers on one database, and many who act at once, over HTTP: nothing passes a cap, and what
//! excludes each other never stands together. `ASHIATO_SOAK=1` (`make soak`) runs the long form.

use ashiato::{bulk::recount::recount, config::Rules, database::Reader};
use entity::user;
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, Statement};
use serde_json::json;

use crate::support::{
    crowd,
    pair::{Member, Pair, sign_in},
    times,
    world::World,
};

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

/// So many members, signed in.
async fn members(world: &World, prefix: &str, count: usize) -> Vec<Member> {
    let users = crowd::people(&world.app, prefix, count).await;
    sign_in(&world.app, &users).await
}

/// rules.md, Friendships 3, with the cap as it comes: users with 998 to 1,000 friends, sixteen
/// requests that are accepted at once, half of them by the user and half by the others, through two
/// servers. Then the friendships end again, for the next trial.
async fn no_trial_passes_the_cap(trials: usize) {
    const AT_ONCE: usize = 16;
    const FULL: [&str; 2] = ["FRIEND_LIMIT_REACHED", "OTHER_CANNOT_ACCEPT"];
    let limit = Rules::default().friend_limit;
    let world = World::new().await;
    let app = &world.app;
    let pair = Pair::new(&world).await;
    let cap = usize::try_from(limit).unwrap();
    let friends = crowd::people(app, "friend", cap).await;
    let mut populars = Vec::new();
    for room in 0..=2 {
        let [popular] = &members(&world, &format!("room{room}x"), 1).await[..] else {
            unreachable!()
        };
        let ties = friends[room..].iter().map(|friend| [popular.id, *friend]);
        crowd::befriend(app, ties).await;
        let others = members(&world, &format!("other{room}x"), AT_ONCE).await;
        let requests: Vec<_> = others
            .into_iter()
            .enumerate()
            .map(|(turn, other)| match turn % 2 {
                0 => [other, popular.clone()],
                _ => [popular.clone(), other],
            })
            .collect();
        let asked: Vec<_> = requests.iter().map(|[a, b]| [a.id, b.id]).collect();
        crowd::ask(app, &asked).await;
        populars.push((room, requests));
    }
    let (mut accepted, mut refused) = (0, 0);
    for trial in 0..trials {
        let (room, requests) = &populars[trial % populars.len()];
        let accepts = requests
            .iter()
            .enumerate()
            .map(async |(turn, [sender, recipient])| {
                let input = json!({ "requestId": sender.request_to(recipient) });
                // Each server has some of either end.
                let at = turn / 2 % 2;
                pair.settles(at, recipient, "acceptFriendRequest", input, &FULL)
                    .await
            });
        let done = join_all(accepts).await;
        let fitted: Vec<_> = requests
            .iter()
            .zip(done)
            .filter_map(|(request, done)| done.then_some(request))
            .collect();
        assert_eq!(fitted.len(), *room, "trial {trial}");
        accepted += fitted.len();
        refused += AT_ONCE - fitted.len();
        if trial + populars.len() < trials {
            for [sender, recipient] in fitted {
                let input = json!({ "userId": recipient.user() });
                for again in ["endFriendship", "requestFriendship"] {
                    let done = pair.mutate(trial % 2, sender, again, input.clone()).await;
                    done.unwrap();
                }
            }
        }
    }
    let reader = world.app.database.reader();
    assert_eq!(recount(reader).await.unwrap(), []);
    let mut counts = friend_counts(reader).await;
    counts.retain(|count| *count >= limit - 2);
    // Each is full to the last place, and nobody past it.
    assert_eq!(counts, [limit; 3]);
    no_deadlock(&world).await;
    println!(
        "{trials} trials of {AT_ONCE} accepts at once: {accepted} accepted, {refused} refused, \
         none over the cap of {cap}, all counters as recounted; a server was busy {} times",
        pair.was_busy()
    );
    pair.shutdown().await;
}

async fn friend_counts(reader: &Reader) -> Vec<i64> {
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

/// rules.md, Friendships 2: a request that crosses another, and an accept that crosses another
/// request, through two servers at the same moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_and_accepts_that_cross_are_one_friendship_and_nobody_hears_of_a_deadlock() {
    let pairs = times(500, 5000);
    let world = World::new().await;
    let servers = Pair::new(&world).await;
    let people = members(&world, "p", pairs * 2).await;
    let asks = async |at: usize, me: &Member, other: &Member| {
        let input = json!({ "userId": other.user() });
        servers
            .settles(at, me, "requestFriendship", input, &["ALREADY_FRIENDS"])
            .await
    };
    // Of every other pair one has asked already: the other accepts while the first asks again.
    let waiting: Vec<_> = people
        .chunks(4)
        .map(|four| [four[0].id, four[1].id])
        .collect();
    crowd::ask(&world.app, &waiting).await;
    for some in people.chunks(32) {
        let crossing = some.chunks(2).enumerate().map(async |(turn, pair)| {
            let [one, other] = [&pair[0], &pair[1]];
            let (first, second) = (turn / 2 % 2, 1 - turn / 2 % 2);
            if turn % 2 == 0 {
                let input = json!({ "requestId": one.request_to(other) });
                let gone = ["NO_SUCH_REQUEST", "ALREADY_FRIENDS"];
                futures_util::join!(
                    asks(first, one, other),
                    servers.settles(second, other, "acceptFriendRequest", input, &gone)
                );
            } else {
                futures_util::join!(asks(first, one, other), asks(second, other, one));
            }
        });
        join_all(crossing).await;
    }
    let reader = world.app.database.reader();
    let rows = entity::friendship::Entity::find().count(reader).await;
    assert_eq!(rows.unwrap(), 2 * pairs as u64);
    let left = entity::friend_request::Entity::find().count(reader).await;
    assert_eq!(left.unwrap(), 0);
    assert_eq!(recount(reader).await.unwrap(), []);
    no_deadlock(&world).await;
    println!(
        "{pairs} pairs that crossed, {pairs} friendships; a server was busy {} times",
        servers.was_busy()
    );
    servers.shutdown().await;
}

/// rules.md, Friendships 8: eight requests, each accepted through one server, or crossed, while one of
/// the two blocks the other through the other server. Then all is taken back, for the next trial.
async fn never_both_friends_and_blocked(trials: usize) {
    const PAIRS: usize = 8;
    let world = World::new().await;
    let servers = Pair::new(&world).await;
    let people = members(&world, "p", PAIRS * 2).await;
    let reader = world.app.database.reader();
    let (mut befriended, mut refused) = (0, 0);
    for trial in 0..trials {
        let asks = people.chunks(2).map(async |pair| {
            let input = json!({ "userId": pair[1].user() });
            let done = servers.mutate(trial % 2, &pair[0], "requestFriendship", input);
            done.await.unwrap();
        });
        join_all(asks).await;
        let crossing = people.chunks(2).enumerate().map(async |(turn, pair)| {
            let [sender, recipient] = [&pair[0], &pair[1]];
            // Either end blocks, through either server; some accept, some ask back.
            let turn = turn + trial;
            let (one, other) = (turn % 2, 1 - turn % 2);
            let [blocker, blocked] = match turn / 2 % 2 {
                0 => [sender, recipient],
                _ => [recipient, sender],
            };
            let absent = ["NO_SUCH_REQUEST", "NOT_FOUND"];
            let (befriend, input) = match turn / 4 % 2 {
                0 => {
                    let request = sender.request_to(recipient);
                    ("acceptFriendRequest", json!({ "requestId": request }))
                }
                _ => ("requestFriendship", json!({ "userId": sender.user() })),
            };
            let block = json!({ "userId": blocked.user() });
            let (friends, _) = futures_util::join!(
                servers.settles(one, recipient, befriend, input, &absent),
                servers.settles(other, blocker, "blockUser", block, &[])
            );
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
        let unblocks = done.iter().map(async |(_, [blocker, blocked])| {
            let input = json!({ "userId": blocked.user() });
            let done = servers.mutate(trial % 2, blocker, "unblockUser", input);
            done.await.unwrap();
        });
        join_all(unblocks).await;
    }
    assert_eq!(recount(reader).await.unwrap(), []);
    no_deadlock(&world).await;
    println!(
        "{trials} trials of {PAIRS} requests accepted and blocked at once: {befriended} were \
         friends first, {refused} were blocked first, none was both, all counters as recounted; a \
         server was busy {} times",
        servers.was_busy()
    );
    servers.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accept_against_block_through_two_servers_is_never_both() {
    never_both_friends_and_blocked(times(200, 2000)).await;
}
