//! How long listens are kept, and whether what counts them is right.

use ashiato::{config::Rules, housekeeping::sweep};
use chrono::TimeDelta;
use serde_json::json;

use super::{agrees, chart, count, listen, listened, row, songs};
use crate::support::{spoilt::checks, world::World};

#[tokio::test]
async fn listens_go_after_their_days_and_the_charts_stay() {
    let world = World::with(Rules {
        listen_days: 40,
        ..Rules::default()
    })
    .await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let songs = songs(&me, 2).await;
    let [old, new] = [&*songs[0], &*songs[1]];
    listen(
        &me,
        &[(old, "2006-04-26T01:00:00Z"), (old, "2006-05-01T01:00:00Z")],
    )
    .await;
    listen(&other, &[(old, "2006-04-26T01:00:00Z")]).await;
    world.clock.advance(TimeDelta::days(38));
    listen(&me, &[(new, "2006-06-08T01:00:00Z")]).await;
    // What lies within the days stays: the oldest week is one of which some has gone.
    assert_eq!(sweep(&world.app).await.unwrap().listens, 3);
    agrees(&world).await;
    assert_eq!(listened(&other, "me").await.len(), 2);
    assert!(listened(&me, "other").await.is_empty());
    assert_eq!(
        count(&world, "song_listeners").await,
        2,
        "who listened since is a listener"
    );
    world.clock.advance(TimeDelta::days(7));
    // A listen, the last of its song, and two counts of weeks: those of this week and of the one before.
    assert!(sweep(&world.app).await.unwrap().listens >= 2);
    assert_eq!(sweep(&world.app).await.unwrap().listens, 0);
    assert_eq!(
        listened(&other, "me").await,
        [["song1", "2006-06-08T01:00:00.000Z"]]
    );
    agrees(&world).await;
    assert_eq!(
        chart(&me, "2006-04-26").await,
        [row(1, None, "song0", 2, 2)]
    );
    assert_eq!(
        chart(&me, "2006-05-01").await,
        [row(1, Some(1), "song0", 1, 1)]
    );
    assert_eq!(
        chart(&me, "2006-06-08").await,
        [row(1, None, "song1", 1, 1)]
    );
}

#[tokio::test]
async fn what_counts_listens_is_told_where_it_is_wrong() {
    let world = World::new().await;
    let me = world.person("me").await;
    let artist = json!({ "name": "somebody" });
    let input = json!({ "kind": "SONG", "title": "one", "artist": artist });
    let one = me.mutate("addCatalogueItem", input, "item { id }").await;
    let one = one["item"]["id"].as_str().unwrap().to_owned();
    me.mutate("addFavouriteSong", json!({ "itemId": one }), "")
        .await;
    listen(
        &me,
        &[
            (&one, "2006-05-01T01:00:00Z"),
            (&one, "2006-05-01T02:00:00Z"),
        ],
    )
    .await;
    agrees(&world).await;
    for (spoil, check) in [
        (
            "UPDATE song_charts SET listens = listens + 1",
            "song_charts.listens, with those to come",
        ),
        (
            "UPDATE song_charts SET listeners = 2",
            "song_charts.listeners, with those to come",
        ),
        (
            "DELETE FROM song_charts",
            "song_charts.listens, with those to come",
        ),
        (
            "UPDATE favourite_songs SET place = 2",
            "favourite_songs: places from 1 on, none left out",
        ),
        (
            "UPDATE catalogue_items SET kind = 'BOOK'",
            "favourite_songs: songs",
        ),
        (
            "UPDATE weekly_listens SET listens = 1",
            "weekly_listens.listens",
        ),
        (
            "UPDATE song_listeners SET listen_id = user_id",
            "song_listeners: the last listen",
        ),
        ("DELETE FROM artist_names", "artists: the main name"),
        ("DELETE FROM artist_grams", "artist_grams"),
        (
            "DELETE FROM artists",
            "catalogue_items.artist_id: an artist, of music",
        ),
    ] {
        let found = checks(&world.url, spoil).await;
        assert!(found.iter().any(|told| told == check), "{spoil}: {found:?}");
    }
    agrees(&world).await;
}
