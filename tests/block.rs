//! rules.md, Friendships 8: a block hides two users from each other, everywhere, and nobody is told.

pub mod absent;
mod comments;
mod counts;
mod limit;
mod lists;
mod live;
mod sockets;

use ashiato::{block::store, bulk::recount::recount};
use serde_json::{Value, json};

use crate::support::{
    spoilt,
    world::{Person, World},
};

const BLOCKED: &str = "query($first: Int, $after: String) { viewer {
    blockedUsers(first: $first, after: $after) { totalCount pageInfo { endCursor hasNextPage }
        nodes { userId username nickname } edges { since } } } }";

async fn block(me: &Person<'_>, other: &Person<'_>) {
    me.mutate("blockUser", json!({ "userId": other.id() }), "")
        .await;
}

async fn unblock(me: &Person<'_>, other: &Person<'_>) {
    me.mutate("unblockUser", json!({ "userId": other.id() }), "")
        .await;
}

async fn blocked(me: &Person<'_>, variables: Value) -> Value {
    me.run(BLOCKED, variables).await["viewer"]["blockedUsers"].clone()
}

async fn recounted(world: &World) {
    let differences = recount(world.app.database.reader()).await.unwrap();
    assert!(differences.is_empty(), "{differences:#?}");
}

/// Whether `me` finds `other`.
async fn finds(me: &Person<'_>, other: &Person<'_>) -> bool {
    let document = "query($name: String!) { user(username: $name) { username } }";
    let found = me.run(document, json!({ "name": other.username })).await;
    found["user"]["username"] == *other.username
}

#[tokio::test]
async fn a_block_hides_both_from_each_other_until_it_is_taken_back() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    assert!(finds(&me, &other).await && finds(&other, &me).await);
    block(&me, &other).await;
    assert!(!finds(&me, &other).await && !finds(&other, &me).await);
    // Whoever is no part of it sees both; so does who is signed out.
    let third = world.person("third").await;
    for outside in [&third, &world.anonymous()] {
        assert!(finds(outside, &me).await && finds(outside, &other).await);
    }
    recounted(&world).await;
    unblock(&me, &other).await;
    assert!(finds(&me, &other).await && finds(&other, &me).await);
    recounted(&world).await;
}

#[tokio::test]
async fn a_block_ends_the_friendship_and_the_requests_of_either_side() {
    let world = World::new().await;
    let me = world.person("me").await;
    let friend = world.person("friend").await;
    let (asked, asking) = (world.person("asked").await, world.person("asking").await);
    let refused = world.person("refused").await;
    me.befriend(&friend).await;
    let ask = async |from: &Person<'_>, to: &Person<'_>| {
        let input = json!({ "userId": to.id() });
        let fields = "friendRequest { id }";
        let made = from.mutate("requestFriendship", input, fields).await;
        made["friendRequest"]["id"].clone()
    };
    ask(&me, &asked).await;
    ask(&asking, &me).await;
    let request = ask(&refused, &me).await;
    me.mutate("declineFriendRequest", json!({ "requestId": request }), "")
        .await;
    let others = [&friend, &asked, &asking, &refused];
    for other in others {
        block(&me, other).await;
    }
    recounted(&world).await;
    let document = "{ viewer { user { friendCount friends { totalCount nodes { username } } }
        incomingFriendRequests { totalCount nodes { id } }
        outgoingFriendRequests { totalCount nodes { id } } } }";
    let nothing = json!({ "totalCount": 0, "nodes": [] });
    let alone = json!({ "viewer": {
        "user": { "friendCount": 0, "friends": nothing.clone() },
        "incomingFriendRequests": nothing.clone(), "outgoingFriendRequests": nothing,
    } });
    for person in [&me, &friend, &asked, &asking, &refused] {
        assert_eq!(person.run(document, json!({})).await, alone);
    }
    // What has ended does not come back.
    for other in others {
        unblock(&me, other).await;
        assert_eq!(other.run(document, json!({})).await, alone);
    }
    recounted(&world).await;
}

#[tokio::test]
async fn whom_one_blocks_is_a_list_of_one_s_own_newest_first() {
    let world = World::new().await;
    let me = world.person("me").await;
    let people = world.people("person", 5).await;
    for person in &people {
        world.clock.advance(chrono::Duration::minutes(1));
        block(&me, person).await;
    }
    // Who blocks me stands in no list of mine, and takes no place in it.
    let other = world.person("other").await;
    block(&other, &me).await;
    let first = blocked(&me, json!({ "first": 3 })).await;
    let names = |page: &Value| {
        let nodes = page["nodes"].as_array().unwrap().iter();
        nodes
            .map(|node| node["username"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&first), ["person4", "person3", "person2"]);
    assert_eq!(first["totalCount"], 5);
    assert_eq!(first["pageInfo"]["hasNextPage"], true);
    assert_eq!(first["nodes"][0]["userId"], people[4].id());
    assert_eq!(first["nodes"][0]["nickname"], "PERSON4");
    assert_eq!(first["edges"][0]["since"], "2006-05-01T03:05:00.000Z");
    let after = first["pageInfo"]["endCursor"].clone();
    let second = blocked(&me, json!({ "first": 3, "after": after })).await;
    assert_eq!(names(&second), ["person1", "person0"]);
    assert_eq!(second["pageInfo"]["hasNextPage"], false);
    // Blocking again changes nothing, also not the order.
    block(&me, &people[0]).await;
    assert_eq!(blocked(&me, json!({ "first": 3 })).await, first);
    unblock(&me, &people[3]).await;
    let left = blocked(&me, json!({})).await;
    assert_eq!(names(&left), ["person4", "person2", "person1", "person0"]);
    assert_eq!(left["totalCount"], 4);
    for person in [&people[0], &people[3]] {
        assert_eq!(blocked(person, json!({})).await["totalCount"], 0);
    }
    recounted(&world).await;
}

#[tokio::test]
async fn what_cannot_be_blocked_or_unblocked_is_refused() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let input = json!({ "userId": me.id() });
    let refused = me.refusal("blockUser", input).await;
    assert_eq!(refused, "CANNOT_BLOCK_YOURSELF");
    for nobody in [&other, &me] {
        let input = json!({ "userId": nobody.id() });
        assert_eq!(me.refusal("unblockUser", input).await, "NOT_BLOCKED");
    }
    // Only who made it takes it back.
    block(&other, &me).await;
    let input = json!({ "userId": other.id() });
    assert_eq!(me.refusal("unblockUser", input).await, "NOT_BLOCKED");
    assert!(!finds(&me, &other).await);
}

