//! What is in very many texts is found as fast as what is in few.

use ashiato::clock::Clock;
use chrono::{Duration, TimeDelta};

use super::*;
use crate::support::backend::is_postgres;

/// How many texts `plan`, one of PostgreSQL's, has found, in all its turns.
fn read(plan: &str) -> f64 {
    let scans = plan
        .lines()
        .filter(|line| line.contains("Scan on diary_texts"));
    let said = scans.filter_map(|line| line.split_once("(actual rows="));
    let found = said.map(|(_, said)| {
        let (rows, rest) = said.split_once(" loops=").unwrap();
        let turns = rest.split(')').next().unwrap();
        rows.parse::<f64>().unwrap() * turns.parse::<f64>().unwrap()
    });
    found.sum()
}

/// Each of some is that much older than the one before it.
const AGES: [(Duration, usize); 5] = [
    (TimeDelta::seconds(7), 60),
    (TimeDelta::minutes(11), 60),
    (TimeDelta::hours(9), 60),
    (TimeDelta::days(8), 60),
    (TimeDelta::days(200), 20),
];

/// Writes texts, the newest of which are minutes old, and the oldest years. Says what they are called, in their order.
async fn written(author: &Person<'_>) -> Vec<String> {
    let world = author.world;
    let now = world.clock.now();
    let steps = AGES.into_iter().flat_map(|(step, times)| vec![step; times]);
    let mut age = Duration::zero();
    let mut ages = vec![age];
    for step in steps {
        age += step;
        ages.push(age);
    }
    let mut titles = Vec::new();
    for (number, age) in ages.iter().enumerate().rev() {
        world.clock.set(&(now - *age).to_rfc3339());
        let title = format!("{number:03}");
        write(author, &title, "雪国", "MEMBERS").await;
        titles.insert(0, title);
    }
    world.clock.set(&now.to_rfc3339());
    titles
}

#[tokio::test]
async fn pages_of_what_is_in_every_text_go_back_through_the_years() {
    let world = World::new().await;
    let (me, author) = (world.person("me").await, world.person("author").await);
    let expected = written(&author).await;
    for first in [1, 9, 40, 100] {
        let (mut seen, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = page(
                &me,
                json!({ "text": "雪国", "first": first, "after": after }),
            )
            .await;
            let some = titles(&page);
            let has_next = page["pageInfo"]["hasNextPage"] == true;
            assert!(!has_next || some.len() == first);
            seen.extend(some);
            after = page["pageInfo"]["endCursor"].clone();
            if !has_next || (first == 1 && seen.len() > 150) {
                break;
            }
        }
        assert_eq!(seen, expected[..seen.len()]);
        assert!(first == 1 || seen.len() == expected.len());
    }
    agrees(&world).await;
}

#[tokio::test]
async fn what_is_older_is_not_read_where_there_is_enough() {
    if !is_postgres() {
        return;
    }
    let world = World::uncached().await;
    let (me, author) = (world.person("me").await, world.person("author").await);
    let all = written(&author).await;
    let mut after = Value::Null;
    // From the newest one on, and from among those of every age.
    for turn in 0..12 {
        world.forget_statements();
        let page = page(&me, json!({ "text": "雪国", "first": 20, "after": after })).await;
        assert_eq!(page["pageInfo"]["hasNextPage"], true);
        after = page["pageInfo"]["endCursor"].clone();
        let plans = world
            .plans_of("FROM diary_texts AS t WHERE t.terms @@")
            .await;
        // What is in the title is looked for once, everywhere, and found nowhere; each time in two lanes.
        assert_eq!(plans.len(), if turn == 0 { 4 } else { 2 });
        let rows: Vec<_> = plans.iter().map(|plan| read(plan)).collect();
        let half = all.len() as f64 / 2.0;
        assert!(
            rows.iter().all(|rows| *rows < half),
            "{rows:?}\n{}",
            plans.join("\n")
        );
        assert!(rows.iter().any(|rows| *rows > 0.0), "{rows:?}");
    }
}

/// The clocks of several servers are not the same.
#[tokio::test]
async fn what_was_written_by_a_clock_that_is_ahead_is_found_at_once() {
    let world = World::new().await;
    let (me, author) = (world.person("me").await, world.person("author").await);
    let now = world.clock.now();
    world.clock.set(&(now + TimeDelta::minutes(4)).to_rfc3339());
    write(&author, "ahead", "雪国", "MEMBERS").await;
    world.clock.set(&now.to_rfc3339());
    write(&author, "now", "雪国", "MEMBERS").await;
    assert_eq!(found(&me, "雪国").await, ["ahead", "now"]);
}
