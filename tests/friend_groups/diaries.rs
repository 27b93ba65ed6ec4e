//! Diaries for a group: there for who is in it at the moment of looking, on every path, and for nobody
//! else.

use ashiato::ids::{GlobalId, Kind};
use serde_json::{Value, json};
use uuid::Uuid;

use super::agrees;
use crate::support::world::{Person, World};

/// What `viewer` finds of the diary `id` of `author`, on each path; whether these agree is the test.
async fn finds(viewer: &Person<'_>, author: &Person<'_>, id: &str, comment: &str) -> bool {
    let document = "query($id: ID!, $comment: ID!, $name: String!) {
        node(id: $id) { ... on Diary { title audience friendGroup { name } commentCount
            comments { nodes { body } } } }
        comment: node(id: $comment) { ... on DiaryComment { body diary { title } } }
        user(username: $name) { diaries { totalCount nodes { id } edges { node { id } } } } }";
    let variables = json!({ "id": id, "comment": comment, "name": author.username });
    let data = viewer.run(document, variables).await;
    let there = !data["node"].is_null();
    if there {
        assert_eq!(data["node"]["audience"], "GROUP");
        assert_eq!(
            data["node"]["friendGroup"],
            Value::Null,
            "of the group nobody learns"
        );
        assert_eq!(
            data["node"]["comments"]["nodes"],
            json!([{ "body": "first" }])
        );
    }
    assert_eq!(data["comment"].is_null(), !there, "a comment");
    let listed = data["user"]["diaries"].clone();
    let ids: Vec<_> = listed["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| &node["id"])
        .collect();
    assert_eq!(ids.contains(&&json!(id)), there, "a list");
    assert_eq!(listed["totalCount"], ids.len(), "a count");
    let Some(_) = viewer.viewer.id() else {
        assert!(!there);
        return false;
    };
    let feed = "{ viewer { homeFeed { nodes { id } } } }";
    let feed = viewer.run(feed, json!({})).await["viewer"]["homeFeed"]["nodes"].clone();
    let fed = feed.as_array().unwrap().iter().any(|node| node["id"] == id);
    assert_eq!(fed, there, "the home feed");
    for (act, input) in [
        ("visitDiary", json!({ "diaryId": id })),
        ("deleteDiaryComment", json!({ "commentId": comment })),
        ("editDiary", json!({ "diaryId": id })),
    ] {
        let done = viewer.attempt(act, input, "").await;
        let expected = match (there, act) {
            (true, "visitDiary") => json!([]),
            (true, _) => json!([{ "code": "NOT_YOURS", "field": null }]),
            (false, _) => json!([{ "code": "NOT_FOUND", "field": null }]),
        };
        assert_eq!(done["userErrors"], expected, "{act}");
    }
    there
}

