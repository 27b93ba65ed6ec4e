//! Artists of CDs and songs.

use serde_json::{Value, json};

use super::{agrees, count};
use crate::support::world::{Person, World};

const ITEM: &str = "item { id title year artist { id name otherNames } }";

async fn add(by: &Person<'_>, input: Value) -> Value {
    by.mutate("addCatalogueItem", input, ITEM).await["item"].clone()
}

#[tokio::test]
async fn a_song_has_an_artist_who_is_added_with_the_first_and_found_by_any_name() {
    let world = World::new().await;
    let me = world.person("me").await;
    let artist =
        json!({ "name": "宇多田ヒカル", "otherNames": ["Hikaru Utada", "ウタダ", "hikaru utada"] });
    let first = add(
        &me,
        json!({ "kind": "SONG", "title": "Automatic", "artist": artist }),
    )
    .await;
    assert_eq!(first["artist"]["name"], "宇多田ヒカル");
    assert_eq!(
        first["artist"]["otherNames"],
        json!(["Hikaru Utada", "ウタダ"])
    );
    // By another of the names, in other letters; and by the id.
    let by_name = json!({ "name": "ＨＩＫＡＲＵ　utada", "otherNames": ["UTADA"] });
    let second = add(
        &me,
        json!({ "kind": "CD", "title": "First Love", "artist": by_name }),
    )
    .await;
    let id = first["artist"]["id"].clone();
    let third = add(
        &me,
        json!({ "kind": "SONG", "title": "traveling", "artistId": id }),
    )
    .await;
    for item in [&second, &third] {
        assert_eq!(item["artist"], first["artist"]);
    }
    assert_eq!(count(&world, "artists").await, 1);
    let of = "query($id: ID!, $kind: CatalogueKind) { artist(id: $id) { id name otherNames
        items(kind: $kind) { totalCount nodes { title artist { name } } } } }";
    for (kind, titles) in [
        (Value::Null, vec!["traveling", "First Love", "Automatic"]),
        (json!("SONG"), vec!["traveling", "Automatic"]),
        (json!("CD"), vec!["First Love"]),
        (json!("BOOK"), vec![]),
    ] {
        let found = me.run(of, json!({ "id": id, "kind": kind })).await;
        let items = found["artist"]["items"]["nodes"].as_array().unwrap();
        let found: Vec<_> = items
            .iter()
            .map(|item| item["title"].as_str().unwrap())
            .collect();
        assert_eq!(found, titles, "{kind}");
    }
    let node = "query($id: ID!) { node(id: $id) { id ... on Artist { name } } }";
    let found = world.anonymous().run(node, json!({ "id": id })).await;
    assert_eq!(found["node"], json!({ "id": id, "name": "宇多田ヒカル" }));
    agrees(&world).await;
}

#[tokio::test]
async fn one_title_by_two_artists_is_two_songs_and_by_one_is_one() {
    let world = World::new().await;
    let me = world.person("me").await;
    let song = |artist: Option<&str>| {
        let artist = artist.map(|name| json!({ "name": name }));
        json!({ "kind": "SONG", "title": "さくら", "year": 2003, "artist": artist })
    };
    let one = add(&me, song(Some("森山直太朗"))).await;
    let other = add(&me, song(Some("いきものがかり"))).await;
    let nobodys = add(&me, song(None)).await;
    assert_ne!(one["id"], other["id"]);
    assert_eq!(nobodys["artist"], Value::Null);
    for (artist, known) in [
        (Some("森山直太朗"), &one),
        (Some("イキモノガカリ"), &other),
        (None, &nobodys),
    ] {
        let again = me.attempt("addCatalogueItem", song(artist), ITEM).await;
        assert_eq!(again["userErrors"][0]["code"], "ITEM_EXISTS");
        assert_eq!(again["item"], *known);
    }
    assert_eq!(count(&world, "catalogue_items").await, 3);
    agrees(&world).await;
}

