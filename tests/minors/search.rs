//! Who is under 18 is found by no search.

use ashiato::config::Rules;
use serde_json::{Value, json};

use super::{MINOR, NEARLY, force_friends, next_day};
use crate::support::world::{Person, World};

const SEARCH: &str = "query($text: String!, $first: Int, $after: String) {
    searchUsers(text: $text, first: $first, after: $after) {
        nodes { username } pageInfo { endCursor hasNextPage } } }";

async fn page(person: &Person<'_>, variables: Value) -> Value {
    person.run(SEARCH, variables).await["searchUsers"].clone()
}

fn names(page: &Value) -> Vec<String> {
    let nodes = page["nodes"].as_array().unwrap().iter();
    nodes
        .map(|node| node["username"].as_str().unwrap().to_owned())
        .collect()
}

async fn found(person: &Person<'_>, text: &str) -> Vec<String> {
    names(&page(person, json!({ "text": text })).await)
}

#[tokio::test]
async fn no_search_finds_a_minor_whoever_asks_and_by_the_name_they_are_there() {
    let world = World::new().await;
    let minor = world.person_born("hanako_minor", MINOR).await;
    let other = world.person_born("other_minor", MINOR).await;
    let (adult, friend) = (world.person("adult").await, world.person("friend").await);
    let grown_up = world.person("hanako_adult").await;
    force_friends(&world, &friend, &minor).await;
    let administrator = world.person("administrator").await;
    world.make_administrator(&administrator).await;
    let nobody = world.anonymous();
    let everybody = [
        &nobody,
        &minor,
        &other,
        &adult,
        &friend,
        &grown_up,
        &administrator,
    ];
    for person in everybody {
        for text in ["hanako", "HANAKO_M", "na"] {
            let expected: &[&str] = match text {
                "HANAKO_M" => &[],
                _ => &["hanako_adult"],
            };
            let found = found(person, text).await;
            assert_eq!(found, expected, "{} {text}", person.username);
        }
        // Whoever knows the name finds who bears it.
        let document = "{ user(username: \"hanako_minor\") { nickname } }";
        let named = person.run(document, json!({})).await;
        assert_eq!(named["user"]["nickname"], "HANAKO_MINOR");
    }
    // Nor under another name.
    let input = json!({ "username": "hanako_new", "nickname": "hanako adult" });
    minor.mutate("editProfile", input, "").await;
    for person in everybody {
        assert_eq!(found(person, "hanako").await, ["hanako_adult"]);
    }
}

#[tokio::test]
async fn who_comes_of_age_is_found_from_that_day_on_and_nothing_need_be_written() {
    for world in [World::uncached().await, World::cached().await] {
        let nearly = world.person_born("nearly", NEARLY).await;
        let leap = world.person_born("nearly_leap", "1988-02-29").await;
        let adult = world.person("adult").await;
        // They were born on 29 February: the birthday was on 1 March.
        for person in [&nearly, &adult] {
            assert_eq!(found(person, "nearly").await, [&*leap.username]);
        }
        world.clock.set("2006-05-01T14:59:59.999Z");
        assert_eq!(found(&adult, "nearly").await, [&*leap.username]);
        next_day(&world);
        world.forget_statements();
        for person in [&adult, &nearly, &world.anonymous()] {
            let all = [&*nearly.username, &*leap.username];
            assert_eq!(found(person, "nearly").await, all);
        }
        let written = world.statement_texts();
        assert!(
            written.iter().all(|text| text.starts_with("SELECT")),
            "{written:#?}"
        );
        // One who joins a day before the birthday that no common year has.
        world.clock.set("2006-02-28T03:00:00Z");
        assert_eq!(found(&adult, "nearly").await, Vec::<String>::new());
        world.clock.set("2006-02-28T15:00:00Z");
        assert_eq!(found(&adult, "nearly").await, [&*leap.username]);
    }
}

#[tokio::test]
async fn pages_are_full_however_many_minors_stand_between() {
    let world = World::uncached().await;
    let me = world.person("me").await;
    let mut expected = Vec::new();
    for number in 0..60 {
        let name = format!("person{number:02}");
        if number % 3 == 1 {
            world.person(&name).await;
            expected.push(name);
        } else {
            world.person_born(&name, MINOR).await;
        }
    }
    let (mut seen, mut after, mut statements) = (Vec::new(), Value::Null, Vec::new());
    for turn in 1..=3 {
        world.forget_statements();
        let variables = json!({ "text": "person", "first": 7, "after": after });
        let page = page(&me, variables).await;
        statements.push(world.statements());
        let names = names(&page);
        assert_eq!(names.len(), if turn < 3 { 7 } else { 6 });
        assert_eq!(page["pageInfo"]["hasNextPage"], turn < 3);
        after = page["pageInfo"]["endCursor"].clone();
        seen.extend(names);
    }
    assert_eq!(seen, expected);
    // The ids, and who they are.
    assert_eq!(statements, [2, 2, 2]);
}

#[tokio::test]
async fn where_nobody_is_to_be_a_minor_everybody_is_found() {
    let rules = Rules {
        adult_age: 0,
        ..Rules::default()
    };
    let world = World::with(rules).await;
    let minor = world.person_born("minor", MINOR).await;
    let adult = world.person("adult").await;
    assert_eq!(found(&adult, "minor").await, ["minor"]);
    minor.befriend(&adult).await;
}

/// Whoever might know them is a friend of a friend.
#[tokio::test]
async fn minors_are_suggested_to_friends_of_friends() {
    let world = World::new().await;
    let minor = world.person_born("minor", MINOR).await;
    let (adult, friend) = (world.person("adult").await, world.person("friend").await);
    force_friends(&world, &friend, &minor).await;
    force_friends(&world, &friend, &adult).await;
    let document = "{ viewer { friendSuggestions { nodes { username } } } }";
    for (person, suggested) in [(&adult, "minor"), (&minor, "adult")] {
        let data = person.run(document, json!({})).await;
        let expected = json!([{ "username": suggested }]);
        assert_eq!(data["viewer"]["friendSuggestions"]["nodes"], expected);
    }
}
