//! What is kept beyond a request: it spares statements, and nobody sees anything of it.

mod servers;

use std::sync::Arc;

use ashiato::{
    budget::Budget, error::Error, friendship::loader::FriendsOf, loaders::Loaders,
    paging::PageArgs, viewer::Caller,
};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::json;

use crate::support::{
    chance::{Things, act},
    world::{Person, World},
};

/// All that is kept, as a page shows it.
const PROFILE: &str = "query($name: String!) { user(username: $name) {
    id username nickname bio friendCount viewerRelation
    friends(first: 3) { totalCount nodes { username bio } pageInfo { hasNextPage } }
    diaries(first: 2) { totalCount nodes {
        title audience commentCount
        comments(first: 2) { totalCount nodes { body author { username } } pageInfo { hasNextPage } }
    } pageInfo { hasNextPage } }
    reviews { totalCount }
} }";

/// What is kept of others for the viewer alone: the feed's diaries, and whose friends are friends.
const FRIENDS: &str = "query($name: String!) {
    viewer { homeFeed(first: 3) {
        nodes { title commentCount author { username } } pageInfo { hasNextPage }
    } }
    user(username: $name) { mutualFriends(first: 2) { nodes { username } pageInfo { hasNextPage } } }
}";

/// Somebody else, at another service.
fn at<'w>(world: &'w World, person: &Person<'_>) -> Person<'w> {
    Person {
        world,
        viewer: person.viewer,
        username: person.username.clone(),
        token: person.token.clone(),
    }
}

#[tokio::test]
async fn what_was_read_is_not_read_again_by_anybody() {
    let world = World::cached().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let friend = world.person("friend").await;
    me.befriend(&friend).await;
    let diary = me.write("open", "PUBLIC").await;
    let input = json!({ "diaryId": diary, "body": "b" });
    friend.mutate("commentOnDiary", input, "").await;
    let reads = async |who: &Person<'_>| {
        world.forget_statements();
        let found = who.run(PROFILE, json!({ "name": "me" })).await;
        let title = found["user"]["diaries"]["nodes"][0]["title"].clone();
        assert_eq!(title, "open");
        (world.statements(), found["user"]["bio"].clone())
    };
    // The name, the user, the friends, the diaries, the comments, and the friend.
    assert_eq!(reads(&world.anonymous()).await, (6, json!("")));
    assert_eq!(reads(&world.anonymous()).await, (0, json!("")));
    // What somebody is to another is never kept, nor what that opens: blocks, friends, the friends'
    // friends and the request are read each time, the diaries that strangers may see once.
    assert_eq!(reads(&other).await.0, 6);
    assert_eq!(reads(&other).await.0, 5);
    let input = json!({ "bio": "new" });
    // Its answer reads the user again, and keeps what it finds.
    me.mutate("editProfile", input, "user { bio }").await;
    assert_eq!(reads(&world.anonymous()).await, (0, json!("new")));
}

#[tokio::test]
async fn a_feed_and_mutual_friends_are_read_once_and_whose_friend_one_is_each_time() {
    let world = World::cached().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let common = world.person("common").await;
    me.befriend(&common).await;
    other.befriend(&common).await;
    let diary = common.write("first", "FRIENDS").await;
    let reads = async |title: Option<&str>| {
        world.forget_statements();
        let found = me.run(FRIENDS, json!({ "name": "other" })).await;
        let shown = &found["viewer"]["homeFeed"]["nodes"][0]["title"];
        assert_eq!(shown.as_str(), title);
        let mutual = found["user"]["mutualFriends"]["nodes"].clone();
        assert_eq!(mutual, json!([{ "username": "common" }]));
        world.statements()
    };
    reads(Some("first")).await;
    // Whose friend one is: for the feed, and for the mutual friends.
    assert_eq!(reads(Some("first")).await, 2);
    // Not the newest of anybody, and on the page all the same.
    let hidden = common.write("second", "ONLY_ME").await;
    common.write("third", "FRIENDS").await;
    reads(Some("third")).await;
    for (id, title, audience, newest) in [
        (&hidden, "2nd", "FRIENDS", "third"),
        (&diary, "1st", "ONLY_ME", "third"),
    ] {
        let input = json!({ "diaryId": id, "title": title, "audience": audience });
        common.mutate("editDiary", input, "").await;
        assert!(reads(Some(newest)).await > 2);
        assert_eq!(reads(Some(newest)).await, 2);
    }
    let titles = me.run(FRIENDS, json!({ "name": "other" })).await;
    let titles = titles["viewer"]["homeFeed"]["nodes"]
        .as_array()
        .unwrap()
        .clone();
    let titles: Vec<_> = titles.iter().map(|it| it["title"].clone()).collect();
    assert_eq!(titles, ["third", "2nd"]);
    let input = json!({ "userId": common.id() });
    me.mutate("endFriendship", input, "").await;
    let found = me.run(FRIENDS, json!({ "name": "other" })).await;
    assert_eq!(found["viewer"]["homeFeed"]["nodes"], json!([]));
    assert_eq!(found["user"]["mutualFriends"]["nodes"], json!([]));
}

