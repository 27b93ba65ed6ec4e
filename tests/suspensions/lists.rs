//! What lists and counts show: nothing of who is suspended, on pages that are full all the same; and what
//! that costs.

use ashiato::{absence::store, bulk::recount::recount};
use entity::values::AbsenceCause;
use futures_util::StreamExt;
use serde_json::{Value, json};

use super::{lift, suspend};
use crate::support::world::{Person, World, next};

/// Every list and count that another's doing is in.
const EVERYTHING: &str = "query($diary: ID!, $item: ID!) {
    owner: user(username: \"owner\") { friendCount friends { totalCount nodes { username } }
        mutualFriends { nodes { username } } diaries { nodes { commentCount } } }
    node(id: $diary) { ... on Diary { commentCount comments { totalCount nodes {
        author { username } } } } }
    catalogueItem(id: $item) { rating { count } all: reviews { totalCount nodes {
        author { username } } } friends: reviews(by: FRIENDS) { nodes { author { username } } } }
    searchUsers(text: \"person\") { nodes { username } }
    viewer { visitCount newFootprintCount footprints { totalCount nodes {
            visitor { username } } }
        incomingFriendRequests { totalCount nodes { sender { username } } }
        outgoingFriendRequests { totalCount nodes { recipient { username } } }
        homeFeed(first: 2) { nodes { author { username } } }
        friendSuggestions { nodes { username } }
        user { friendCount friends { totalCount nodes { username } } } } }";

struct Scene<'w> {
    me: Person<'w>,
    moderator: Person<'w>,
    people: Vec<Person<'w>>,
    variables: Value,
}

impl<'w> Scene<'w> {
    /// Of six people the first three are friends of the viewer's and of an owner's, and all comment,
    /// review, visit; the last three ask, or are asked, to become friends.
    async fn new(world: &'w World) -> Self {
        let moderator = world.moderator("moderator").await;
        let (me, owner) = (world.person("me").await, world.person("owner").await);
        let people = world.people("person", 6).await;
        let diary = owner.write("open", "MEMBERS").await;
        let input = json!({ "kind": "CD", "title": "An album" });
        let made = me.mutate("addCatalogueItem", input, "item { id }").await;
        let item = made["item"]["id"].clone();
        for (place, person) in people.iter().enumerate() {
            owner.befriend(person).await;
            if place < 3 {
                me.befriend(person).await;
                person.write("theirs", "FRIENDS").await;
            }
            let input = json!({ "diaryId": diary, "body": "b" });
            person.mutate("commentOnDiary", input, "").await;
            let input = json!({ "itemId": item, "rating": 4 });
            person.mutate("reviewItem", input, "").await;
            let input = json!({ "userId": me.id() });
            person.mutate("visitProfile", input, "").await;
        }
        let ask = async |from: &Person<'_>, to: &Person<'_>| {
            let input = json!({ "userId": to.id() });
            from.mutate("requestFriendship", input, "").await;
        };
        ask(&people[3], &me).await;
        ask(&people[4], &me).await;
        ask(&me, &people[5]).await;
        Self {
            me,
            moderator,
            people,
            variables: json!({ "diary": diary, "item": item }),
        }
    }

    async fn seen(&self) -> Value {
        self.me.run(EVERYTHING, self.variables.clone()).await
    }
}

