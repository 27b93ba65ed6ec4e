//! rules.md, Reviews and music 1 and 4: artists, favourite songs in their order, what people listen to, and the
//! weekly charts, for all and for one's friends.

mod artists;
mod bounds;
mod charts;
mod crowds;
mod favourites;
mod friends;
mod kept;
mod listens;

use ashiato::{bulk::recount::recount, music::charting::catch_up};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::support::{
    sql,
    world::{Person, World},
};

/// Adds a song. Gives its id.
pub async fn song(by: &Person<'_>, title: &str) -> String {
    let input = json!({ "title": title, "kind": "SONG" });
    let added = by.mutate("addCatalogueItem", input, "item { id }").await;
    added["item"]["id"].as_str().unwrap().to_owned()
}

/// Adds songs called `song0`, `song1`, …
pub async fn songs(by: &Person<'_>, count: usize) -> Vec<String> {
    let mut songs = Vec::with_capacity(count);
    for index in 0..count {
        songs.push(song(by, &format!("song{index}")).await);
    }
    songs
}

/// A report of listens to songs, each since a moment.
pub fn heard(listens: &[(&str, &str)]) -> Value {
    let listen = |(song, at): &(&str, &str)| json!({ "itemId": song, "listenedAt": at });
    json!({ "listens": listens.iter().map(listen).collect::<Vec<_>>() })
}

/// Has `person` report that they listened to songs, of which all must be new.
pub async fn listen(person: &Person<'_>, listens: &[(&str, &str)]) {
    let reported = person
        .mutate("reportListens", heard(listens), "newCount")
        .await;
    assert_eq!(reported["newCount"], listens.len(), "{listens:?}");
}

/// Has `person` like a song of an artist, and listen to it, which the charts count.
pub async fn liked(person: &Person<'_>) {
    let input = json!({ "kind": "SONG", "title": "Sakura", "artist": { "name": "A band" } });
    let added = person
        .mutate("addCatalogueItem", input, "item { id }")
        .await;
    let song = added["item"]["id"].as_str().unwrap();
    let input = json!({ "itemId": song });
    person.mutate("addFavouriteSong", input, "").await;
    listen(person, &[(song, "2006-05-01T01:00:00Z")]).await;
    catch_up(&person.world.app).await.unwrap();
}

/// The titles of somebody's favourite songs, in their order, as `viewer` finds them: with their places, and
/// their number.
pub async fn favourites(viewer: &Person<'_>, of: &str) -> Vec<String> {
    let document = "query($name: String!) { user(username: $name) { favouriteSongs(first: 100) {
        totalCount edges { position node { title } } } } }";
    let found = viewer.run(document, json!({ "name": of })).await;
    let page = &found["user"]["favouriteSongs"];
    let edges = page["edges"].as_array().unwrap();
    assert_eq!(page["totalCount"], edges.len());
    for (place, edge) in (1..).zip(edges) {
        assert_eq!(edge["position"], place, "{page}");
    }
    let titles = edges.iter().map(|edge| edge["node"]["title"].as_str());
    titles.map(|title| title.unwrap().to_owned()).collect()
}

/// What somebody listened to, the last first, as `viewer` finds it.
pub async fn listened(viewer: &Person<'_>, of: &str) -> Vec<[String; 2]> {
    let document = "query($name: String!) { user(username: $name) { recentListens(first: 100) {
        nodes { listenedAt song { title } } } } }";
    let found = viewer.run(document, json!({ "name": of })).await;
    let nodes = found["user"]["recentListens"]["nodes"].as_array().unwrap();
    let told = nodes.iter().map(|node| {
        [&node["song"]["title"], &node["listenedAt"]].map(|it| it.as_str().unwrap().to_owned())
    });
    told.collect()
}

const CHART: &str = "firstDay lastDay entries(first: 100) { totalCount nodes {
    place previousPlace listeners listens song { title } } }";

/// A row of a chart: place, place of the week before, title, listeners, listens.
pub type Row = (i64, Option<i64>, String, i64, i64);

fn rows_of(chart: &Value) -> Vec<Row> {
    let nodes = chart["entries"]["nodes"].as_array().unwrap();
    assert_eq!(chart["entries"]["totalCount"], nodes.len());
    let row = |node: &Value| {
        let number = |name: &str| node[name].as_i64();
        (
            number("place").unwrap(),
            number("previousPlace"),
            node["song"]["title"].as_str().unwrap().to_owned(),
            number("listeners").unwrap(),
            number("listens").unwrap(),
        )
    };
    nodes.iter().map(row).collect()
}

/// The chart of everybody, of the week of `day`.
pub async fn chart(viewer: &Person<'_>, day: &str) -> Vec<Row> {
    let document = format!("query($day: Date) {{ songChart(week: $day) {{ {CHART} }} }}");
    let found = viewer.run(&document, json!({ "day": day })).await;
    rows_of(&found["songChart"])
}

/// That of the friends of `viewer`.
async fn friends_chart(viewer: &Person<'_>, day: &str) -> Vec<Row> {
    let document =
        format!("query($day: Date) {{ viewer {{ friendsSongChart(week: $day) {{ {CHART} }} }} }}");
    let found = viewer.run(&document, json!({ "day": day })).await;
    rows_of(&found["viewer"]["friendsSongChart"])
}

pub fn row(place: i64, previous: Option<i64>, title: &str, listeners: i64, listens: i64) -> Row {
    (place, previous, title.to_owned(), listeners, listens)
}

/// How many rows `table` has, which can have a condition.
pub async fn count(world: &World, table: &str) -> i64 {
    let db = world.app.database.reader();
    let count = sql::own(db, &format!("SELECT count(*) FROM {table}"));
    let row = db.query_one_raw(count).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

/// Holds every counter to what it counts, before and after the charts are brought up to date.
pub async fn agrees(world: &World) {
    for _ in 0..2 {
        let differences = recount(world.app.database.reader()).await.unwrap();
        assert!(differences.is_empty(), "{differences:#?}");
        catch_up(&world.app).await.unwrap();
    }
    assert_eq!(count(world, "uncharted_listens").await, 0);
}