#[tokio::test]
async fn what_is_no_artist_is_refused_and_adds_nothing() {
    let world = World::new().await;
    let me = world.person("me").await;
    let nobodys = {
        use ashiato::ids::{GlobalId, Kind};
        GlobalId::encode(Kind::Artist, &[uuid::Uuid::from_u128(0xfeed)]).to_string()
    };
    let many: Vec<_> = (0..11).map(|n| format!("name{n}")).collect();
    for (kind, part, code, field) in [
        (
            "MOVIE",
            json!({ "artist": { "name": "a" } }),
            "ARTIST_NOT_ALLOWED",
            json!(["artist"]),
        ),
        (
            "BOOK",
            json!({ "artistId": nobodys }),
            "ARTIST_NOT_ALLOWED",
            json!(["artistId"]),
        ),
        (
            "SONG",
            json!({ "artistId": nobodys }),
            "NOT_FOUND",
            json!(["artistId"]),
        ),
        (
            "SONG",
            json!({ "artist": { "name": " " } }),
            "TEXT_REQUIRED",
            json!(["artist", "name"]),
        ),
        (
            "SONG",
            json!({ "artist": { "name": "字".repeat(101) } }),
            "TEXT_TOO_LONG",
            json!(["artist", "name"]),
        ),
        (
            "SONG",
            json!({ "artist": { "name": "㍿".repeat(26) } }),
            "TEXT_TOO_LONG",
            json!(["artist", "name"]),
        ),
        (
            "CD",
            json!({ "artist": { "name": "a", "otherNames": ["\u{7}"] } }),
            "TEXT_NOT_ALLOWED",
            json!(["artist", "otherNames"]),
        ),
        (
            "CD",
            json!({ "artist": { "name": "a", "otherNames": many } }),
            "TEXT_TOO_LONG",
            json!(["artist", "otherNames"]),
        ),
    ] {
        let mut input = json!({ "kind": kind, "title": "A title" });
        input
            .as_object_mut()
            .unwrap()
            .extend(part.as_object().unwrap().clone());
        let refused = me.attempt("addCatalogueItem", input.clone(), ITEM).await;
        assert_eq!(
            refused["userErrors"],
            json!([{ "code": code, "field": field }]),
            "{input}"
        );
        assert_eq!(refused["item"], Value::Null);
    }
    let both = json!({ "input": { "kind": "CD", "title": "A title", "artistId": nobodys, "artist": { "name": "a" } } });
    let document = "mutation($input: AddCatalogueItemInput!) { addCatalogueItem(input: $input) { item { id } } }";
    assert_eq!(me.error(document, both).await, "INVALID_ARGUMENT");
    assert_eq!(count(&world, "artists").await, 0);
    assert_eq!(count(&world, "catalogue_items").await, 0);
    // As long as can be.
    let long = json!({ "kind": "CD", "title": "A title", "artist": { "name": "字".repeat(100) } });
    add(&me, long).await;
    agrees(&world).await;
}

#[tokio::test]
async fn artists_are_found_by_a_piece_of_a_name_page_by_page() {
    let world = World::new().await;
    let me = world.person("me").await;
    for (number, name) in [
        "東京事変",
        "Tokyo Jihen Tribute",
        "東京スカパラダイスオーケストラ",
    ]
    .into_iter()
    .enumerate()
    {
        let artist = json!({ "name": name, "otherNames": [format!("Tokyo {number}")] });
        add(
            &me,
            json!({ "kind": "CD", "title": "A title", "artist": artist }),
        )
        .await;
    }
    let search = async |text: &str| {
        let document = "query($text: String!, $after: String) { searchArtists(text: $text, first: 1, after: $after) {
            pageInfo { hasNextPage endCursor } nodes { name } } }";
        let (mut after, mut names) = (Value::Null, Vec::new());
        loop {
            let found = me
                .run(document, json!({ "text": text, "after": after }))
                .await;
            let page = &found["searchArtists"];
            let nodes = page["nodes"].as_array().unwrap().iter();
            names.extend(nodes.map(|node| node["name"].as_str().unwrap().to_owned()));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                return names;
            }
        }
    };
    assert_eq!(search("ＴＯＫＹＯ").await.len(), 3);
    assert_eq!(search("tokyo 1").await, ["Tokyo Jihen Tribute"]);
    assert_eq!(search("東京す").await, ["東京スカパラダイスオーケストラ"]);
    assert!(search("大阪").await.is_empty());
    assert!(search("t").await.is_empty());
}
