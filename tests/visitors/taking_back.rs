//! A visitor takes back what they left: the footprint goes, the visit stays counted.

use ashiato::{
    app::{App, Parts},
    config::Rules,
    events::Event,
    footprint::taking_back,
    ids::{GlobalId, Kind},
    neighbours,
    paging::cursor,
    rejection::{Rejection, code::UserErrorCode},
};
use futures_util::{Stream, future::join_all};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{choose, count, is_sound, mine, names, numbers, visit};
use crate::support::{
    crowd,
    pair::{Member, Pair, sign_in},
    soon,
    world::{Person, World, next},
};

const FEED: &str = "subscription($after: String) { footprintLeft(after: $after) {
    node { number visitor { username } } } }";

fn last(owner: &Person<'_>) -> Value {
    json!({ "userId": owner.id() })
}

fn of_day(owner: &Person<'_>, day: &str) -> Value {
    json!({ "userId": owner.id(), "day": day })
}

/// Takes back, and says how many can be taken back then.
async fn take_back(visitor: &Person<'_>, input: Value) -> Value {
    let fields = "footprintsToTakeBack";
    let payload = visitor.mutate("takeBackFootprint", input, fields).await;
    let left = payload["footprintsToTakeBack"].clone();
    let document = "{ viewer { footprintsToTakeBack } }";
    let data = visitor.run(document, json!({})).await;
    assert_eq!(data["viewer"]["footprintsToTakeBack"], left);
    left
}

#[tokio::test]
async fn a_footprint_goes_with_what_counts_it_and_the_visit_stays_counted() {
    let world = World::new().await;
    let (owner, visitor) = (world.person("owner").await, world.person("visitor").await);
    let other = world.person("other").await;
    for day in 1..=3 {
        world.clock.set(&format!("2006-05-0{day}T03:00:00Z"));
        visit(&visitor, &owner).await;
        visit(&other, &owner).await;
        if day == 1 {
            owner.mutate("markFootprintsSeen", json!({}), "").await;
        }
    }
    let counts = async || {
        let seen = mine(&owner).await;
        let total = &seen["footprints"]["totalCount"];
        let counts = [&seen["visitCount"], total, &seen["newFootprintCount"]];
        (numbers(&seen), counts.map(|count| count.as_i64().unwrap()))
    };
    assert_eq!(counts().await, (vec![6, 5, 4, 3, 2, 1], [6, 6, 4]));
    let gone = mine(&owner).await["footprints"]["nodes"][3]["id"].clone();
    // The last, which is new; one of a day, which is new; one that was seen.
    assert_eq!(take_back(&visitor, last(&owner)).await, 9);
    assert_eq!(counts().await, (vec![6, 4, 3, 2, 1], [6, 5, 3]));
    let refused = visitor.refusal("takeBackFootprint", of_day(&owner, "2006-05-03"));
    assert_eq!(refused.await, "NOT_FOUND", "it is gone");
    assert_eq!(take_back(&visitor, of_day(&owner, "2006-05-02")).await, 8);
    assert_eq!(counts().await, (vec![6, 4, 2, 1], [6, 4, 2]));
    assert_eq!(take_back(&visitor, last(&owner)).await, 7);
    assert_eq!(counts().await, (vec![6, 4, 2], [6, 3, 2]));
    let node = "query($id: ID!) { node(id: $id) { id } }";
    assert!(owner.run(node, json!({ "id": gone })).await["node"].is_null());
    // What is not there is refused, and takes nothing of the month's.
    let nobody = GlobalId::encode(Kind::User, &[Uuid::nil()]);
    let absent = json!({ "userId": nobody });
    for nothing in [
        last(&owner),
        last(&visitor),
        of_day(&owner, "2006-05-04"),
        of_day(&other, "2006-05-01"),
        absent,
    ] {
        let refused = visitor.refusal("takeBackFootprint", nothing.clone()).await;
        assert_eq!(refused, "NOT_FOUND", "{nothing}");
    }
    assert_eq!(
        take_back(&other, last(&owner)).await,
        9,
        "each has their own"
    );
    // Another visit is numbered after all that were.
    world.clock.set("2006-05-04T03:00:00Z");
    visit(&visitor, &owner).await;
    assert_eq!(counts().await, (vec![7, 4, 2], [7, 3, 2]));
    is_sound(&world).await;
}

