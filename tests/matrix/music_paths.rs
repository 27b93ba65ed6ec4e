//! The paths to what the target likes and listens to. (The chart of everybody counts everybody, and names
//! nobody.)

use serde_json::{Value, json};

use super::{
    cast::Who::{self, Friend, Grouped},
    paths::{Path, marks, one_of},
};
use crate::support::world::Person;

/// What is looked for: the titles of two songs.
pub const MARKS: [&str; 2] = ["favourite of target", "heard by target"];

/// Has the target like a song, and listen to another. Gives the id of that.
pub async fn write(target: &Person<'_>) -> Value {
    let mut ids = Vec::new();
    for title in MARKS {
        let input = json!({ "kind": "SONG", "title": title });
        let added = target.mutate("addCatalogueItem", input, "item { id }");
        ids.push(added.await["item"]["id"].clone());
    }
    let input = json!({ "itemId": ids[0] });
    target.mutate("addFavouriteSong", input, "").await;
    let listen = json!({ "itemId": ids[1], "listenedAt": "2006-05-01T01:00:00Z" });
    let input = json!({ "listens": [listen] });
    target.mutate("reportListens", input, "").await;
    ids.swap_remove(1)
}

fn heard_by_friends(who: Who, _: usize) -> Vec<String> {
    one_of(who, &[Friend, Grouped], "heard by target")
}

pub const PATHS: &[Path] = &[
    Path {
        covers: &["User.favouriteSongs", "FavouriteSongConnection.totalCount"],
        document: "query($name: String!) { user(username: $name) { favouriteSongs { totalCount
            nodes { title } } } }",
        shows: |who, _| marks(who.sees(1), &["favourite of target"]),
        counts: Some(|who, _| who.sees(1).into()),
    },
    Path {
        covers: &[
            "User.recentListens",
            "Listen.song",
            "ListenConnection.totalCount",
        ],
        document: "query($name: String!) { user(username: $name) { recentListens { totalCount
            nodes { listenedAt song { title } } } } }",
        shows: |who, _| marks(who.sees(1), &["heard by target"]),
        counts: None,
    },
    Path {
        covers: &[
            "CatalogueItem.friendListeners",
            "ListenerConnection.totalCount",
        ],
        document:
            "query($itemSong: ID!) { catalogueItem(id: $itemSong) { friendListeners { totalCount
            nodes { username } } } }",
        shows: |who, _| one_of(who, &[Friend, Grouped], "target"),
        counts: None,
    },
    Path {
        covers: &["Viewer.friendsSongChart"],
        document: "{ viewer { friendsSongChart(week: \"2006-05-01\") { entries { nodes { place song { title } } } } } }",
        shows: heard_by_friends,
        counts: None,
    },
];
