//! Lists of friends and of requests: pages, cursors, the live feed.

use serde_json::{Value, json};

use crate::support::{
    backend::is_citus,
    world::{Person, World, first, next},
};

async fn asks(from: &Person<'_>, to: &Person<'_>) -> String {
    let input = json!({ "userId": to.id() });
    let payload = from
        .mutate("requestFriendship", input, "friendRequest { id }")
        .await;
    payload["friendRequest"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn friends_are_paged_both_ways_and_mutual_friends_are_the_common_ones() {
    let world = World::new().await;
    let (hanako, taro) = (world.person("hanako").await, world.person("taro").await);
    let people = world.people("person", 7).await;
    for (index, person) in people.iter().enumerate() {
        world.clock.advance(chrono::Duration::seconds(1));
        hanako.befriend(person).await;
        if index % 2 == 0 {
            taro.befriend(person).await;
        }
    }
    let document = "query($first: Int, $after: String, $last: Int, $before: String) {
        user(username: \"hanako\") { friends(first: $first, after: $after, last: $last, before: $before) {
            totalCount edges { cursor since node { username } }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        } } }";
    let page = async |variables: Value| {
        let data = taro.run(document, variables).await;
        let friends = data["user"]["friends"].clone();
        let names: Vec<_> = friends["edges"]
            .as_array()
            .unwrap()
            .iter()
            .map(|edge| edge["node"]["username"].as_str().unwrap().to_owned())
            .collect();
        (names, friends)
    };
    let (names, friends) = page(json!({ "first": 3 })).await;
    assert_eq!(names, ["person6", "person5", "person4"]);
    assert_eq!(friends["totalCount"], 7);
    assert_eq!(friends["pageInfo"]["hasNextPage"], true);
    let (names, friends) =
        page(json!({ "first": 4, "after": friends["pageInfo"]["endCursor"] })).await;
    assert_eq!(names, ["person3", "person2", "person1", "person0"]);
    assert_eq!(friends["pageInfo"]["hasNextPage"], false);
    let (names, friends) = page(json!({ "last": 2 })).await;
    assert_eq!(names, ["person1", "person0"]);
    assert_eq!(friends["pageInfo"]["hasPreviousPage"], true);
    let (names, _) = page(json!({ "last": 2, "before": friends["pageInfo"]["startCursor"] })).await;
    assert_eq!(names, ["person3", "person2"]);

    let document = "{ user(username: \"hanako\") { mutualFriends(first: 3) { nodes { username } pageInfo { hasNextPage } } viewerRelation } }";
    let user = taro.run(document, json!({})).await["user"].clone();
    assert_eq!(user["viewerRelation"], "FRIEND_OF_FRIEND");
    assert_eq!(
        user["mutualFriends"],
        json!({ "nodes": [{ "username": "person6" }, { "username": "person4" }, { "username": "person2" }],
                "pageInfo": { "hasNextPage": true } })
    );
    let stranger = world.person("stranger").await;
    let user = stranger.run(document, json!({})).await["user"].clone();
    assert_eq!(user["viewerRelation"], "NONE");
    assert_eq!(user["mutualFriends"]["nodes"], json!([]));
}

