//! A notification goes with what it tells of, in one transaction; what is hidden is not there meanwhile.

use serde_json::{Value, json};

use super::{agrees, ask, comment, list, one, told};
use crate::support::world::{Person, World};

#[tokio::test]
async fn a_request_goes_when_it_is_taken_back_refused_or_accepted() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let asked = [one("FRIEND_REQUEST_RECEIVED", "other")];
    for (by, how) in [
        (&other, "cancelFriendRequest"),
        (&me, "declineFriendRequest"),
        (&me, "acceptFriendRequest"),
    ] {
        let request = ask(&other, &me).await;
        assert_eq!(told(&me).await, asked, "{how}");
        by.mutate(how, json!({ "requestId": request }), "").await;
        assert_eq!(told(&me).await, [], "{how}");
        agrees(&world).await;
        // Of a refusal its sender sees nothing: they take it back.
        if how == "declineFriendRequest" {
            let input = json!({ "requestId": request });
            other.mutate("cancelFriendRequest", input, "").await;
        }
    }
    assert_eq!(told(&other).await, [one("FRIENDSHIP_BEGUN", "me")]);
    // Asking again, while it waits, tells nothing more.
    let third = world.person("third").await;
    for _ in 0..2 {
        ask(&third, &me).await;
    }
    assert_eq!(told(&me).await, [one("FRIEND_REQUEST_RECEIVED", "third")]);
    agrees(&world).await;
}

#[tokio::test]
async fn comments_go_one_by_one_or_with_their_diary() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let kept = me.write("kept", "MEMBERS").await;
    let gone = me.write("gone", "MEMBERS").await;
    let mut comments = Vec::new();
    for diary in [&kept, &gone, &kept, &gone, &kept] {
        comments.push(comment(&other, diary, "hello").await);
    }
    let bodies = async || list(&me).await.len();
    assert_eq!(bodies().await, 5);
    for (by, id) in [(&other, &comments[0]), (&me, &comments[2])] {
        let input = json!({ "commentId": id });
        by.mutate("deleteDiaryComment", input, "").await;
        agrees(&world).await;
    }
    assert_eq!(bodies().await, 3);
    me.mutate("deleteDiary", json!({ "diaryId": gone }), "")
        .await;
    let left = list(&me).await;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0]["subject"]["diary"]["title"], "kept");
    agrees(&world).await;
}

#[tokio::test]
async fn an_introduction_goes_with_its_removal_or_with_the_friendship() {
    let world = World::new().await;
    let (me, friend) = (world.person("me").await, world.person("friend").await);
    me.befriend(&friend).await;
    let introduce = async || {
        let input = json!({ "userId": me.id(), "body": "a friend" });
        let fields = "introduction { id }";
        let written = friend.mutate("writeIntroduction", input, fields).await;
        written["introduction"]["id"].clone()
    };
    let begun = one("FRIENDSHIP_BEGUN", "friend");
    let written = one("INTRODUCTION_WRITTEN", "friend");
    for by in [&me, &friend] {
        let id = introduce().await;
        introduce().await;
        let both = [written.clone(), begun.clone()];
        assert_eq!(told(&me).await, both, "a change is not told");
        let input = json!({ "introductionId": id });
        by.mutate("deleteIntroduction", input, "").await;
        assert_eq!(told(&me).await, std::slice::from_ref(&begun));
    }
    introduce().await;
    friend
        .mutate("endFriendship", json!({ "userId": me.id() }), "")
        .await;
    assert_eq!(told(&me).await, []);
    assert_eq!(told(&friend).await, []);
    agrees(&world).await;
}

/// What is removed as reported is gone from here, too.
#[tokio::test]
async fn what_moderators_remove_is_told_of_no_more() {
    let world = World::new().await;
    let moderator = world.moderator("moderator").await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let diary = me.write("open", "MEMBERS").await;
    let comments = [
        comment(&other, &diary, "bad").await,
        comment(&other, &diary, "fine").await,
    ];
    let report = json!({ "subjectId": comments[0], "reason": "SPAM" });
    me.mutate("report", report, "").await;
    let reports = "{ reports { nodes { id } } }";
    let report = moderator.run(reports, json!({})).await["reports"]["nodes"][0]["id"].clone();
    let input = json!({ "reportId": report, "decision": "REMOVE_CONTENT", "note": "" });
    moderator.mutate("resolveReport", input, "").await;
    let left = list(&me).await;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0]["subject"]["body"], "fine");
    agrees(&world).await;
}

