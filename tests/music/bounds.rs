//! What reading and reporting cost: as many statements however many there are of anything.

use ashiato::music::charting::catch_up;
use serde_json::{Value, json};

use super::{heard, listen, songs};
use crate::support::world::World;

/// A community in which everybody is a friend of the first one, likes songs and listens to them.
async fn community(world: &World, friends: usize, count: usize) -> Vec<String> {
    let me = world.person("me").await;
    let mut all = Vec::new();
    for number in 0..count {
        let input = json!({ "title": format!("song{number}"), "kind": "SONG",
            "artist": { "name": format!("artist{number}") } });
        let added = me.mutate("addCatalogueItem", input, "item { id }").await;
        all.push(added["item"]["id"].as_str().unwrap().to_owned());
    }
    for friend in world.people("friend", friends).await {
        me.befriend(&friend).await;
        for song in &all {
            friend
                .mutate("addFavouriteSong", json!({ "itemId": song }), "")
                .await;
            let times = ["2006-05-01T01:00:00Z", "2006-04-26T01:00:00Z"];
            listen(&friend, &times.map(|at| (&**song, at))).await;
        }
    }
    catch_up(&world.app).await.unwrap();
    all
}

#[tokio::test]
async fn a_page_takes_as_many_statements_for_few_as_for_many() {
    const DOCUMENTS: [(&str, usize); 5] = [
        // Friends, their favourites with their numbers, songs and artists.
        (
            "{ viewer { user { friends { nodes { favouriteSongs { totalCount nodes { title artist { name } } } } } } } }",
            8,
        ),
        (
            "{ viewer { user { friends { nodes { recentListens { nodes { song { title artist { name } } } } } } } } }",
            7,
        ),
        // Two weeks, songs, artists.
        (
            "{ songChart(week: \"2006-05-01\") { entries { nodes { place previousPlace song { title artist { name otherNames } } } } } }",
            5,
        ),
        // Friends, two weeks, songs.
        (
            "{ viewer { friendsSongChart(week: \"2006-05-01\") { entries { nodes { place previousPlace song { title } } } } } }",
            4,
        ),
        // A page of the search, its items and titles; friends, and who listens.
        (
            "{ searchCatalogue(text: \"song\") { nodes { friendListeners { nodes { username } } } } }",
            6,
        ),
    ];
    let mut counts = Vec::new();
    for size in [2, 7] {
        let world = World::uncached().await;
        community(&world, size, size).await;
        let me = world.known("me").await;
        for (document, most) in DOCUMENTS {
            world.forget_statements();
            let found = me.run(document, Value::Null).await.to_string();
            assert!(
                found.contains("song") || found.contains("friend"),
                "{found}"
            );
            let count = world.statements();
            assert!(count <= most, "{document}: {:#?}", world.statement_texts());
            counts.push(count);
        }
    }
    let (few, many) = counts.split_at(DOCUMENTS.len());
    assert_eq!(few, many);
}

#[tokio::test]
async fn a_report_takes_as_many_statements_for_one_as_for_fifty() {
    let world = World::uncached().await;
    let me = world.person("me").await;
    let songs = songs(&me, 25).await;
    let mut counts = Vec::new();
    for report in [
        heard(&[(&songs[0], "2006-05-01T01:00:00Z")]),
        heard(
            &songs
                .iter()
                .flat_map(|song| {
                    ["2006-05-01T02:00:00Z", "2006-04-26T02:00:00Z"].map(|at| (&**song, at))
                })
                .collect::<Vec<_>>(),
        ),
    ] {
        world.forget_statements();
        me.mutate("reportListens", report, "newCount").await;
        counts.push(world.statements());
    }
    assert_eq!(counts[0], counts[1]);
    assert!(counts[0] <= 12, "{counts:?}");
}

#[tokio::test]
async fn looking_for_something_to_count_is_one_statement_where_there_is_nothing() {
    let world = World::uncached().await;
    world.forget_statements();
    assert_eq!(catch_up(&world.app).await.unwrap(), 0);
    assert_eq!(world.statements(), 1, "{:#?}", world.statement_texts());
}
