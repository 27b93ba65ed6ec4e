//! Random deeds, and after each of them what somebody sees: as in a small model of rules.md, whatever
//! came before.

mod community;
mod deed;
mod look;
mod visiting;

use ashiato::{bulk::recount::recount, clock::Clock, config::Rules};
use chrono::Duration;
use proptest::{
    collection::vec,
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use rstest::rstest;
use serde_json::Value;

use crate::support::world::World;
use community::{Community, LIMIT, MINORS, PEOPLE};
use deed::{Deed, deed};
use look::{LOOK, Names};

/// How many deeds a community lives through, of four.
const DEEDS: usize = 2_500;
/// On a PostgreSQL, where each takes longer, as many are enough to see that its statements say the same.
const DEEDS_THERE: usize = 250;

/// The first deed after which service and model differ, and how.
struct Differs {
    place: usize,
    deed: Deed,
    how: String,
}

/// Lives through `deeds`, in both.
async fn live(deeds: &[Deed]) -> Result<Community, Differs> {
    let world = World::with(Rules {
        friend_limit: i64::try_from(LIMIT).unwrap(),
        ..Rules::default()
    })
    .await;
    let mut people = world.people("person", MINORS).await;
    for minor in MINORS..PEOPLE {
        let name = format!("minor{minor}");
        people.push(world.person_born(&name, "1990-04-01").await);
    }
    let administrator = world.person("administrator").await;
    world.make_administrator(&administrator).await;
    let nobody = world.anonymous();
    let mut community = Community::default();
    let mut names = Names {
        people: people.iter().map(|who| who.viewer.id().unwrap()).collect(),
        ..Names::default()
    };
    for (place, deed) in deeds.iter().copied().enumerate() {
        world.clock.advance(Duration::minutes(deed.minutes));
        let by_the_rules = deed.by_the_rules(&mut community, world.clock.now());
        let came = deed
            .in_the_service(&people, &administrator, &mut names)
            .await;
        // Who was a tarento may have few friends again.
        world.app.settle_absences().await;
        let differs = |how| Differs { place, deed, how };
        if came != by_the_rules {
            return Err(differs(format!("{came:?}, by the rules {by_the_rules:?}")));
        }
        let looks = deed.looks.map_or(&nobody, |who| &people[who]);
        let mut seen = looks.run(LOOK, names.variables()).await;
        let mut expected = names.expected(&community, deed.looks);
        in_one_order(&mut seen);
        in_one_order(&mut expected);
        if seen != expected {
            return Err(differs(difference("", &seen, &expected)));
        }
    }
    let differences = recount(world.app.database.reader()).await.unwrap();
    assert!(differences.is_empty(), "{differences:#?}");
    Ok(community)
}

/// Where two answers differ, and how.
fn difference(path: &str, seen: &Value, expected: &Value) -> String {
    let parts: Vec<_> = match (seen, expected) {
        (Value::Object(seen), Value::Object(expected)) => seen
            .iter()
            .map(|(name, value)| difference(&format!("{path}.{name}"), value, &expected[name]))
            .collect(),
        (Value::Array(seen), Value::Array(expected)) if seen.len() == expected.len() => seen
            .iter()
            .zip(expected)
            .enumerate()
            .map(|(place, (seen, expected))| {
                difference(&format!("{path}[{place}]"), seen, expected)
            })
            .collect(),
        _ if seen == expected => Vec::new(),
        _ => vec![format!("{path}: {seen}, by the rules {expected}\n")],
    };
    parts.concat()
}

/// No rule says in which order friends in common come.
fn in_one_order(seen: &mut Value) {
    for person in seen["people"].as_array_mut().unwrap() {
        if let Some(friends) = person["mutualFriends"]["nodes"].as_array_mut() {
            friends.sort_by_key(ToString::to_string);
        }
    }
}

/// Four communities, 10,000 deeds together (on SQLite).
#[rstest]
#[case(1)]
#[case(2)]
#[case(3)]
#[case(4)]
#[tokio::test]
async fn what_everybody_sees_is_what_the_rules_say(#[case] seed: u8) {
    let deeds = match std::env::var("ASHIATO_TEST_DATABASE").as_deref() {
        Ok("postgres" | "citus") => DEEDS_THERE,
        _ => DEEDS,
    };
    // The same ones each time: who wants others takes another seed.
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let tree = vec(deed(), deeds).new_tree(&mut runner).unwrap();
    let Err(found) = live(&tree.current()).await else {
        return;
    };
    // Fewer deeds say more: those after it, and then whichever are not needed.
    let deeds = tree.current();
    let mut deeds = deeds[..=found.place].to_vec();
    let mut found = found;
    let mut size = deeds.len() / 2;
    while size > 0 {
        let mut from = 0;
        while from + size < deeds.len() {
            let fewer = [&deeds[..from], &deeds[from + size..]].concat();
            match live(&fewer).await {
                Err(again) => {
                    deeds = fewer[..=again.place].to_vec();
                    found = again;
                }
                Ok(_) => from += size,
            }
        }
        size /= 2;
    }
    panic!("after {deeds:#?}\n{:?}: {}", found.deed, found.how);
}