/// `seen` without `name`: what stands in lists, and what counts them.
fn names(seen: &Value, path: &str) -> Vec<String> {
    let nodes = seen.pointer(path).unwrap()["nodes"].as_array().unwrap();
    let mut names: Vec<_> = nodes
        .iter()
        .map(|node| {
            let inner = ["author", "visitor", "sender", "recipient"];
            let user = inner.iter().find_map(|it| node.get(*it)).unwrap_or(node);
            user["username"].as_str().unwrap().to_owned()
        })
        .collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn lists_and_counts_are_of_who_is_there_and_come_back_whole() {
    let world = World::cached().await;
    let scene = Scene::new(&world).await;
    let whole = scene.seen().await;
    assert_eq!(names(&whole, "/owner/friends").len(), 6);
    // One of each kind: a friend, one who asked, one who was asked.
    for place in [1, 3, 5] {
        suspend(&scene.moderator, &scene.people[place]).await;
    }
    let seen = scene.seen().await;
    let (there, friends) = (["person0", "person2", "person4"], ["person0", "person2"]);
    for (path, expected) in [
        ("/owner/friends", &there[..]),
        ("/owner/mutualFriends", &friends),
        ("/node/comments", &there),
        ("/catalogueItem/all", &there),
        ("/catalogueItem/friends", &friends),
        ("/searchUsers", &there),
        ("/viewer/footprints", &there),
        ("/viewer/incomingFriendRequests", &["person4"]),
        ("/viewer/outgoingFriendRequests", &[]),
        ("/viewer/homeFeed", &friends),
        ("/viewer/user/friends", &friends),
    ] {
        assert_eq!(names(&seen, path), expected, "{path}");
        let total = &seen.pointer(path).unwrap()["totalCount"];
        assert!(
            total.is_null() || *total == expected.len(),
            "{path}: {total}"
        );
    }
    assert!(!names(&seen, "/viewer/friendSuggestions").contains(&"person3".to_owned()));
    for (path, count) in [
        ("/owner/friendCount", 3),
        ("/owner/diaries/nodes/0/commentCount", 3),
        ("/node/commentCount", 3),
        ("/viewer/newFootprintCount", 3),
        ("/viewer/user/friendCount", 2),
        // Figures over everybody count everybody.
        ("/viewer/visitCount", 6),
        ("/catalogueItem/rating/count", 6),
    ] {
        assert_eq!(seen.pointer(path), Some(&json!(count)), "{path}");
    }
    // Moderators see all of them.
    let moderators = scene
        .moderator
        .run(EVERYTHING, scene.variables.clone())
        .await;
    for path in ["/owner/friends", "/node/comments", "/searchUsers"] {
        assert_eq!(names(&moderators, path).len(), 6, "{path}");
    }
    assert_eq!(moderators["owner"]["friendCount"], 6);
    for place in [1, 3, 5] {
        lift(&scene.moderator, &scene.people[place]).await;
    }
    assert_eq!(scene.seen().await, whole);
    let differences = recount(world.app.database.reader()).await.unwrap();
    assert!(differences.is_empty(), "{differences:#?}");
}

/// A page of the home feed is full, though who wrote last is not there.
#[tokio::test]
async fn the_home_feed_goes_on_beyond_who_is_absent() {
    let world = World::new().await;
    let moderator = world.moderator("moderator").await;
    let me = world.person("me").await;
    let friends = world.people("friend", 8).await;
    for friend in &friends {
        me.befriend(friend).await;
        friend.write(&friend.username, "FRIENDS").await;
    }
    for friend in &friends[4..] {
        suspend(&moderator, friend).await;
    }
    let document = "query($after: String) { viewer { homeFeed(first: 2, after: $after) {
        nodes { title } pageInfo { endCursor hasNextPage } } } }";
    let (mut titles, mut after) = (Vec::new(), Value::Null);
    loop {
        let seen = me.run(document, json!({ "after": after })).await;
        let feed = &seen["viewer"]["homeFeed"];
        let nodes = feed["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), 2, "{feed}");
        titles.extend(nodes.iter().map(|node| node["title"].clone()));
        after = feed["pageInfo"]["endCursor"].clone();
        if feed["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(titles, ["friend3", "friend2", "friend1", "friend0"]);
}

/// What somebody left before is not delivered while they are suspended, nor what was read ahead.
#[tokio::test]
async fn an_open_feed_drops_what_who_is_suspended_left() {
    let world = World::new().await;
    let moderator = world.moderator("moderator").await;
    let me = world.person("me").await;
    let people = world.people("person", 3).await;
    for person in &people {
        let input = json!({ "userId": me.id() });
        person.mutate("visitProfile", input, "").await;
    }
    let document = "subscription($after: String) { footprintLeft(after: $after) {
        node { visitor { username } } } }";
    let all = json!({ "after": ashiato::paging::cursor(b'n', &0_i64) });
    let mut feed = Box::pin(me.subscribe(document, all));
    let mut name = async || {
        let event = next(&mut feed.by_ref()).await;
        event["data"]["footprintLeft"]["node"]["visitor"]["username"].clone()
    };
    assert_eq!(name().await, "person0");
    suspend(&moderator, &people[1]).await;
    assert_eq!(name().await, "person2");
}

