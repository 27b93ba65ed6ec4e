//! A tarento accepts everybody: to have one as a friend in common ties no minor with an adult.

use ashiato::{config::Rules, neighbours};
use rstest::rstest;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{MINOR, asked, force_friends, part, tie};
use crate::support::{
    linked::until,
    world::{Person, World},
};

pub const ADULT: &str = "1986-04-01";
pub const AUDIENCES: [&str; 3] = ["PUBLIC", "MEMBERS", "FRIENDS_OF_FRIENDS"];

/// What `me` is to `other`, whether they can ask, and whose diaries they see.
pub async fn look(me: &Person<'_>, other: &Person<'_>) -> Value {
    let document = "query($name: String!) { user(username: $name) { viewerRelation
        viewerCanRequestFriendship diaries { totalCount nodes { audience viewerCanComment } } } }";
    let found = me.run(document, json!({ "name": other.username })).await;
    let user = &found["user"];
    let nodes = user["diaries"]["nodes"].as_array().unwrap();
    assert_eq!(user["diaries"]["totalCount"], nodes.len());
    let mut audiences: Vec<_> = nodes.iter().map(|node| node["audience"].clone()).collect();
    audiences.reverse();
    let may = |node: &Value| node["viewerCanComment"] == true;
    json!({
        "relation": user["viewerRelation"],
        "asks": user["viewerCanRequestFriendship"],
        "sees": audiences,
        "comments": nodes.iter().all(may),
    })
}

fn apart() -> Value {
    json!({ "relation": "NONE", "asks": false, "sees": ["PUBLIC"], "comments": false })
}

pub fn tied() -> Value {
    json!({ "relation": "FRIEND_OF_FRIEND", "asks": true, "sees": AUDIENCES, "comments": true })
}

pub async fn diaries(author: &Person<'_>) -> Vec<String> {
    let mut all = Vec::new();
    for audience in AUDIENCES {
        all.push(author.write(audience, audience).await);
    }
    all
}

pub fn comment(diary: &str) -> Value {
    json!({ "diaryId": diary, "body": "hello" })
}

/// Whether a visit now leaves a name.
async fn is_named(visitor: &Person<'_>, owner: &Person<'_>) -> bool {
    super::pause(visitor.world);
    let input = json!({ "userId": owner.id() });
    visitor.mutate("visitProfile", input, "").await;
    let document =
        "{ viewer { footprints(first: 1) { nodes { visitor { username } visitedAt } } } }";
    let mine = owner.run(document, json!({})).await;
    let last = &mine["viewer"]["footprints"]["nodes"][0];
    let now = ashiato::clock::Clock::now(&*visitor.world.clock);
    let left = last["visitedAt"].as_str().and_then(|at| at.parse().ok());
    last["visitor"]["username"] == *visitor.username && left == Some(now)
}

#[rstest]
#[tokio::test]
async fn a_tarento_in_common_ties_who_is_of_one_age_alone(
    #[values([MINOR, ADULT], [ADULT, MINOR])] births: [&str; 2],
    #[values(false, true)] is_cached: bool,
) {
    let world = match is_cached {
        true => World::cached().await,
        false => World::uncached().await,
    };
    let author = world.person_born("author", births[0]).await;
    let reader = world.person_born("reader", births[1]).await;
    let alike = world.person_born("alike", births[0]).await;
    let tarento = world.person("tarento").await;
    world.make_tarento(&tarento).await;
    for fan in [&author, &reader, &alike] {
        force_friends(&world, &tarento, fan).await;
    }
    let ids = diaries(&author).await;
    diaries(&reader).await;
    assert_eq!(look(&reader, &author).await, apart());
    assert_eq!(look(&author, &reader).await, apart());
    // Elsewhere nothing is otherwise than with any friend in common.
    assert_eq!(look(&alike, &author).await, tied());
    for id in &ids {
        let refused = reader.refusal("commentOnDiary", comment(id)).await;
        assert_eq!(refused, "NOT_FOUND");
    }
    let to_author = json!({ "userId": author.id() });
    let refused = reader.refusal("requestFriendship", to_author.clone()).await;
    assert_eq!(refused, "OTHER_CANNOT_ACCEPT");
    assert!(!is_named(&reader, &author).await);
    assert!(is_named(&alike, &author).await);
    let choice = json!({ "policy": "CONNECTIONS" });
    for visitor in [&reader, &alike] {
        visitor
            .mutate("setFootprintPolicy", choice.clone(), "")
            .await;
    }
    assert!(!is_named(&reader, &author).await);
    assert!(is_named(&alike, &author).await);

    // Beside another friend in common the tarento takes nothing away.
    let between = tie(&world, &author, &reader).await;
    assert_eq!(look(&reader, &author).await, tied());
    assert!(is_named(&reader, &author).await);
    reader.mutate("commentOnDiary", comment(&ids[2]), "").await;
    part(&between, &author).await;
    assert_eq!(look(&reader, &author).await, apart());
}

