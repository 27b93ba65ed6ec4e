//! Favourite songs, in their order.

use serde_json::json;

use super::{agrees, count, favourites, song, songs};
use crate::support::world::World;

#[tokio::test]
async fn favourites_are_added_moved_and_removed_in_their_order() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let songs = songs(&me, 5).await;
    let add = async |song: &str, position: Option<i32>| {
        let input = json!({ "itemId": song, "position": position });
        let fields = "song { title } user { favouriteSongs { totalCount } }";
        me.mutate("addFavouriteSong", input, fields).await
    };
    let added = add(&songs[0], None).await;
    assert_eq!(added["song"]["title"], "song0");
    assert_eq!(added["user"]["favouriteSongs"]["totalCount"], 1);
    add(&songs[1], None).await;
    add(&songs[2], Some(1)).await;
    add(&songs[3], Some(2)).await;
    add(&songs[4], Some(5)).await;
    let order = ["song2", "song3", "song0", "song1", "song4"];
    assert_eq!(favourites(&other, "me").await, order);
    // One that is there already stays where it is.
    let again = add(&songs[0], Some(1)).await;
    assert_eq!(again["user"]["favouriteSongs"]["totalCount"], 5);
    assert_eq!(favourites(&me, "me").await, order);
    for (song, position, order) in [
        (4, 1, ["song4", "song2", "song3", "song0", "song1"]),
        (4, 4, ["song2", "song3", "song0", "song4", "song1"]),
        (3, 3, ["song2", "song0", "song3", "song4", "song1"]),
        (3, 3, ["song2", "song0", "song3", "song4", "song1"]),
        (2, 5, ["song0", "song3", "song4", "song1", "song2"]),
    ] {
        let input = json!({ "itemId": songs[song], "position": position });
        let moved = me
            .mutate(
                "moveFavouriteSong",
                input,
                "song { title } user { username }",
            )
            .await;
        assert_eq!(moved["song"]["title"], format!("song{song}"));
        assert_eq!(favourites(&me, "me").await, order);
    }
    agrees(&world).await;
    for (song, left) in [
        (3, vec!["song0", "song4", "song1", "song2"]),
        (2, vec!["song0", "song4", "song1"]),
        (0, vec!["song4", "song1"]),
    ] {
        let input = json!({ "itemId": songs[song] });
        let fields = "song { title } user { favouriteSongs { totalCount } }";
        let removed = me.mutate("removeFavouriteSong", input, fields).await;
        assert_eq!(removed["user"]["favouriteSongs"]["totalCount"], left.len());
        assert_eq!(favourites(&other, "me").await, left);
    }
    assert!(favourites(&me, "other").await.is_empty());
    agrees(&world).await;
}

#[tokio::test]
async fn what_is_no_song_and_no_place_is_refused() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let mine = song(&me, "mine").await;
    let theirs = song(&me, "theirs").await;
    let input = json!({ "title": "an album", "kind": "CD" });
    let cd = me.mutate("addCatalogueItem", input, "item { id }").await;
    let cd = cd["item"]["id"].as_str().unwrap();
    let nobodys = {
        use ashiato::ids::{GlobalId, Kind};
        GlobalId::encode(Kind::CatalogueItem, &[uuid::Uuid::from_u128(0xfeed)]).to_string()
    };
    me.mutate("addFavouriteSong", json!({ "itemId": mine }), "")
        .await;
    other
        .mutate("addFavouriteSong", json!({ "itemId": theirs }), "")
        .await;
    for (mutation, item, position, code, field) in [
        ("addFavouriteSong", cd, None, "NOT_A_SONG", "itemId"),
        ("addFavouriteSong", &*nobodys, None, "NOT_FOUND", "itemId"),
        (
            "addFavouriteSong",
            &*theirs,
            Some(0),
            "NUMBER_OUT_OF_RANGE",
            "position",
        ),
        (
            "addFavouriteSong",
            &*theirs,
            Some(3),
            "NUMBER_OUT_OF_RANGE",
            "position",
        ),
        (
            "addFavouriteSong",
            &*theirs,
            Some(-1),
            "NUMBER_OUT_OF_RANGE",
            "position",
        ),
        (
            "moveFavouriteSong",
            &*mine,
            Some(2),
            "NUMBER_OUT_OF_RANGE",
            "position",
        ),
        (
            "moveFavouriteSong",
            &*mine,
            Some(0),
            "NUMBER_OUT_OF_RANGE",
            "position",
        ),
        // Another's is none of one's own.
        (
            "moveFavouriteSong",
            &*theirs,
            Some(1),
            "NOT_FOUND",
            "itemId",
        ),
        ("removeFavouriteSong", &*theirs, None, "NOT_FOUND", "itemId"),
        (
            "removeFavouriteSong",
            &*nobodys,
            None,
            "NOT_FOUND",
            "itemId",
        ),
    ] {
        let mut input = json!({ "itemId": item });
        if let Some(position) = position {
            input["position"] = json!(position);
        }
        let refused = me.attempt(mutation, input.clone(), "").await;
        let expected = json!([{ "code": code, "field": [field] }]);
        assert_eq!(refused["userErrors"], expected, "{mutation} {input}");
    }
    assert_eq!(favourites(&me, "me").await, ["mine"]);
    assert_eq!(favourites(&me, "other").await, ["theirs"]);
    agrees(&world).await;
}

#[tokio::test]
async fn nobody_has_more_than_a_hundred() {
    let world = World::new().await;
    let me = world.person("me").await;
    let songs = songs(&me, 101).await;
    for song in &songs[..100] {
        me.mutate("addFavouriteSong", json!({ "itemId": song }), "")
            .await;
    }
    let one_more = json!({ "itemId": songs[100], "position": 1 });
    let refused = me.refusal("addFavouriteSong", one_more.clone()).await;
    assert_eq!(refused, "FAVOURITE_SONG_LIMIT_REACHED");
    // One of those that are there changes nothing, and is no error.
    me.mutate("addFavouriteSong", json!({ "itemId": songs[7] }), "")
        .await;
    assert_eq!(favourites(&me, "me").await.len(), 100);
    me.mutate("removeFavouriteSong", json!({ "itemId": songs[50] }), "")
        .await;
    me.mutate("addFavouriteSong", one_more, "").await;
    let all = favourites(&me, "me").await;
    assert_eq!((all.len(), &*all[0]), (100, "song100"));
    assert_eq!(count(&world, "favourite_songs").await, 100);
    agrees(&world).await;
}

#[tokio::test]
async fn they_are_read_page_by_page() {
    let world = World::new().await;
    let me = world.person("me").await;
    for song in songs(&me, 5).await {
        me.mutate("addFavouriteSong", json!({ "itemId": song }), "")
            .await;
    }
    let page =
        "query($after: String) { user(username: \"me\") { favouriteSongs(first: 2, after: $after) {
        totalCount pageInfo { hasNextPage endCursor } nodes { title } } } }";
    let (mut after, mut seen) = (json!(null), Vec::new());
    loop {
        let found = me.run(page, json!({ "after": after })).await;
        let found = &found["user"]["favouriteSongs"];
        assert_eq!(found["totalCount"], 5);
        seen.extend(found["nodes"].as_array().unwrap().clone());
        after = found["pageInfo"]["endCursor"].clone();
        if found["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    let titles: Vec<_> = (0..5)
        .map(|n| json!({ "title": format!("song{n}") }))
        .collect();
    assert_eq!(seen, titles);
}
