//! Random communities, and the chains in them as a plain search finds them, layer by layer.

use std::collections::{BTreeMap, BTreeSet};

use ashiato::config::Rules;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use rstest::rstest;
use serde_json::{Value, json};

use super::{block, chain, suspend};
use crate::support::{
    backend::is_postgres,
    crowd,
    world::{Person, World},
};

const PEOPLE: usize = 24;

/// Who is whose friend, and who sees and reaches whom.
#[derive(Default)]
struct Graph {
    ties: BTreeSet<[usize; 2]>,
    minors: BTreeSet<usize>,
    tarento: BTreeSet<usize>,
    blocks: BTreeSet<[usize; 2]>,
    suspended: BTreeSet<usize>,
}

impl Graph {
    fn friends(&self, person: usize) -> impl Iterator<Item = usize> {
        self.ties
            .iter()
            .filter_map(move |[one, other]| match person {
                _ if person == *one => Some(*other),
                _ if person == *other => Some(*one),
                _ => None,
            })
    }

    fn hides(&self, me: usize, other: usize) -> bool {
        let has_block = |pair: &[usize; 2]| pair.contains(&me) && pair.contains(&other);
        me != other && (self.suspended.contains(&other) || self.blocks.iter().any(has_block))
    }

    /// Whether `me` may go from `person`, so many `ties` away, to the friend `next`.
    fn leads(&self, me: usize, ties: usize, person: usize, next: usize) -> bool {
        let is_apart = self.minors.contains(&me) != self.minors.contains(&next);
        let is_tied = ties == 0 || ties == 1 && !self.tarento.contains(&person);
        !self.hides(me, next) && (!is_apart || is_tied)
    }

    /// How far everybody is for `me`, up to six ties.
    fn distances(&self, me: usize) -> BTreeMap<usize, usize> {
        let mut distances = BTreeMap::from([(me, 0)]);
        let mut layer = vec![me];
        for ties in 0..6 {
            let mut next = BTreeSet::new();
            for person in layer {
                let friends = self.friends(person);
                next.extend(friends.filter(|it| self.leads(me, ties, person, *it)));
            }
            next.retain(|person| !distances.contains_key(person));
            distances.extend(next.iter().map(|person| (*person, ties + 1)));
            layer = next.into_iter().collect();
        }
        distances
    }

    /// That `chain` is one for `me`.
    fn hold(&self, me: usize, other: usize, chain: &[usize]) {
        assert_eq!([chain.first(), chain.last()], [Some(&me), Some(&other)]);
        for (ties, pair) in chain.windows(2).enumerate() {
            let [one, next] = [pair[0], pair[1]];
            assert!(self.friends(one).any(|it| it == next), "{chain:?}");
            assert!(self.leads(me, ties, one, next), "{chain:?}");
        }
    }
}

/// Draws a community, and has it be in `world`.
async fn draw<'w>(world: &'w World, seed: u64) -> (Graph, Vec<Person<'w>>) {
    let mut chance = StdRng::seed_from_u64(seed);
    let (mut graph, mut people) = (Graph::default(), Vec::new());
    for number in 0..PEOPLE {
        let is_minor = chance.random_bool(0.3);
        let birth = if is_minor { "1990-04-01" } else { "1986-04-01" };
        let name = format!("person{number}");
        people.push(world.person_born(&name, birth).await);
        if is_minor {
            graph.minors.insert(number);
        }
    }
    let mut other = |than: usize| loop {
        let drawn = chance.random_range(0..PEOPLE);
        if drawn != than {
            break drawn;
        }
    };
    // Sparse ones, with long chains, and denser ones.
    let ties = PEOPLE + usize::try_from(seed % 3).unwrap() * PEOPLE / 3;
    for _ in 0..ties {
        let one = other(PEOPLE);
        let pair = [one, other(one)];
        graph
            .ties
            .insert([pair[0].min(pair[1]), pair[0].max(pair[1])]);
    }
    let star = other(PEOPLE);
    graph.tarento.insert(star);
    for _ in 0..8 {
        let fan = other(star);
        graph.ties.insert([star.min(fan), star.max(fan)]);
    }
    for _ in 0..3 {
        let by = other(PEOPLE);
        graph.blocks.insert([by, other(by)]);
    }
    graph.suspended.insert(other(PEOPLE));
    let id = |number: usize| people[number].viewer.id().unwrap();
    let pairs = graph.ties.iter().map(|pair| pair.map(id));
    crowd::befriend(&world.app, pairs).await;
    for number in &graph.tarento {
        world.make_tarento(&people[*number]).await;
    }
    for [by, whom] in graph.blocks.clone() {
        block(&people[by], &people[whom], true).await;
        graph.ties.remove(&[by.min(whom), by.max(whom)]);
    }
    let moderator = world.moderator("moderator").await;
    for number in &graph.suspended {
        suspend(&moderator, &people[*number], true).await;
    }
    (graph, people)
}