#[tokio::test]
async fn who_is_recognised_ties_no_more_and_who_loses_the_status_does_again() {
    let world = World::uncached().await;
    let minor = world.person_born("minor", MINOR).await;
    let adult = world.person("adult").await;
    let between = tie(&world, &minor, &adult).await;
    let administrator = world.person("administrator").await;
    world.make_administrator(&administrator).await;
    let beside = world.beside().await;
    let there = Person {
        world: &beside,
        ..adult.clone()
    };
    diaries(&minor).await;
    assert_eq!(look(&adult, &minor).await, tied());
    let to_minor = json!({ "userId": minor.id() });
    let fields = "friendRequest { id }";
    let asked = adult.mutate("requestFriendship", to_minor, fields).await;
    let request = json!({ "requestId": asked["friendRequest"]["id"] });

    let recognise = async |is: bool| {
        let input = json!({ "userId": between.id(), "tarento": is });
        administrator.mutate("setTarento", input, "").await;
        // The other server hears of it, or finds it by itself.
        beside.app.settle_absences().await;
    };
    recognise(true).await;
    for adult in [&adult, &there] {
        let mut expected = apart();
        expected["relation"] = json!("REQUEST_SENT");
        assert_eq!(look(adult, &minor).await, expected);
    }
    let refused = minor.refusal("acceptFriendRequest", request.clone()).await;
    assert_eq!(refused, "OTHER_CANNOT_ACCEPT");
    recognise(false).await;
    for adult in [&adult, &there] {
        let mut expected = tied();
        expected["relation"] = json!("REQUEST_SENT");
        expected["asks"] = json!(false);
        assert_eq!(look(adult, &minor).await, expected);
    }
    minor.mutate("acceptFriendRequest", request, "").await;
}

/// The friends whom they accepted at once are theirs still.
#[tokio::test]
async fn who_loses_the_status_and_has_too_many_friends_ties_once_they_have_no_more() {
    let rules = Rules {
        friend_limit: 3,
        ..Rules::default()
    };
    let world = World::with(rules).await;
    let minor = world.person_born("minor", MINOR).await;
    let adult = world.person("adult").await;
    let tarento = world.person("tarento").await;
    world.make_tarento(&tarento).await;
    let fans = world.people("fan", 2).await;
    for fan in [&minor, &adult, &fans[0], &fans[1]] {
        force_friends(&world, &tarento, fan).await;
    }
    diaries(&minor).await;
    world.end_tarento(&tarento).await;
    assert_eq!(look(&adult, &minor).await, apart());
    part(&tarento, &fans[0]).await;
    world.app.settle_absences().await;
    assert_eq!(look(&adult, &minor).await, tied());
}

/// Nor does who has too many because they can be fewer now, whatever was written since.
#[tokio::test]
async fn who_has_more_friends_than_a_lowered_limit_ties_no_more() {
    let world = World::uncached().await;
    let minor = world.person_born("minor", MINOR).await;
    let adult = world.person("adult").await;
    let between = tie(&world, &minor, &adult).await;
    for fan in world.people("fan", 2).await {
        between.befriend(&fan).await;
    }
    diaries(&minor).await;
    assert_eq!(look(&adult, &minor).await, tied());
    for (friend_limit, expected) in [(3, apart()), (4, tied())] {
        let rules = Rules {
            friend_limit,
            ..Rules::default()
        };
        let lowered = world.beside_with(rules).await;
        let there = Person {
            world: &lowered,
            ..adult.clone()
        };
        assert_eq!(look(&there, &minor).await, expected);
    }
}

/// Nobody finds out by the time that it takes.
#[rstest]
#[tokio::test]
async fn who_has_a_tarento_in_common_is_as_who_has_nobody(
    #[values([MINOR, ADULT], [ADULT, MINOR])] births: [&str; 2],
) {
    let world = World::uncached().await;
    let reader = world.person_born("reader", births[1]).await;
    let tarento = world.person("tarento").await;
    let other = world.person("other").await;
    world.make_tarento(&tarento).await;
    force_friends(&world, &tarento, &reader).await;
    force_friends(&world, &other, &reader).await;
    let mut seen = Vec::new();
    for name in ["fan", "none"] {
        let author = world.person_born(name, births[0]).await;
        if name == "fan" {
            force_friends(&world, &tarento, &author).await;
        }
        let diary = author.write("for members", "MEMBERS").await;
        let commented = asked(&reader, "commentOnDiary", comment(&diary)).await;
        let wanted = json!({ "userId": author.id() });
        let requested = asked(&reader, "requestFriendship", wanted).await;
        let document = "query($id: ID!) { node(id: $id) { id } }";
        world.forget_statements();
        let found = reader.run(document, json!({ "id": diary })).await;
        seen.push((commented, requested, found, world.statements()));
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn nobody_is_suggested_whom_a_tarento_alone_knows() {
    let world = World::new().await;
    let minor = world.person_born("minor", MINOR).await;
    let adult = world.person("adult").await;
    let tarento = world.person("tarento").await;
    world.make_tarento(&tarento).await;
    force_friends(&world, &tarento, &minor).await;
    force_friends(&world, &tarento, &adult).await;
    let document = "{ viewer { friendSuggestions { nodes { username } } } }";
    let suggested = async |person: &Person<'_>| {
        let data = person.run(document, json!({})).await;
        data["viewer"]["friendSuggestions"]["nodes"].clone()
    };
    for person in [&minor, &adult] {
        assert_eq!(suggested(person).await, json!([]));
    }
    let between = tie(&world, &minor, &adult).await;
    assert_eq!(suggested(&adult).await, json!([{ "username": "minor" }]));
    part(&between, &adult).await;
    assert_eq!(suggested(&adult).await, json!([]));
}

/// Nobody carries events between the two: they look for themselves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_operator_changes_counts_at_every_server_within_a_second() {
    let world = World::new().await;
    let beside = world.beside().await;
    let minor = world.person_born("minor", MINOR).await;
    let adult = world.person("adult").await;
    let between = tie(&world, &minor, &adult).await;
    diaries(&minor).await;
    let there = Person {
        world: &beside,
        ..adult.clone()
    };
    let stop = CancellationToken::new();
    let noticing = tokio::spawn(neighbours::notice(beside.app.clone(), stop.clone()));
    assert_eq!(look(&there, &minor).await, tied());
    world.make_tarento(&between).await;
    until(async || look(&there, &minor).await == apart()).await;
    world.end_tarento(&between).await;
    until(async || look(&there, &minor).await == tied()).await;
    stop.cancel();
    noticing.await.unwrap();
}
