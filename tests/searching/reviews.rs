//! Searching reviews.

use super::*;

const REVIEWS: &str = "query($text: String!, $first: Int, $after: String) {
    searchReviews(text: $text, first: $first, after: $after) {
        totalCount isComplete nodes { body item { title } author { username } }
        pageInfo { endCursor hasNextPage } } }";

async fn reviews_of(person: &Person<'_>, text: &str) -> Vec<String> {
    let data = person.run(REVIEWS, json!({ "text": text })).await;
    let page = &data["searchReviews"];
    assert_eq!(page["isComplete"], true);
    let nodes = page["nodes"].as_array().unwrap().iter();
    nodes
        .map(|node| node["body"].as_str().unwrap().to_owned())
        .collect()
}

async fn item(person: &Person<'_>, title: &str) -> Value {
    let input = json!({ "kind": "BOOK", "title": title });
    let added = person
        .mutate("addCatalogueItem", input, "item { id }")
        .await;
    added["item"]["id"].clone()
}

/// A moment after the last one.
async fn review(person: &Person<'_>, item: &Value, body: &str) -> Value {
    person.world.clock.advance(chrono::Duration::seconds(1));
    let input = json!({ "itemId": item, "rating": 4, "body": body });
    let written = person.mutate("reviewItem", input, "review { id }").await;
    written["review"]["id"].clone()
}

#[tokio::test]
async fn reviews_are_found_by_members_as_they_are_the_newest_first() {
    let world = World::new().await;
    let (me, author) = (world.person("me").await, world.person("author").await);
    let (book, other) = (item(&me, "雪国").await, item(&me, "伊豆の踊子").await);
    let first = review(&author, &book, "国境の長いトンネル").await;
    review(&author, &other, "トンネルを抜けて").await;
    review(&me, &book, "").await;
    review(&me, &other, "ﾄﾝﾈﾙ").await;
    let all = ["ﾄﾝﾈﾙ", "トンネルを抜けて", "国境の長いトンネル"];
    for person in [&me, &author] {
        assert_eq!(reviews_of(person, "とんねる").await, all);
    }
    // They are for members; and what an item is called is found by `searchCatalogue`.
    assert_eq!(reviews_of(&world.anonymous(), "とんねる").await, [""; 0]);
    assert_eq!(reviews_of(&me, "雪国").await, [""; 0]);
    // A changed one keeps its place.
    review(&author, &book, "雪のトンネル").await;
    assert_eq!(reviews_of(&me, "国境").await, [""; 0]);
    assert_eq!(reviews_of(&me, "トンネル").await[2], "雪のトンネル");
    agrees(&world).await;
    author
        .mutate("deleteReview", json!({ "reviewId": first }), "")
        .await;
    assert_eq!(reviews_of(&me, "トンネル").await, all[..2]);
    agrees(&world).await;
    // Written again it is a new one.
    review(&author, &book, "またトンネル").await;
    assert_eq!(reviews_of(&me, "トンネル").await[0], "またトンネル");
    agrees(&world).await;
}

#[tokio::test]
async fn those_of_who_is_hidden_are_not_found() {
    let world = World::uncached().await;
    let (me, blocked) = (world.person("me").await, world.person("blocked").await);
    let minor = world.person_born("minor", MINOR).await;
    let young = world.person_born("young", MINOR).await;
    let friend = world.person("friend").await;
    minor.befriend(&young).await;
    me.befriend(&friend).await;
    let book = item(&me, "雪国").await;
    for person in [&me, &blocked, &minor, &young, &friend] {
        review(person, &book, &format!("雪 {}", person.username)).await;
    }
    for person in [&me, &friend] {
        let input = json!({ "isSearchable": false });
        person.mutate("editProfile", input, "").await;
    }
    let input = json!({ "userId": blocked.id() });
    assert_eq!(
        reviews_of(&me, "雪").await,
        ["雪 friend", "雪 blocked", "雪 me"]
    );
    me.mutate("blockUser", input, "").await;
    assert_eq!(reviews_of(&me, "雪").await, ["雪 friend", "雪 me"]);
    assert_eq!(reviews_of(&blocked, "雪").await, ["雪 blocked"]);
    // A friend's, who is a minor, too; and of adults as in the lists of an item.
    let expected = ["雪 young", "雪 minor", "雪 blocked"];
    assert_eq!(reviews_of(&minor, "雪").await, expected);
    // What is hidden is as nothing.
    let mut seen = Vec::new();
    for text in ["雪 minor", "雪 never"] {
        world.forget_statements();
        let found = reviews_of(&blocked, text).await;
        seen.push((found, world.statement_texts()));
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn pages_of_reviews_come_to_all_by_as_many_statements_each() {
    let world = World::uncached().await;
    let me = world.person("me").await;
    let book = item(&me, "雪国").await;
    let people = world.people("person", 25).await;
    for person in &people {
        review(person, &book, &format!("雪 {}", person.username)).await;
    }
    let (mut seen, mut after, mut statements) = (Vec::new(), Value::Null, Vec::new());
    loop {
        world.forget_statements();
        let variables = json!({ "text": "雪", "first": 10, "after": after });
        let page = me.run(REVIEWS, variables).await["searchReviews"].clone();
        statements.push(world.statements());
        let nodes = page["nodes"].as_array().unwrap();
        seen.extend(nodes.iter().map(|node| node["body"].clone()));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    let all = people.iter().rev();
    let all: Vec<_> = all.map(|it| json!(format!("雪 {}", it.username))).collect();
    assert_eq!(seen, all);
    assert_eq!(statements.len(), 3);
    assert!(
        statements.iter().all(|it| *it == statements[0]),
        "{statements:?}"
    );
}

/// What many write of one item in one moment comes once each, in whichever order.
#[tokio::test]
async fn of_reviews_of_one_moment_none_is_left_out() {
    let world = World::new().await;
    let me = world.person("me").await;
    let book = item(&me, "雪国").await;
    for person in &world.people("person", 12).await {
        let input = json!({ "itemId": book, "rating": 4, "body": person.username });
        person.mutate("reviewItem", input, "").await;
    }
    let (mut seen, mut after) = (std::collections::BTreeSet::new(), Value::Null);
    for _ in 0..3 {
        let variables = json!({ "text": "person", "first": 5, "after": after });
        let page = me.run(REVIEWS, variables).await["searchReviews"].clone();
        let nodes = page["nodes"].as_array().unwrap().iter();
        seen.extend(nodes.map(|node| node["body"].to_string()));
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(seen.len(), 12);
}