/// Somebody's diary for a group, with a comment of the author's.
async fn written(author: &Person<'_>, title: &str, group: &str) -> (String, String) {
    let diary = author.write_for(title, group).await;
    let input = json!({ "diaryId": diary, "body": "first" });
    let made = author
        .mutate("commentOnDiary", input, "comment { id }")
        .await;
    (diary, made["comment"]["id"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn who_is_in_the_group_finds_it_on_every_path_and_who_is_taken_out_on_none() {
    let world = World::new().await;
    let author = world.person("author").await;
    let [one, other, second, stranger] =
        ["one", "other", "second", "stranger"].map(|name| world.person(name));
    let (one, other) = (one.await, other.await);
    let (second, stranger) = (second.await, stranger.await);
    author.befriend(&one).await;
    author.befriend(&other).await;
    one.befriend(&second).await;
    let nobody = world.anonymous();
    author.write("for friends", "FRIENDS").await;
    let group = author.make_group("some", &[&one]).await;
    let (diary, comment) = written(&author, "for some", &group).await;
    author.write("for friends", "FRIENDS").await;
    assert!(finds(&one, &author, &diary, &comment).await);
    for out in [&other, &second, &stranger, &nobody] {
        assert!(
            !finds(out, &author, &diary, &comment).await,
            "{}",
            out.username
        );
    }
    let refused = other
        .refusal("commentOnDiary", json!({ "diaryId": diary, "body": "b" }))
        .await;
    assert_eq!(refused, "NOT_FOUND");
    author
        .regroup("removeFromFriendGroup", &group, &[&one])
        .await;
    assert!(!finds(&one, &author, &diary, &comment).await);
    author.regroup("addToFriendGroup", &group, &[&other]).await;
    assert!(
        finds(&other, &author, &diary, &comment).await,
        "also what was written before"
    );
    let input = json!({ "diaryId": diary, "body": "second" });
    let made = other
        .mutate("commentOnDiary", input, "comment { id }")
        .await;
    let input = json!({ "commentId": made["comment"]["id"] });
    other.mutate("deleteDiaryComment", input, "").await;
    // Two groups, one diary: one is enough, and it stands there once.
    let close = author.close_friends();
    author
        .regroup("addToFriendGroup", &close, &[&one, &other])
        .await;
    let (second_diary, second_comment) = written(&author, "for the close", &close).await;
    for (viewer, first) in [(&one, false), (&other, true)] {
        assert_eq!(finds(viewer, &author, &diary, &comment).await, first);
        assert!(finds(viewer, &author, &second_diary, &second_comment).await);
    }
    // It is the author's, who alone sees for which group it is.
    let document = "query($id: ID!) { node(id: $id) { ... on Diary { friendGroup { id name } } }
        user(username: \"author\") { diaries { totalCount } } }";
    let seen = author.run(document, json!({ "id": diary })).await;
    assert_eq!(
        seen["node"]["friendGroup"],
        json!({ "id": group, "name": "some" })
    );
    assert_eq!(seen["user"]["diaries"]["totalCount"], 4);
    // As others see it: as a friend who is in no group.
    let document = "{ viewer { user { asSeenBy(viewer: FRIEND) { diaries { totalCount } } } } }";
    let seen = author.run(document, json!({})).await;
    assert_eq!(
        seen["viewer"]["user"]["asSeenBy"]["diaries"]["totalCount"],
        2
    );
    one.mutate("endFriendship", json!({ "userId": author.id() }), "")
        .await;
    assert!(!finds(&one, &author, &second_diary, &second_comment).await);
    agrees(&world).await;
}

#[tokio::test]
async fn a_diary_for_a_group_that_one_is_not_in_is_as_one_that_never_was() {
    let world = World::uncached().await;
    let author = world.person("author").await;
    let (one, other) = (world.person("one").await, world.person("other").await);
    author.befriend(&one).await;
    author.befriend(&other).await;
    author.write("for friends", "FRIENDS").await;
    let group = author.make_group("some", &[&one]).await;
    let (diary, comment) = written(&author, "for some", &group).await;
    let key = author.viewer.id().unwrap();
    let none = |kind, parts: usize| {
        let mut parts = vec![Uuid::from_u128(0xfeed); parts];
        parts[0] = key;
        GlobalId::encode(kind, &parts).to_string()
    };
    let look = "query($id: ID!) { node(id: $id) { id ... on Diary { title } ... on DiaryComment {
        body } } }";
    let ask = async |id: &str| {
        world.forget_statements();
        let answer = other.answer(look, json!({ "id": id })).await;
        (answer.to_string(), world.statements())
    };
    assert_eq!(ask(&diary).await, ask(&none(Kind::Diary, 2)).await);
    assert_eq!(ask(&comment).await, ask(&none(Kind::DiaryComment, 3)).await);
    for (act, rest) in [
        ("visitDiary", json!({})),
        ("commentOnDiary", json!({ "body": "b" })),
        ("deleteDiary", json!({})),
    ] {
        let attempt = async |id: &str| {
            let mut input = rest.clone();
            input["diaryId"] = json!(id);
            world.forget_statements();
            (other.attempt(act, input, "").await, world.statements())
        };
        assert_eq!(
            attempt(&diary).await,
            attempt(&none(Kind::Diary, 2)).await,
            "{act}"
        );
    }
    // A list takes as many statements for who is in no group, in one for which nothing is written, and
    // where nobody has groups at all.
    let list = "{ user(username: \"author\") { diaries { totalCount nodes { title } } }
        viewer { homeFeed { nodes { title } } } }";
    let count = async |who: &Person<'_>| {
        world.forget_statements();
        who.run(list, json!({})).await;
        world.statements()
    };
    let plain = count(&other).await;
    let empty = author.make_group("nothing", &[&other]).await;
    assert_eq!(count(&other).await, plain);
    assert_eq!(
        count(&one).await,
        plain + 4,
        "the groups, and what is for them: twice"
    );
    // What was for others tells nothing either once it has gone.
    let input = json!({ "diaryId": author.write_for("gone", &empty).await });
    assert_eq!(count(&other).await, plain + 4);
    author.mutate("deleteDiary", input, "").await;
    assert_eq!(count(&other).await, plain);
}

pub async fn shows(viewer: &Person<'_>) -> (i64, Vec<String>) {
    let list = "{ user(username: \"me\") { diaries { totalCount nodes { title } } } }";
    let seen = viewer.run(list, json!({})).await["user"]["diaries"].clone();
    let titles = seen["nodes"].as_array().unwrap().iter();
    let titles = titles.map(|node| node["title"].as_str().unwrap().to_owned());
    (seen["totalCount"].as_i64().unwrap(), titles.collect())
}

/// What is kept of an author's diaries is what all friends see.
#[tokio::test]
async fn nothing_of_a_group_is_kept_for_others() {
    let world = World::cached().await;
    let (me, one) = (world.person("me").await, world.person("one").await);
    let other = world.person("other").await;
    me.befriend(&one).await;
    me.befriend(&other).await;
    me.write("for friends", "FRIENDS").await;
    let close = me.close_friends();
    me.regroup("addToFriendGroup", &close, &[&one]).await;
    me.write_for("for the close", &close).await;
    let feed = async |viewer: &Person<'_>| {
        let feed = "{ viewer { homeFeed { nodes { title } } } }";
        let data = viewer.run(feed, json!({})).await;
        data["viewer"]["homeFeed"]["nodes"]
            .as_array()
            .unwrap()
            .len()
    };
    for _ in 0..2 {
        assert_eq!((shows(&one).await.0, feed(&one).await), (2, 2));
        assert_eq!((shows(&other).await.0, feed(&other).await), (1, 1));
        assert_eq!(shows(&me).await.0, 2);
    }
    me.regroup("addToFriendGroup", &close, &[&other]).await;
    me.regroup("removeFromFriendGroup", &close, &[&one]).await;
    assert_eq!((shows(&one).await.0, feed(&one).await), (1, 1));
    assert_eq!((shows(&other).await.0, feed(&other).await), (2, 2));
}
