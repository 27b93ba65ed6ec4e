//! More visits in an hour than the limit are refused: exactly, whoever counts at the same time.

use ashiato::{
    config::Rules,
    footprint::{service, visit::Visited},
    ids::{GlobalId, Kind},
    rejection::{Rejection, code::UserErrorCode},
};
use chrono::Duration;
use futures_util::future::join_all;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{choose, count, is_sound, mine, numbers, visit};
use crate::support::{
    crowd,
    pair::{Member, Pair, sign_in},
    world::{Person, World},
};

async fn world(visits_per_hour: i64) -> World {
    let rules = Rules {
        visits_per_hour,
        ..Rules::default()
    };
    World::with(rules).await
}

/// The payload of a visit to `user`.
async fn attempt(visitor: &Person<'_>, user: &str) -> Value {
    let document = "mutation($user: ID!) { visitProfile(input: { userId: $user }) {
        leftFootprint user { username } userErrors { code message field } } }";
    let data = visitor.run(document, json!({ "user": user })).await;
    data["visitProfile"].clone()
}

/// The code of what was refused.
async fn refusal(visitor: &Person<'_>, user: &str) -> Value {
    attempt(visitor, user).await["userErrors"][0]["code"].clone()
}

#[tokio::test]
async fn more_visits_in_an_hour_than_the_limit_are_refused_and_leave_nothing() {
    let world = world(3).await;
    let visitor = world.person("visitor").await;
    let owners = world.people("owner", 6).await;
    let (blocker, other) = (world.person("blocker").await, world.person("other").await);
    let input = json!({ "userId": visitor.id() });
    blocker.mutate("blockUser", input, "").await;
    let diary = owners[3].write("open", "MEMBERS").await;
    let nobody = GlobalId::encode(Kind::User, &[Uuid::nil()]).to_string();

    world.clock.set("2006-05-01T03:00:30Z");
    assert!(visit(&visitor, &owners[0]).await);
    // What counts no visit counts none here.
    for _ in 0..3 {
        assert!(!visit(&visitor, &owners[0]).await, "within the pause");
        assert!(!visit(&visitor, &visitor).await, "oneself");
        assert_eq!(refusal(&visitor, &blocker.id()).await, "NOT_FOUND");
    }
    assert!(visit(&visitor, &owners[1]).await);
    // What the owner does not see counts.
    choose(&visitor, "ANONYMOUS").await;
    assert!(visit(&visitor, &owners[2]).await);
    choose(&visitor, "NAMED").await;
    let refused = attempt(&visitor, &owners[3].id()).await;
    assert_eq!(
        refused,
        json!({ "leftFootprint": false, "user": null, "userErrors": [{
            "code": "VISIT_LIMIT_REACHED",
            "message": "You made 3 visits within an hour, as many as are possible. \
                        Try again at 2006-05-01T04:01:00Z.",
            "field": null,
        }] })
    );
    let refused = visitor
        .refusal("visitDiary", json!({ "diaryId": diary }))
        .await;
    assert_eq!(refused, "VISIT_LIMIT_REACHED");
    // Who is absent is absent, whatever the limit would say; and what counts nothing is no visit more.
    for absent in [&blocker.id(), &nobody] {
        assert_eq!(refusal(&visitor, absent).await, "NOT_FOUND");
    }
    assert!(!visit(&visitor, &owners[0]).await);
    assert!(!visit(&visitor, &visitor).await);
    assert!(
        visit(&other, &owners[3]).await,
        "each has a limit of their own"
    );

    for time in ["03:59:59", "04:00:59.999"] {
        world.clock.set(&format!("2006-05-01T{time}Z"));
        let code = refusal(&visitor, &owners[3].id()).await;
        assert_eq!(code, "VISIT_LIMIT_REACHED", "{time}");
    }
    let seen = mine(&owners[3]).await;
    assert_eq!(seen["visitCount"], 1, "the other's");
    world.clock.set("2006-05-01T04:01:00Z");
    assert!(visit(&visitor, &owners[3]).await);
    assert_eq!(
        numbers(&mine(&owners[3]).await),
        [2, 1],
        "no number was taken"
    );
    is_sound(&world).await;
}

#[tokio::test]
async fn the_hour_slides() {
    let world = world(2).await;
    let visitor = world.person("visitor").await;
    let owners = world.people("owner", 8).await;
    for (time, owner, counts) in [
        ("03:10:00", 0, true),
        ("03:40:00", 1, true),
        ("03:50:00", 2, false),
        ("04:10:59", 2, false),
        ("04:11:00", 2, true),
        ("04:12:00", 3, false),
        ("04:41:00", 3, true),
        ("05:11:59", 4, false),
        ("05:12:00", 4, true),
    ] {
        world.clock.set(&format!("2006-05-01T{time}Z"));
        let errors = attempt(&visitor, &owners[owner].id()).await["userErrors"].clone();
        assert_eq!(errors == json!([]), counts, "{time}: {errors}");
    }
}