/// What `me` is answered of everybody, all at once.
async fn ask(me: &Person<'_>, people: &[Person<'_>]) -> Vec<(Vec<usize>, bool)> {
    let paths = people.iter().enumerate().map(|(place, person)| {
        let id = person.id();
        format!("a{place}: pathTo(userId: \"{id}\") {{ length isComplete users {{ username }} }} ")
    });
    let document = format!("{{ viewer {{ {} }} }}", paths.collect::<String>());
    let data: Value = me.run(&document, json!({})).await;
    let number = |name: &String| name.strip_prefix("person").unwrap().parse().unwrap();
    (0..people.len())
        .map(|place| {
            let (users, is_complete) = chain(&data["viewer"][format!("a{place}")]);
            (users.iter().map(number).collect(), is_complete)
        })
        .collect()
}

#[rstest]
#[tokio::test]
async fn chains_are_those_that_a_plain_search_finds(#[values(1, 2, 3, 4, 5, 6)] seed: u64) {
    if is_postgres() && seed > 3 {
        return;
    }
    let world = World::new().await;
    let (graph, people) = draw(&world, seed).await;
    let mut lengths = BTreeMap::<Option<usize>, usize>::new();
    for (me, person) in people.iter().enumerate() {
        if graph.suspended.contains(&me) {
            continue;
        }
        let distances = graph.distances(me);
        for (other, (chain, is_complete)) in ask(person, &people).await.into_iter().enumerate() {
            let row = format!("{seed}: {me} to {other}: {chain:?}");
            let length = chain.len().checked_sub(1);
            assert_eq!(length, distances.get(&other).copied(), "{row}");
            assert!(is_complete, "{row}");
            if length.is_some() {
                graph.hold(me, other, &chain);
            }
            *lengths.entry(length).or_default() += 1;
        }
    }
    // Some of each kind are among them.
    for length in [None, Some(1), Some(2), Some(3), Some(4)] {
        assert!(lengths.contains_key(&length), "{lengths:?}");
    }
}

/// Where the search ends early, what it found is a chain, and what it says of it is true.
#[rstest]
#[tokio::test]
async fn with_a_small_budget_a_chain_is_one_or_it_is_said_that_none_was_found(
    #[values(2, 12, 30)] path_budget: u32,
) {
    let rules = Rules {
        path_budget,
        ..Rules::default()
    };
    let world = World::with(rules).await;
    let (graph, people) = draw(&world, 2).await;
    let mut given_up = 0;
    for (me, person) in people.iter().enumerate().take(8) {
        if graph.suspended.contains(&me) {
            continue;
        }
        let distances = graph.distances(me);
        for (other, (chain, is_complete)) in ask(person, &people).await.into_iter().enumerate() {
            let row = format!("{path_budget}: {me} to {other}: {chain:?}");
            let (length, shortest) = (chain.len().checked_sub(1), distances.get(&other).copied());
            if is_complete {
                assert_eq!(length, shortest, "{row}");
            }
            match length {
                Some(length) => {
                    graph.hold(me, other, &chain);
                    assert!(shortest.is_some_and(|least| least <= length), "{row}");
                }
                None => given_up += usize::from(!is_complete),
            }
            // A friend costs nothing.
            assert!(shortest != Some(1) || length == Some(1), "{row}");
        }
    }
    assert!(given_up > 0);
}
