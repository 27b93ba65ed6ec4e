//! rules.md, Friendships 5, 7 and 8: friends introduce each other, on each other's profiles, for as long as
//! they are friends.

mod absent;
mod bounds;
mod crowds;
mod ends;
mod lists;
mod reports;

use ashiato::bulk::recount::recount;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::support::{
    sql,
    world::{Person, World},
};

/// The page of what was written of somebody.
const OF: &str = "query($name: String!, $first: Int, $after: String) { user(username: $name) {
    introductions(first: $first, after: $after) { totalCount pageInfo { endCursor hasNextPage }
        nodes { id body createdAt editedAt viewerCanEdit viewerCanDelete
            author { username } subject { username } } }
    viewerIntroduction { body } } }";

/// Has `author` introduce `subject`. Gives the id.
async fn introduce(author: &Person<'_>, subject: &Person<'_>, body: &str) -> Value {
    let input = json!({ "userId": subject.id(), "body": body });
    let fields = "introduction { id }";
    let written = author.mutate("writeIntroduction", input, fields).await;
    written["introduction"]["id"].clone()
}

/// What `viewer` finds on the profile of `subject`.
async fn of(viewer: &Person<'_>, subject: &Person<'_>) -> Value {
    let found = viewer.run(OF, json!({ "name": subject.username })).await;
    found["user"].clone()
}

/// How many `viewer` is told there are of `subject`, which must be as many as there are.
async fn count(viewer: &Person<'_>, subject: &Person<'_>) -> usize {
    let found = of(viewer, subject).await["introductions"].take();
    let shown = found["nodes"].as_array().unwrap().len();
    assert_eq!(found["totalCount"], shown, "{found}");
    shown
}

/// The object with `id`, as `viewer` finds it.
async fn by_id(viewer: &Person<'_>, id: &Value) -> Value {
    let document = "query($id: ID!) { node(id: $id) { ... on Introduction {
        body author { username } subject { username } } } }";
    viewer.run(document, json!({ "id": id })).await["node"].clone()
}

