//! Pages of users, items and artists, in whose names the pieces of what is looked for can stand apart.

use super::*;

/// All names that `field` finds by "abab", in pages of `first`, each of which is full but the last, and goes on.
async fn all(person: &Person<'_>, field: &str, name: &str) -> Vec<String> {
    let document = format!(
        "query($after: String) {{ {field}(text: \"abab\", first: 3, after: $after) {{
            edges {{ cursor node {{ {name} }} }}
            pageInfo {{ endCursor hasNextPage hasPreviousPage }} }} }}"
    );
    let (mut all, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = person.run(&document, json!({ "after": after })).await;
        let page = &page[field];
        let edges = page["edges"].as_array().unwrap();
        let names = edges.iter().map(|edge| edge["node"][name].as_str());
        all.extend(names.map(|name| name.unwrap().to_owned()));
        let info = &page["pageInfo"];
        assert_eq!(info["hasPreviousPage"], after != Value::Null);
        assert_eq!(info["endCursor"], edges.last().unwrap()["cursor"]);
        if info["hasNextPage"] == false {
            return all;
        }
        assert_eq!(edges.len(), 3, "{page}");
        after = info["endCursor"].clone();
    }
}

/// Of 40 that have the pieces, these have the text.
const MEANT: [usize; 4] = [22, 23, 24, 39];

fn named(number: usize) -> String {
    let pieces = if MEANT.contains(&number) {
        "abab"
    } else {
        "ab_ba"
    };
    format!("n{number:02}{pieces}")
}

fn expected() -> Vec<String> {
    MEANT.map(named).to_vec()
}

#[tokio::test]
async fn pages_of_users_are_full_and_go_on() {
    let world = World::new().await;
    for number in 0..40 {
        world.person(&named(number)).await;
    }
    assert_eq!(
        all(&world.anonymous(), "searchUsers", "username").await,
        expected()
    );
}

#[tokio::test]
async fn pages_of_items_and_artists_are_full_and_go_on() {
    let world = World::new().await;
    let me = world.person("me").await;
    for number in 0..40 {
        let artist = json!({ "name": named(number) });
        let input = json!({ "kind": "SONG", "title": named(number), "artist": artist });
        me.mutate("addCatalogueItem", input, "").await;
    }
    assert_eq!(all(&me, "searchCatalogue", "title").await, expected());
    assert_eq!(all(&me, "searchArtists", "name").await, expected());
}

/// A search that finds nothing but pieces ends after some hundreds, and says where it goes on: not at who is found by
/// nobody.
#[tokio::test]
async fn a_search_for_users_that_stops_goes_on_where_it_stopped() {
    let world = World::new().await;
    world.people("ab_ba", 430).await;
    world.person("zz_abab").await;
    let document = "query($after: String) { searchUsers(text: \"abab\", first: 3, after: $after) {
        nodes { username } pageInfo { endCursor hasNextPage } } }";
    let nobody = world.anonymous();
    let first = nobody.run(document, json!({})).await;
    for number in 0..5 {
        world.person_born(&format!("ab_ba{number}_m"), MINOR).await;
        let shy = world.person(&format!("ab_ba{number}_s")).await;
        let input = json!({ "isSearchable": false });
        shy.mutate("editProfile", input, "").await;
    }
    assert_eq!(nobody.run(document, json!({})).await, first);
    let first = &first["searchUsers"];
    assert_eq!(first["nodes"], json!([]));
    assert_eq!(first["pageInfo"]["hasNextPage"], true);
    let after = &first["pageInfo"]["endCursor"];
    assert!(after.is_string());
    let second = nobody.run(document, json!({ "after": after })).await;
    let second = &second["searchUsers"];
    assert_eq!(second["nodes"], json!([{ "username": "zz_abab" }]));
    assert_eq!(second["pageInfo"]["hasNextPage"], false);
}
