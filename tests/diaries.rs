//! rules.md, Diaries 1-5, and that what is hidden is absent on every path.

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{
    chance::AUDIENCES,
    world::{Person, World},
};

async fn listed(viewer: &Person<'_>, author: &str) -> (Vec<String>, i64) {
    let document = "query($name: String!) { user(username: $name) { diaries { totalCount nodes { title } } } }";
    let data = viewer.run(document, json!({ "name": author })).await;
    let diaries = &data["user"]["diaries"];
    let titles = diaries["nodes"].as_array().unwrap();
    (
        titles
            .iter()
            .map(|node| node["title"].as_str().unwrap().to_owned())
            .collect(),
        diaries["totalCount"].as_i64().unwrap(),
    )
}

async fn by_id(viewer: &Person<'_>, id: &str) -> Value {
    let document =
        "query($id: ID!) { node(id: $id) { ... on Diary { title comments { nodes { body } } } } }";
    viewer.run(document, json!({ "id": id })).await["node"].clone()
}

#[tokio::test]
async fn who_sees_which_audience_on_every_path() {
    let world = World::new().await;
    let author = world.person("author").await;
    let friend = world.person("friend").await;
    let friend_of_friend = world.person("second").await;
    let stranger = world.person("stranger").await;
    let anonymous = world.anonymous();
    author.befriend(&friend).await;
    friend.befriend(&friend_of_friend).await;
    let mut diaries = Vec::new();
    for audience in AUDIENCES {
        let id = author.write(audience, audience).await;
        let input = json!({ "diaryId": id, "body": format!("on {audience}") });
        let payload = author
            .mutate("commentOnDiary", input, "comment { id }")
            .await;
        diaries.push((id, payload["comment"]["id"].clone()));
    }
    let viewers = [
        (&anonymous, 1),
        (&stranger, 2),
        (&friend_of_friend, 3),
        (&friend, 4),
        (&author, 5),
    ];
    for (viewer, visible) in viewers {
        let mut expected: Vec<_> = AUDIENCES[..visible].to_vec();
        expected.reverse();
        let (titles, total) = listed(viewer, "author").await;
        assert_eq!(titles, expected, "{}", viewer.username);
        assert_eq!(
            total,
            i64::try_from(visible).unwrap(),
            "{}",
            viewer.username
        );
        for (index, (id, comment)) in diaries.iter().enumerate() {
            let seen = index < visible;
            assert_eq!(by_id(viewer, id).await.is_null(), !seen);
            let document = "query($id: ID!) { nodes(ids: [$id]) { id } }";
            let data = viewer.run(document, json!({ "id": comment })).await;
            assert_eq!(
                data["nodes"][0].is_null(),
                !seen,
                "a comment follows its diary"
            );
            if viewer.viewer.id().is_none() {
                continue;
            }
            let visit = viewer
                .attempt("visitDiary", json!({ "diaryId": id }), "diary { title }")
                .await;
            assert_eq!(visit["diary"].is_null(), !seen);
            let input = json!({ "diaryId": id, "body": "hi" });
            let commented = viewer
                .attempt("commentOnDiary", input, "comment { id }")
                .await;
            assert_eq!(commented["comment"].is_null(), !seen);
            if !seen {
                assert_eq!(visit["userErrors"][0]["code"], "NOT_FOUND");
                assert_eq!(commented["userErrors"][0]["code"], "NOT_FOUND");
                for mutation in ["editDiary", "deleteDiary"] {
                    let code = viewer.refusal(mutation, json!({ "diaryId": id })).await;
                    assert_eq!(code, "NOT_FOUND", "as if it were not there");
                }
            }
        }
    }
    let document = "{ viewer { homeFeed { totalCount nodes { title } } } }";
    let feed = friend.run(document, json!({})).await["viewer"]["homeFeed"].clone();
    let titles: Vec<_> = feed["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|n| n["title"].clone())
        .collect();
    assert_eq!(
        titles,
        ["FRIENDS", "FRIENDS_OF_FRIENDS", "MEMBERS", "PUBLIC"]
    );
    let feed = friend_of_friend.run(document, json!({})).await["viewer"]["homeFeed"].clone();
    assert_eq!(feed["nodes"], json!([]), "the friends' alone");
}

#[tokio::test]
async fn the_default_audience_is_friends_and_an_edit_can_change_it() {
    let world = World::new().await;
    let (author, stranger) = (world.person("author").await, world.person("stranger").await);
    let input = json!({ "title": " 日記 ", "body": "今日は\r\n晴れ" });
    let diary = author
        .mutate(
            "writeDiary",
            input,
            "diary { id audience title body editedAt viewerCanEdit }",
        )
        .await["diary"]
        .clone();
    assert_eq!(diary["audience"], "FRIENDS");
    assert_eq!(diary["title"], "日記");
    assert_eq!(diary["body"], "今日は\n晴れ");
    assert_eq!(diary["editedAt"], Value::Null);
    assert_eq!(diary["viewerCanEdit"], true);
    assert_eq!(listed(&stranger, "author").await.1, 0);
    let edit = json!({ "diaryId": diary["id"], "audience": "MEMBERS" });
    let edited = author
        .mutate("editDiary", edit, "diary { title editedAt }")
        .await;
    assert_eq!(edited["diary"]["title"], "日記", "what is left out stays");
    assert!(edited["diary"]["editedAt"].is_string());
    assert_eq!(
        listed(&stranger, "author").await,
        (vec!["日記".to_owned()], 1)
    );
    for mutation in ["editDiary", "deleteDiary"] {
        let code = stranger
            .refusal(mutation, json!({ "diaryId": diary["id"] }))
            .await;
        assert_eq!(code, "NOT_YOURS", "seen, but not one's own");
    }
    let gone = author
        .mutate(
            "deleteDiary",
            json!({ "diaryId": diary["id"] }),
            "deletedDiaryId",
        )
        .await;
    assert_eq!(gone["deletedDiaryId"], diary["id"]);
    assert_eq!(listed(&author, "author").await.1, 0);
    assert!(
        by_id(&author, diary["id"].as_str().unwrap())
            .await
            .is_null()
    );
}

#[rstest]
#[case("title", "", "TEXT_REQUIRED")]
#[case("title", "   ", "TEXT_REQUIRED")]
#[case("title", &"字".repeat(101), "TEXT_TOO_LONG")]
#[case("title", "two\nlines", "TEXT_NOT_ALLOWED")]
#[case("title", "bell\u{7}", "TEXT_NOT_ALLOWED")]
#[case("title", "turn\u{202e}ed", "TEXT_NOT_ALLOWED")]
#[case("body", "", "TEXT_REQUIRED")]
#[case("body", &"字".repeat(10_001), "TEXT_TOO_LONG")]
#[case("body", "nul\0", "TEXT_NOT_ALLOWED")]
#[tokio::test]
async fn texts_against_the_rules_are_refused(
    #[case] field: &str,
    #[case] text: &str,
    #[case] code: &str,
) {
    let world = World::new().await;
    let author = world.person("author").await;
    let mut input = json!({ "title": "字".repeat(100), "body": "字".repeat(10_000) });
    author
        .mutate("writeDiary", input.clone(), "diary { id }")
        .await;
    input[field] = json!(text);
    let payload = author.attempt("writeDiary", input, "diary { id }").await;
    assert_eq!(
        payload["userErrors"],
        json!([{ "code": code, "field": [field] }])
    );
    assert_eq!(listed(&author, "author").await.1, 1);
}

#[tokio::test]
async fn a_page_passes_over_what_is_hidden_at_no_cost_in_statements() {
    let world = World::new().await;
    let author = world.person("author").await;
    let stranger = world.person("stranger").await;
    for index in 0..6 {
        author.write(&format!("open {index}"), "MEMBERS").await;
        author.write(&format!("secret {index}"), "ONLY_ME").await;
    }
    let document =
        "query($after: String) { user(username: \"author\") { diaries(first: 4, after: $after) {
        totalCount pageInfo { hasNextPage endCursor } nodes { title } } } }";
    let first = stranger.run(document, json!({})).await["user"]["diaries"].clone();
    assert_eq!(first["nodes"].as_array().unwrap().len(), 4);
    assert_eq!(first["totalCount"], 6);
    assert_eq!(first["pageInfo"]["hasNextPage"], true);
    let after = json!({ "after": first["pageInfo"]["endCursor"] });
    let second = stranger.run(document, after).await["user"]["diaries"].clone();
    assert_eq!(
        second["nodes"],
        json!([{ "title": "open 1" }, { "title": "open 0" }])
    );
    assert_eq!(second["pageInfo"]["hasNextPage"], false);
}

#[tokio::test]
async fn who_is_signed_out_writes_nothing() {
    let world = World::new().await;
    let author = world.person("author").await;
    let diary = author.write("open", "PUBLIC").await;
    let anonymous = world.anonymous();
    for (mutation, input) in [
        ("writeDiary", "{ title: \"a\", body: \"b\" }".to_owned()),
        ("editDiary", format!("{{ diaryId: \"{diary}\" }}")),
        ("deleteDiary", format!("{{ diaryId: \"{diary}\" }}")),
        (
            "commentOnDiary",
            format!("{{ diaryId: \"{diary}\", body: \"b\" }}"),
        ),
        ("visitDiary", format!("{{ diaryId: \"{diary}\" }}")),
    ] {
        let document =
            format!("mutation {{ {mutation}(input: {input}) {{ userErrors {{ code }} }} }}");
        assert_eq!(
            anonymous.error(&document, json!({})).await,
            "UNAUTHENTICATED",
            "{mutation}"
        );
    }
}
