//! rules.md, Friendships 6: groups of friends, of which nobody but their owner knows.

mod absent;
mod diaries;
mod members;
mod moves;
mod once;
mod pages;

use ashiato::{
    bulk::recount::recount,
    config::Rules,
    ids::{GlobalId, Kind},
};
use rstest::rstest;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::world::{Person, World};

const GROUPS: &str = "{ viewer { friendGroups(first: 100) { totalCount
    nodes { id name isCloseFriends friendsCount friends { totalCount nodes { username } } } } } }";

/// (name, who is in it) of each of somebody's groups.
async fn groups(of: &Person<'_>) -> Vec<(String, Vec<String>)> {
    let data = of.run(GROUPS, json!({})).await;
    let page = &data["viewer"]["friendGroups"];
    let nodes = page["nodes"].as_array().unwrap();
    assert_eq!(page["totalCount"], nodes.len());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let group = |node: &Value| {
        let friends = node["friends"]["nodes"].as_array().unwrap().iter();
        let friends: Vec<_> = friends.map(|friend| text(&friend["username"])).collect();
        assert_eq!(node["friendsCount"], friends.len());
        assert_eq!(node["friends"]["totalCount"], friends.len());
        (text(&node["name"]), friends)
    };
    nodes.iter().map(group).collect()
}

/// A group that there is not, of `owner`.
fn no_group(owner: &Person<'_>) -> String {
    let key = [owner.viewer.id().unwrap(), Uuid::from_u128(0xfeed)];
    GlobalId::encode(Kind::FriendGroup, &key).to_string()
}

async fn agrees(world: &World) {
    let differences = recount(world.app.database.reader()).await.unwrap();
    assert!(differences.is_empty(), "{differences:#?}");
}

#[tokio::test]
async fn the_close_friends_are_always_there_and_others_are_made_renamed_and_deleted() {
    let world = World::new().await;
    let (me, friend) = (world.person("me").await, world.person("friend").await);
    me.befriend(&friend).await;
    let close = ("Close friends".to_owned(), vec![]);
    assert_eq!(groups(&me).await, std::slice::from_ref(&close));
    let data = me.run(GROUPS, json!({})).await;
    let node = &data["viewer"]["friendGroups"]["nodes"][0];
    assert_eq!(node["id"], me.close_friends());
    assert_eq!(node["isCloseFriends"], true);
    let made = me.mutate(
        "createFriendGroup",
        json!({ "name": " 高校の友だち " }),
        "friendGroup { id name isCloseFriends friendsCount friends { totalCount } }",
    );
    let made = made.await["friendGroup"].clone();
    assert_eq!(made["name"], "高校の友だち");
    assert_eq!(made["isCloseFriends"], false);
    assert_eq!(made["friendsCount"], 0);
    let other = me.make_group("work", &[]).await;
    let named = |name: &str| (name.to_owned(), vec![]);
    let expected = [close.clone(), named("高校の友だち"), named("work")];
    assert_eq!(groups(&me).await, expected, "the oldest first");
    let input = json!({ "friendGroupId": other, "name": "Work" });
    let renamed = me.mutate("renameFriendGroup", input, "friendGroup { name }");
    assert_eq!(renamed.await["friendGroup"]["name"], "Work");
    let input = json!({ "friendGroupId": made["id"] });
    let gone = me.mutate("deleteFriendGroup", input.clone(), "deletedFriendGroupId");
    assert_eq!(gone.await["deletedFriendGroupId"], made["id"]);
    assert_eq!(groups(&me).await, [close, named("Work")]);
    assert_eq!(me.refusal("deleteFriendGroup", input).await, "NOT_FOUND");
    // With somebody in it or not, the close friends stay.
    for _ in 0..2 {
        let input = json!({ "friendGroupId": me.close_friends() });
        let code = me.refusal("deleteFriendGroup", input.clone()).await;
        assert_eq!(code, "CLOSE_FRIENDS_STAY");
        let mut input = input;
        input["name"] = json!("Best friends");
        let code = me.refusal("renameFriendGroup", input).await;
        assert_eq!(code, "CLOSE_FRIENDS_STAY");
        let group = me.close_friends();
        me.regroup("addToFriendGroup", &group, &[&friend]).await;
    }
    let close = ("Close friends".to_owned(), vec!["friend".to_owned()]);
    assert_eq!(groups(&me).await, [close, named("Work")]);
    agrees(&world).await;
}