/// How many rows of `table` there are.
async fn rows(world: &World, table: &str) -> i64 {
    let db = world.app.database.reader();
    let count = sql::own(db, &format!("SELECT count(*) FROM {table}"));
    let row = db.query_one_raw(count).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

async fn agrees(world: &World) {
    let differences = recount(world.app.database.reader()).await.unwrap();
    assert!(differences.is_empty(), "{differences:#?}");
}

#[tokio::test]
async fn a_friend_introduces_a_friend_on_the_friend_s_profile() {
    let world = World::cached().await;
    let (me, friend) = (world.person("me").await, world.person("friend").await);
    let stranger = world.person("stranger").await;
    me.befriend(&friend).await;
    assert_eq!(count(&stranger, &friend).await, 0);
    let input = json!({ "userId": friend.id(), "body": "  We were at school together.\r\nAsk her about cats. " });
    let fields = "introduction { id body createdAt editedAt viewerCanEdit viewerCanDelete }
        user { username introductions { totalCount } }";
    let written = me.mutate("writeIntroduction", input, fields).await;
    let body = "  We were at school together.\nAsk her about cats.";
    let made = &written["introduction"];
    assert_eq!(made["body"], body);
    assert_eq!(made["createdAt"], "2006-05-01T03:00:00.000Z");
    assert_eq!(made["editedAt"], Value::Null);
    assert_eq!(made["viewerCanEdit"], true);
    assert_eq!(made["viewerCanDelete"], true);
    assert_eq!(
        written["user"],
        json!({ "username": "friend", "introductions": { "totalCount": 1 } })
    );
    // Everybody who is signed in reads it; whom it is of can remove it, and nobody else can do anything.
    for (viewer, edits, deletes) in [
        (&me, true, true),
        (&friend, false, true),
        (&stranger, false, false),
    ] {
        let seen = of(viewer, &friend).await;
        let list = &seen["introductions"];
        assert_eq!(list["totalCount"], 1);
        assert_eq!(
            list["nodes"],
            json!([{ "id": made["id"], "body": body, "createdAt": made["createdAt"],
                "editedAt": null, "viewerCanEdit": edits, "viewerCanDelete": deletes,
                "author": { "username": "me" }, "subject": { "username": "friend" } }])
        );
        let own = edits.then(|| json!({ "body": body }));
        assert_eq!(seen["viewerIntroduction"], json!(own));
        assert_eq!(by_id(viewer, &made["id"]).await["body"], body);
    }
    // It is of the friend, and not of who wrote it.
    assert_eq!(count(&stranger, &me).await, 0);
    let nobody = world.anonymous();
    assert_eq!(count(&nobody, &friend).await, 0);
    assert_eq!(by_id(&nobody, &made["id"]).await, Value::Null);
    agrees(&world).await;
}

#[tokio::test]
async fn writing_again_changes_it_where_it_stands() {
    let world = World::new().await;
    let me = world.person("me").await;
    let friends = world.people("friend", 3).await;
    let mut ids = Vec::new();
    for friend in &friends {
        me.befriend(friend).await;
        world.clock.advance(chrono::Duration::minutes(1));
        ids.push(introduce(friend, &me, &friend.username).await);
    }
    let again = introduce(&friends[0], &me, "in other words").await;
    assert_eq!(again, ids[0], "it is the same one");
    let list = of(&me, &me).await["introductions"].take();
    assert_eq!(list["totalCount"], 3);
    let part = |name: &str| -> Vec<_> {
        let nodes = list["nodes"].as_array().unwrap().iter();
        nodes.map(|node| node[name].clone()).collect()
    };
    assert_eq!(part("body"), ["friend2", "friend1", "in other words"]);
    assert_eq!(
        part("editedAt"),
        [Value::Null, Value::Null, json!("2006-05-01T03:03:00.000Z")]
    );
    assert_eq!(part("createdAt")[2], "2006-05-01T03:01:00.000Z");
    agrees(&world).await;
}

#[tokio::test]
async fn its_author_and_whom_it_is_of_remove_it_and_nobody_else() {
    let world = World::cached().await;
    let (me, friend) = (world.person("me").await, world.person("friend").await);
    let third = world.person("third").await;
    me.befriend(&friend).await;
    for by in [&me, &friend] {
        let id = introduce(&me, &friend, "a friend of mine").await;
        let input = json!({ "introductionId": id });
        let refused = third.refusal("deleteIntroduction", input.clone()).await;
        assert_eq!(refused, "NOT_YOURS");
        assert_eq!(count(&third, &friend).await, 1);
        let fields = "deletedIntroductionId user { username introductions { totalCount } }";
        let gone = by.mutate("deleteIntroduction", input.clone(), fields).await;
        assert_eq!(gone["deletedIntroductionId"], id);
        assert_eq!(
            gone["user"],
            json!({ "username": "friend", "introductions": { "totalCount": 0 } })
        );
        for viewer in [&me, &friend, &third] {
            assert_eq!(count(viewer, &friend).await, 0);
            assert_eq!(by_id(viewer, &id).await, Value::Null);
            let refused = viewer.refusal("deleteIntroduction", input.clone()).await;
            assert_eq!(refused, "NOT_FOUND");
        }
        assert_eq!(of(&me, &friend).await["viewerIntroduction"], Value::Null);
        agrees(&world).await;
    }
    // They are friends as before, and each writes of the other.
    introduce(&me, &friend, "mine").await;
    introduce(&friend, &me, "hers").await;
    assert_eq!(of(&me, &friend).await["viewerIntroduction"]["body"], "mine");
    assert_eq!(of(&friend, &me).await["viewerIntroduction"]["body"], "hers");
    agrees(&world).await;
}

#[tokio::test]
async fn a_repeated_call_is_carried_out_once() {
    let world = World::new().await;
    let (me, friend) = (world.person("me").await, world.person("friend").await);
    me.befriend(&friend).await;
    let input = json!({ "userId": friend.id(), "body": "first", "idempotencyKey": "write" });
    me.mutate("writeIntroduction", input.clone(), "").await;
    let id = introduce(&me, &friend, "second").await;
    me.mutate("writeIntroduction", input.clone(), "").await;
    assert_eq!(
        of(&me, &friend).await["viewerIntroduction"]["body"],
        "second"
    );
    let mut other = input;
    other["body"] = json!("third");
    let document = "mutation($input: WriteIntroductionInput!) { writeIntroduction(input: $input) {
        introduction { id } } }";
    let code = me.error(document, json!({ "input": other })).await;
    assert_eq!(code, "IDEMPOTENCY_KEY_REUSED");
    let remove = json!({ "introductionId": id, "idempotencyKey": "remove" });
    for _ in 0..2 {
        let fields = "deletedIntroductionId";
        let gone = friend
            .mutate("deleteIntroduction", remove.clone(), fields)
            .await;
        assert_eq!(gone["deletedIntroductionId"], id);
    }
    introduce(&me, &friend, "again").await;
    friend.mutate("deleteIntroduction", remove, "").await;
    assert_eq!(count(&me, &friend).await, 1, "it was removed once");
    agrees(&world).await;
}
