//! Following pages.

use ashiato::config::Rules;
use serde_json::{Value, json};

use super::{agrees, create, follow, publish, told};
use crate::support::world::World;

const FOLLOWED: &str =
    "query($first: Int, $after: String) { viewer { followedBrands(first: $first, after: $after) {
    totalCount edges { since node { handle } } pageInfo { hasNextPage endCursor } } } }";

#[tokio::test]
async fn following_counts_once_and_stands_in_ones_own_list_alone() {
    let world = World::new().await;
    let (owner, me) = (world.person("owner").await, world.person("me").await);
    let (first, second) = (
        create(&owner, "first").await,
        create(&owner, "second").await,
    );
    for brand in [&first, &first, &second] {
        follow(&me, brand).await;
    }
    // Also one's own.
    follow(&owner, &first).await;
    let fields = "followerCount viewerFollows";
    let count =
        |count: i64, follows: bool| json!({ "followerCount": count, "viewerFollows": follows });
    assert_eq!(told(&me, &first, fields).await, count(2, true));
    assert_eq!(told(&owner, &second, fields).await, count(1, false));
    assert_eq!(
        told(&world.anonymous(), &first, fields).await,
        count(2, false)
    );
    let edge =
        |handle: &str| json!({ "since": "2006-05-01T03:00:00.000Z", "node": { "handle": handle } });
    let list = me.run(FOLLOWED, json!({})).await;
    let list = &list["viewer"]["followedBrands"];
    assert_eq!(list["totalCount"], 2);
    assert_eq!(list["edges"], json!([edge("second"), edge("first")]));
    // Page by page.
    let page = me.run(FOLLOWED, json!({ "first": 1 })).await;
    let page = &page["viewer"]["followedBrands"];
    assert_eq!(page["edges"], json!([edge("second")]));
    let after = json!({ "first": 1, "after": page["pageInfo"]["endCursor"] });
    let page = me.run(FOLLOWED, after).await;
    let page = &page["viewer"]["followedBrands"];
    assert_eq!(page["edges"], json!([edge("first")]));
    assert_eq!(page["pageInfo"]["hasNextPage"], false);
    agrees(&world).await;
    for _ in 0..2 {
        let input = json!({ "brandId": first });
        let of_brand = format!("brand {{ {fields} }}");
        let done = me.mutate("unfollowBrand", input, &of_brand).await;
        assert_eq!(done["brand"], count(1, false));
    }
    agrees(&world).await;
}

#[tokio::test]
async fn what_is_not_there_is_not_followed_and_nobody_follows_too_many() {
    let rules = Rules {
        followed_brand_limit: 2,
        ..Rules::default()
    };
    let world = World::with(rules).await;
    let (owner, me) = (world.person("owner").await, world.person("me").await);
    let mut pages = Vec::new();
    for handle in ["one", "two", "three", "gone"] {
        pages.push(create(&owner, handle).await);
    }
    let gone = json!({ "brandId": pages[3] });
    follow(&me, &pages[3]).await;
    owner.mutate("deleteBrand", gone.clone(), "").await;
    assert_eq!(me.refusal("followBrand", gone.clone()).await, "NOT_FOUND");
    let none = me.mutate("unfollowBrand", gone, "brand { id }").await;
    assert_eq!(none["brand"], Value::Null);
    follow(&me, &pages[0]).await;
    follow(&me, &pages[1]).await;
    let third = json!({ "brandId": pages[2] });
    let code = me.refusal("followBrand", third.clone()).await;
    assert_eq!(code, "FOLLOWED_BRAND_LIMIT_REACHED");
    follow(&me, &pages[0]).await;
    let first = json!({ "brandId": pages[0] });
    me.mutate("unfollowBrand", first, "").await;
    me.mutate("followBrand", third, "").await;
    agrees(&world).await;
}

/// Each of many who follow and unfollow at the same time is counted once, and publishing goes on beside them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_many_follow_at_once_counts_each() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let page = create(&owner, "page").await;
    let people = world.people("person", 24).await;
    let acts = people.iter().enumerate().map(|(place, person)| {
        let (owner, page) = (&owner, &page);
        async move {
            for _ in 0..2 {
                follow(person, page).await;
            }
            if place % 3 == 0 {
                let input = json!({ "brandId": page });
                person.mutate("unfollowBrand", input, "").await;
            }
            if place % 4 == 0 {
                publish(owner, page, "news").await;
            }
        }
    });
    futures_util::future::join_all(acts).await;
    let counts = told(&owner, &page, "followerCount posts { totalCount }").await;
    let expected = json!({ "followerCount": 16, "posts": { "totalCount": 6 } });
    assert_eq!(counts, expected);
    agrees(&world).await;
}
