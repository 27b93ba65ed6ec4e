//! rules.md, Diaries 4: comments, read and live.

use serde_json::{Value, json};

use crate::support::world::{Person, World, first, next};

#[tokio::test]
async fn comments_are_read_oldest_first_and_removed_by_either_author() {
    let world = World::new().await;
    let author = world.person("author").await;
    let (one, two) = (world.person("one").await, world.person("two").await);
    let diary = author.write("open", "MEMBERS").await;
    let mut comments = Vec::new();
    for (person, body) in [
        (&one, "first"),
        (&two, "second"),
        (&author, "third"),
        (&one, "fourth"),
    ] {
        let input = json!({ "diaryId": diary, "body": body });
        let payload = person
            .mutate(
                "commentOnDiary",
                input,
                "diary { commentCount } comment { id viewerCanDelete }",
            )
            .await;
        assert_eq!(payload["comment"]["viewerCanDelete"], true);
        comments.push(payload["comment"]["id"].as_str().unwrap().to_owned());
    }
    let document = "query($id: ID!, $first: Int, $last: Int) { node(id: $id) { ... on Diary { commentCount
        comments(first: $first, last: $last) { totalCount nodes { body author { username } } } } } }";
    let read = async |arguments: Value| {
        let mut variables = arguments;
        variables["id"] = json!(diary);
        let node = two.run(document, variables).await["node"].clone();
        let bodies = node["comments"]["nodes"].as_array().unwrap();
        (
            bodies
                .iter()
                .map(|n| n["body"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>(),
            node["commentCount"].as_i64().unwrap(),
        )
    };
    assert_eq!(
        read(json!({})).await.0,
        ["first", "second", "third", "fourth"]
    );
    assert_eq!(read(json!({ "last": 2 })).await.0, ["third", "fourth"]);
    assert_eq!(read(json!({ "first": 1 })).await.0, ["first"]);

    let refused = two
        .refusal("deleteDiaryComment", json!({ "commentId": comments[0] }))
        .await;
    assert_eq!(refused, "NOT_YOURS");
    one.mutate(
        "deleteDiaryComment",
        json!({ "commentId": comments[0] }),
        "",
    )
    .await;
    author
        .mutate(
            "deleteDiaryComment",
            json!({ "commentId": comments[1] }),
            "",
        )
        .await;
    assert_eq!(
        read(json!({})).await,
        (vec!["third".to_owned(), "fourth".to_owned()], 2)
    );
    let refused = one
        .refusal("deleteDiaryComment", json!({ "commentId": comments[0] }))
        .await;
    assert_eq!(refused, "NOT_FOUND");
}

#[tokio::test]
async fn comments_arrive_live_and_ones_own_do_not() {
    let world = World::new().await;
    let (author, other) = (world.person("author").await, world.person("other").await);
    let diary = author.write("open", "MEMBERS").await;
    let document = "subscription { diaryCommented { cursor node { body author { username } diary { title } } } }";
    let mut live = Box::pin(author.subscribe(document, json!({})));
    let comment = async |person: &Person<'_>, body: &str| {
        let input = json!({ "diaryId": diary, "body": body });
        person.mutate("commentOnDiary", input, "").await;
    };
    let edge = first(&mut live, async |_| comment(&other, "one").await).await;
    let edge = edge["data"]["diaryCommented"].clone();
    assert_eq!(edge["node"]["body"], "one");
    assert_eq!(edge["node"]["diary"]["title"], "open");
    comment(&author, "my own").await;
    comment(&other, "two").await;
    loop {
        let edge = next(&mut live).await["data"]["diaryCommented"].clone();
        match edge["node"]["body"].as_str().unwrap() {
            "one" => {}
            body => break assert_eq!(body, "two"),
        }
    }
}

#[tokio::test]
async fn a_hidden_comment_answers_as_an_absent_one_does() {
    let world = World::new().await;
    let (author, stranger) = (world.person("author").await, world.person("stranger").await);
    let secret = author.write("secret", "ONLY_ME").await;
    let gone = author.write("gone", "MEMBERS").await;
    let mut answers = Vec::new();
    for (diary, remove) in [(&secret, false), (&gone, true)] {
        let input = json!({ "diaryId": diary, "body": "b" });
        let made = author
            .mutate("commentOnDiary", input, "comment { id }")
            .await;
        let comment = json!({ "commentId": made["comment"]["id"] });
        if remove {
            author
                .mutate("deleteDiary", json!({ "diaryId": diary }), "")
                .await;
        }
        world.forget_statements();
        let document = "mutation($input: DeleteDiaryCommentInput!) {
            deleteDiaryComment(input: $input) { deletedCommentId userErrors { code message field } } }";
        let answer = stranger.answer(document, json!({ "input": comment })).await;
        assert_eq!(
            answer["data"]["deleteDiaryComment"]["userErrors"][0]["code"],
            "NOT_FOUND"
        );
        answers.push((answer, world.statements()));
    }
    assert_eq!(answers[0], answers[1]);
}
