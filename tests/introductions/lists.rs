//! The lists of introductions: in order, in full pages, exactly counted, and how many statements they take.

use serde_json::{Value, json};

use super::{OF, agrees, introduce};
use crate::support::world::{Person, World};

/// Pages of two, one after the other, to the end: the names at `path` and `name`.
async fn paged(who: &Person<'_>, document: &str, path: &str, name: &str) -> Vec<String> {
    let (mut all, mut after) = (Vec::new(), Value::Null);
    loop {
        let mut variables = json!({ "first": 2, "after": after });
        if document.contains("$name") {
            variables["name"] = json!("subject");
        }
        let data = who.run(document, variables).await;
        let page = data.pointer(path).unwrap();
        let nodes = page["nodes"].as_array().unwrap();
        let more = page["pageInfo"]["hasNextPage"] == true;
        assert!(nodes.len() == 2 || !more, "a short page: {page}");
        let names = nodes.iter().map(|node| node[name]["username"].clone());
        all.extend(names.map(|name| name.as_str().unwrap().to_owned()));
        if !more {
            return all;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

const WRITTEN: &str = "query($first: Int, $after: String) { viewer {
    writtenIntroductions(first: $first, after: $after) { totalCount
        pageInfo { endCursor hasNextPage } nodes { body subject { username } } } } }";

#[tokio::test]
async fn a_profile_s_pages_are_full_without_hidden_authors_and_counted_without_them() {
    let world = World::new().await;
    let moderator = world.moderator("moderator").await;
    let (me, subject) = (world.person("me").await, world.person("subject").await);
    let people = world.people("person", 5).await;
    for person in &people {
        subject.befriend(person).await;
        introduce(person, &subject, "hello").await;
    }
    let list = async |who: &Person<'_>| {
        let names = paged(who, OF, "/user/introductions", "author").await;
        let found = who.run(OF, json!({ "name": "subject" })).await;
        assert_eq!(found["user"]["introductions"]["totalCount"], names.len());
        names
    };
    let all = ["person4", "person3", "person2", "person1", "person0"];
    assert_eq!(list(&me).await, all);
    let block = async |name: &str, by: &Person<'_>, whom: &Person<'_>| {
        by.mutate(name, json!({ "userId": whom.id() }), "").await;
    };
    block("blockUser", &me, &people[1]).await;
    block("blockUser", &people[3], &me).await;
    let seen = ["person4", "person2", "person0"];
    assert_eq!(list(&me).await, seen);
    let input = json!({ "userId": people[4].id(), "reason": "spam" });
    moderator.mutate("suspendUser", input, "").await;
    assert_eq!(list(&me).await, seen[1..]);
    // Whom it is nothing to sees all but who is absent; moderators see those, too.
    assert_eq!(list(&subject).await, all[1..]);
    assert_eq!(list(&moderator).await, all);
    moderator
        .mutate("liftSuspension", json!({ "userId": people[4].id() }), "")
        .await;
    block("unblockUser", &me, &people[1]).await;
    block("unblockUser", &people[3], &me).await;
    assert_eq!(list(&me).await, all);
    agrees(&world).await;
}

#[tokio::test]
async fn whom_one_has_introduced_is_a_list_of_one_s_own() {
    let world = World::new().await;
    let me = world.person("me").await;
    let people = world.people("person", 5).await;
    for person in &people {
        me.befriend(person).await;
        introduce(&me, person, &person.username).await;
        introduce(person, &me, "of me").await;
    }
    let path = "/viewer/writtenIntroductions";
    let all = ["person4", "person3", "person2", "person1", "person0"];
    assert_eq!(paged(&me, WRITTEN, path, "subject").await, all);
    let first = me.run(WRITTEN, json!({ "first": 1 })).await;
    let first = first.pointer(path).unwrap();
    assert_eq!(first["nodes"][0]["body"], "person4");
    assert_eq!(first["totalCount"], Value::Null);
    // What was changed stays where it is; what was removed is gone.
    introduce(&me, &people[0], "in other words").await;
    let id = introduce(&me, &people[2], "to be removed").await;
    let remove = json!({ "introductionId": id });
    people[2].mutate("deleteIntroduction", remove, "").await;
    let left = ["person4", "person3", "person1", "person0"];
    assert_eq!(paged(&me, WRITTEN, path, "subject").await, left);
    for person in &people {
        assert_eq!(paged(person, WRITTEN, path, "subject").await, ["me"]);
    }
    agrees(&world).await;
}

/// Friends with what was written of each: one level of lists within another.
const LEVELS: &str = "{ viewer { user { friends { nodes { username viewerIntroduction { body }
    introductions(first: 3) { totalCount nodes { body author { username } } } } } } } }";

#[tokio::test]
async fn a_level_takes_as_many_statements_for_two_as_for_six_and_a_block_one_more_for_its_counts() {
    let world = World::uncached().await;
    let (me, hidden) = (world.person("me").await, world.person("hidden").await);
    let friends = world.people("friend", 6).await;
    let mut costs = Vec::new();
    for (breadth, friend) in friends.iter().enumerate() {
        me.befriend(friend).await;
        friend.befriend(&hidden).await;
        introduce(&me, friend, "by me").await;
        introduce(&hidden, friend, "by who is to be hidden").await;
        if ![1, 5].contains(&breadth) {
            continue;
        }
        let cost = async || {
            world.forget_statements();
            let data = me.run(LEVELS, json!({})).await;
            let nodes = data["viewer"]["user"]["friends"]["nodes"].clone();
            let bodies = nodes.to_string().matches("by who is to be hidden").count();
            (
                world.statements(),
                nodes[0]["introductions"]["totalCount"].clone(),
                bodies,
            )
        };
        let all = breadth + 1;
        let (before, count, bodies) = cost().await;
        assert_eq!((count, bodies), (json!(2), all));
        let input = json!({ "userId": me.id() });
        hidden.mutate("blockUser", input, "").await;
        let (after, count, bodies) = cost().await;
        assert_eq!((count, bodies), (json!(1), 0));
        costs.push((before, after));
        let input = json!({ "userId": me.id() });
        hidden.mutate("unblockUser", input, "").await;
    }
    assert_eq!(costs[0], costs[1], "the breadth is no matter");
    let (before, after) = costs[0];
    println!("{before} statements, {after} with a block");
    assert!(before <= 8, "{costs:?}");
    // Who is hidden, and of how many introductions.
    assert!(after <= before + 3, "{costs:?}");
}

/// Texts that nobody asks for are not read.
#[tokio::test]
async fn a_list_without_bodies_reads_none() {
    let world = World::uncached().await;
    let (me, friend) = (world.person("me").await, world.person("friend").await);
    me.befriend(&friend).await;
    introduce(&me, &friend, "hello").await;
    let ask = async |document: &str| {
        world.forget_statements();
        me.run(document, json!({})).await;
        let texts = world.statement_texts();
        texts.iter().any(|text| {
            text.contains(" FROM ") && text.contains("introductions") && text.contains("t.body")
        })
    };
    for (list, fields) in [
        (
            "user(username: \"friend\") { introductions",
            "author { username }",
        ),
        ("viewer { writtenIntroductions", "subject { username }"),
    ] {
        assert!(!ask(&format!("{{ {list} {{ nodes {{ id {fields} }} }} }} }}")).await);
        assert!(ask(&format!("{{ {list} {{ nodes {{ body {fields} }} }} }} }}")).await);
    }
}