/// Somebody of whom it is said that they have `count` friends.
async fn with_friend_count(world: &World, person: &Person<'_>, count: i64) {
    use entity::user::{Column, Entity};
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
    let id = person.viewer.id().unwrap();
    world
        .app
        .database
        .write(move |tx| {
            Box::pin(async move {
                Entity::update_many()
                    .col_expr(Column::FriendCount, Expr::value(count))
                    .filter(Column::Id.eq(id))
                    .exec(&tx.sql)
                    .await?;
                Ok(())
            })
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn mutual_friends_are_the_same_read_together_read_through_and_looked_up() {
    let world = World::uncached().await;
    let (famous, fan) = (world.person("famous").await, world.person("fan").await);
    let people = world.people("person", 7).await;
    for (index, person) in people.iter().enumerate() {
        world.clock.advance(chrono::Duration::seconds(1));
        famous.befriend(person).await;
        if index != 3 {
            fan.befriend(person).await;
        }
    }
    people[1].befriend(&people[2]).await;
    let hidden = json!({ "userId": people[0].id() });
    fan.mutate("blockUser", hidden, "").await;
    let document = "query($first: Int, $after: String, $last: Int, $before: String) {
        users: nodes(ids: [\"FAMOUS\", \"ONE\", \"TWO\"]) { ... on User { ...mutual } } }
        fragment mutual on User {
            mutualFriends(first: $first, after: $after, last: $last, before: $before) {
                edges { cursor node { username } } pageInfo { hasNextPage hasPreviousPage }
        } }";
    // All by their ids: found by one statement, they are asked for the mutual friends together.
    let document = &document
        .replace("FAMOUS", &famous.id())
        .replace("ONE", &people[1].id())
        .replace("TWO", &people[2].id());
    let pages = async || {
        let whole = fan.run(document, json!({ "first": 100 })).await;
        let at =
            |place: usize| whole["users"][0]["mutualFriends"]["edges"][place]["cursor"].clone();
        let mut pages = Vec::new();
        for variables in [
            json!({ "first": 2 }),
            json!({ "first": 3, "after": at(1) }),
            json!({ "last": 2 }),
            json!({ "last": 3, "before": at(4) }),
            json!({ "first": 9, "after": at(0), "before": at(4) }),
        ] {
            pages.push(fan.run(document, variables).await);
        }
        pages.push(whole);
        let texts = world.statement_texts();
        world.forget_statements();
        let ways = [
            "ROW_NUMBER",
            "AND friend_id = ANY",
            "AND friend_id IN (SELECT unhex",
        ];
        let of = |way| texts.iter().any(|text| text.contains(way));
        (pages, ways.map(of))
    };
    let (together, ways) = pages().await;
    // A cluster reads nobody's friends together: they lie on several nodes.
    assert_eq!(ways, [false, is_citus(), false]);
    let whole = &together[5];
    let names = |user: &Value| -> Vec<Value> {
        let edges = user["mutualFriends"]["edges"].as_array().unwrap();
        let names = edges.iter().map(|edge| edge["node"]["username"].clone());
        names.collect()
    };
    let common = ["person6", "person5", "person4", "person2", "person1"];
    assert_eq!(names(&whole["users"][0]), common);
    assert_eq!(names(&whole["users"][1]), ["person2"]);
    assert_eq!(names(&whole["users"][2]), ["person1"]);
    // Too many to be read together, and few enough to be read through, each.
    for person in [&famous, &people[1], &people[2]] {
        with_friend_count(&world, person, 900).await;
    }
    let (through, ways) = pages().await;
    assert_eq!(through, together);
    assert!(!ways[0] && (ways[1] || ways[2]), "{ways:?}");
    with_friend_count(&world, &famous, 2_001).await;
    let (looked_up, ways) = pages().await;
    assert_eq!(looked_up, together);
    assert!(ways[0], "{ways:?}");
}

#[tokio::test]
async fn mutual_friends_of_one_take_three_statements() {
    let world = World::uncached().await;
    let (famous, fan) = (world.person("famous").await, world.person("fan").await);
    for person in world.people("person", 3).await {
        famous.befriend(&person).await;
        fan.befriend(&person).await;
    }
    world.forget_statements();
    let document = "{ user(username: \"famous\") { mutualFriends { nodes { username } } } }";
    let data = fan.run(document, json!({})).await;
    let nodes = data["user"]["mutualFriends"]["nodes"].as_array().unwrap();
    assert_eq!(nodes.len(), 3);
    // The user, both lists together with the friends; on a cluster the name and the user, each of the lists, and
    // the friends.
    let statements = if is_citus() { 5 } else { 3 };
    assert_eq!(
        world.statements(),
        statements,
        "{:#?}",
        world.statement_texts()
    );
}

#[tokio::test]
async fn pages_and_cursors_out_of_range_are_refused() {
    let world = World::new().await;
    let hanako = world.person("hanako").await;
    for (arguments, code) in [
        ("first: 0", "INVALID_PAGE"),
        ("first: -1", "INVALID_PAGE"),
        ("first: 101", "INVALID_PAGE"),
        ("last: 0", "INVALID_PAGE"),
        ("first: 1, last: 1", "INVALID_PAGE"),
        ("after: \"\"", "INVALID_CURSOR"),
        ("after: \"garbage!\"", "INVALID_CURSOR"),
        ("after: \"Zg\"", "INVALID_CURSOR"),
        // A footprint's cursor.
        ("after: \"bgAAAAAAAAAB\"", "INVALID_CURSOR"),
    ] {
        let document =
            format!("{{ viewer {{ user {{ friends({arguments}) {{ totalCount }} }} }} }}");
        assert_eq!(
            hanako.error(&document, json!({})).await,
            code,
            "{arguments}"
        );
    }
}

#[tokio::test]
async fn requests_arrive_live_and_are_replayed_from_a_cursor() {
    let world = World::new().await;
    let hanako = world.person("hanako").await;
    let people = world.people("person", 3).await;
    let document = "subscription($after: String) { friendRequestReceived(after: $after) { cursor node { sender { username } } } }";
    let mut live = Box::pin(hanako.subscribe(document, json!({})));
    let edge = first(&mut live, async |turn| {
        asks(&world.person(&format!("early{turn}")).await, &hanako).await;
    });
    let edge = edge.await["data"]["friendRequestReceived"].clone();
    let name = edge["node"]["sender"]["username"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(name.starts_with("early"), "{name}");
    asks(&people[1], &hanako).await;
    let request = asks(&people[2], &hanako).await;
    let input = json!({ "requestId": request });
    people[2].mutate("cancelFriendRequest", input, "").await;
    let after = json!({ "after": edge["cursor"] });
    let mut replayed = Box::pin(hanako.subscribe(document, after));
    asks(&people[0], &hanako).await;
    let mut names = Vec::new();
    while names.last().is_none_or(|name| name != "person0") {
        let edge = next(&mut replayed).await["data"]["friendRequestReceived"].clone();
        names.push(
            edge["node"]["sender"]["username"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    // Those who asked while the first was on its way may stand before them.
    names.retain(|name| name.starts_with("person"));
    assert_eq!(
        names,
        ["person1", "person0"],
        "what was taken back does not come"
    );
}

#[tokio::test]
async fn suggestions_are_friends_of_friends_with_the_most_common_friends_first() {
    let world = World::new().await;
    let me = world.person("me").await;
    let friends = world.people("friend", 3).await;
    let candidates = world.people("person", 4).await;
    for friend in &friends {
        me.befriend(friend).await;
    }
    // person0 has one friend in common with me, person1 two, person2 three; person3 asked me.
    for (index, candidate) in candidates.iter().enumerate() {
        for friend in friends.iter().take(index + 1) {
            candidate.befriend(friend).await;
        }
    }
    asks(&candidates[3], &me).await;
    let document = "query($after: String) { viewer { friendSuggestions(first: 2, after: $after) {
        nodes { username } pageInfo { endCursor hasNextPage } } } }";
    let page = async |after: Value| {
        let data = me.run(document, json!({ "after": after })).await;
        data["viewer"]["friendSuggestions"].clone()
    };
    let first = page(Value::Null).await;
    assert_eq!(
        first["nodes"],
        json!([{ "username": "person2" }, { "username": "person1" }])
    );
    assert_eq!(first["pageInfo"]["hasNextPage"], true);
    let second = page(first["pageInfo"]["endCursor"].clone()).await;
    assert_eq!(second["nodes"], json!([{ "username": "person0" }]));
    assert_eq!(second["pageInfo"]["hasNextPage"], false);
    let stranger = world.person("stranger").await;
    let data = stranger.run(document, json!({})).await;
    assert_eq!(data["viewer"]["friendSuggestions"]["nodes"], json!([]));
}

/// PostgreSQL takes no text with it: nothing is found by one, as by any that nobody bears.
#[tokio::test]
async fn a_nul_finds_nothing_and_breaks_nothing() {
    let world = World::new().await;
    let person = world.person("hanako").await;
    let nul = json!({ "text": "ha\0na" });
    for (document, nothing) in [
        (
            "query($text: String!) { it: user(username: $text) { id } }",
            json!(null),
        ),
        (
            "query($text: String!) { it: searchUsers(text: $text) { nodes { id } } }",
            json!({ "nodes": [] }),
        ),
        (
            "query($text: String!) { it: searchCatalogue(text: $text) { nodes { id } } }",
            json!({ "nodes": [] }),
        ),
        (
            "mutation($text: String!) { it: visitProfile(input: { username: $text }) {
                userErrors { code } } }",
            json!({ "userErrors": [{ "code": "NOT_FOUND" }] }),
        ),
        (
            "mutation($text: String!) { it: signIn(input: { username: $text, password: \"p\" }) {
                userErrors { code } } }",
            json!({ "userErrors": [{ "code": "SIGN_IN_FAILED" }] }),
        ),
    ] {
        assert_eq!(person.run(document, nul.clone()).await["it"], nothing);
    }
    let forged = ashiato::paging::cursor(b's', &("a\0b".to_owned(), uuid::Uuid::nil()));
    let search =
        "query($after: String!) { searchUsers(text: \"ha\", after: $after) { totalCount } }";
    let refused = person.error(search, json!({ "after": forged })).await;
    assert_eq!(refused, "INVALID_CURSOR");
}
