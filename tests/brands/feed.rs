//! The feed: diaries of friends and posts of the pages that one follows, together.

use ashiato::brand::removing::sweep;
use chrono::Duration;
use serde_json::{Value, json};

use super::{create, feed, follow, publish, text};
use crate::support::world::World;

const PAGE: &str =
    "query($first: Int, $after: String) { viewer { feed(first: $first, after: $after) {
    edges { cursor node { __typename ... on Diary { title body author { username } }
    ... on BrandPost { body brand { handle isVerified } } } }
    pageInfo { hasNextPage endCursor } totalCount } } }";

#[tokio::test]
async fn diaries_and_posts_stand_in_one_order_and_home_feed_is_as_before() {
    let world = World::new().await;
    let (owner, me) = (world.person("owner").await, world.person("me").await);
    let friend = world.person("friend").await;
    me.befriend(&friend).await;
    let (followed, other) = (
        create(&owner, "followed").await,
        create(&owner, "other").await,
    );
    publish(&owner, &followed, "before it was followed").await;
    follow(&me, &followed).await;
    let mut expected = vec!["before it was followed".to_owned()];
    for number in 0..6 {
        world.clock.advance(Duration::seconds(1));
        let said = format!("{number}");
        match number % 3 {
            0 => drop(friend.write(&said, "FRIENDS").await),
            1 => drop(publish(&owner, &followed, &said).await),
            _ => {
                publish(&owner, &other, "not followed").await;
                continue;
            }
        }
        expected.insert(0, said);
    }
    assert_eq!(feed(&me).await, expected);
    assert_eq!(expected.len(), 5);
    let home = "{ viewer { homeFeed { nodes { title } } } }";
    let home = me.run(home, json!({})).await;
    let titles = json!([{ "title": "3" }, { "title": "0" }]);
    assert_eq!(home["viewer"]["homeFeed"]["nodes"], titles);
    // Page by page it is the same.
    let (mut after, mut seen) = (Value::Null, Vec::new());
    loop {
        let data = me.run(PAGE, json!({ "first": 2, "after": after })).await;
        let page = &data["viewer"]["feed"];
        assert_eq!(page["totalCount"], Value::Null);
        for edge in page["edges"].as_array().unwrap() {
            let node = &edge["node"];
            match text(&node["__typename"]).as_str() {
                "Diary" => {
                    assert_eq!(node["author"]["username"], "friend");
                    seen.push(text(&node["title"]));
                }
                "BrandPost" => {
                    let brand = json!({ "handle": "followed", "isVerified": false });
                    assert_eq!(node["brand"], brand);
                    seen.push(text(&node["body"]));
                }
                other => panic!("{other}"),
            }
        }
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(seen, expected);
    let wrong = json!({ "after": "x" });
    assert_eq!(me.error(PAGE, wrong).await, "INVALID_CURSOR");
    let input = json!({ "brandId": followed });
    me.mutate("unfollowBrand", input, "").await;
    assert_eq!(feed(&me).await, ["3", "0"]);
}

#[tokio::test]
async fn the_feed_of_who_follows_many_pages_takes_as_many_statements_as_of_one() {
    let world = World::uncached().await;
    let (owner, few, many) = (
        world.person("owner").await,
        world.person("few").await,
        world.person("many").await,
    );
    let second = world.person("second").await;
    let friend = world.person("friend").await;
    for who in [&few, &many] {
        who.befriend(&friend).await;
    }
    let mut pages = Vec::new();
    for place in 0..18 {
        let runs = if place < 9 { &owner } else { &second };
        pages.push(create(runs, &format!("page{place}")).await);
        for number in 0..3 {
            publish(runs, &pages[place], &format!("{place} {number}")).await;
        }
        follow(&many, &pages[place]).await;
    }
    follow(&few, &pages[0]).await;
    friend.write("diary", "FRIENDS").await;
    let mut counts = Vec::new();
    for (who, nodes) in [(&few, 4), (&many, 20)] {
        world.forget_statements();
        let data = who.run(PAGE, json!({ "first": 20 })).await;
        counts.push(world.statements());
        let edges = data["viewer"]["feed"]["edges"].as_array().unwrap();
        assert_eq!(edges.len(), nodes);
        // The texts of one page are read, and of one row more, whatever the pages have.
        let read = world.rows_of("CROSS JOIN brand_posts AS r").await;
        assert_eq!(read, [if nodes == 4 { 3 } else { 21 }]);
    }
    assert_eq!(counts[0], counts[1], "{:#?}", world.statement_texts());
    assert!(counts[0] <= 8, "{:#?}", world.statement_texts());
}

#[tokio::test]
async fn what_a_page_had_published_is_in_no_feed_once_the_page_is_gone() {
    let world = World::new().await;
    let (owner, me) = (world.person("owner").await, world.person("me").await);
    let (stays, goes) = (create(&owner, "stays").await, create(&owner, "goes").await);
    for page in [&stays, &goes] {
        follow(&me, page).await;
        publish(&owner, page, page).await;
    }
    let input = json!({ "brandId": goes });
    owner.mutate("deleteBrand", input, "").await;
    assert_eq!(feed(&me).await, [stays.clone()]);
    sweep(&world.app).await.unwrap();
    assert_eq!(feed(&me).await, [stays]);
}

#[tokio::test]
async fn texts_are_read_where_they_are_asked_for() {
    let world = World::new().await;
    let (owner, me) = (world.person("owner").await, world.person("me").await);
    let page = create(&owner, "page").await;
    follow(&me, &page).await;
    publish(&owner, &page, "news").await;
    let document = "{ viewer { feed { nodes { __typename ... on BrandPost { id } } } } }";
    let data = me.run(document, json!({})).await;
    assert_eq!(
        data["viewer"]["feed"]["nodes"][0]["__typename"],
        "BrandPost"
    );
    let fragments =
        "{ viewer { feed { edges { node { ...post } } } } } fragment post on BrandPost { body }";
    let data = me.run(fragments, json!({})).await;
    assert_eq!(data["viewer"]["feed"]["edges"][0]["node"]["body"], "news");
}