/// Who has a common friend that is absent is a stranger, in what is read and in what is done.
#[tokio::test]
async fn who_is_absent_ties_nobody() {
    let world = World::new().await;
    let moderator = world.moderator("moderator").await;
    let (me, author) = (world.person("me").await, world.person("author").await);
    let common = world.person("common").await;
    me.befriend(&common).await;
    author.befriend(&common).await;
    let diary = author.write("d", "FRIENDS_OF_FRIENDS").await;
    let document = "query($id: ID!) { node(id: $id) { id }
        user(username: \"author\") { viewerRelation diaries { totalCount } } }";
    let comment = json!({ "diaryId": diary, "body": "b" });
    let seen = async || me.run(document, json!({ "id": diary })).await;
    assert_eq!(seen().await["user"]["viewerRelation"], "FRIEND_OF_FRIEND");
    suspend(&moderator, &common).await;
    let nothing = json!({ "node": null,
        "user": { "viewerRelation": "NONE", "diaries": { "totalCount": 0 } } });
    assert_eq!(seen().await, nothing);
    for (act, input) in [
        ("commentOnDiary", comment.clone()),
        ("visitDiary", json!({ "diaryId": diary })),
    ] {
        assert_eq!(me.refusal(act, input).await, "NOT_FOUND", "{act}");
    }
    lift(&moderator, &common).await;
    assert_eq!(seen().await["node"]["id"], *diary);
    me.mutate("commentOnDiary", comment, "").await;
}

/// From a hundred on they are counted the other way about.
#[tokio::test]
async fn of_however_many_who_are_absent_counts_are_right() {
    let world = World::new().await;
    let (owner, me) = (world.person("owner").await, world.person("me").await);
    let people = world.people("person", 5).await;
    let diary = owner.write("open", "MEMBERS").await;
    for person in &people {
        owner.befriend(person).await;
        let input = json!({ "diaryId": diary, "body": "b" });
        person.mutate("commentOnDiary", input, "").await;
    }
    let others = world.people("other", 120).await;
    let mut gone: Vec<_> = others.iter().chain(&people[..2]).collect();
    gone.push(&people[4]);
    let ids: Vec<_> = gone.iter().map(|it| it.viewer.id().unwrap()).collect();
    let written = world.app.database.write(move |tx| {
        let ids = ids.clone();
        Box::pin(async move {
            for id in ids {
                store::begin(&tx.sql, id, AbsenceCause::Suspended, None).await?;
            }
            Ok(())
        })
    });
    written.await.unwrap();
    world.app.settle_absences().await;
    let document = "query($id: ID!) { user(username: \"owner\") {
            friendCount friends { totalCount nodes { username } }
            diaries { nodes { commentCount } } }
        node(id: $id) { ... on Diary { comments { totalCount } } } }";
    let seen = me.run(document, json!({ "id": diary })).await;
    assert_eq!(
        seen,
        json!({ "user": { "friendCount": 2, "friends": { "totalCount": 2,
                "nodes": [{ "username": "person3" }, { "username": "person2" }] },
                "diaries": { "nodes": [{ "commentCount": 2 }] } },
            "node": { "comments": { "totalCount": 2 } } })
    );
}

/// Friends of friends with their counts, and comments with theirs: two levels of lists.
const LEVELS: &str = "{ viewer { user { friends { nodes { friendCount
    friends { totalCount nodes { username } }
    diaries { nodes { commentCount comments { totalCount nodes { author { username } } } } }
} } } } }";

/// One statement more for each count of a level, whatever the breadth; none for lists; none where nobody
/// is suspended.
#[tokio::test]
async fn a_suspension_costs_one_statement_for_each_count_of_a_level() {
    let world = World::uncached().await;
    let moderator = world.moderator("moderator").await;
    let (me, hidden) = (world.person("me").await, world.person("hidden").await);
    let friends = world.people("friend", 6).await;
    let mut costs = Vec::new();
    for (breadth, friend) in friends.iter().enumerate() {
        me.befriend(friend).await;
        friend.befriend(&hidden).await;
        let diary = friend.write("open", "MEMBERS").await;
        let input = json!({ "diaryId": diary, "body": "b" });
        hidden.mutate("commentOnDiary", input, "").await;
        if ![1, 5].contains(&breadth) {
            continue;
        }
        let cost = async |who: &Person<'_>, document: &str| {
            world.forget_statements();
            who.run(document, json!({})).await;
            world.statements()
        };
        let plain = "{ viewer { user { friends { nodes { username } } } } }";
        let before = [cost(&me, plain).await, cost(&me, LEVELS).await];
        suspend(&moderator, &hidden).await;
        let after = [cost(&me, plain).await, cost(&me, LEVELS).await];
        assert_eq!(after[0], before[0], "{:#?}", world.statement_texts());
        costs.push((before[1], after[1]));
        lift(&moderator, &hidden).await;
        assert_eq!([cost(&me, plain).await, cost(&me, LEVELS).await], before);
    }
    assert_eq!(costs[0], costs[1], "the breadth is no matter");
    let (before, after) = costs[0];
    println!("{before} statements, {after} while somebody is suspended");
    assert!(after <= before + 2, "{costs:?}");
}
