//! Brands' pages (rules.md, Brands 1), and the list of tarento (Users 6).

mod deleting;
mod feed;
mod figures;
mod following;
mod hidden;
mod leaving;
mod live;
mod publishing;
mod random;
mod reporting;
mod resting;
mod running;
mod searching;
mod tarento;
mod verifying;

use ashiato::bulk::recount::recount;
use ashiato::ids::{GlobalId, Kind};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::world::{Person, World};

/// Has `owner` make a page. Gives its id.
pub async fn create(owner: &Person<'_>, handle: &str) -> String {
    let input = json!({ "handle": handle, "name": handle.to_uppercase(), "description": "…" });
    let made = owner.mutate("createBrand", input, "brand { id }").await;
    text(&made["brand"]["id"])
}

/// Has `writer` publish `body` on the page `brand`. Gives the post's id.
pub async fn publish(writer: &Person<'_>, brand: &str, body: &str) -> String {
    let input = json!({ "brandId": brand, "body": body });
    let made = writer
        .mutate("publishBrandPost", input, "post { id }")
        .await;
    text(&made["post"]["id"])
}

/// Has `who` follow the page `brand`.
pub async fn follow(who: &Person<'_>, brand: &str) {
    let input = json!({ "brandId": brand });
    let done = who.mutate("followBrand", input, "brand { viewerFollows }");
    assert_eq!(done.await["brand"]["viewerFollows"], true);
}

/// Has `owner` make their friend `editor` an editor of `brand`.
pub async fn add_editor(owner: &Person<'_>, brand: &str, editor: &Person<'_>) {
    let input = json!({ "brandId": brand, "userId": editor.id() });
    owner.mutate("addBrandEditor", input, "").await;
}

/// What `who` is told of the page `brand`, by `fields`.
async fn told(who: &Person<'_>, brand: &str, fields: &str) -> Value {
    let document = format!("query($id: ID!) {{ node(id: $id) {{ ... on Brand {{ {fields} }} }} }}");
    who.run(&document, json!({ "id": brand })).await["node"].clone()
}

/// What names the page `brand` in the database.
fn key(brand: &str) -> Uuid {
    let [id] = GlobalId::expect(brand, Kind::Brand).unwrap();
    id
}

/// The texts of the posts in the feed of `who`, and the titles of the diaries.
async fn feed(who: &Person<'_>) -> Vec<String> {
    let document =
        "{ viewer { feed { nodes { ... on BrandPost { body } ... on Diary { title } } } } }";
    let data = who.run(document, json!({})).await;
    let nodes = data["viewer"]["feed"]["nodes"].as_array().unwrap().clone();
    let words = nodes.iter().map(|node| {
        let said = node.get("body").or_else(|| node.get("title"));
        text(said.unwrap())
    });
    words.collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Every counter, and every row that is kept twice, is as it should be.
async fn agrees(world: &World) {
    let differences = recount(world.app.database.reader()).await.unwrap();
    assert_eq!(differences, []);
}

/// Has `goes` own two pages, one of which `friend` edits, write for one of the friend's, and follow all.
pub async fn of(goes: &Person<'_>, friend: &Person<'_>) {
    let alone = create(goes, "goes_alone").await;
    let passed_on = create(goes, "passed_on").await;
    add_editor(goes, &passed_on, friend).await;
    let friends = create(friend, "of_friend").await;
    add_editor(friend, &friends, goes).await;
    for page in [&alone, &passed_on, &friends] {
        publish(goes, page, "news of a brand").await;
        follow(goes, page).await;
        follow(friend, page).await;
    }
}
