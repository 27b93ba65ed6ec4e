//! A visit between a minor and an adult without a tie is counted, and names nobody.

use std::sync::Arc;

use ashiato::{
    bulk::recount::recount,
    footprint::{
        leave::leave_all,
        store::Held,
        visit::{Visited, Visiting},
    },
    paging::cursor,
};
use rstest::rstest;
use serde_json::{Value, json};

use super::{MINOR, NEARLY, force_friends, next_day, part, pause, tie};
use crate::support::{
    backend::is_citus,
    world::{Person, World, next},
};

const ADULT: &str = "1986-04-01";
const FEED: &str = "subscription($after: String) { footprintLeft(after: $after) {
    node { number visitor { username } } } }";

/// Visits, and says whether that counted.
async fn visit(visitor: &Person<'_>, owner: &Person<'_>) -> bool {
    let input = json!({ "userId": owner.id() });
    let fields = "leftFootprint user { username }";
    let payload = visitor.mutate("visitProfile", input, fields).await;
    assert_eq!(payload["user"]["username"], owner.username.as_str());
    payload["leftFootprint"].as_bool().unwrap()
}

/// How many visits the owner had, and who is named, latest first.
async fn seen(owner: &Person<'_>) -> (i64, Vec<Value>) {
    let document = "{ viewer { visitCount newFootprintCount footprints { totalCount
        nodes { visitor { username } } } } }";
    let mine = owner.run(document, json!({})).await["viewer"].clone();
    let nodes = mine["footprints"]["nodes"].as_array().unwrap().iter();
    let names: Vec<_> = nodes
        .map(|node| node["visitor"]["username"].clone())
        .collect();
    assert_eq!(mine["footprints"]["totalCount"], names.len());
    assert_eq!(mine["newFootprintCount"], names.len());
    (mine["visitCount"].as_i64().unwrap(), names)
}

async fn choose(person: &Person<'_>, policy: &str) {
    let input = json!({ "policy": policy });
    person.mutate("setFootprintPolicy", input, "").await;
}

async fn is_sound(world: &World) {
    let differences = recount(world.app.database.reader()).await.unwrap();
    assert!(differences.is_empty(), "{differences:#?}");
}

#[rstest]
#[tokio::test]
async fn a_visit_is_counted_and_names_nobody_until_they_have_a_friend_in_common(
    #[values([MINOR, ADULT], [ADULT, MINOR])] births: [&str; 2],
    #[values("NAMED", "CONNECTIONS", "ANONYMOUS")] policy: &str,
) {
    let world = World::new().await;
    let owner = world.person_born("owner", births[0]).await;
    let visitor = world.person_born("visitor", births[1]).await;
    let diary = owner.write("open", "PUBLIC").await;
    choose(&visitor, policy).await;
    assert!(visit(&visitor, &owner).await);
    // Within five minutes of it nothing changes, as with everybody.
    world.clock.advance(chrono::Duration::minutes(4));
    assert!(!visit(&visitor, &owner).await);
    assert_eq!(seen(&owner).await, (1, vec![]));
    pause(&world);
    let input = json!({ "diaryId": diary });
    let fields = "leftFootprint diary { title }";
    let payload = visitor.mutate("visitDiary", input, fields).await;
    assert_eq!(payload["leftFootprint"], true);
    assert_eq!(payload["diary"]["title"], "open");
    assert_eq!(seen(&owner).await, (2, vec![]));
    let document = "query($name: String!) { user(username: $name) { viewerFootprint { day } } }";
    let left = visitor.run(document, json!({ "name": "owner" })).await;
    assert_eq!(left["user"]["viewerFootprint"], Value::Null);

    let between = tie(&world, &owner, &visitor).await;
    // The pause is of the visit, named or not.
    assert!(!visit(&visitor, &owner).await);
    pause(&world);
    assert!(visit(&visitor, &owner).await);
    let named = match policy {
        "ANONYMOUS" => vec![],
        _ => vec![json!("visitor")],
    };
    assert_eq!(seen(&owner).await, (3, named.clone()));
    part(&between, &owner).await;
    pause(&world);
    assert!(visit(&visitor, &owner).await);
    assert_eq!(
        seen(&owner).await,
        (4, named),
        "what was left stays as it was"
    );
    is_sound(&world).await;
}