#[tokio::test]
async fn a_repeated_block_is_carried_out_once() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let input = json!({ "userId": other.id(), "idempotencyKey": "one" });
    let fields = "blockedUser { username }";
    let first = me.mutate("blockUser", input.clone(), fields).await;
    assert_eq!(first["blockedUser"]["username"], "other");
    unblock(&me, &other).await;
    let again = me.mutate("blockUser", input.clone(), fields).await;
    assert_eq!(again, first);
    assert!(finds(&me, &other).await, "it was taken back since");
    // Nor does a repeat show who is hidden meanwhile.
    block(&other, &me).await;
    let again = me.mutate("blockUser", input, fields).await;
    assert_eq!(again["blockedUser"], Value::Null);
}

/// Somebody who is blocked cannot block back and so find out; both can be there all the same.
#[tokio::test]
async fn of_two_blocks_one_stays_when_the_other_is_taken_back() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let (mine, theirs) = (me.viewer.id().unwrap(), other.viewer.id().unwrap());
    block(&me, &other).await;
    let at = ashiato::clock::Clock::now(&*world.clock);
    let id = world.app.ids.at(at);
    let both = world.app.database.write(move |tx| {
        Box::pin(async move {
            let row = store::between(&tx.sql, theirs, mine).await?;
            Ok(store::make(&tx.sql, [theirs, mine], row.as_ref(), id, at).await?)
        })
    });
    both.await.unwrap();
    recounted(&world).await;
    for person in [&me, &other] {
        assert_eq!(blocked(person, json!({})).await["totalCount"], 1);
    }
    unblock(&me, &other).await;
    recounted(&world).await;
    assert_eq!(blocked(&me, json!({})).await["totalCount"], 0);
    assert_eq!(blocked(&other, json!({})).await["totalCount"], 1);
    assert!(!finds(&me, &other).await && !finds(&other, &me).await);
    unblock(&other, &me).await;
    assert!(finds(&me, &other).await && finds(&other, &me).await);
    recounted(&world).await;
}

#[tokio::test]
async fn a_recount_tells_what_is_wrong_with_blocks_and_not_of_a_refused_request() {
    let world = World::new().await;
    let people = world.people("person", 4).await;
    people[0].befriend(&people[1]).await;
    block(&people[0], &people[2]).await;
    let input = json!({ "userId": people[3].id() });
    let fields = "friendRequest { id }";
    let made = people[0].mutate("requestFriendship", input, fields).await;
    let input = json!({ "requestId": made["friendRequest"]["id"] });
    people[3].mutate("declineFriendRequest", input, "").await;
    recounted(&world).await;
    let between = "SELECT user_id, friend_id, id, since, false FROM friendships";
    let insert = format!("INSERT INTO blocks (user_id, other_id, made, since, received) {between}");
    let blocked = people[2].viewer.id().unwrap().simple();
    let literal = match world.app.database.is_postgres() {
        true => format!("'{blocked}'"),
        false => format!("X'{blocked}'"),
    };
    let asks = format!("UPDATE friend_requests SET other_id = {literal}");
    for (spoil, check) in [
        ("UPDATE users SET block_count = 2", "users.block_count"),
        (
            "UPDATE session_tokens SET has_blocks = NOT has_blocks",
            "session_tokens.has_blocks",
        ),
        (
            "DELETE FROM blocks WHERE received",
            "blocks: the other row, which says who made them",
        ),
        (
            "UPDATE blocks SET received = NOT received",
            "blocks: the other row, which says who made them",
        ),
        (&insert, "blocks: not between friends"),
        (&asks, "blocks: no request between the two"),
        (
            "UPDATE friend_requests SET direction = 'INCOMING', number = 1",
            "friend_requests: the other row, alike but for direction and number",
        ),
    ] {
        let found = spoilt::checks(&world.url, spoil).await;
        assert!(found.iter().any(|it| it == check), "{spoil}: {found:?}");
    }
}

/// What a session is asked for with each request is right from its beginning on, and for all of a
/// user's sessions.
#[tokio::test]
async fn a_session_that_begins_after_a_block_knows_of_it() {
    let world = World::new().await;
    let nobody = world.anonymous();
    let form = json!({ "username": "hanako", "nickname": "花子", "birthDate": "1984-02-15",
        "password": "a password that nobody guesses" });
    let joined = nobody.mutate("signUp", form, "token user { id }").await;
    let other = world.person("other").await;
    let input = json!({ "userId": joined["user"]["id"] });
    other.mutate("blockUser", input, "").await;
    let form = json!({ "username": "hanako", "password": "a password that nobody guesses" });
    let again = nobody.mutate("signIn", form, "token").await;
    for token in [&joined["token"], &again["token"]] {
        let hanako = Person {
            token: token.as_str().unwrap().to_owned(),
            username: "hanako".to_owned(),
            ..nobody.clone()
        };
        assert!(!finds(&hanako, &other).await);
    }
    recounted(&world).await;
}
