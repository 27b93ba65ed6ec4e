//! What looking for people costs, whoever their friends are.

use ashiato::{config::Rules, friendship::path};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{PATH, chain, ends, path};
use crate::support::{
    crowd,
    world::{Person, World},
};

/// What a search for a chain puts: friendships, and the people to whom they lead.
const FRIENDSHIPS: &str = "newest_diary_id";
const PEOPLE: &str = "SELECT id, friend_count, birth_date FROM users";

/// How many rows of friendships, and of people, the statements since have read.
async fn rows_read(world: &World) -> [usize; 2] {
    let friendships = world.rows_of(FRIENDSHIPS).await;
    let people = world.rows_of(PEOPLE).await;
    [friendships.iter().sum(), people.iter().sum()]
}

/// Between the two ends of one community there are few friends, of the other many; of both one chain of five.
#[tokio::test]
async fn a_search_takes_as_many_statements_for_many_friends_as_for_few() {
    let mut counts = Vec::new();
    for breadth in [2, 60] {
        let world = World::uncached().await;
        let [me, other, between] = ["me", "other", "between"].map(|name| world.person(name));
        let (me, other, between) = (me.await, other.await, between.await);
        let near = world.people("near", breadth).await;
        let far = world.people("far", breadth).await;
        let mut pairs = Vec::new();
        for (near, far) in near.iter().zip(&far) {
            pairs.extend([ends(&me, near), ends(&other, far)]);
        }
        pairs.extend([ends(&near[0], &between), ends(&far[0], &between)]);
        crowd::befriend(&world.app, pairs).await;
        world.forget_statements();
        let data = me.run(PATH, json!({ "userId": other.id() })).await;
        let (found, is_complete) = chain(&data["viewer"]["pathTo"]);
        assert_eq!(found, ["me", "near0", "between", "far0", "other"]);
        assert!(is_complete);
        counts.push(world.statements());
    }
    // Both ends; whether they are friends; three steps of two statements, and one that meets; the people.
    assert_eq!(counts, [10, 10]);
}

#[tokio::test]
async fn who_is_asked_for_thirty_times_is_looked_for_once() {
    let world = World::uncached().await;
    let people = world.people("person", 4).await;
    let pairs = people.windows(2).map(|pair| ends(&pair[0], &pair[1]));
    crowd::befriend(&world.app, pairs).await;
    let mut counts = Vec::new();
    for times in [1, 30] {
        let fields = (0..times)
            .map(|n| format!("a{n}: pathTo(username: \"person3\") {{ length }} "))
            .collect::<String>();
        world.forget_statements();
        let document = format!("{{ viewer {{ {fields} }} }}");
        let data = people[0].run(&document, json!({})).await;
        let last = &data["viewer"][format!("a{}", times - 1)];
        assert_eq!(*last, json!({ "length": 3 }));
        let texts = world.statement_texts();
        counts.push(texts.iter().filter(|it| it.contains(FRIENDSHIPS)).count());
    }
    assert_eq!(counts[0], counts[1]);
}

/// Two public figures, and who is a fan of both: the one, who was the first of a great many, or the last.
struct Stars<'w> {
    me: Person<'w>,
    fans: Vec<Uuid>,
}

const FANS: usize = 1_200;

async fn stars<'w>(world: &'w World, is_last: bool) -> Stars<'w> {
    let (me, other) = (world.person("me").await, world.person("other").await);
    let stars = world.people("star", 2).await;
    let both = world.person("both").await;
    let fans = crowd::people(&world.app, "fan", 2 * FANS).await;
    let [one, two] = [&stars[0], &stars[1]].map(|star| star.viewer.id().unwrap());
    let of_both = [ends(&both, &stars[0]), ends(&both, &stars[1])];
    let (early, late) = if is_last {
        (Vec::new(), of_both.to_vec())
    } else {
        (of_both.to_vec(), Vec::new())
    };
    let of_each = fans.iter().enumerate();
    let of_each = of_each.map(|(place, fan)| [if place < FANS { one } else { two }, *fan]);
    let ends = [ends(&me, &stars[0]), ends(&other, &stars[1])];
    let ties = early.into_iter().chain(of_each).chain(late).chain(ends);
    crowd::befriend(&world.app, ties).await;
    for star in &stars {
        world.make_tarento(star).await;
    }
    Stars { me, fans }
}

