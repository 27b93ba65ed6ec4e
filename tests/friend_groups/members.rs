//! Who is in a group, and who knows of it.

use ashiato::ids::{GlobalId, Kind};
use serde_json::json;
use uuid::Uuid;

use super::{agrees, groups, no_group};
use crate::support::world::World;

#[tokio::test]
async fn who_is_put_into_a_group_is_a_friend() {
    let world = World::new().await;
    let me = world.person("me").await;
    let friends = world.people("friend", 5).await;
    for friend in &friends {
        me.befriend(friend).await;
    }
    let (stranger, blocked) = (
        world.person("stranger").await,
        world.person("blocked").await,
    );
    let blocker = world.person("blocker").await;
    for other in [&blocked, &blocker] {
        me.befriend(other).await;
    }
    me.mutate("blockUser", json!({ "userId": blocked.id() }), "")
        .await;
    blocker
        .mutate("blockUser", json!({ "userId": me.id() }), "")
        .await;
    let group = me.make_group("some", &[&friends[0]]).await;
    let unknown = GlobalId::encode(Kind::User, &[Uuid::from_u128(0xfeed)]).to_string();
    let mut answers = Vec::new();
    for wrong in [
        &stranger.id(),
        &blocked.id(),
        &blocker.id(),
        &unknown,
        &me.id(),
    ] {
        for mutation in ["addToFriendGroup", "removeFromFriendGroup"] {
            let users = [friends[0].id(), wrong.clone(), friends[1].id()];
            let input = json!({ "friendGroupId": group, "userIds": users });
            world.forget_statements();
            let done = me.attempt(mutation, input, "friendGroup { id }").await;
            let refused = json!([{ "code": "NOT_FRIENDS", "field": ["userIds"] }]);
            assert_eq!(done["userErrors"], refused, "{mutation}");
            answers.push((done, world.statements()));
        }
    }
    assert!(
        answers.windows(2).all(|two| two[0] == two[1]),
        "alike, and in the same time"
    );
    let names = |names: &[&str]| {
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(groups(&me).await[1].1, names(&["friend0"]), "all or nobody");
    // Twice named, and there already: once.
    let users = [&friends[2], &friends[0], &friends[2], &friends[1]];
    me.regroup("addToFriendGroup", &group, &users).await;
    let mut found = groups(&me).await[1].1.clone();
    assert_eq!(
        found.pop().unwrap(),
        "friend0",
        "who was put into it last comes first"
    );
    found.sort_unstable();
    assert_eq!(found, ["friend1", "friend2"]);
    me.regroup("removeFromFriendGroup", &group, &[&friends[0], &friends[4]])
        .await;
    assert_eq!(
        groups(&me).await[1].1.len(),
        2,
        "who is not in it is passed over"
    );
    for count in [0, 101] {
        let users = vec![friends[0].id(); count];
        let input = json!({ "friendGroupId": group, "userIds": users });
        for mutation in ["addToFriendGroup", "removeFromFriendGroup"] {
            let code = me.refusal(mutation, input.clone()).await;
            assert_eq!(code, "NUMBER_OUT_OF_RANGE");
        }
    }
    agrees(&world).await;
}

#[tokio::test]
async fn a_friendship_that_ends_takes_both_out_of_the_groups_of_the_other() {
    let world = World::new().await;
    let me = world.person("me").await;
    for (name, how) in [("one", "endFriendship"), ("two", "blockUser")] {
        for mine in [true, false] {
            let friend = world.person(&format!("{name}{mine}")).await;
            me.befriend(&friend).await;
            let close = me.close_friends();
            me.regroup("addToFriendGroup", &close, &[&friend]).await;
            let group = me.make_group(&friend.username, &[&friend]).await;
            me.write_for("for few", &group).await;
            friend.make_group("theirs", &[&me]).await;
            let (who, whom) = if mine { (&me, &friend) } else { (&friend, &me) };
            who.mutate(how, json!({ "userId": whom.id() }), "").await;
            assert!(
                groups(&me)
                    .await
                    .iter()
                    .all(|(_, friends)| friends.is_empty())
            );
            assert!(
                groups(&friend)
                    .await
                    .iter()
                    .all(|(_, friends)| friends.is_empty())
            );
            agrees(&world).await;
        }
    }
    // Friends again, they are in none.
    let friend = world.known("onetrue").await;
    me.befriend(&friend).await;
    assert!(
        groups(&me)
            .await
            .iter()
            .all(|(_, friends)| friends.is_empty())
    );
    agrees(&world).await;
}

#[tokio::test]
async fn a_group_is_there_for_its_owner_alone() {
    let world = World::new().await;
    let me = world.person("me").await;
    let (friend, stranger) = (world.person("friend").await, world.person("stranger").await);
    me.befriend(&friend).await;
    let group = me.make_group("some", &[&friend]).await;
    let document = "query($id: ID!) { node(id: $id) { ... on FriendGroup { name } } }";
    for id in [&group, &me.close_friends()] {
        let found = me.run(document, json!({ "id": id })).await;
        assert!(found["node"]["name"].is_string());
    }
    for other in [&friend, &stranger, &world.anonymous()] {
        let ask = async |id: String| {
            world.forget_statements();
            let answer = other.answer(document, json!({ "id": id })).await;
            (answer, world.statements())
        };
        let absent = ask(no_group(&me)).await;
        assert_eq!(absent.0, json!({ "data": { "node": null } }));
        assert_eq!(ask(group.clone()).await, absent);
        assert_eq!(ask(me.close_friends()).await, absent);
        if other.viewer.id().is_none() {
            continue;
        }
        // Nor can anybody act on it, more than on one that there is not.
        let users = [me.id()];
        for (mutation, rest) in [
            ("renameFriendGroup", json!({ "name": "mine" })),
            ("deleteFriendGroup", json!({})),
            ("addToFriendGroup", json!({ "userIds": users })),
            ("removeFromFriendGroup", json!({ "userIds": users })),
            (
                "writeDiary",
                json!({ "title": "t", "body": "b", "audience": "GROUP" }),
            ),
        ] {
            let attempt = async |id: String| {
                let mut input = rest.clone();
                input["friendGroupId"] = json!(id);
                world.forget_statements();
                let done = other.attempt(mutation, input, "").await;
                let refused = json!([{ "code": "NOT_FOUND", "field": ["friendGroupId"] }]);
                assert_eq!(done["userErrors"], refused, "{mutation}");
                world.statements()
            };
            let absent = attempt(no_group(other)).await;
            for id in [group.clone(), me.close_friends(), no_group(&me)] {
                assert_eq!(attempt(id).await, absent, "{mutation}");
            }
        }
    }
    assert_eq!(groups(&me).await[1].1, ["friend"]);
    let wrong = json!({ "friendGroupId": me.id() });
    let delete = "mutation($input: DeleteFriendGroupInput!) { deleteFriendGroup(input: $input) {
        deletedFriendGroupId } }";
    let code = me.error(delete, json!({ "input": wrong })).await;
    assert_eq!(code, "INVALID_ID");
}