#[tokio::test]
async fn nobody_out_of_reach_arrives_live() {
    let world = World::new().await;
    let owner = world.person_born("owner", MINOR).await;
    let alike = world.person_born("alike", MINOR).await;
    let (adult, friend) = (world.person("adult").await, world.person("friend").await);
    force_friends(&world, &owner, &friend).await;
    let all = json!({ "after": cursor(b'n', &0_i64) });
    let mut feed = Box::pin(owner.subscribe(FEED, all));
    for visitor in [&adult, &alike, &adult, &friend, &adult] {
        pause(&world);
        assert!(visit(visitor, &owner).await);
    }
    for (number, name) in [(2, "alike"), (4, "friend")] {
        let event = next(&mut feed).await;
        let node = &event["data"]["footprintLeft"]["node"];
        let expected = json!({ "number": number, "visitor": { "username": name } });
        assert_eq!(*node, expected);
    }
    assert_eq!(
        seen(&owner).await,
        (5, vec![json!("friend"), json!("alike")])
    );
}

#[tokio::test]
async fn who_comes_of_age_is_named_to_adults_from_that_day_on_and_not_to_minors() {
    let world = World::new().await;
    let nearly = world.person_born("nearly", NEARLY).await;
    let (minor, adult) = (
        world.person_born("minor", MINOR).await,
        world.person("adult").await,
    );
    world.clock.set("2006-05-01T14:59:00Z");
    for (owner, names) in [(&minor, vec![json!("nearly")]), (&adult, vec![])] {
        assert!(visit(&nearly, owner).await);
        assert_eq!(seen(owner).await, (1, names));
    }
    next_day(&world);
    // Midnight ends the pause, too.
    for (owner, name) in [(&minor, "nearly"), (&adult, "nearly")] {
        assert!(visit(&nearly, owner).await);
        assert_eq!(seen(owner).await, (2, vec![json!(name)]));
    }
    // The minor's is the one of the day before.
    let document = "{ viewer { footprints { nodes { day } } } }";
    for (owner, day) in [(&minor, "2006-05-01"), (&adult, "2006-05-02")] {
        let data = owner.run(document, json!({})).await;
        assert_eq!(
            data["viewer"]["footprints"]["nodes"],
            json!([{ "day": day }])
        );
    }
    is_sound(&world).await;
}

/// Of many visits in one transaction each is judged, and what that takes is no matter of how many.
#[tokio::test]
async fn many_visits_at_once_take_as_many_statements_as_few() {
    if is_citus() {
        // There each user is a statement.
        return;
    }
    let world = World::new().await;
    let owner = world.person_born("owner", MINOR).await;
    let friend = world.person("friend").await;
    force_friends(&world, &owner, &friend).await;
    let mut visitors = Vec::new();
    for number in 0..30 {
        let birth = if number % 3 == 0 { MINOR } else { ADULT };
        let visitor = world.person_born(&format!("visitor{number}"), birth).await;
        if number % 3 == 1 {
            force_friends(&world, &friend, &visitor).await;
        }
        visitors.push(visitor);
    }
    let mut counts = Vec::new();
    for those in [&visitors[..6], &visitors[6..30], &visitors[..6]] {
        pause(&world);
        let visits: Vec<_> = those
            .iter()
            .map(|visitor| Visiting {
                visitor: visitor.viewer.id().unwrap(),
                visited: Visited::Profile(owner.viewer.id().unwrap()),
                origin: None,
            })
            .collect();
        let shared = Arc::new((world.app.clone(), visits));
        world.forget_statements();
        let done = world.app.database.write(move |tx| {
            let shared = shared.clone();
            Box::pin(async move {
                let (app, visits) = &*shared;
                Ok(leave_all(app, tx, visits, Held::Await).await?)
            })
        });
        for answer in done.await.unwrap() {
            assert!(answer.unwrap().unwrap().counted);
        }
        counts.push(world.statements());
    }
    // The first time everybody gets a row as a visitor.
    assert_eq!(counts, [13, 13, 12], "{:#?}", world.statement_texts());
    // A third is as young, and a third has a friend in common.
    let (count, names) = seen(&owner).await;
    assert_eq!((count, names.len()), (36, 20));
    is_sound(&world).await;
}

/// Under load, at one owner, as everybody visits: on PostgreSQL they share transactions.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_of_all_ages_leaves_footprints_of_its_own_age_alone() {
    let world = World::new().await;
    let owner = world.person_born("owner", MINOR).await;
    let mut visitors = Vec::new();
    for number in 0..24 {
        let birth = if number % 2 == 0 { MINOR } else { ADULT };
        visitors.push(
            world
                .person_born(&format!("visitor{number:02}"), birth)
                .await,
        );
    }
    let visits = visitors.iter().map(|visitor| visit(visitor, &owner));
    let counted = futures_util::future::join_all(visits).await;
    assert!(counted.into_iter().all(|counted| counted));
    let (count, names) = seen(&owner).await;
    assert_eq!((count, names.len()), (24, 12));
    for name in names {
        let number: usize = name.as_str().unwrap()[7..].parse().unwrap();
        assert_eq!(number % 2, 0, "{name}");
    }
    is_sound(&world).await;
}
