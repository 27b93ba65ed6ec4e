//! Who is suggested, and why.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{block, ends, leave, line, suspend};
use crate::support::{
    crowd,
    world::{Person, World},
};

const SUGGESTED: &str = "query($first: Int, $after: String) {
    viewer { suggestedFriends(first: $first, after: $after) {
        edges { cursor node { user { username } mutualFriendCount
            mutualFriends(first: 2) { nodes { username } pageInfo { hasNextPage } } } }
        nodes { user { username } } pageInfo { endCursor hasNextPage } totalCount }
    friendSuggestions(first: $first, after: $after) {
        edges { cursor node { username } } pageInfo { endCursor hasNextPage } } } }";

fn names(nodes: &Value, path: &str) -> Vec<String> {
    let nodes = nodes.as_array().unwrap().iter();
    nodes
        .map(|node| node.pointer(path).unwrap().as_str().unwrap().to_owned())
        .collect()
}

/// Who is suggested to `me`.
async fn suggested(me: &Person<'_>) -> Vec<String> {
    let data = me.run(SUGGESTED, json!({})).await;
    let found = names(
        &data["viewer"]["suggestedFriends"]["nodes"],
        "/user/username",
    );
    // The older field shows the same.
    let before = &data["viewer"]["friendSuggestions"]["edges"];
    assert_eq!(names(before, "/node/username"), found);
    found
}

async fn asks(from: &Person<'_>, to: &Person<'_>) {
    let input = json!({ "userId": to.id() });
    from.mutate("requestFriendship", input, "").await;
}

#[tokio::test]
async fn each_is_suggested_with_the_friends_in_common() {
    let world = World::new().await;
    let me = world.person("me").await;
    let friends = world.people("friend", 4).await;
    let people = world.people("person", 4).await;
    for friend in &friends {
        line(&world, &[&me, friend]).await;
    }
    // With the first one friend is in common, with the last four.
    for (place, person) in people.iter().enumerate() {
        for friend in &friends[..=place] {
            line(&world, &[person, friend]).await;
        }
    }
    let data = me.run(SUGGESTED, json!({ "first": 3 })).await;
    let page = &data["viewer"]["suggestedFriends"];
    let edges = page["edges"].as_array().unwrap();
    let expected = [("person3", 4), ("person2", 3), ("person1", 2)];
    assert_eq!(edges.len(), expected.len());
    for (edge, (name, count)) in edges.iter().zip(expected) {
        let node = &edge["node"];
        assert_eq!(node["user"]["username"], name);
        assert_eq!(node["mutualFriendCount"], count);
        // The last that became friends of theirs.
        let newest = [count - 1, count - 2].map(|it| format!("friend{it}"));
        assert_eq!(names(&node["mutualFriends"]["nodes"], "/username"), newest);
        let more = &node["mutualFriends"]["pageInfo"]["hasNextPage"];
        assert_eq!(*more, count > 2);
    }
    assert_eq!(page["totalCount"], Value::Null);
    assert_eq!(page["pageInfo"]["hasNextPage"], true);
    let after = page["pageInfo"]["endCursor"].clone();
    assert_eq!(after, edges[2]["cursor"]);
    let data = me.run(SUGGESTED, json!({ "after": after })).await;
    let last = &data["viewer"]["suggestedFriends"];
    assert_eq!(names(&last["nodes"], "/user/username"), ["person0"]);
    assert_eq!(last["edges"][0]["node"]["mutualFriendCount"], 1);
    assert_eq!(last["pageInfo"]["hasNextPage"], false);
    // A cursor of the one field is one of the other.
    let before = &data["viewer"]["friendSuggestions"]["edges"];
    assert_eq!(names(before, "/node/username"), ["person0"]);
    assert_eq!(before[0]["cursor"], last["edges"][0]["cursor"]);
    for (variables, code) in [
        (json!({ "first": 0 }), "INVALID_PAGE"),
        (json!({ "first": 101 }), "INVALID_PAGE"),
        (json!({ "after": "garbage" }), "INVALID_CURSOR"),
    ] {
        let document = SUGGESTED.split("friendSuggestions").next().unwrap();
        let document = format!("{document} }} }}");
        assert_eq!(me.error(&document, variables).await, code);
    }
}