#[tokio::test]
async fn ten_can_be_taken_back_in_a_month_in_japan() {
    let world = World::new().await;
    let visitor = world.person("visitor").await;
    let owners = world.people("owner", 12).await;
    world.clock.set("2006-05-31T14:00:00Z");
    for owner in &owners {
        visit(&visitor, owner).await;
    }
    for (taken, owner) in owners[..10].iter().enumerate() {
        assert_eq!(take_back(&visitor, last(owner)).await, 9 - taken);
    }
    let input = last(&owners[10]);
    let refused = visitor.refusal("takeBackFootprint", input.clone()).await;
    assert_eq!(refused, "TAKE_BACK_LIMIT_REACHED");
    let refused = visitor.refusal("takeBackFootprint", last(&owners[0])).await;
    assert_eq!(refused, "NOT_FOUND", "there is nothing to take back");
    assert_eq!(names(&mine(&owners[10]).await), [json!("visitor")]);
    world.clock.set("2006-05-31T14:59:59Z");
    let refused = visitor.refusal("takeBackFootprint", input.clone()).await;
    assert_eq!(refused, "TAKE_BACK_LIMIT_REACHED");
    // June begins in Japan.
    world.clock.set("2006-05-31T15:00:00Z");
    assert_eq!(take_back(&visitor, input).await, 9);
    is_sound(&world).await;
}

#[tokio::test]
async fn a_repeated_call_takes_nothing_more_back() {
    let world = World::new().await;
    let (owner, visitor) = (world.person("owner").await, world.person("visitor").await);
    for day in 1..=2 {
        world.clock.set(&format!("2006-05-0{day}T03:00:00Z"));
        visit(&visitor, &owner).await;
    }
    let input = json!({ "userId": owner.id(), "idempotencyKey": "once" });
    for _ in 0..3 {
        assert_eq!(take_back(&visitor, input.clone()).await, 9);
        assert_eq!(numbers(&mine(&owner).await), [1]);
    }
}

/// The page is loaded again, as pages are.
#[tokio::test]
async fn the_pause_goes_on_after_what_was_taken_back() {
    let world = World::new().await;
    let (owner, visitor) = (world.person("owner").await, world.person("visitor").await);
    visit(&visitor, &owner).await;
    world.clock.set("2006-05-01T03:02:00Z");
    take_back(&visitor, last(&owner)).await;
    assert!(!visit(&visitor, &owner).await);
    world.clock.set("2006-05-01T03:04:59Z");
    assert!(!visit(&visitor, &owner).await);
    let seen = mine(&owner).await;
    assert_eq!((numbers(&seen), &seen["visitCount"]), (vec![], &json!(1)));
    world.clock.set("2006-05-01T03:05:00Z");
    assert!(visit(&visitor, &owner).await);
    assert_eq!(numbers(&mine(&owner).await), [2]);
    // A later visit that was not named goes on to count for the pause.
    choose(&visitor, "ANONYMOUS").await;
    world.clock.set("2006-05-01T03:10:00Z");
    assert!(visit(&visitor, &owner).await);
    choose(&visitor, "NAMED").await;
    take_back(&visitor, last(&owner)).await;
    world.clock.set("2006-05-01T03:14:59Z");
    assert!(!visit(&visitor, &owner).await);
    world.clock.set("2006-05-01T03:15:00Z");
    assert!(visit(&visitor, &owner).await);
    assert_eq!(count(&world, "footprints").await, 1);
    is_sound(&world).await;
}

