//! Whether searches find somebody is theirs to choose: `Viewer.isSearchable`.

use ashiato::{bulk::recount::recount, rejection::Rejection, user::store::index};
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::world::{Person, World};

/// 16 years old on the day on which the tests begin.
const MINOR: &str = "1990-04-01";

async fn choose(person: &Person<'_>, is_searchable: bool) {
    let input = json!({ "isSearchable": is_searchable });
    person.mutate("editProfile", input, "").await;
}

async fn chosen(person: &Person<'_>) -> Value {
    let own = person.run("{ viewer { isSearchable } }", json!({})).await;
    own["viewer"]["isSearchable"].clone()
}

async fn found(person: &Person<'_>, text: &str) -> Vec<String> {
    let document = "query($text: String!) { searchUsers(text: $text) { nodes { username } } }";
    let found = person.run(document, json!({ "text": text })).await;
    let nodes = found["searchUsers"]["nodes"].as_array().unwrap().iter();
    nodes
        .map(|node| node["username"].as_str().unwrap().to_owned())
        .collect()
}

async fn agrees(world: &World) {
    let differences = recount(world.app.database.reader()).await.unwrap();
    assert_eq!(differences, []);
}

#[rstest]
#[tokio::test]
async fn who_does_not_wish_it_is_found_by_nobody_until_they_do(
    #[values(false, true)] is_cached: bool,
) {
    let world = match is_cached {
        true => World::cached().await,
        false => World::uncached().await,
    };
    let hanako = world.person("hanako").await;
    let also = world.person("hanako_too").await;
    let friend = world.person("friend").await;
    hanako.befriend(&friend).await;
    let administrator = world.person("administrator").await;
    world.make_administrator(&administrator).await;
    let nobody = world.anonymous();
    let everybody = [&hanako, &also, &friend, &administrator, &nobody];
    assert_eq!(chosen(&hanako).await, true, "where nothing was chosen");
    assert_eq!(found(&also, "hanako").await, ["hanako", "hanako_too"]);
    choose(&hanako, false).await;
    assert_eq!(chosen(&hanako).await, false);
    assert_eq!(chosen(&also).await, true, "it is one's own alone");
    for person in everybody {
        assert_eq!(found(person, "hanako").await, ["hanako_too"]);
        // By the name they are there.
        let document = "{ user(username: \"hanako\") { nickname } }";
        let named = person.run(document, json!({})).await;
        assert_eq!(named["user"]["nickname"], "HANAKO");
    }
    let friends = "{ user(username: \"friend\") { friends { nodes { username } } } }";
    let friends = also.run(friends, json!({})).await;
    let listed = &friends["user"]["friends"]["nodes"];
    assert_eq!(*listed, json!([{ "username": "hanako" }]));
    agrees(&world).await;

    // Nor under another name, by whatever else they change.
    let input = json!({ "username": "hanako_new", "nickname": "花子" });
    hanako.mutate("editProfile", input, "").await;
    let input = json!({ "bio": "still here", "isSearchable": null });
    hanako.mutate("editProfile", input, "").await;
    for text in ["hanako", "花子"] {
        let others: &[&str] = if text == "hanako" {
            &["hanako_too"]
        } else {
            &[]
        };
        assert_eq!(found(&also, text).await, others);
    }
    agrees(&world).await;
    choose(&hanako, true).await;
    assert_eq!(found(&nobody, "hanako").await, ["hanako_new", "hanako_too"]);
    assert_eq!(found(&nobody, "花子").await, ["hanako_new"]);
    agrees(&world).await;

    // With a name in the same call, either way.
    for (is_searchable, name) in [(false, "hanako_b"), (true, "hanako_c")] {
        let input = json!({ "username": name, "isSearchable": is_searchable });
        hanako.mutate("editProfile", input, "").await;
        let mut expected = vec!["hanako_too"];
        expected.splice(0..0, is_searchable.then_some(name));
        assert_eq!(found(&also, "hanako").await, expected);
    }
    agrees(&world).await;
}

/// As a program of before does that is still running beside: it knows nothing of the choice.
#[tokio::test]
async fn who_does_not_wish_it_is_not_found_by_grams_that_are_there_all_the_same() {
    let world = World::uncached().await;
    let (me, hanako) = (world.person("me").await, world.person("hanako").await);
    choose(&hanako, false).await;
    let id = hanako.viewer.id().unwrap();
    let written = world.app.database.write(move |tx| {
        Box::pin(async move { Ok(index(&tx.sql, id, "hanako", "hanako").await?) })
    });
    let written: Result<(), Rejection> = written.await;
    written.unwrap();
    assert_eq!(found(&me, "hanako").await, Vec::<String>::new());
    choose(&hanako, true).await;
    assert_eq!(found(&me, "hanako").await, ["hanako"]);
    agrees(&world).await;
}

/// It is looked for no longer than who never was.
#[tokio::test]
async fn looking_for_who_is_not_found_takes_as_long_as_for_nobody() {
    let world = World::uncached().await;
    let (me, hanako) = (world.person("me").await, world.person("hanako").await);
    choose(&hanako, false).await;
    let mut seen = Vec::new();
    for text in ["hanako", "nobody"] {
        world.forget_statements();
        seen.push((found(&me, text).await, world.statements()));
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn a_minor_is_found_by_nobody_whatever_they_chose_and_who_comes_of_age_as_they_chose() {
    let world = World::new().await;
    let me = world.person("me").await;
    let minor = world.person_born("young_one", MINOR).await;
    let other = world.person_born("young_other", MINOR).await;
    choose(&minor, true).await;
    choose(&other, false).await;
    assert_eq!(found(&me, "young").await, Vec::<String>::new());
    world.clock.set("2008-04-01T03:00:00Z");
    assert_eq!(found(&me, "young").await, ["young_one"]);
    choose(&other, true).await;
    assert_eq!(found(&me, "young").await, ["young_one", "young_other"]);
}

/// Whichever of them comes last, what is kept is as it says.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn choices_and_names_at_once_agree_in_the_end() {
    let world = World::new().await;
    let beside = world.beside().await;
    let hanako = world.person("hanako").await;
    let there = Person {
        world: &beside,
        ..hanako.clone()
    };
    let edits = (0..12).map(|turn| {
        let person = if turn % 2 == 0 { &hanako } else { &there };
        let input = match turn % 3 {
            0 => json!({ "isSearchable": false }),
            1 => json!({ "nickname": format!("name {turn}") }),
            _ => json!({ "isSearchable": true, "username": format!("hanako_{turn}") }),
        };
        async move { person.mutate("editProfile", input, "").await }
    });
    futures_util::future::join_all(edits).await;
    agrees(&world).await;
    choose(&hanako, false).await;
    assert_eq!(
        found(&world.anonymous(), "hanako").await,
        Vec::<String>::new()
    );
    agrees(&world).await;
}

#[tokio::test]
async fn a_repeated_call_changes_nothing_more() {
    let world = World::new().await;
    let hanako = world.person("hanako").await;
    let input = json!({ "isSearchable": false, "idempotencyKey": "one" });
    hanako.mutate("editProfile", input.clone(), "").await;
    choose(&hanako, true).await;
    hanako.mutate("editProfile", input, "").await;
    assert_eq!(chosen(&hanako).await, true);
    let other = json!({ "isSearchable": true, "idempotencyKey": "one" });
    let document = "mutation($input: EditProfileInput!) { editProfile(input: $input) {
        userErrors { code } } }";
    let reused = hanako.error(document, json!({ "input": other })).await;
    assert_eq!(reused, "IDEMPOTENCY_KEY_REUSED");
}