/// Everything between two: the blocks, by whichever of them, and what comes back when they are taken back.
#[tokio::test]
async fn behind_a_block_nothing_of_the_other_is_there_and_counted() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let third = world.person("third").await;
    let diary = me.write("open", "MEMBERS").await;
    me.mutate("nameKiriban", json!({ "number": 1 }), "").await;
    other
        .mutate("visitProfile", json!({ "userId": me.id() }), "")
        .await;
    for who in [&third, &other, &third] {
        comment(who, &diary, "hello").await;
    }
    ask(&other, &me).await;
    let by_third = one("DIARY_COMMENTED", "third");
    let by_other = one("DIARY_COMMENTED", "other");
    let reached = one("KIRIBAN_REACHED", "other");
    let all = [
        one("FRIEND_REQUEST_RECEIVED", "other"),
        by_third.clone(),
        by_other.clone(),
        by_third.clone(),
        reached.clone(),
    ];
    assert_eq!(told(&me).await, all);
    let node = "query($id: ID!) { node(id: $id) { id } }";
    let id = list(&me).await[2]["id"].clone();
    for (blocker, blocked) in [(&me, &other), (&other, &me)] {
        let input = json!({ "userId": blocked.id() });
        blocker.mutate("blockUser", input.clone(), "").await;
        assert_eq!(told(&me).await, [by_third.clone(), by_third.clone()]);
        assert_eq!(told(&other).await, []);
        let found = me.run(node, json!({ "id": id })).await;
        assert_eq!(found["node"], Value::Null);
        blocker.mutate("unblockUser", input, "").await;
        // The request ended with the block.
        assert_eq!(told(&me).await, all[1..]);
        agrees(&world).await;
    }
    assert_eq!(told(&other).await, [one("KIRIBAN_HIT", "me")]);
}

#[tokio::test]
async fn of_who_is_suspended_nothing_is_told_until_they_are_back() {
    let world = World::new().await;
    let moderator = world.moderator("moderator").await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let mine = moderator.write("the moderator's", "MEMBERS").await;
    let diary = me.write("open", "MEMBERS").await;
    for diary in [&diary, &mine] {
        comment(&other, diary, "hello").await;
    }
    ask(&other, &me).await;
    let input = json!({ "userId": other.id(), "reason": "spam" });
    moderator.mutate("suspendUser", input, "").await;
    assert_eq!(told(&me).await, []);
    let seen = told(&moderator).await;
    assert_eq!(
        seen,
        [one("DIARY_COMMENTED", "other")],
        "who looks after them"
    );
    let input = json!({ "userId": other.id() });
    moderator.mutate("liftSuspension", input, "").await;
    assert_eq!(told(&me).await.len(), 2);
    agrees(&world).await;
}

/// A page is full, whoever is hidden, and what is counted is what is listed.
#[tokio::test]
async fn pages_are_full_without_those_who_are_hidden() {
    let world = World::new().await;
    let me = world.person("me").await;
    let people = world.people("person", 6).await;
    let diary = me.write("open", "MEMBERS").await;
    for person in &people {
        comment(person, &diary, "hello").await;
    }
    let names = async || {
        let (mut all, mut after) = (Vec::new(), Value::Null);
        loop {
            let variables = json!({ "first": 2, "after": after });
            let page = me.run(super::LIST, variables).await["viewer"]["notifications"].take();
            let edges = page["edges"].as_array().unwrap();
            let more = page["pageInfo"]["hasNextPage"] == true;
            assert!(edges.len() == 2 || !more, "a short page: {page}");
            let actors = edges.iter().map(|edge| &edge["node"]["actor"]["username"]);
            all.extend(actors.map(|name| name.as_str().unwrap().to_owned()));
            if !more {
                return all;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    };
    let block = async |name: &str, by: &Person<'_>, whom: &Person<'_>| {
        by.mutate(name, json!({ "userId": whom.id() }), "").await;
    };
    let all = [
        "person5", "person4", "person3", "person2", "person1", "person0",
    ];
    assert_eq!(names().await, all);
    block("blockUser", &me, &people[4]).await;
    block("blockUser", &people[2], &me).await;
    assert_eq!(names().await, ["person5", "person3", "person1", "person0"]);
    assert_eq!(list(&me).await.len(), 4);
    block("unblockUser", &me, &people[4]).await;
    block("unblockUser", &people[2], &me).await;
    assert_eq!(names().await, all);
}