#[tokio::test]
async fn every_answer_is_as_without_it_whatever_members_do() {
    const PEOPLE: usize = 6;
    const OPERATIONS: usize = 300;
    let world = World::cached().await;
    let beside = world.beside().await;
    let people = world.people("person", PEOPLE).await;
    let mut chance = StdRng::seed_from_u64(2004);
    let mut things = Things::default();
    let mut spared = 0;
    for operation in 0..OPERATIONS {
        let (me, other) = (
            people.choose(&mut chance).unwrap(),
            people.choose(&mut chance).unwrap(),
        );
        act(&mut chance, me, other, &mut things).await;
        for _ in 0..2 {
            let viewer = match chance.random_range(0..=PEOPLE) {
                PEOPLE => world.anonymous(),
                place => people[place].clone(),
            };
            let of = people.choose(&mut chance).unwrap();
            let name = json!({ "name": of.username });
            for service in [&world, &beside] {
                service.forget_statements();
            }
            for document in [PROFILE, FRIENDS] {
                let kept = viewer.run(document, name.clone()).await;
                let read = at(&beside, &viewer).run(document, name.clone()).await;
                assert_eq!(kept, read, "after operation {operation}");
            }
            spared += beside.statements() - world.statements().min(beside.statements());
        }
    }
    assert!(spared > OPERATIONS, "{spared}: it was no empty exercise");
}

/// A large answer is refused whether what it shows was kept or not.
#[tokio::test]
async fn what_is_kept_counts_as_what_is_read() {
    let world = World::cached().await;
    let me = world.person("me").await;
    for friend in world.people("friend", 3).await {
        me.befriend(&friend).await;
    }
    let key = || FriendsOf {
        user: me.viewer.id().unwrap(),
        page: PageArgs::default().page(b'f').unwrap(),
        newest_first: true,
    };
    // Room for one row.
    let read = async |limit| {
        let budget = Arc::new(Budget::new(limit));
        let loaders = Loaders::within(world.app.clone(), Caller::ANONYMOUS, budget);
        loaders
            .load(key())
            .await
            .map(|slice| slice.unwrap().rows.len())
    };
    assert!(matches!(read(64).await, Err(Error::ResponseTooLarge(_))));
    assert!(matches!(read(10_000).await, Ok(3)));
    world.forget_statements();
    assert!(matches!(read(64).await, Err(Error::ResponseTooLarge(_))));
    assert!(matches!(read(10_000).await, Ok(3)));
    assert_eq!(world.statements(), 0);
}

/// What is hidden by a block is absent, whoever's page was kept.
#[tokio::test]
async fn a_page_that_was_kept_for_others_hides_what_a_block_hides() {
    let world = World::cached().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let third = world.person("third").await;
    third.befriend(&other).await;
    let names = "{ user(username: \"third\") { friends { totalCount nodes { username } } } }";
    let of_all = third.run(names, json!({})).await;
    assert_eq!(of_all["user"]["friends"]["totalCount"], 1);
    assert_eq!(me.run(names, json!({})).await, of_all);
    let input = json!({ "userId": other.id() });
    me.mutate("blockUser", input, "").await;
    let none = json!({ "totalCount": 0, "nodes": [] });
    assert_eq!(me.run(names, json!({})).await["user"]["friends"], none);
    for who in [&me, &other] {
        for hidden in [&other, &me] {
            let name = json!({ "name": hidden.username });
            let seen = !who.run(PROFILE, name).await["user"].is_null();
            assert_eq!(seen, who.username == hidden.username);
        }
    }
    assert_eq!(third.run(names, json!({})).await, of_all);
}
