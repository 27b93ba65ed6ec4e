//! What happens at once, and what is repeated.

use ashiato::ids::{GlobalId, Kind};
use futures_util::future::join_all;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;

use super::agrees;
use crate::support::{
    crowd,
    pair::{Pair, sign_in},
    world::World,
};

#[tokio::test]
async fn a_key_that_is_repeated_changes_nothing_more() {
    let world = World::new().await;
    let (me, friend) = (world.person("me").await, world.person("friend").await);
    me.befriend(&friend).await;
    let create = json!({ "name": "some", "idempotencyKey": "create" });
    let mut made = Vec::new();
    for _ in 0..2 {
        let done = me.mutate("createFriendGroup", create.clone(), "friendGroup { id }");
        made.push(done.await["friendGroup"]["id"].clone());
    }
    assert_eq!(made[0], made[1]);
    let add =
        json!({ "friendGroupId": made[0], "userIds": [friend.id()], "idempotencyKey": "add" });
    for expected in [1, 0] {
        let done = me.mutate(
            "addToFriendGroup",
            add.clone(),
            "friendGroup { friendsCount }",
        );
        assert_eq!(done.await["friendGroup"]["friendsCount"], expected);
        let group = made[0].as_str().unwrap();
        me.regroup("removeFromFriendGroup", group, &[&friend]).await;
    }
    // For the same diary another group is another input.
    let write = json!({ "title": "t", "body": "b", "audience": "GROUP", "idempotencyKey": "write",
        "friendGroupId": made[0] });
    for _ in 0..2 {
        me.mutate("writeDiary", write.clone(), "diary { id }").await;
    }
    let mut other = write;
    other["friendGroupId"] = json!(me.close_friends());
    let document =
        "mutation($input: WriteDiaryInput!) { writeDiary(input: $input) { diary { id } } }";
    let code = me.error(document, json!({ "input": other })).await;
    assert_eq!(code, "IDEMPOTENCY_KEY_REUSED");
    let list = "{ viewer { user { diaries { totalCount } } } }";
    let seen = me.run(list, json!({})).await;
    assert_eq!(seen["viewer"]["user"]["diaries"]["totalCount"], 1);
    agrees(&world).await;
}

/// Two servers, and an author who puts friends into groups, takes them out, writes, moves diaries and
/// deletes the groups at once, while friends leave: whatever comes first, the tables agree.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_at_once_no_diary_is_for_a_group_that_has_gone() {
    const ROUNDS: usize = 6;
    const FRIENDS: usize = 6;
    let world = World::new().await;
    let app = &world.app;
    let pair = Pair::new(&world).await;
    let authors = crowd::people(app, "author", 1).await;
    let friends = crowd::people(app, "friend", FRIENDS).await;
    let author = &sign_in(app, &authors).await[0];
    let members = sign_in(app, &friends).await;
    let group = |id| GlobalId::encode(Kind::FriendGroup, &[author.id, id]).to_string();
    let (mut written, mut refused) = (0, 0);
    for round in 0..ROUNDS {
        let there = entity::friendship::Entity::find()
            .count(app.database.reader())
            .await
            .unwrap();
        if there == 0 {
            crowd::befriend(app, friends.iter().map(|friend| [author.id, *friend])).await;
        }
        for name in ["one", "two"] {
            pair.mutate(0, author, "createFriendGroup", json!({ "name": name }))
                .await
                .unwrap();
        }
        let rows = entity::friend_group::Entity::find()
            .all(app.database.reader())
            .await
            .unwrap();
        let ids: Vec<_> = rows
            .iter()
            .filter(|row| !row.id.is_nil())
            .map(|row| group(row.id))
            .collect();
        let users: Vec<_> = members.iter().map(|member| member.user()).collect();
        for id in &ids {
            let input = json!({ "friendGroupId": id, "userIds": users });
            pair.mutate(1, author, "addToFriendGroup", input)
                .await
                .unwrap();
        }
        let acts = (0..24).map(async |turn: usize| {
            let (at, id) = (turn % 2, &ids[turn / 2 % 2]);
            let user = &users[turn % FRIENDS];
            let (name, input) = match turn % 6 {
                0..=2 => (
                    "writeDiary",
                    json!({ "title": "t", "body": "b", "audience": "GROUP", "friendGroupId": id }),
                ),
                3 => (
                    "removeFromFriendGroup",
                    json!({ "friendGroupId": id, "userIds": [user] }),
                ),
                4 => (
                    "addToFriendGroup",
                    json!({ "friendGroupId": id, "userIds": [user] }),
                ),
                _ => ("deleteFriendGroup", json!({ "friendGroupId": id })),
            };
            // In the beginning the groups stay for a while.
            if name == "deleteFriendGroup" && turn < 12 {
                return (name, true);
            }
            let allowed = ["NOT_FOUND", "NOT_FRIENDS"];
            (name, pair.settles(at, author, name, input, &allowed).await)
        });
        let leaves = members.iter().enumerate().map(async |(place, member)| {
            let input = json!({ "userId": author.user() });
            let mutation = ["endFriendship", "blockUser"][place % 2];
            pair.mutate(place % 2, member, mutation, input.clone())
                .await
                .unwrap();
            if mutation == "blockUser" {
                pair.mutate(place % 2, member, "unblockUser", input)
                    .await
                    .unwrap();
            }
        });
        let (done, _) = futures_util::join!(join_all(acts), async {
            // Every other round they stay.
            if round % 2 == 1 {
                join_all(leaves).await;
            }
        });
        for (name, was_done) in done {
            written += usize::from(name == "writeDiary" && was_done);
            refused += usize::from(!was_done);
        }
        for id in &ids {
            let input = json!({ "friendGroupId": id });
            pair.settles(0, author, "deleteFriendGroup", input, &["NOT_FOUND"])
                .await;
        }
        agrees(&world).await;
    }
    assert!(
        written > 10,
        "no empty exercise: {written} written, {refused} refused"
    );
    let grouped = entity::friend_group_member::Entity::find()
        .count(app.database.reader())
        .await;
    assert_eq!(grouped.unwrap(), 0, "those who were in them are in none");
    pair.shutdown().await;
}