#[tokio::test]
async fn nobody_is_suggested_who_is_hidden_or_a_friend_or_asked_or_does_not_wish_it() {
    let world = World::new().await;
    let moderator = world.moderator("moderator").await;
    let me = world.person("me").await;
    let friend = world.person("friend").await;
    line(&world, &[&me, &friend]).await;
    line(&world, &[&moderator, &friend]).await;
    let people = world.people("person", 9).await;
    for person in &people {
        line(&world, &[&friend, person]).await;
    }
    let mut expected: Vec<_> = (0..9).map(|it| format!("person{it}")).collect();
    expected.push("moderator".to_owned());
    let mut hold = async |without: &[usize]| {
        let gone: Vec<_> = without.iter().map(|it| format!("person{it}")).collect();
        expected.retain(|name| !gone.contains(name));
        let mut found = suggested(&me).await;
        found.sort_unstable();
        let mut expected = expected.clone();
        expected.sort_unstable();
        assert_eq!(found, expected);
    };
    hold(&[]).await;
    block(&me, &people[0], true).await;
    block(&people[1], &me, true).await;
    hold(&[0, 1]).await;
    suspend(&moderator, &people[2], true).await;
    leave(&world, &people[3]).await;
    hold(&[2, 3]).await;
    line(&world, &[&me, &people[4]]).await;
    hold(&[4]).await;
    asks(&me, &people[5]).await;
    asks(&people[6], &me).await;
    hold(&[5, 6]).await;
    let choice = json!({ "isSearchable": false });
    people[7].mutate("editProfile", choice, "").await;
    hold(&[7]).await;
    // Nobody does anything with who is absent: moderators neither, who see them.
    let theirs = suggested(&moderator).await;
    for (place, is_there) in [(2, false), (3, false), (7, false), (8, true), (0, true)] {
        let name = format!("person{place}");
        assert_eq!(theirs.contains(&name), is_there, "{name}");
    }
    // Nor through them.
    suspend(&moderator, &friend, true).await;
    assert_eq!(suggested(&moderator).await, Vec::<String>::new());
    suspend(&moderator, &friend, false).await;
    suspend(&moderator, &people[2], false).await;
    block(&me, &people[0], false).await;
    let choice = json!({ "isSearchable": true });
    people[7].mutate("editProfile", choice, "").await;
    let found = suggested(&me).await;
    for place in [0, 2, 7] {
        assert!(found.contains(&format!("person{place}")), "{found:?}");
    }
}

/// What is said of friends in common is of those whom the viewer sees.
#[tokio::test]
async fn friends_in_common_are_those_who_are_there() {
    let world = World::new().await;
    let moderator = world.moderator("moderator").await;
    let (me, person) = (world.person("me").await, world.person("person").await);
    let friends = world.people("friend", 4).await;
    for friend in &friends {
        line(&world, &[&me, friend, &person]).await;
    }
    let reason = async || {
        let data = me.run(SUGGESTED, json!({})).await;
        let node = data["viewer"]["suggestedFriends"]["edges"][0]["node"].clone();
        assert_eq!(node["user"]["username"], "person");
        let names = names(&node["mutualFriends"]["nodes"], "/username");
        (node["mutualFriendCount"].clone(), names)
    };
    let named = |names: [&str; 2]| names.map(str::to_owned).to_vec();
    assert_eq!(reason().await, (json!(4), named(["friend3", "friend2"])));
    suspend(&moderator, &friends[3], true).await;
    block(&friends[2], &me, true).await;
    assert_eq!(reason().await, (json!(2), named(["friend1", "friend0"])));
}

