//! What one's friends listen to: their chart, and who of them listens to a song.

use serde_json::{Value, json};

use super::{agrees, friends_chart, listen, row, song, songs};
use crate::support::world::{Person, World};

const LISTENERS: &str = "query($id: ID!, $first: Int, $after: String) { catalogueItem(id: $id) {
    friendListeners(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
        edges { latest node { username } } } } }";

/// Who of the friends of `viewer` listens to `song`, and since when.
async fn listeners(viewer: &Person<'_>, song: &str) -> Vec<[String; 2]> {
    let found = viewer.run(LISTENERS, json!({ "id": song })).await;
    let page = &found["catalogueItem"]["friendListeners"];
    assert_eq!(page["totalCount"], Value::Null);
    let edges = page["edges"].as_array().unwrap().iter();
    let told = edges.map(|edge| {
        [&edge["node"]["username"], &edge["latest"]].map(|it| it.as_str().unwrap().to_owned())
    });
    told.collect()
}

#[tokio::test]
async fn the_chart_of_ones_friends_counts_them_alone_and_at_once() {
    let world = World::new().await;
    let (me, stranger) = (world.person("me").await, world.person("stranger").await);
    let friends = world.people("friend", 3).await;
    for friend in &friends {
        me.befriend(friend).await;
    }
    let songs = songs(&me, 3).await;
    let [one, two, three] = [0, 1, 2].map(|place| &*songs[place]);
    listen(
        &friends[0],
        &[(one, "2006-05-01T01:00:00Z"), (two, "2006-05-01T02:00:00Z")],
    )
    .await;
    listen(
        &friends[1],
        &[(two, "2006-05-01T01:00:00Z"), (two, "2006-05-01T02:00:00Z")],
    )
    .await;
    listen(&friends[2], &[(one, "2006-04-26T01:00:00Z")]).await;
    listen(&stranger, &[(three, "2006-05-01T01:00:00Z")]).await;
    listen(&me, &[(three, "2006-05-01T01:00:00Z")]).await;
    // Nothing of it waits for the charts of everybody.
    let chart = [row(1, None, "song1", 2, 3), row(2, Some(1), "song0", 1, 1)];
    assert_eq!(friends_chart(&me, "2006-05-01").await, chart);
    assert_eq!(
        friends_chart(&me, "2006-04-30").await,
        [row(1, None, "song0", 1, 1)]
    );
    // Of the friend of theirs it is me whom they count.
    assert_eq!(
        friends_chart(&friends[0], "2006-05-01").await,
        [row(1, None, "song2", 1, 1)]
    );
    assert!(friends_chart(&stranger, "2006-05-01").await.is_empty());
    // Who is no friend any more counts no more, nor who blocks, or is absent.
    let user = |person: &Person<'_>| json!({ "userId": person.id() });
    me.mutate("endFriendship", user(&friends[1]), "").await;
    let without = [row(1, None, "song1", 1, 1), row(1, Some(1), "song0", 1, 1)];
    let mut found = friends_chart(&me, "2006-05-01").await;
    found.sort_by_key(|row| std::cmp::Reverse(row.2.clone()));
    assert_eq!(found, without);
    friends[0].mutate("blockUser", user(&me), "").await;
    assert!(friends_chart(&me, "2006-05-01").await.is_empty());
    assert_eq!(friends_chart(&me, "2006-04-30").await.len(), 1);
    let administrator = world.person("administrator").await;
    world.make_administrator(&administrator).await;
    let input = json!({ "userId": friends[2].id(), "reason": "spam" });
    administrator.mutate("suspendUser", input, "").await;
    assert!(friends_chart(&me, "2006-04-30").await.is_empty());
    let lift = json!({ "userId": friends[2].id() });
    administrator.mutate("liftSuspension", lift, "").await;
    assert_eq!(friends_chart(&me, "2006-04-30").await.len(), 1);
    agrees(&world).await;
}

#[tokio::test]
async fn of_each_friend_the_songs_they_listened_to_most_come_to_the_chart() {
    let world = World::new().await;
    let (me, friend) = (world.person("me").await, world.person("friend").await);
    me.befriend(&friend).await;
    let songs = songs(&me, 52).await;
    for (hour, songs) in songs.chunks(50).enumerate() {
        let at = format!("2006-05-01T0{hour}:00:00Z");
        let all: Vec<_> = songs.iter().map(|song| (&**song, &*at)).collect();
        listen(&friend, &all).await;
    }
    // The last one twice.
    listen(&friend, &[(&songs[51], "2006-05-01T02:00:00Z")]).await;
    let chart = friends_chart(&me, "2006-05-01").await;
    assert_eq!(chart.len(), 50);
    assert_eq!(chart[0], row(1, None, "song51", 1, 2));
}

#[tokio::test]
async fn who_of_ones_friends_listens_to_a_song() {
    let world = World::new().await;
    let (me, stranger) = (world.person("me").await, world.person("stranger").await);
    let friends = world.people("friend", 3).await;
    for friend in &friends {
        me.befriend(friend).await;
    }
    let one = song(&me, "one").await;
    let other = song(&me, "other").await;
    listen(
        &friends[0],
        &[
            (&one, "2006-05-01T01:00:00Z"),
            (&one, "2006-04-20T01:00:00Z"),
        ],
    )
    .await;
    listen(
        &friends[1],
        &[
            (&one, "2006-05-01T02:00:00Z"),
            (&other, "2006-05-01T02:30:00Z"),
        ],
    )
    .await;
    listen(&friends[2], &[(&one, "2006-04-18T02:00:00Z")]).await;
    listen(&stranger, &[(&one, "2006-05-01T02:00:00Z")]).await;
    listen(&me, &[(&one, "2006-05-01T02:00:00Z")]).await;
    let all = [
        ["friend1", "2006-05-01T02:00:00.000Z"],
        ["friend0", "2006-05-01T01:00:00.000Z"],
        ["friend2", "2006-04-18T02:00:00.000Z"],
    ];
    assert_eq!(listeners(&me, &one).await, all);
    assert_eq!(
        listeners(&me, &other).await,
        [["friend1", "2006-05-01T02:30:00.000Z"]]
    );
    assert!(listeners(&stranger, &one).await.is_empty());
    assert!(listeners(&world.anonymous(), &one).await.is_empty());
    // Page by page.
    let mut after = Value::Null;
    for expected in all {
        let page = json!({ "id": one, "first": 1, "after": after });
        let found = me.run(LISTENERS, page).await;
        let page = &found["catalogueItem"]["friendListeners"];
        assert_eq!(page["edges"][0]["node"]["username"], expected[0]);
        assert_eq!(page["pageInfo"]["hasNextPage"], expected[0] != "friend2");
        after = page["pageInfo"]["endCursor"].clone();
    }
    // Four weeks after, they are no listeners any more.
    world.clock.advance(chrono::TimeDelta::days(20));
    assert_eq!(listeners(&me, &one).await, all[..2]);
    me.mutate("blockUser", json!({ "userId": friends[1].id() }), "")
        .await;
    assert_eq!(listeners(&me, &one).await, all[1..2]);
    world.clock.advance(chrono::TimeDelta::days(9));
    assert!(listeners(&me, &one).await.is_empty());
    // Of what is no song nobody is.
    let input = json!({ "title": "an album", "kind": "CD" });
    let cd = me.mutate("addCatalogueItem", input, "item { id }").await;
    assert!(
        listeners(&me, cd["item"]["id"].as_str().unwrap())
            .await
            .is_empty()
    );
}
