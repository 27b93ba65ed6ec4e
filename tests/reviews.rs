//! rules.md, Reviews and music 1-3.

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::world::{Person, World};

async fn add(person: &Person<'_>, title: &str, kind: &str) -> String {
    let input = json!({ "title": title, "kind": kind });
    let payload = person
        .mutate("addCatalogueItem", input, "item { id }")
        .await;
    payload["item"]["id"].as_str().unwrap().to_owned()
}

async fn review(person: &Person<'_>, item: &str, rating: i32) -> Value {
    let input = json!({ "itemId": item, "rating": rating, "body": format!("{rating} by {}", person.username) });
    person
        .mutate(
            "reviewItem",
            input,
            "review { id rating body editedAt author { username } } item { rating { count mean } }",
        )
        .await
}

const ITEM: &str = "query($id: ID!, $by: ReviewersFilter) { catalogueItem(id: $id) {
    title kind rating { count mean histogram { stars count } }
    reviews(by: $by) { totalCount nodes { rating author { username } } } } }";

async fn item(viewer: &Person<'_>, id: &str, by: &str) -> Value {
    let data = viewer.run(ITEM, json!({ "id": id, "by": by })).await;
    data["catalogueItem"].clone()
}

#[tokio::test]
async fn one_review_a_user_and_item_with_exact_figures() {
    let world = World::new().await;
    let people = world.people("person", 3).await;
    let game = add(&people[0], "大神", "VIDEO_GAME").await;
    let empty = item(&people[0], &game, "ALL").await;
    assert_eq!(empty["rating"]["count"], 0);
    assert_eq!(empty["rating"]["mean"], Value::Null);
    review(&people[0], &game, 5).await;
    review(&people[1], &game, 4).await;
    let changed = review(&people[2], &game, 1).await;
    assert_eq!(changed["review"]["editedAt"], Value::Null);
    let changed = review(&people[2], &game, 2).await;
    assert!(changed["review"]["editedAt"].is_string());
    assert_eq!(changed["review"]["body"], "2 by person2");
    assert_eq!(changed["item"]["rating"]["count"], 3);
    let seen = item(&people[0], &game, "ALL").await;
    let histogram = json!([
        { "stars": 1, "count": 0 }, { "stars": 2, "count": 1 }, { "stars": 3, "count": 0 },
        { "stars": 4, "count": 1 }, { "stars": 5, "count": 1 },
    ]);
    assert_eq!(seen["rating"]["histogram"], histogram);
    assert_eq!(seen["rating"]["mean"], 11.0 / 3.0);
    assert_eq!(seen["reviews"]["totalCount"], 3);
    assert_eq!(seen["reviews"]["nodes"][0]["author"]["username"], "person2");

    let id = json!({ "reviewId": changed["review"]["id"] });
    assert_eq!(
        people[0].refusal("deleteReview", id.clone()).await,
        "NOT_YOURS"
    );
    let gone = people[2]
        .mutate("deleteReview", id.clone(), "item { rating { count } }")
        .await;
    assert_eq!(gone["item"]["rating"]["count"], 2);
    assert_eq!(people[2].refusal("deleteReview", id).await, "NOT_FOUND");
    assert_eq!(
        item(&people[0], &game, "ALL").await["reviews"]["nodes"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn my_friends_reviews_of_an_item_are_one_query() {
    let world = World::new().await;
    let me = world.person("me").await;
    let people = world.people("person", 4).await;
    let cd = add(&me, "First Love", "CD").await;
    for (index, person) in people.iter().enumerate() {
        review(person, &cd, i32::try_from(index).unwrap() + 1).await;
        if index % 2 == 1 {
            me.befriend(person).await;
        }
    }
    let seen = item(&me, &cd, "FRIENDS").await;
    assert_eq!(
        seen["reviews"]["nodes"],
        json!([
            { "rating": 4, "author": { "username": "person3" } },
            { "rating": 2, "author": { "username": "person1" } },
        ])
    );
}

#[tokio::test]
async fn reviews_are_for_members() {
    let world = World::new().await;
    let (me, nobody) = (world.person("me").await, world.anonymous());
    let film = add(&me, "千と千尋の神隠し", "MOVIE").await;
    let written = review(&me, &film, 5).await;
    let seen = item(&nobody, &film, "ALL").await;
    assert_eq!(
        seen["rating"]["count"], 1,
        "figures count everybody, for everybody"
    );
    assert_eq!(seen["reviews"], json!({ "totalCount": 0, "nodes": [] }));
    let node = "query($id: ID!) { node(id: $id) { id } user(username: \"me\") { reviews { totalCount nodes { id } } } }";
    let id = json!({ "id": written["review"]["id"] });
    let data = nobody.run(node, id.clone()).await;
    assert_eq!(data["node"], Value::Null);
    assert_eq!(
        data["user"]["reviews"],
        json!({ "totalCount": 0, "nodes": [] })
    );
    let data = me.run(node, id).await;
    assert_eq!(data["node"]["id"], written["review"]["id"]);
    assert_eq!(data["user"]["reviews"]["totalCount"], 1);
}

#[tokio::test]
async fn an_authors_reviews_by_kind() {
    let world = World::new().await;
    let me = world.person("me").await;
    for (title, kind) in [("a", "CD"), ("b", "MOVIE"), ("c", "CD"), ("d", "BOOK")] {
        let id = add(&me, title, kind).await;
        review(&me, &id, 3).await;
    }
    let document = "query($kind: CatalogueKind) { viewer { user { reviews(kind: $kind, first: 3) {
        totalCount nodes { item { title } } pageInfo { hasNextPage } } } } }";
    let titles = async |kind: Value| {
        let data = me.run(document, json!({ "kind": kind })).await;
        let reviews = data["viewer"]["user"]["reviews"].clone();
        let nodes = reviews["nodes"].as_array().unwrap();
        let titles: Vec<_> = nodes
            .iter()
            .map(|n| n["item"]["title"].as_str().unwrap().to_owned())
            .collect();
        (titles.concat(), reviews["totalCount"].as_i64().unwrap())
    };
    assert_eq!(titles(Value::Null).await, ("dcb".to_owned(), 4));
    assert_eq!(titles(json!("CD")).await, ("ca".to_owned(), 2));
    assert_eq!(titles(json!("SONG")).await, (String::new(), 0));
}