#[tokio::test]
async fn of_who_has_very_many_friends_the_newest_are_followed() {
    for (is_last, expected) in [
        (true, &["me", "star0", "both", "star1", "other"][..]),
        (false, &[]),
    ] {
        let world = World::uncached().await;
        let Stars { me, fans } = stars(&world, is_last).await;
        world.forget_statements();
        let (found, is_complete) = path(&me, "other").await;
        let statements = world.statements();
        let [friendships, people] = rows_read(&world).await;
        println!("{statements} statements, {friendships} friendships, {people} people");
        assert_eq!(found, expected);
        assert!(!is_complete, "some were not looked at");
        assert!(statements <= 4 + 2 * path::MOST_TIES);
        // A page of each of the two, those to whom they lead, and the little around them.
        assert!(friendships <= 2 * (1_001 + 1_000) + 20, "{friendships}");
        assert!(people <= 2 * 1_000 + 20, "{people}");
        // Who has so many friends is found by those who have few.
        let from_fan = json!({ "userId": me.id() });
        let fan = world.known("fan0").await;
        assert_eq!(fan.viewer.id(), Some(fans[0]));
        let data = fan.run(PATH, from_fan).await;
        let found = chain(&data["viewer"]["pathTo"]);
        let through = ["fan0", "star0", "me"].map(str::to_owned).to_vec();
        assert_eq!(found, (through, true));
    }
}

/// Whatever the budget is, no more is read; and with more of it, more is found.
#[tokio::test]
async fn no_more_is_read_than_the_budget_has() {
    let mut found = Vec::new();
    for path_budget in [10, 100, 1_000, 4_000, 20_000] {
        let rules = Rules {
            path_budget,
            ..Rules::default()
        };
        let world = World::with(rules).await;
        let Stars { me, .. } = stars(&world, true).await;
        world.forget_statements();
        let (users, is_complete) = path(&me, "other").await;
        assert!(!is_complete);
        let [friendships, people] = rows_read(&world).await;
        println!("{path_budget}: {friendships} friendships, {people} people");
        let budget = usize::try_from(path_budget).unwrap();
        assert!(friendships + people <= budget, "{path_budget}");
        found.push(!users.is_empty());
    }
    assert!(found.is_sorted() && !found[0] && found[4], "{found:?}");
}

/// A hundred friends have a hundred friends each, and a tarento has very many.
#[tokio::test]
async fn suggestions_look_at_so_many_friendships_whoever_the_friends_are() {
    let world = World::uncached().await;
    let me = world.person("me").await;
    let mine = me.viewer.id().unwrap();
    let friends = crowd::people(&world.app, "friend", 120).await;
    let fans = crowd::people(&world.app, "fan", FANS).await;
    let star = world.person("star").await;
    let star_id = star.viewer.id().unwrap();
    let ties = friends.iter().map(|friend| [mine, *friend]);
    let ties = ties.chain([[mine, star_id]]);
    let ties = ties.chain(fans.iter().map(|fan| [star_id, *fan]));
    // Not so many that the friend were a public figure, too.
    let ties = ties.chain(fans[FANS / 2..].iter().map(|fan| [friends[119], *fan]));
    crowd::befriend(&world.app, ties).await;
    world.make_tarento(&star).await;
    let document = "query($first: Int) { viewer { suggestedFriends(first: $first) { nodes {
        user { username } mutualFriendCount mutualFriends(first: 2) { nodes { username } } } } } }";
    let mut counts = Vec::new();
    for first in [2, 50] {
        world.forget_statements();
        let data = me.run(document, json!({ "first": first })).await;
        counts.push(world.statements());
        let nodes = data["viewer"]["suggestedFriends"]["nodes"].as_array();
        let nodes = nodes.unwrap();
        assert_eq!(nodes.len(), first);
        // The tarento and the friend are the friends in common of each.
        assert!(nodes.iter().all(|node| node["mutualFriendCount"] == 2));
        let named = |node: &Value| {
            let nodes = node["mutualFriends"]["nodes"].as_array().unwrap();
            nodes.iter().any(|it| it["username"] == "friend119")
        };
        assert!(nodes.iter().all(named));
        // The viewer's own, once, and a page of a hundred of them.
        let own = world.rows_of("ORDER BY \"friendships\".\"id\" DESC").await;
        assert_eq!(own, [121]);
        let rows = world.rows_of(FRIENDSHIPS).await;
        assert!(rows[0] <= 100 * 101, "{rows:?}");
    }
    assert_eq!(counts[0], counts[1], "{:#?}", world.statement_texts());
}
