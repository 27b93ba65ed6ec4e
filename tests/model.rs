//! Random deeds, and after each of them what somebody sees: as in a small model of rules.md, whatever
//! came before.

mod absence;
mod aim;
mod community;
mod deed;
mod facts;
mod grouping;
mod introducing;
mod look;
mod reviewing;
mod ties;
mod visiting;
mod writing;

use std::collections::{BTreeMap, BTreeSet};

use ashiato::{
    account::leaving::work::see_to_deletions, bulk::recount::recount, clock::Clock, config::Rules,
};
use proptest::{
    collection::vec,
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::world::{Person, World};
use absence::{Absence, GRACE};
use community::{Community, GROUPS, LIMIT, MINORS, PEOPLE, STAFF};
use deed::{Act, Deed, deed};
use look::Names;
use reviewing::ITEMS;

/// How many deeds a community lives through, of four.
const DEEDS: usize = 2_500;
/// On a PostgreSQL, where each takes longer, as many are enough to see that its statements say the same.
const DEEDS_THERE: usize = 250;

/// How many mutations there are among the deeds.
const MUTATIONS: usize = 30;

/// The first deed after which service and model differ, and how.
struct Differs {
    place: usize,
    deed: Deed,
    how: String,
}

/// Somebody new, as old as who has the place `who` is, with a password.
async fn newcomer<'w>(world: &'w World, who: usize, number: usize) -> Person<'w> {
    let (name, birth) = match who {
        STAFF => ("staff", "1986-04-01"),
        MINORS.. => ("minor", "1990-04-01"),
        _ => ("person", "1986-04-01"),
    };
    let person = world.person_born(&format!("{name}{number}"), birth).await;
    world.give_password(&person).await;
    person
}

/// What there is before anybody does anything: the people, the administrator last, and the catalogue.
async fn beginning(world: &World) -> (Vec<Person<'_>>, Names) {
    let (mut people, mut names) = (Vec::new(), Names::default());
    for who in 0..=PEOPLE {
        let person = newcomer(world, who, who).await;
        names.place(who, person.viewer.id().unwrap());
        people.push(person);
    }
    world.make_administrator(&people[STAFF]).await;
    for kind in ITEMS {
        let input = json!({ "kind": kind, "title": kind });
        let made = people[STAFF].mutate("addCatalogueItem", input, "item { id }");
        names.items.push(made.await["item"]["id"].clone());
    }
    (people, names)
}

/// Whoever wanted to leave a while ago is gone, and somebody new comes in their place.
async fn pass<'w>(
    world: &'w World,
    community: &mut Community,
    people: &mut [Person<'w>],
    names: &mut Names,
) {
    see_to_deletions(&world.app).await.unwrap();
    for who in community.are_due() {
        community.replace(who);
        let number = PEOPLE + 1 + names.gone.len();
        people[who] = newcomer(world, who, number).await;
        names.place(who, people[who].viewer.id().unwrap());
    }
}

/// Lives through `deeds`, in both. Says how often each mutation was not refused.
async fn live(deeds: &[Deed]) -> Result<BTreeMap<&'static str, usize>, Differs> {
    let world = World::with(Rules {
        friend_limit: i64::try_from(LIMIT).unwrap(),
        friend_group_limit: i64::try_from(GROUPS).unwrap(),
        account_deletion_days: GRACE,
        // Nobody has to sign in again meanwhile.
        session_days: 10_000,
        ..Rules::default()
    })
    .await;
    let (mut people, mut names) = beginning(&world).await;
    let nobody = world.anonymous();
    let mut community = Community::new();
    for (place, deed) in deeds.iter().copied().enumerate() {
        world.clock.advance(deed.after());
        let now = world.clock.now();
        community.now = now;
        let deed = deed.aimed(&community);
        let differs = |how| Differs { place, deed, how };
        if deed.is_possible(&community) {
            let by_the_rules = deed.by_the_rules(&mut community);
            let came = deed.in_the_service(&people, now, &mut names).await;
            // Who was a tarento may have few friends again.
            world.app.settle_absences().await;
            if came != by_the_rules {
                return Err(differs(format!("{came:?}, by the rules {by_the_rules:?}")));
            }
            if let Act::Absence(Absence::Suspend(_)) = deed.act {
                // Their sessions have ended. They come in again when it is over.
                let name = people[deed.pair.other].username.clone();
                people[deed.pair.other] = world.known(&name).await;
            }
        }
        let is_last = place + 1 == deeds.len();
        let passes = matches!(deed.act, Act::Absence(Absence::Pass));
        if passes {
            pass(&world, &mut community, &mut people, &mut names).await;
        }
        let looks = deed.looks(&community);
        let eyes = looks.map_or(&nobody, |who| &people[who]);
        let at = BTreeSet::from([deed.pair.me, deed.pair.other, deed.at]);
        let variables = names.variables(deed.half, &at);
        let mut answer = eyes.answer(deed.half.document(), variables).await;
        if let Some(errors) = answer.get("errors") {
            return Err(differs(errors.to_string()));
        }
        let mut seen = answer["data"].take();
        let mut expected = names.expected(&community, looks, deed.half, &at);
        in_one_order(&mut seen);
        in_one_order(&mut expected);
        if seen != expected {
            return Err(differs(difference("", &seen, &expected)));
        }
        if passes || is_last {
            let counted = recount(world.app.database.reader()).await.unwrap();
            if !counted.is_empty() {
                return Err(differs(format!("{counted:#?}")));
            }
        }
    }
    Ok(names.done)
}

/// Where two answers differ, and how.
fn difference(path: &str, seen: &Value, expected: &Value) -> String {
    let parts: Vec<_> = match (seen, expected) {
        (Value::Object(seen), Value::Object(expected)) => seen
            .iter()
            .map(|(name, value)| {
                difference(
                    &format!("{path}.{name}"),
                    value,
                    expected.get(name).unwrap_or(&Value::Null),
                )
            })
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
    let people = seen.get_mut("people").and_then(Value::as_array_mut);
    for person in people.into_iter().flatten() {
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
    let found = match live(&tree.current()).await {
        Ok(done) => {
            // What is always refused shows nothing.
            eprintln!("{done:?}");
            let missing = deeds == DEEDS && done.len() < MUTATIONS;
            assert!(!missing, "{done:?}");
            return;
        }
        Err(found) => found,
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