#[rstest]
#[case(json!({ "rating": 0 }), "RATING_INVALID")]
#[case(json!({ "rating": 6 }), "RATING_INVALID")]
#[case(json!({ "body": "字".repeat(5001) }), "TEXT_TOO_LONG")]
#[case(json!({ "body": "\u{1b}[31m" }), "TEXT_NOT_ALLOWED")]
#[tokio::test]
async fn a_review_against_the_rules_is_refused(#[case] fault: Value, #[case] code: &str) {
    let world = World::new().await;
    let me = world.person("me").await;
    let book = add(&me, "こころ", "BOOK").await;
    let mut input = json!({ "itemId": book, "rating": 3, "body": "字".repeat(5000) });
    for (field, value) in fault.as_object().unwrap() {
        input[field] = value.clone();
    }
    assert_eq!(me.refusal("reviewItem", input).await, code);
    assert_eq!(item(&me, &book, "ALL").await["rating"]["count"], 0);
}

#[tokio::test]
async fn the_catalogue_takes_missing_items_once_and_finds_them_in_several_scripts() {
    let world = World::new().await;
    let me = world.person("me").await;
    let input = json!({ "kind": "VIDEO_GAME", "title": "Dragon Quest VIII", "otherTitles": ["ドラゴンクエストⅧ"],
        "platform": "PlayStation 2", "year": 2004 });
    let first = me
        .mutate(
            "addCatalogueItem",
            input.clone(),
            "item { id otherTitles year platform }",
        )
        .await;
    assert_eq!(first["item"]["otherTitles"], json!(["ドラゴンクエストⅧ"]));
    let mut again = input.clone();
    again["title"] = json!("ＤＲＡＧＯＮ  quest viii");
    let twin = me.attempt("addCatalogueItem", again, "item { id }").await;
    assert_eq!(twin["userErrors"][0]["code"], "ITEM_EXISTS");
    assert_eq!(twin["item"]["id"], first["item"]["id"]);
    let mut other = input.clone();
    other["platform"] = json!("Nintendo 3DS");
    me.mutate("addCatalogueItem", other, "item { id }").await;
    add(&me, "Dragon Ash", "CD").await;
    let search = async |text: &str, kind: Value| {
        let document = "query($text: String!, $kind: CatalogueKind) { searchCatalogue(text: $text, kind: $kind) { nodes { title } } }";
        let data = me
            .run(document, json!({ "text": text, "kind": kind }))
            .await;
        data["searchCatalogue"]["nodes"].as_array().unwrap().len()
    };
    assert_eq!(search("dragon", Value::Null).await, 3);
    assert_eq!(search("dragon", json!("CD")).await, 1);
    assert_eq!(search("ﾄﾞﾗｺﾞﾝ", Value::Null).await, 2);
    assert_eq!(search("どらごん", Value::Null).await, 2);
    assert_eq!(search("quest 8", Value::Null).await, 0);
    for (fault, code) in [
        (json!({ "title": "" }), "TEXT_REQUIRED"),
        (json!({ "title": "字".repeat(301) }), "TEXT_TOO_LONG"),
        (json!({ "year": 20040 }), "YEAR_INVALID"),
        (json!({ "otherTitles": vec!["x"; 11] }), "TEXT_TOO_LONG"),
        (json!({ "platform": "" }), "TEXT_REQUIRED"),
    ] {
        let mut wrong = input.clone();
        for (field, value) in fault.as_object().unwrap() {
            wrong[field] = value.clone();
        }
        assert_eq!(me.refusal("addCatalogueItem", wrong).await, code, "{fault}");
    }
    let document = "query($id: ID!) { catalogueItem(id: $id) { id } }";
    assert_eq!(
        me.error(document, json!({ "id": me.id() })).await,
        "INVALID_ID"
    );
    assert_eq!(
        me.error(document, json!({ "id": "nonsense" })).await,
        "INVALID_ID"
    );
}
