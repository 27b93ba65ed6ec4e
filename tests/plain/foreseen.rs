//! What a list has read for its nodes is what their own fields find: the diaries of friends
//! (`src/diary/listed.rs`), the comments of diaries (`src/diary/commented.rs`).

use serde_json::json;

use super::{community, without_twice};
use crate::support::world::{Person, World};

/// Asks for `fields` of what `page` lists, up to `end`: as they are told, and as the engine finds them,
/// because `twice` is asked for twice beside them. What is wrong is said at `wrong`.
async fn is_the_same(
    me: &Person<'_>,
    [page, end]: [&str; 2],
    fields: &str,
    twice: &str,
    wrong: Option<&str>,
) {
    let ask = async |fields: &str| {
        let document = format!(
            "query($two: Int = 2, $none: Int) {{
                used: searchUsers(text: \"friend\", first: $two) {{ totalCount }}
                too: searchUsers(text: \"friend\", first: $none) {{ totalCount }}
                viewer {{ {page} {fields} {end} }} }}"
        );
        let mut answer = me.answer(&document, json!({})).await;
        for error in answer["errors"].as_array_mut().into_iter().flatten() {
            error["locations"].take();
        }
        answer.to_string()
    };
    let told = ask(fields).await;
    let found = ask(&format!("{fields} twice: {twice} twice: {twice}")).await;
    let is_said = wrong.is_some_and(|field| found.contains(&format!(",\"{field}\"]}}")));
    assert_eq!(wrong.is_some(), is_said, "{found}");
    assert_eq!(wrong.is_none(), found.contains("\"twice\":"), "{found}");
    assert_eq!(told, without_twice(&found, "User"), "{fields}");
}

#[tokio::test]
async fn what_diaries_tell_of_their_comments_is_what_the_engine_finds() {
    const PAGES: [[&str; 2]; 2] = [
        ["homeFeed(first: 3) { nodes {", "} }"],
        [
            "user { friends { nodes { diaries { edges { node {",
            "} } } } } }",
        ],
    ];
    const COMMENTS: [&str; 5] = [
        "commentCount comments(first: 1) { nodes { id body author { username } } }
         last: comments(last: 1) { edges { cursor node { body createdAt } }
             pageInfo { endCursor hasPreviousPage } }
         all: comments { totalCount nodes { author { nickname bio } } }",
        "comments(first: $two) { nodes { body } }",
        "comments(first: $none) { nodes { body } }",
        "comments(first: 0) { nodes { body } }",
        "comments(after: \"what is none\") { nodes { body } }",
    ];
    let world = World::new().await;
    let me = community(&world).await;
    let friend = world.known("friend").await;
    let diary = friend.write("another day", "FRIENDS").await;
    let blocked = world.person("blocked").await;
    friend.befriend(&blocked).await;
    for author in [&blocked, &friend] {
        let comment = json!({ "diaryId": diary, "body": "from somebody else" });
        author.mutate("commentOnDiary", comment, "").await;
    }
    for has_blocks in [false, true] {
        if has_blocks {
            let input = json!({ "userId": blocked.id() });
            me.mutate("blockUser", input, "").await;
        }
        for (page, comments) in PAGES
            .into_iter()
            .flat_map(|page| COMMENTS.map(|comments| (page, comments)))
        {
            let is_wrong = comments.contains("first: 0") || comments.contains("after");
            let wrong = is_wrong.then_some("comments");
            is_the_same(&me, page, comments, "friendGroup { id }", wrong).await;
        }
    }
}

#[tokio::test]
async fn what_friends_tell_of_their_diaries_is_what_the_engine_finds() {
    const PAGES: [[&str; 2]; 3] = [
        ["user { friends { nodes {", "} } }"],
        [
            "user { friends(first: 1) { edges { cursor node {",
            "} } } }",
        ],
        // Of whom the viewer knows some, and not all.
        [
            "user { friends { nodes { friends { nodes { username",
            "} } } } }",
        ],
    ];
    const DIARIES: [&str; 6] = [
        "diaries(first: 1) { nodes { id title author { username }
             comments(first: 1) { nodes { body author { username } } } }
             pageInfo { endCursor hasNextPage } }
         all: diaries { totalCount edges { cursor node { body audience commentCount
             friendGroup { name } comments { totalCount nodes { body } } } } }",
        "diaries(first: $two) { nodes { body } } two: diaries(first: $two) { nodes { title } }",
        "diaries(first: $none) { nodes { title author { nickname bio } } }",
        "... { diaries { nodes { id } } } diaries { edges { node { title } } }",
        "diaries(first: 0) { nodes { body } }",
        "diaries(after: \"what is none\") { nodes { body } }",
    ];
    let world = World::new().await;
    let me = community(&world).await;
    let friend = world.known("friend").await;
    let common = world.known("common").await;
    let asker = world.known("asker").await;
    common.befriend(&asker).await;
    let audiences = ["PUBLIC", "FRIENDS_OF_FRIENDS", "FRIENDS", "ONLY_ME"];
    for author in [&friend, &common, &asker] {
        for audience in audiences {
            author.write(audience, audience).await;
        }
    }
    let blocked = world.person("blocked").await;
    friend.befriend(&blocked).await;
    blocked.write("from somebody else", "PUBLIC").await;
    for (is_in_group, has_blocks) in [(false, false), (true, false), (true, true)] {
        if is_in_group && !has_blocks {
            let group = friend.make_group("those who are near", &[&me]).await;
            friend.write_for("for the near", &group).await;
        }
        if has_blocks {
            let input = json!({ "userId": blocked.id() });
            me.mutate("blockUser", input, "").await;
        }
        for (page, diaries) in PAGES
            .into_iter()
            .flat_map(|page| DIARIES.map(|diaries| (page, diaries)))
        {
            let is_wrong = diaries.contains("first: 0") || diaries.contains("after");
            let wrong = is_wrong.then_some("diaries");
            is_the_same(
                &me,
                page,
                diaries,
                "reviews(first: 1) { __typename }",
                wrong,
            )
            .await;
        }
    }
}
