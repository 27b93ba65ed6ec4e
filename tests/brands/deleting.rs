//! Removing a page: at once for everybody, and then what is left of it.

use ashiato::{brand::removing::sweep, database::shards::TABLES};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::{add_editor, agrees, create, follow, key, publish, told};
use crate::support::{backend::is_postgres, sql::own, world::World};

/// The tables in which the page `brand` is named.
async fn named_in(world: &World, brand: &str) -> Vec<&'static str> {
    let db = world.app.database.reader();
    let id = key(brand).simple().to_string();
    let id = match is_postgres() {
        true => format!("CAST('{id}' AS uuid)"),
        false => format!("x'{id}'"),
    };
    let mut found = Vec::new();
    for (table, _) in TABLES {
        let column = match *table {
            "brands" => "id",
            name if name.contains("brand") => "brand_id",
            _ => continue,
        };
        let text = format!("SELECT count(*) FROM {table} WHERE {column} = {id}");
        let row = db.query_one_raw(own(db, &text)).await.unwrap().unwrap();
        let count: i64 = row.try_get_by_index(0).unwrap();
        if count > 0 {
            found.push(*table);
        }
    }
    found
}

#[tokio::test]
async fn a_page_goes_for_good_with_all_that_is_on_it() {
    let world = World::new().await;
    let (owner, editor) = (world.person("owner").await, world.person("editor").await);
    owner.befriend(&editor).await;
    let (page, stays) = (create(&owner, "page").await, create(&owner, "stays").await);
    add_editor(&owner, &page, &editor).await;
    let post = publish(&editor, &page, "news").await;
    for who in [&owner, &editor] {
        follow(who, &page).await;
        follow(who, &stays).await;
    }
    let input = json!({ "brandId": page });
    assert_eq!(
        editor.refusal("deleteBrand", input.clone()).await,
        "NOT_YOURS"
    );
    let before = named_in(&world, &page).await;
    assert_eq!(before.len(), 9, "{before:?}");
    let gone = owner
        .mutate("deleteBrand", input.clone(), "deletedBrandId")
        .await;
    assert_eq!(gone["deletedBrandId"], page);
    agrees(&world).await;
    let by_id = "query($page: ID!, $post: ID!) { nodes(ids: [$page, $post]) { id }
        brand(handle: \"page\") { id } searchBrands(text: \"page\") { nodes { id } }
        viewer { brands { totalCount } followedBrands { nodes { handle } } } }";
    let variables = json!({ "page": page, "post": post });
    let seen = owner.run(by_id, variables).await;
    assert_eq!(
        seen,
        json!({ "nodes": [null, null], "brand": null, "searchBrands": { "nodes": [] },
            "viewer": { "brands": { "totalCount": 1 }, "followedBrands": { "nodes": [{ "handle": "stays" }] } } })
    );
    assert_eq!(owner.refusal("deleteBrand", input).await, "NOT_FOUND");
    let input = json!({ "brandId": page, "body": "x" });
    assert_eq!(editor.refusal("publishBrandPost", input).await, "NOT_FOUND");
    let left = named_in(&world, &page).await;
    assert!(
        left.contains(&"brand_followers") && left.contains(&"brand_removals"),
        "{left:?}"
    );
    assert!(sweep(&world.app).await.unwrap() > 0);
    assert_eq!(named_in(&world, &page).await, Vec::<&str>::new());
    assert_eq!(sweep(&world.app).await.unwrap(), 0);
    // The handle is nobody's, and given to nobody.
    let input = json!({ "handle": "page", "name": "Page" });
    assert_eq!(
        owner.refusal("createBrand", input).await,
        "BRAND_HANDLE_TAKEN"
    );
    let other = told(&editor, &stays, "followerCount viewerFollows").await;
    assert_eq!(other, json!({ "followerCount": 2, "viewerFollows": true }));
    agrees(&world).await;
}

/// Whoever follows, publishes and edits while the page goes does it before, or is told that there is none.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_left_of_a_page_that_goes_while_others_follow_it_and_publish() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let people = world.people("person", 12).await;
    for turn in 0..4 {
        let page = create(&owner, &format!("page{turn}")).await;
        let input = json!({ "brandId": page });
        let follows = people.iter().map(|person| {
            let input = input.clone();
            async move { person.attempt("followBrand", input, "").await }
        });
        let publishes = (0..3).map(|number| {
            let input = json!({ "brandId": page, "body": number.to_string() });
            owner.attempt("publishBrandPost", input, "")
        });
        let deletes = async { owner.mutate("deleteBrand", input.clone(), "").await };
        let all = futures_util::future::join3(
            futures_util::future::join_all(follows),
            futures_util::future::join_all(publishes),
            deletes,
        );
        let (followed, published, _) = all.await;
        for done in followed.iter().chain(&published) {
            let errors = &done["userErrors"];
            let is_fine = *errors == json!([]) || errors[0]["code"] == "NOT_FOUND";
            assert!(is_fine, "{done}");
        }
        agrees(&world).await;
        sweep(&world.app).await.unwrap();
        assert_eq!(named_in(&world, &page).await, Vec::<&str>::new());
    }
    let list = "{ viewer { followedBrands { totalCount } } }";
    let list: Value = people[0].run(list, json!({})).await;
    assert_eq!(list["viewer"]["followedBrands"]["totalCount"], 0);
}
