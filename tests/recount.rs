//! Every counter equals what it counts, after random operations (design.md, section 4).

use ashiato::{bulk::recount::recount, config::Rules};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::json;

use crate::support::{
    chance::{Things, act},
    world::World,
};

const PEOPLE: usize = 8;
const OPERATIONS: usize = 600;
#[tokio::test]
async fn counters_equal_a_recount_after_random_operations() {
    let world = World::with(Rules {
        friend_limit: 3,
        ..Rules::default()
    })
    .await;
    let people = world.people("person", PEOPLE).await;
    let mut chance = StdRng::seed_from_u64(15);
    let mut things = Things::default();
    for _ in 0..OPERATIONS {
        world
            .clock
            .advance(chrono::Duration::minutes(chance.random_range(0..90)));
        let (me, other) = (
            people.choose(&mut chance).unwrap(),
            people.choose(&mut chance).unwrap(),
        );
        act(&mut chance, me, other, &mut things).await;
    }
    // It was no empty exercise.
    let counts = "{ viewer { visitCount user { friendCount diaries { totalCount } reviews { totalCount } } } }";
    let mut seen = 0;
    for person in &people {
        let viewer = person.run(counts, json!({})).await["viewer"].clone();
        assert!(viewer["user"]["friendCount"].as_i64().unwrap() <= 3);
        seen += i64::from(viewer["user"]["friendCount"].as_i64().unwrap() > 0);
        seen += i64::from(viewer["user"]["diaries"]["totalCount"].as_i64().unwrap() > 0);
        seen += i64::from(viewer["user"]["reviews"]["totalCount"].as_i64().unwrap() > 0);
        seen += i64::from(viewer["visitCount"].as_i64().unwrap() > 0);
    }
    assert!(seen > 16, "{seen}");
    let differences = recount(world.app.database.reader()).await.unwrap();
    assert!(differences.is_empty(), "{differences:#?}");
}
