//! Diaries that are moved to groups, and out of them.

use serde_json::{Value, json};

use super::{agrees, diaries::shows, groups, no_group};
use crate::support::world::World;

#[tokio::test]
async fn a_group_is_named_with_that_audience_and_no_other() {
    let world = World::new().await;
    let (me, friend) = (world.person("me").await, world.person("friend").await);
    me.befriend(&friend).await;
    let group = me.make_group("some", &[&friend]).await;
    let theirs = friend.make_group("theirs", &[&me]).await;
    let diary = me.write("open", "MEMBERS").await;
    let without = json!([{ "code": "FRIEND_GROUP_REQUIRED", "field": ["friendGroupId"] }]);
    let with = json!([{ "code": "FRIEND_GROUP_NOT_ALLOWED", "field": ["friendGroupId"] }]);
    let absent = json!([{ "code": "NOT_FOUND", "field": ["friendGroupId"] }]);
    let cases = [
        (json!({ "audience": "GROUP" }), &without),
        (json!({ "friendGroupId": group }), &with),
        (
            json!({ "audience": "FRIENDS", "friendGroupId": group }),
            &with,
        ),
        (
            json!({ "audience": "ONLY_ME", "friendGroupId": no_group(&me) }),
            &with,
        ),
        (
            json!({ "audience": "GROUP", "friendGroupId": no_group(&me) }),
            &absent,
        ),
        (
            json!({ "audience": "GROUP", "friendGroupId": theirs }),
            &absent,
        ),
        (
            json!({ "audience": "GROUP", "friendGroupId": friend.close_friends() }),
            &absent,
        ),
    ];
    for (input, refused) in cases {
        for (mutation, rest) in [
            ("writeDiary", json!({ "title": "t", "body": "b" })),
            ("editDiary", json!({ "diaryId": diary })),
        ] {
            let mut input = input.clone();
            for (name, value) in rest.as_object().unwrap() {
                input[name] = value.clone();
            }
            let done = me.attempt(mutation, input.clone(), "diary { id }").await;
            assert_eq!(done["userErrors"], *refused, "{mutation} {input}");
            assert_eq!(done["diary"], Value::Null);
        }
    }
    // A fact of a profile is for no group.
    let input = json!({ "hometown": "京都", "hometownAudience": "GROUP", "sexAudience": "GROUP" });
    let done = me.attempt("editProfileFacts", input, "").await;
    let refused = |field| json!({ "code": "AUDIENCE_NOT_ALLOWED", "field": [field] });
    assert_eq!(
        done["userErrors"],
        json!([refused("sexAudience"), refused("hometownAudience")])
    );
    agrees(&world).await;
}

#[tokio::test]
async fn an_edit_moves_a_diary_and_a_group_that_is_deleted_leaves_it_to_its_author() {
    let world = World::new().await;
    let (me, one) = (world.person("me").await, world.person("one").await);
    let other = world.person("other").await;
    me.befriend(&one).await;
    me.befriend(&other).await;
    let ones = me.make_group("one's", &[&one]).await;
    let others = me.make_group("other's", &[&other]).await;
    let diary = me.write_for("moved", &ones).await;
    let seen = async || {
        [
            shows(&one).await.0,
            shows(&other).await.0,
            shows(&me).await.0,
        ]
    };
    assert_eq!(seen().await, [1, 0, 1]);
    let edit = async |rest: Value| {
        let mut input = rest;
        input["diaryId"] = json!(diary);
        let done = me.mutate(
            "editDiary",
            input,
            "diary { audience friendGroup { name } }",
        );
        done.await["diary"].clone()
    };
    let edited = edit(json!({ "audience": "GROUP", "friendGroupId": others })).await;
    assert_eq!(
        edited,
        json!({ "audience": "GROUP", "friendGroup": { "name": "other's" } })
    );
    assert_eq!(seen().await, [0, 1, 1]);
    edit(json!({ "body": "what is left out stays" })).await;
    assert_eq!(seen().await, [0, 1, 1]);
    let edited = edit(json!({ "audience": "FRIENDS" })).await;
    assert_eq!(
        edited,
        json!({ "audience": "FRIENDS", "friendGroup": null })
    );
    assert_eq!(seen().await, [1, 1, 1]);
    edit(json!({ "audience": "GROUP", "friendGroupId": ones })).await;
    assert_eq!(seen().await, [1, 0, 1]);
    agrees(&world).await;
    me.write_for("another", &ones).await;
    me.write_for("stays", &others).await;
    assert_eq!(seen().await, [2, 1, 3]);
    let input = json!({ "friendGroupId": ones });
    me.mutate("deleteFriendGroup", input, "").await;
    assert_eq!(seen().await, [0, 1, 3]);
    let document = "query($id: ID!) { node(id: $id) { ... on Diary { audience editedAt friendGroup { id } } } }";
    let left = me.run(document, json!({ "id": diary })).await["node"].clone();
    assert_eq!(
        (&left["audience"], &left["friendGroup"]),
        (&json!("ONLY_ME"), &Value::Null)
    );
    assert_eq!(groups(&me).await.len(), 2);
    for (viewer, fed) in [(&one, json!([])), (&other, json!([{ "title": "stays" }]))] {
        let feed = "{ viewer { homeFeed { nodes { title } } } }";
        let feed = viewer.run(feed, json!({})).await;
        assert_eq!(feed["viewer"]["homeFeed"]["nodes"], fed);
    }
    agrees(&world).await;
}
