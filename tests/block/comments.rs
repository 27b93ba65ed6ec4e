//! Comments where two block each other: under the diary of one of them, and under somebody else's.

use serde_json::{Value, json};

use super::{block, recounted, unblock};
use crate::support::world::{Person, World};

const COMMENTS: &str = "query($id: ID!) { node(id: $id) { ... on Diary {
    commentCount comments { totalCount nodes { id body author { username } } } } } }";

async fn comment(who: &Person<'_>, diary: &str) -> String {
    let input = json!({ "diaryId": diary, "body": who.username });
    let made = who.mutate("commentOnDiary", input, "comment { id }").await;
    made["comment"]["id"].as_str().unwrap().to_owned()
}

/// The bodies of the comments that `who` sees; none where the diary is not there for them. The counts
/// are of what is seen.
async fn seen(who: &Person<'_>, diary: &str) -> Option<Vec<String>> {
    let node = who.run(COMMENTS, json!({ "id": diary })).await["node"].clone();
    if node.is_null() {
        return None;
    }
    let nodes = node["comments"]["nodes"].as_array().unwrap().iter();
    let bodies: Vec<_> = nodes
        .map(|it| it["body"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(node["commentCount"], bodies.len(), "{node}");
    assert_eq!(node["comments"]["totalCount"], bodies.len(), "{node}");
    Some(bodies)
}

async fn finds(who: &Person<'_>, id: &str) -> bool {
    let document = "query($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }";
    let found = who.run(document, json!({ "id": id })).await;
    assert_eq!(found["node"], found["nodes"][0]);
    !found["node"].is_null()
}

fn names(all: &[&str]) -> Option<Vec<String>> {
    Some(all.iter().map(|name| (*name).to_owned()).collect())
}

/// Whoever of the two blocks: the diary's author does not see what the other wrote before, the other
/// nothing of the diary, their own comment included; others see all of it.
#[tokio::test]
async fn comments_that_were_left_before_the_block_are_there_for_third_parties_alone() {
    let world = World::cached().await;
    for (turn, mine) in [true, false].into_iter().enumerate() {
        let person = async |name: &str| world.person(&format!("{name}{turn}")).await;
        let (author, other) = (person("author").await, person("other").await);
        let third = person("third").await;
        let diary = author.write("open", "PUBLIC").await;
        let left = [
            comment(&other, &diary).await,
            comment(&third, &diary).await,
            comment(&author, &diary).await,
        ];
        let all = [&*other.username, &*third.username, &*author.username];
        for who in [&author, &other, &third, &world.anonymous()] {
            assert_eq!(seen(who, &diary).await, names(&all));
        }
        let (blocker, blocked) = if mine {
            (&author, &other)
        } else {
            (&other, &author)
        };
        block(blocker, blocked).await;
        assert_eq!(seen(&author, &diary).await, names(&all[1..]));
        assert_eq!(seen(&other, &diary).await, None);
        for who in [&third, &world.anonymous()] {
            assert_eq!(seen(who, &diary).await, names(&all));
        }
        for id in &left {
            assert!(!finds(&other, id).await, "{id}");
            assert!(finds(&third, id).await && finds(&world.anonymous(), id).await);
        }
        assert!(!finds(&author, &left[0]).await && finds(&author, &left[1]).await);
        // Neither acts on what is not there for them.
        let input = json!({ "commentId": left[0] });
        for who in [&author, &other] {
            let refused = who.refusal("deleteDiaryComment", input.clone()).await;
            assert_eq!(refused, "NOT_FOUND");
        }
        let input = json!({ "diaryId": diary, "body": "more" });
        assert_eq!(other.refusal("commentOnDiary", input).await, "NOT_FOUND");
        recounted(&world).await;
        unblock(blocker, blocked).await;
        for who in [&author, &other, &third] {
            assert_eq!(seen(who, &diary).await, names(&all));
        }
    }
}

/// Under somebody else's diary two who block each other go on, and neither sees the other's.
#[tokio::test]
async fn under_somebody_else_s_diary_each_sees_all_but_the_other_s() {
    let world = World::cached().await;
    let (host, third) = (world.person("host").await, world.person("third").await);
    let (one, other) = (world.person("one").await, world.person("other").await);
    let diary = host.write("open", "MEMBERS").await;
    let mut left = Vec::new();
    for who in [&one, &other, &third] {
        left.push(comment(who, &diary).await);
    }
    block(&one, &other).await;
    assert_eq!(seen(&one, &diary).await, names(&["one", "third"]));
    assert_eq!(seen(&other, &diary).await, names(&["other", "third"]));
    for who in [&host, &third] {
        assert_eq!(seen(who, &diary).await, names(&["one", "other", "third"]));
    }
    // What is written after the block, too; and where the viewer blocks a comment's author.
    comment(&other, &diary).await;
    comment(&one, &diary).await;
    block(&third, &one).await;
    let of = |all: &[&str]| names(all);
    assert_eq!(seen(&one, &diary).await, of(&["one", "one"]));
    assert_eq!(seen(&other, &diary).await, of(&["other", "third", "other"]));
    assert_eq!(seen(&third, &diary).await, of(&["other", "third", "other"]));
    let all = ["one", "other", "third", "other", "one"];
    assert_eq!(seen(&host, &diary).await, of(&all));
    // A comment leads back to its diary, and to nobody hidden.
    let document = "query($id: ID!) { node(id: $id) { ... on DiaryComment {
        author { username } diary { commentCount } } } }";
    let found = one.run(document, json!({ "id": left[0] })).await;
    assert_eq!(found["node"]["diary"]["commentCount"], 2);
    let found = one.run(document, json!({ "id": left[1] })).await;
    assert_eq!(found["node"], Value::Null);
    recounted(&world).await;
}