/// Says of somebody that they have `count` friends: how they are counted is by that.
async fn with_friend_count(world: &World, person: Uuid, count: i64) {
    use entity::user::{Column, Entity};
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
    let written = world.app.database.write(move |tx| {
        Box::pin(async move {
            Entity::update_many()
                .col_expr(Column::FriendCount, Expr::value(count))
                .filter(Column::Id.eq(person))
                .exec(&tx.sql)
                .await?;
            Ok(())
        })
    });
    written.await.unwrap();
}

/// Of more friends than are asked: as many as `User.mutualFriends` lists, however they are counted.
#[tokio::test]
async fn friends_in_common_are_counted_to_the_last() {
    let world = World::uncached().await;
    let me = world.person("me").await;
    let person = world.person("person").await;
    let friends = crowd::people(&world.app, "friend", 130).await;
    let [mine, theirs] = ends(&me, &person);
    let ties = friends.iter().map(|friend| [mine, *friend]);
    let theirs_too = friends[5..].iter().map(|friend| [theirs, *friend]);
    crowd::befriend(&world.app, ties.chain(theirs_too)).await;
    let document = "query($after: String) { viewer { suggestedFriends { nodes { mutualFriendCount
        mutualFriends(first: 100, after: $after) { nodes { username } pageInfo { endCursor } } } } } }";
    for count in [125, 1_500, 2_001] {
        with_friend_count(&world, theirs, count).await;
        let page = async |after: Value| {
            let data = me.run(document, json!({ "after": after })).await;
            let nodes = data["viewer"]["suggestedFriends"]["nodes"].clone();
            assert_eq!(nodes.as_array().unwrap().len(), 1);
            assert_eq!(nodes[0]["mutualFriendCount"], 125, "{count}");
            nodes[0]["mutualFriends"].clone()
        };
        let first = page(Value::Null).await;
        let second = page(first["pageInfo"]["endCursor"].clone()).await;
        let pages = [first, second].map(|page| page["nodes"].as_array().unwrap().len());
        assert_eq!(pages, [100, 25], "{count}");
    }
}

/// A tarento can have more friends than are looked at: the newest are.
#[tokio::test]
async fn of_very_many_friends_the_newest_are_looked_at() {
    const MOST: usize = 2_000;
    let world = World::uncached().await;
    let me = world.person("me").await;
    world.make_tarento(&me).await;
    let person = world.person("person").await;
    let [mine, theirs] = ends(&me, &person);
    let fans = crowd::people(&world.app, "fan", MOST + 20).await;
    let ties = fans.iter().map(|fan| [mine, *fan]);
    // Two of the first, and three of the last.
    let of_both = [0, 1, MOST + 17, MOST + 18, MOST + 19];
    let ties = ties.chain(of_both.map(|fan| [theirs, fans[fan]]));
    crowd::befriend(&world.app, ties).await;
    world.forget_statements();
    let data = me.run(SUGGESTED, json!({})).await;
    let node = &data["viewer"]["suggestedFriends"]["edges"][0]["node"];
    assert_eq!(node["user"]["username"], "person");
    assert_eq!(node["mutualFriendCount"], 3);
    let newest = [MOST + 19, MOST + 18].map(|fan| format!("fan{fan}"));
    assert_eq!(names(&node["mutualFriends"]["nodes"], "/username"), newest);
    let friends = world.rows_of("newest_diary_id").await;
    assert!(
        friends.iter().sum::<usize>() <= MOST + 1 + 100 * 2 + 10,
        "{friends:?}"
    );
    // Nobody who is a friend already is suggested, among the first either.
    let suggested = suggested(&me).await;
    assert_eq!(suggested, ["person"]);
    line(
        &world,
        &[&world.known("fan3").await, &world.known("fan2000").await],
    )
    .await;
    let data = me.run(SUGGESTED, json!({})).await;
    let nodes = &data["viewer"]["suggestedFriends"]["nodes"];
    assert_eq!(names(nodes, "/user/username"), ["person"]);
}
