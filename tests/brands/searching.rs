//! Finding pages by a piece of their handle or name.

use serde_json::{Value, json};

use crate::support::world::{Person, World};

const SEARCH: &str = "query($text: String!, $first: Int, $after: String) {
    searchBrands(text: $text, first: $first, after: $after) {
    nodes { handle } totalCount pageInfo { hasNextPage endCursor } } }";

async fn found(who: &Person<'_>, text: &str) -> Vec<String> {
    let data = who.run(SEARCH, json!({ "text": text })).await;
    let nodes = data["searchBrands"]["nodes"].as_array().unwrap().clone();
    nodes
        .iter()
        .map(|node| super::text(&node["handle"]))
        .collect()
}

#[tokio::test]
async fn pages_are_found_by_pieces_by_everybody_page_by_page() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let minor = world.person_born("minor", "1990-01-01").await;
    for (handle, name) in [
        ("kissa_b", "喫茶ほしぞら"),
        ("kissa_a", "ｷｯｻ アオゾラ"),
        ("wear", "KUMORI Wear"),
    ] {
        let input = json!({ "handle": handle, "name": name });
        owner.mutate("createBrand", input, "").await;
    }
    for (text, expected) in [
        ("kissa", vec!["kissa_a", "kissa_b"]),
        ("ほし", vec!["kissa_b"]),
        ("ホシ", vec!["kissa_b"]),
        ("茶", vec!["kissa_b"]),
        ("キッサ", vec!["kissa_a"]),
        ("ＷＥＡＲ", vec!["wear"]),
        ("mori w", vec!["wear"]),
        ("a", vec![]),
        ("nothing", vec![]),
        ("", vec![]),
    ] {
        for who in [&owner, &minor, &world.anonymous()] {
            assert_eq!(found(who, text).await, expected, "{text}");
        }
    }
    let first = json!({ "text": "kissa", "first": 1 });
    let data = owner.run(SEARCH, first).await;
    let page = &data["searchBrands"];
    assert_eq!(page["nodes"], json!([{ "handle": "kissa_a" }]));
    assert_eq!(page["totalCount"], Value::Null);
    assert_eq!(page["pageInfo"]["hasNextPage"], true);
    let next = json!({ "text": "kissa", "first": 1, "after": page["pageInfo"]["endCursor"] });
    let data = owner.run(SEARCH, next).await;
    assert_eq!(
        data["searchBrands"]["nodes"],
        json!([{ "handle": "kissa_b" }])
    );
    assert_eq!(data["searchBrands"]["pageInfo"]["hasNextPage"], false);
    let long = json!({ "text": "x".repeat(101) });
    assert_eq!(owner.error(SEARCH, long).await, "INVALID_ARGUMENT");
    // By what it is called now.
    let brand = "{ brand(handle: \"wear\") { id } }";
    let brand = owner.run(brand, json!({})).await["brand"]["id"].clone();
    let input = json!({ "brandId": brand, "name": "Hare", "handle": "hare" });
    owner.mutate("updateBrand", input, "").await;
    assert_eq!(found(&owner, "wear").await, Vec::<String>::new());
    assert_eq!(found(&owner, "hare").await, ["hare"]);
}