#[rstest]
#[case("", "TEXT_REQUIRED")]
#[case("   ", "TEXT_REQUIRED")]
#[case(&"字".repeat(51), "TEXT_TOO_LONG")]
#[case("two\nlines", "TEXT_NOT_ALLOWED")]
#[case("un\u{200b}seen", "TEXT_NOT_ALLOWED")]
#[case("family", "FRIEND_GROUP_NAME_TAKEN")]
#[case("ＦＡＭＩＬＹ", "FRIEND_GROUP_NAME_TAKEN")]
#[case("かぞく", "FRIEND_GROUP_NAME_TAKEN")]
#[case("ｶｿﾞｸ", "FRIEND_GROUP_NAME_TAKEN")]
#[case("close  FRIENDS", "FRIEND_GROUP_NAME_TAKEN")]
#[tokio::test]
async fn names_against_the_rules_are_refused(#[case] name: &str, #[case] code: &str) {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let longest = me.make_group(&"字".repeat(50), &[]).await;
    me.make_group("Family", &[]).await;
    me.make_group("カゾク", &[]).await;
    for (mutation, mut input) in [
        ("createFriendGroup", json!({})),
        ("renameFriendGroup", json!({ "friendGroupId": longest })),
    ] {
        input["name"] = json!(name);
        let payload = me.attempt(mutation, input, "friendGroup { id }").await;
        let expected = json!([{ "code": code, "field": ["name"] }]);
        assert_eq!(payload["userErrors"], expected, "{mutation}");
        assert_eq!(payload["friendGroup"], Value::Null);
    }
    assert_eq!(groups(&me).await.len(), 4);
    // What is mine alone is no matter for others.
    if code == "FRIEND_GROUP_NAME_TAKEN" && !name.contains("close") {
        other.make_group(name, &[]).await;
    }
}

#[tokio::test]
async fn one_makes_no_more_groups_than_the_rules_say() {
    let world = World::with(Rules {
        friend_group_limit: 3,
        ..Rules::default()
    })
    .await;
    let me = world.person("me").await;
    let make = async |turn: usize| {
        let input = json!({ "name": format!("group {turn}") });
        let done = me.attempt("createFriendGroup", input, "friendGroup { id }");
        done.await
    };
    // At once, and the last place is one.
    let done = futures_util::future::join_all((0..8).map(make)).await;
    let refused: Vec<_> = done
        .iter()
        .filter(|done| done["friendGroup"].is_null())
        .map(|done| &done["userErrors"][0]["code"])
        .collect();
    assert_eq!(refused, [&json!("FRIEND_GROUP_LIMIT_REACHED"); 5]);
    assert_eq!(groups(&me).await.len(), 4, "beside the close friends");
    let made = done.iter().find(|done| !done["friendGroup"].is_null());
    let input = json!({ "friendGroupId": made.unwrap()["friendGroup"]["id"] });
    me.mutate("deleteFriendGroup", input, "").await;
    make(8).await;
    assert_eq!(groups(&me).await.len(), 4);
    // The same name at once is one group.
    let make = async |_| {
        let other = world.known("other").await;
        let done = other.attempt("createFriendGroup", json!({ "name": "one" }), "");
        done.await
    };
    world.person("other").await;
    let done = futures_util::future::join_all((0..4).map(make)).await;
    let fine = done.iter().filter(|done| done["userErrors"] == json!([]));
    assert_eq!(fine.count(), 1);
}

#[tokio::test]
async fn which_groups_friends_are_in_is_two_statements_however_many_they_are() {
    let world = World::uncached().await;
    let (me, few) = (world.person("me").await, world.person("few").await);
    let friends = world.people("friend", 20).await;
    for friend in &friends {
        me.befriend(friend).await;
    }
    for friend in &friends[..2] {
        few.befriend(friend).await;
    }
    for owner in [&me, &few] {
        owner.make_group("both", &[&friends[0], &friends[1]]).await;
        let close = owner.close_friends();
        owner
            .regroup("addToFriendGroup", &close, &[&friends[0]])
            .await;
    }
    let document = "{ viewer { user { friends(first: 100, orderBy: OLDEST_FIRST) { nodes {
        username viewerFriendGroups { totalCount nodes { name } } } } } } }";
    let plain = "{ viewer { user { friends(first: 100) { nodes { username } } } } }";
    for (owner, count) in [(&me, 20), (&few, 2)] {
        world.forget_statements();
        owner.run(plain, json!({})).await;
        let before = world.statements();
        world.forget_statements();
        let data = owner.run(document, json!({})).await;
        assert_eq!(
            world.statements(),
            before + 2,
            "{:#?}",
            world.statement_texts()
        );
        let nodes = data["viewer"]["user"]["friends"]["nodes"]
            .as_array()
            .unwrap();
        assert_eq!(nodes.len(), count);
        let names: Vec<_> = nodes
            .iter()
            .map(|node| &node["viewerFriendGroups"]["nodes"])
            .collect();
        assert_eq!(
            *names[0],
            json!([{ "name": "Close friends" }, { "name": "both" }])
        );
        assert_eq!(*names[1], json!([{ "name": "both" }]));
        assert!(names[2..].iter().all(|names| **names == json!([])));
    }
    // Who is in the groups: one statement for all of them, and one for the friends.
    world.forget_statements();
    me.run(GROUPS, json!({})).await;
    assert_eq!(world.statements(), 3, "{:#?}", world.statement_texts());
    // The friend knows of nothing.
    let asked = "{ user(username: \"me\") { viewerFriendGroups { totalCount } } }";
    let seen = friends[0].run(asked, json!({})).await;
    assert_eq!(seen["user"]["viewerFriendGroups"]["totalCount"], 0);
}
