//! Who is suspended answers as who never was: the same bytes, after the same statements.

use serde_json::json;

use super::{lift, suspend};
use crate::{
    block::absent::{Things, asked, mutation},
    support::world::World,
};

#[tokio::test]
async fn who_is_suspended_answers_as_who_never_was() {
    let world = World::uncached().await;
    let moderator = world.moderator("moderator").await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let things = Things::of(&other, &me).await;
    let nobody = Things::of_nobody(&me, &things.item);
    suspend(&moderator, &other).await;
    let mut compared = 0;
    for (hidden, absent) in things.questions().into_iter().zip(nobody.questions()) {
        let document = hidden.0.clone();
        let (hidden, absent) = (asked(&me, hidden).await, asked(&me, absent).await);
        assert_eq!(hidden, absent, "{document}");
        compared += 1;
    }
    assert_eq!(compared, 23);
    let question = |user: &String| {
        let input = json!({ "input": { "userId": user } });
        (mutation("unblockUser"), input)
    };
    let hidden = asked(&me, question(&things.user)).await;
    assert_eq!(hidden, asked(&me, question(&nobody.user)).await);
    // Who is signed out finds no more of them.
    let out = world.anonymous();
    for (hidden, absent) in things
        .questions()
        .into_iter()
        .zip(nobody.questions())
        .take(8)
    {
        let document = hidden.0.clone();
        let (hidden, absent) = (asked(&out, hidden).await, asked(&out, absent).await);
        assert_eq!(hidden, absent, "{document}");
    }
    // And all of it is there again.
    lift(&moderator, &other).await;
    let mut differ = 0;
    for (there, absent) in things
        .questions()
        .into_iter()
        .zip(nobody.questions())
        .take(8)
    {
        differ += usize::from(asked(&me, there).await.0 != asked(&me, absent).await.0);
    }
    assert_eq!(differ, 8);
    let request = json!({ "userId": other.id() });
    let done = me
        .mutate("requestFriendship", request, "becameFriends")
        .await;
    assert_eq!(done["becameFriends"], true, "the request had waited");
}

/// They come back: whoever wants to be rid of them need not wait for it.
#[tokio::test]
async fn a_friend_can_be_parted_with_and_blocked_while_they_are_suspended() {
    let world = World::new().await;
    let moderator = world.moderator("moderator").await;
    let (me, friend) = (world.person("me").await, world.person("friend").await);
    me.befriend(&friend).await;
    suspend(&moderator, &friend).await;
    let user = json!({ "userId": friend.id() });
    me.mutate("endFriendship", user.clone(), "").await;
    assert_eq!(me.refusal("endFriendship", user.clone()).await, "NOT_FOUND");
    me.mutate("blockUser", user, "").await;
    lift(&moderator, &friend).await;
    let document = "query($id: ID!) { node(id: $id) { id } viewer { user { friendCount } } }";
    let friend = world.known("friend").await;
    let seen = friend.run(document, json!({ "id": me.id() })).await;
    assert_eq!(seen["node"], serde_json::Value::Null);
    assert_eq!(seen["viewer"]["user"]["friendCount"], 0);
}

/// Who blocks somebody who is suspended meanwhile has them in no list, and cannot take it back.
#[tokio::test]
async fn a_block_waits_for_who_is_suspended() {
    let world = World::new().await;
    let moderator = world.moderator("moderator").await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let third = world.person("third").await;
    for person in [&other, &third] {
        me.mutate("blockUser", json!({ "userId": person.id() }), "")
            .await;
    }
    suspend(&moderator, &other).await;
    let document = "{ viewer { blockedUsers { totalCount nodes { username } } } }";
    let blocked = async || me.run(document, json!({})).await["viewer"]["blockedUsers"].clone();
    let expected = json!({ "totalCount": 1, "nodes": [{ "username": "third" }] });
    assert_eq!(blocked().await, expected);
    let input = json!({ "userId": other.id() });
    let refused = me.refusal("unblockUser", input.clone()).await;
    assert_eq!(refused, "NOT_BLOCKED");
    lift(&moderator, &other).await;
    assert_eq!(blocked().await["totalCount"], 2);
    me.mutate("unblockUser", input, "").await;
}

/// Nobody comes by the invitation of somebody who is suspended.
#[tokio::test]
async fn invitations_of_who_is_suspended_lead_nowhere_meanwhile() {
    let world = World::new().await;
    let moderator = world.moderator("moderator").await;
    let inviter = world.person("inviter").await;
    let made = inviter.mutate("createInvitation", json!({}), "code").await;
    suspend(&moderator, &inviter).await;
    let form = json!({ "username": "newcomer", "nickname": "n", "password": "correct horse",
        "birthDate": "1986-04-01", "invitationCode": made["code"] });
    let nobody = world.anonymous();
    let refused = nobody.refusal("signUp", form.clone()).await;
    assert_eq!(refused, "INVITATION_INVALID");
    lift(&moderator, &inviter).await;
    nobody.mutate("signUp", form, "").await;
}