/// How many of so many calls at once were done; others were refused with `code`.
async fn at_once(
    calls: impl Iterator<Item = impl Future<Output = Result<(), Rejection>>>,
    code: UserErrorCode,
) -> usize {
    let mut done = 0;
    for answer in join_all(calls).await {
        match answer {
            Ok(()) => done += 1,
            Err(Rejection::Refused(reasons)) => assert_eq!(reasons[0].code, code),
            Err(failed) => panic!("{failed:?}"),
        }
    }
    done
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_calls_at_once_as_many_are_done_as_the_month_allows_and_none_twice() {
    let rules = Rules {
        footprints_taken_back_per_month: 5,
        ..Rules::default()
    };
    let world = World::with(rules).await;
    let visitor = world.person("visitor").await;
    let owners = world.people("owner", 12).await;
    for owner in &owners {
        visit(&visitor, owner).await;
    }
    let me = visitor.viewer.id().unwrap();
    let of = |owner: &Person<'_>| {
        let owner = owner.viewer.id().unwrap();
        taking_back::take_back(&world.app, me, owner, None, None)
    };
    let same = (0..8).map(|_| of(&owners[0]));
    assert_eq!(at_once(same, UserErrorCode::NotFound).await, 1);
    assert_eq!(mine(&owners[0]).await["footprints"]["totalCount"], 0);
    let others = owners[1..].iter().map(of);
    assert_eq!(
        at_once(others, UserErrorCode::TakeBackLimitReached).await,
        4
    );
    assert_eq!(count(&world, "footprints").await, 7);
    is_sound(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_two_servers_take_no_more_back_than_the_month_allows() {
    let world = World::new().await;
    let pair = Pair::new(&world).await;
    let people = crowd::people(&world.app, "person", 17).await;
    let people = sign_in(&world.app, &people).await;
    let (visitor, owners) = people.split_last().unwrap();
    for owner in owners {
        let input = json!({ "userId": owner.user() });
        pair.mutate(0, visitor, "visitProfile", input)
            .await
            .unwrap();
    }
    let take = async |(turn, owner): (usize, &Member)| {
        let input = json!({ "userId": owner.user() });
        let allowed = ["TAKE_BACK_LIMIT_REACHED"];
        let name = "takeBackFootprint";
        pair.settles(turn % 2, visitor, name, input, &allowed).await
    };
    let taken = join_all(owners.iter().enumerate().map(take)).await;
    assert_eq!(taken.iter().filter(|taken| **taken).count(), 10);
    assert_eq!(count(&world, "footprints").await, 6);
    is_sound(&world).await;
    pair.shutdown().await;
}

/// The number and the visitor of the next footprint.
async fn footprint(feed: &mut (impl Stream<Item = Value> + Unpin)) -> (i64, Value) {
    let event = next(feed).await;
    let node = &event["data"]["footprintLeft"]["node"];
    let number = node["number"].as_i64();
    let number = number.unwrap_or_else(|| panic!("{event}"));
    (number, node["visitor"]["username"].clone())
}

#[tokio::test]
async fn an_open_feed_and_one_that_resumes_deliver_nothing_that_was_taken_back() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let visitors = world.people("visitor", 4).await;
    for visitor in &visitors {
        visit(visitor, &owner).await;
    }
    let all = json!({ "after": cursor(b'n', &0_i64) });
    let mut feed = Box::pin(owner.subscribe(FEED, all.clone()));
    assert_eq!(footprint(&mut feed).await, (1, json!("visitor0")));
    // By now all four have been read.
    take_back(&visitors[1], last(&owner)).await;
    assert_eq!(footprint(&mut feed).await, (3, json!("visitor2")));
    let mut resumed = Box::pin(owner.subscribe(FEED, all));
    for number in [1, 3, 4] {
        assert_eq!(footprint(&mut resumed).await.0, number);
    }
    is_sound(&world).await;
}

/// Through another server, of which nothing is heard but what the database tells. (On SQLite the file
/// itself tells of every change.)
#[tokio::test]
async fn on_postgres_what_is_taken_back_through_a_neighbour_does_not_arrive() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let visitors = world.people("visitor", 3).await;
    for visitor in &visitors {
        visit(visitor, &owner).await;
    }
    let mut parts = Parts::new(world.database.place(), Rules::default());
    parts.clock = world.clock.clone();
    let neighbour = App::open(parts).await.unwrap();
    let [visitor, owned] = [&visitors[1], &owner].map(|person| person.viewer.id().unwrap());
    let mut told = world.app.events.watch(Event::FootprintLeft(owned));
    let stop = CancellationToken::new();
    let noticing = tokio::spawn(neighbours::notice(world.app.clone(), stop.clone()));
    // The first look tells of everything.
    soon(told.wait()).await;
    let all = json!({ "after": cursor(b'n', &0_i64) });
    let mut feed = Box::pin(owner.subscribe(FEED, all));
    assert_eq!(footprint(&mut feed).await.0, 1);
    taking_back::take_back(&neighbour, visitor, owned, None, None)
        .await
        .unwrap();
    soon(told.wait()).await;
    assert_eq!(footprint(&mut feed).await.0, 3);
    stop.cancel();
    noticing.await.unwrap();
}
