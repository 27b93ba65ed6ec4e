//! What is hidden answers as what never was: the same bytes, after the same statements.

use ashiato::ids::{GlobalId, Kind};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{count, introduce};
use crate::{
    block::absent::{asked, mutation},
    support::world::{Person, World},
};

/// The id of an introduction that never was, where either is to be somebody who is there.
fn never(subject: Option<&Person<'_>>, author: Option<&Person<'_>>) -> String {
    let id = |person: Option<&Person<'_>>, number| {
        person.map_or(Uuid::from_u128(number), |person| {
            person.viewer.id().unwrap()
        })
    };
    let key = [id(subject, 0xfeed), id(author, 0xbeef)];
    GlobalId::encode(Kind::Introduction, &key).to_string()
}

/// Everything that can be asked about the introduction with `id`, of `user`.
fn questions(id: &str, user: &str) -> Vec<(String, Value)> {
    let node = "query($id: ID!) { node(id: $id) { id __typename } }";
    let nodes = "query($id: ID!) { nodes(ids: [$id, $id]) { id } }";
    let mut all = [node, nodes]
        .map(|document| (document.to_owned(), json!({ "id": id })))
        .to_vec();
    for (name, input) in [
        ("deleteIntroduction", json!({ "introductionId": id })),
        ("report", json!({ "subjectId": id, "reason": "SPAM" })),
        ("writeIntroduction", json!({ "userId": user, "body": "b" })),
    ] {
        all.push((mutation(name), json!({ "input": input })));
    }
    all
}

/// How many of them differ.
async fn differ(me: &Person<'_>, there: &[(String, Value)], absent: &[(String, Value)]) -> usize {
    let mut differ = 0;
    for (there, absent) in there.iter().zip(absent) {
        let there = asked(me, there.clone()).await;
        differ += usize::from(there != asked(me, absent.clone()).await);
    }
    differ
}

#[tokio::test]
async fn behind_a_block_with_whom_it_is_of_or_with_its_author() {
    let world = World::uncached().await;
    let me = world.person("me").await;
    let (subject, author) = (world.person("subject").await, world.person("author").await);
    subject.befriend(&author).await;
    let id = introduce(&author, &subject, "hello").await;
    let id = id.as_str().unwrap();
    let nobody = GlobalId::encode(Kind::User, &[Uuid::from_u128(0xfeed)]).to_string();
    let there = questions(id, &subject.id());
    let of_nobody = questions(&never(None, None), &nobody);
    assert_eq!(differ(&me, &there, &of_nobody).await, 5, "it is there");
    for (blocker, blocked) in [(&me, &subject), (&subject, &me)] {
        let input = json!({ "userId": blocked.id() });
        blocker.mutate("blockUser", input.clone(), "").await;
        assert_eq!(differ(&me, &there, &of_nobody).await, 0);
        blocker.mutate("unblockUser", input, "").await;
    }
    // Of somebody who is there, by somebody who is not.
    let of_subject = questions(&never(Some(&subject), None), &subject.id());
    assert_eq!(count(&me, &subject).await, 1);
    for (blocker, blocked) in [(&me, &author), (&author, &me)] {
        let input = json!({ "userId": blocked.id() });
        blocker.mutate("blockUser", input.clone(), "").await;
        assert_eq!(differ(&me, &there, &of_subject).await, 0);
        assert_eq!(count(&me, &subject).await, 0);
        assert_eq!(count(&subject, &subject).await, 1);
        blocker.mutate("unblockUser", input, "").await;
        assert_eq!(count(&me, &subject).await, 1);
    }
}

#[tokio::test]
async fn of_who_is_suspended() {
    let world = World::uncached().await;
    let moderator = world.moderator("moderator").await;
    let me = world.person("me").await;
    let (subject, author) = (world.person("subject").await, world.person("author").await);
    subject.befriend(&author).await;
    let id = introduce(&author, &subject, "hello").await;
    let id = id.as_str().unwrap();
    let nobody = GlobalId::encode(Kind::User, &[Uuid::from_u128(0xfeed)]).to_string();
    let there = questions(id, &subject.id());
    for (absent, never) in [
        (&subject, questions(&never(None, None), &nobody)),
        (
            &author,
            questions(&never(Some(&subject), None), &subject.id()),
        ),
    ] {
        let input = json!({ "userId": absent.id(), "reason": "spam" });
        moderator.mutate("suspendUser", input, "").await;
        assert_eq!(differ(&me, &there, &never).await, 0);
        let input = json!({ "userId": absent.id() });
        moderator.mutate("liftSuspension", input, "").await;
    }
}

/// Who is out of reach is not told apart from nobody either.
#[tokio::test]
async fn of_who_is_out_of_reach() {
    let world = World::uncached().await;
    let me = world.person("me").await;
    let minors = ["subject", "author"].map(|name| world.person_born(name, "1990-04-01"));
    let [subject, author] = minors;
    let (subject, author) = (subject.await, author.await);
    subject.befriend(&author).await;
    let id = introduce(&author, &subject, "hello").await;
    let node = |id: &str| {
        let document = "query($id: ID!) { node(id: $id) { id __typename } }";
        (document.to_owned(), json!({ "id": id }))
    };
    let acts = |id: &str| {
        [
            ("deleteIntroduction", json!({ "introductionId": id })),
            ("report", json!({ "subjectId": id, "reason": "SPAM" })),
        ]
        .map(|(name, input)| (mutation(name), json!({ "input": input })))
    };
    let all = |id: &str| [vec![node(id)], acts(id).to_vec()].concat();
    let (there, never) = (all(id.as_str().unwrap()), all(&never(None, None)));
    assert_eq!(differ(&me, &there, &never).await, 0);
    assert_eq!(count(&me, &subject).await, 0);
    // Somebody of their age finds it.
    let other = world.person_born("other", "1990-04-01").await;
    assert_eq!(differ(&other, &there, &never).await, 3);
    assert_eq!(count(&other, &subject).await, 1);
}

/// Who waited would know that somebody is there.
#[tokio::test]
async fn on_postgres_nobody_waits_for_whom_they_cannot_see() {
    use sea_orm::ConnectionTrait;
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    me.befriend(&other).await;
    let input = json!({ "userId": other.id(), "body": "b" });
    let hold = world.app.database.reader().begin().await.unwrap();
    let user = other.viewer.id().unwrap();
    let held = format!("SELECT 1 FROM users WHERE id = '{user}' FOR UPDATE");
    hold.execute_unprepared(&held).await.unwrap();
    let document = "mutation($input: WriteIntroductionInput!) {
        writeIntroduction(input: $input) { userErrors { code } } }";
    // A friend is waited for.
    let code = me.error(document, json!({ "input": input })).await;
    assert_eq!(code, "UNAVAILABLE");
    hold.rollback().await.unwrap();
    let block = json!({ "userId": me.id() });
    other.mutate("blockUser", block, "").await;
    let hold = world.app.database.reader().begin().await.unwrap();
    hold.execute_unprepared(&held).await.unwrap();
    assert_eq!(me.refusal("writeIntroduction", input).await, "NOT_FOUND");
    hold.rollback().await.unwrap();
}
