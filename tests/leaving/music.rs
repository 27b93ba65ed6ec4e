//! Music goes with who liked it and listened to it, and is no more counted.

use serde_json::json;

use super::{delete, id, look_again, wish_away};
use crate::{
    music::{self, chart, count, favourites, listen, row, songs},
    support::world::{Person, World},
};

/// Has who goes, and another, like two songs and listen to the first of them.
pub async fn of(goes: &Person<'_>, other: &Person<'_>) {
    let songs = songs(goes, 2).await;
    for who in [goes, other] {
        for song in &songs {
            let input = json!({ "itemId": song });
            who.mutate("addFavouriteSong", input, "").await;
        }
        let times = ["2006-05-01T01:00:00Z", "2006-05-01T02:00:00Z"];
        listen(who, &times.map(|at| (&*songs[0], at))).await;
    }
}

#[tokio::test]
async fn with_a_user_go_the_favourites_the_listens_and_what_counts_them() {
    let world = World::new().await;
    let (goes, stays) = (world.person("goes").await, world.person("stays").await);
    let songs = songs(&stays, 3).await;
    for person in [&goes, &stays] {
        world.give_password(person).await;
        for song in &songs[..2] {
            person
                .mutate("addFavouriteSong", json!({ "itemId": song }), "")
                .await;
        }
        let times = [
            "2006-05-01T01:00:00Z",
            "2006-05-01T02:00:00Z",
            "2006-04-26T01:00:00Z",
        ];
        listen(person, &times.map(|at| (&*songs[0], at))).await;
    }
    let alone: Vec<_> = (0..50)
        .map(|n| format!("2006-05-01T02:00:{n:02}Z"))
        .collect();
    let alone: Vec<_> = alone.iter().map(|at| (&*songs[2], &**at)).collect();
    listen(&goes, &alone).await;
    music::agrees(&world).await;
    assert_eq!(chart(&stays, "2006-05-01").await.len(), 2);
    // Some of it is not counted yet.
    listen(&goes, &[(&songs[1], "2006-05-01T01:30:00Z")]).await;
    listen(&stays, &[(&songs[1], "2006-05-01T01:30:00Z")]).await;
    wish_away(&world, &goes).await;
    delete(&world, id(&goes)).await;
    look_again(&world, id(&goes)).await;
    music::agrees(&world).await;
    let left = [row(1, Some(1), "song0", 1, 2), row(2, None, "song1", 1, 1)];
    assert_eq!(chart(&stays, "2006-05-01").await, left);
    assert_eq!(
        chart(&stays, "2006-04-26").await,
        [row(1, None, "song0", 1, 1)]
    );
    for (table, left) in [
        ("favourite_songs", 2),
        ("listens", 4),
        ("weekly_listens", 3),
        ("song_listeners", 2),
        ("uncharted_listens", 0),
    ] {
        assert_eq!(count(&world, table).await, left, "{table}");
    }
    assert_eq!(favourites(&stays, "stays").await, ["song0", "song1"]);
}