#[tokio::test]
async fn without_a_limit_nothing_is_counted() {
    let world = world(0).await;
    let visitor = world.person("visitor").await.viewer.id().unwrap();
    let owners = crowd::people(&world.app, "owner", 310).await;
    for some in owners.chunks(31) {
        let visits = some
            .iter()
            .map(|owner| service::visit(&world.app, visitor, Visited::Profile(*owner), None, None));
        for left in join_all(visits).await {
            assert!(left.unwrap().counted);
        }
    }
    assert_eq!(count(&world, "visitors").await, 0);
}

/// Whether each of visits that come at once counted; others were refused for the limit.
async fn at_once(world: &World, visitor: Uuid, owners: &[Uuid]) -> usize {
    let visits = owners
        .iter()
        .map(|owner| service::visit(&world.app, visitor, Visited::Profile(*owner), None, None));
    let mut counted = 0;
    for answer in join_all(visits).await {
        match answer {
            Ok(visit) => counted += usize::from(visit.counted),
            Err(Rejection::Refused(reasons)) => {
                assert_eq!(reasons[0].code, UserErrorCode::VisitLimitReached);
            }
            Err(failed) => panic!("{failed:?}"),
        }
    }
    counted
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_visits_at_once_as_many_count_as_the_limit_has_left() {
    let world = world(20).await;
    let visitors = crowd::people(&world.app, "visitor", 2).await;
    let owners = crowd::people(&world.app, "owner", 40).await;
    for visitor in visitors {
        assert_eq!(at_once(&world, visitor, &owners[..13]).await, 13);
        assert_eq!(at_once(&world, visitor, &owners[10..40]).await, 7);
        assert_eq!(at_once(&world, visitor, &owners).await, 0);
    }
    assert_eq!(count(&world, "footprints").await, 40);
    is_sound(&world).await;
}

const LIMIT: i64 = 10;
const AT_ONCE: usize = 16;

async fn members(world: &World, prefix: &str, count: usize) -> Vec<Member> {
    let users = crowd::people(&world.app, prefix, count).await;
    sign_in(&world.app, &users).await
}

/// Sixteen visits at the limit, through two servers: in the end there are exactly as many as it allows.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_two_servers_let_no_visitor_past_the_limit() {
    let world = world(LIMIT).await;
    let pair = Pair::new(&world).await;
    let visitor = &members(&world, "visitor", 1).await[0];
    let owners = members(&world, "owner", AT_ONCE).await;
    for made in [0, 3, 9, 10] {
        world.clock.advance(Duration::hours(2));
        let visit = async |(turn, owner): (usize, &Member)| {
            let input = json!({ "userId": owner.user() });
            let allowed = ["VISIT_LIMIT_REACHED"];
            pair.settles(turn % 2, visitor, "visitProfile", input, &allowed)
                .await
        };
        for owner in owners.iter().enumerate().take(made) {
            assert!(visit(owner).await);
        }
        world.clock.advance(Duration::minutes(5));
        let left = join_all(owners.iter().enumerate().map(visit)).await;
        let counted = left.iter().filter(|left| **left).count();
        assert_eq!(made + counted, 10);
    }
    is_sound(&world).await;
    println!("servers were busy {} times", pair.was_busy());
    pair.shutdown().await;
}

/// Each visit holds an owner and a visitor, who visits others meanwhile: nobody waits in a circle.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_those_who_visit_each_other_through_two_servers_all_count() {
    const ROUNDS: i32 = 10;
    let world = world(300).await;
    let pair = Pair::new(&world).await;
    let people = members(&world, "person", 6).await;
    for _ in 0..ROUNDS {
        world.clock.advance(Duration::minutes(5));
        let visits = people.iter().enumerate().flat_map(|(turn, visitor)| {
            let others = people.iter().filter(move |owner| owner.id != visitor.id);
            let pair = &pair;
            others.enumerate().map(move |(other, owner)| {
                let input = json!({ "userId": owner.user() });
                pair.mutate((turn + other) % 2, visitor, "visitProfile", input)
            })
        });
        for done in join_all(visits).await {
            done.unwrap();
        }
    }
    let all = format!("user_counters WHERE visit_count = {}", 5 * ROUNDS);
    assert_eq!(count(&world, &all).await, 6);
    is_sound(&world).await;
    println!("servers were busy {} times", pair.was_busy());
    pair.shutdown().await;
}
