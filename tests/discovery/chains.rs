//! Chains as they are where nobody is hidden.

use ashiato::ids::{GlobalId, Kind};
use serde_json::json;
use uuid::Uuid;

use super::{PATH, chain, ends, line, people};
use crate::support::{crowd, world::World};

#[tokio::test]
async fn a_chain_has_its_people_in_order_and_six_friendships_at_the_most() {
    let world = World::uncached().await;
    let all = world.people("person", 8).await;
    line(&world, &all.iter().collect::<Vec<_>>()).await;
    let name = |place: usize| format!("person{place}");
    for (from, me) in all.iter().enumerate() {
        for to in 0..all.len() {
            let mut expected: Vec<_> = (from.min(to)..=from.max(to)).map(name).collect();
            if from > to {
                expected.reverse();
            }
            expected.truncate(if from.abs_diff(to) > 6 { 0 } else { 7 });
            assert_eq!(people(me, &name(to)).await, expected, "{from} {to}");
        }
    }
    // A shorter one, once there is one.
    crowd::befriend(&world.app, [ends(&all[1], &all[5])]).await;
    let expected = [0, 1, 5, 6, 7].map(name);
    assert_eq!(people(&all[0], "person7").await, expected);
    let input = json!({ "userId": all[5].id() });
    all[1].mutate("endFriendship", input, "").await;
    assert_eq!(people(&all[0], "person7").await, Vec::<String>::new());
    let nobodys = world.person("alone").await;
    for (from, to) in [(&nobodys, &all[3]), (&all[3], &nobodys)] {
        assert_eq!(people(from, &to.username).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn the_user_is_named_by_id_or_by_name_and_by_one_of_them() {
    let world = World::new().await;
    let all = world.people("person", 3).await;
    line(&world, &all.iter().collect::<Vec<_>>()).await;
    let diary = all[2].write("a day", "PUBLIC").await;
    let by_id = json!({ "userId": all[2].id() });
    let by_name = json!({ "username": "PERSON2" });
    for variables in [by_id, by_name] {
        let data = all[0].run(PATH, variables).await;
        let (users, _) = chain(&data["viewer"]["pathTo"]);
        assert_eq!(users, ["person0", "person1", "person2"]);
    }
    let both = json!({ "userId": all[2].id(), "username": "person2" });
    for (variables, code) in [
        (json!({}), "INVALID_ARGUMENT"),
        (both, "INVALID_ARGUMENT"),
        (json!({ "userId": "garbage" }), "INVALID_ID"),
        (json!({ "userId": "" }), "INVALID_ID"),
        (json!({ "userId": diary }), "INVALID_ID"),
    ] {
        assert_eq!(all[0].error(PATH, variables.clone()).await, code);
        // The rest of what was asked for is there.
        let document = PATH.replace("viewer {", "viewer { visitCount");
        let answer = all[0].answer(&document, variables).await;
        let viewer = json!({ "visitCount": 0, "pathTo": null });
        assert_eq!(answer["data"]["viewer"], viewer, "{answer}");
    }
    let nobody = world.anonymous();
    let data = nobody.run(PATH, json!({ "username": "person2" })).await;
    assert_eq!(data, json!({ "viewer": null }));
    // There is nobody of that name, nor of that id.
    let id = GlobalId::encode(Kind::User, &[Uuid::from_u128(0xfeed)]);
    for variables in [
        json!({ "userId": id }),
        json!({ "username": "nobody" }),
        json!({ "username": "" }),
        json!({ "username": "per\0son1" }),
    ] {
        let data = all[0].run(PATH, variables).await;
        assert_eq!(chain(&data["viewer"]["pathTo"]), (Vec::new(), true));
    }
}

/// Of several that are as short: in whichever server, and from whichever request.
#[tokio::test]
async fn of_several_chains_it_is_always_the_same() {
    let world = World::uncached().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let (near, far) = (world.people("near", 7).await, world.people("far", 7).await);
    for (near, far) in near.iter().zip(&far) {
        line(&world, &[&me, near, far, &other]).await;
    }
    let beside = world.beside().await;
    let there = crate::support::world::Person {
        world: &beside,
        ..me.clone()
    };
    let found = people(&me, "other").await;
    assert_eq!(found.len(), 4);
    for _ in 0..5 {
        for me in [&me, &there] {
            assert_eq!(people(me, "other").await, found);
        }
    }
}

#[tokio::test]
async fn what_is_asked_of_the_people_is_answered() {
    let world = World::new().await;
    let all = world.people("person", 4).await;
    line(&world, &all.iter().collect::<Vec<_>>()).await;
    let document = "{ viewer { pathTo(username: \"person3\") { users {
        nickname bio friendCount viewerRelation friends { totalCount } } } } }";
    let data = all[0].run(document, json!({})).await;
    let users = &data["viewer"]["pathTo"]["users"];
    let relations = ["SELF", "FRIEND", "FRIEND_OF_FRIEND", "NONE"];
    for (place, relation) in relations.into_iter().enumerate() {
        let friends = if [0, 3].contains(&place) { 1 } else { 2 };
        let expected = json!({ "nickname": format!("PERSON{place}"), "bio": "",
            "friendCount": friends, "viewerRelation": relation,
            "friends": { "totalCount": friends } });
        assert_eq!(users[place], expected);
    }
}
