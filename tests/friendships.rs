//! rules.md, Friendships 1-5.

use ashiato::config::Rules;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::world::{Person, World};

const OTHER: &str = "query($name: String!) { user(username: $name) {
    friendCount viewerRelation viewerCanRequestFriendship friends { totalCount nodes { username } }
} }";

async fn see(viewer: &Person<'_>, other: &Person<'_>) -> Value {
    let data = viewer.run(OTHER, json!({ "name": other.username })).await;
    data["user"].clone()
}

async fn incoming(viewer: &Person<'_>) -> Value {
    let document = "{ viewer { incomingFriendRequests { totalCount nodes { id message sender { username } } } } }";
    viewer.run(document, json!({})).await["viewer"]["incomingFriendRequests"].clone()
}

async fn ask(from: &Person<'_>, to: &Person<'_>) -> String {
    let payload = from
        .mutate(
            "requestFriendship",
            json!({ "userId": to.id() }),
            "friendRequest { id }",
        )
        .await;
    payload["friendRequest"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_request_with_a_message_is_accepted_and_both_are_friends() {
    let world = World::new().await;
    let (hanako, taro) = (world.person("hanako").await, world.person("taro").await);
    let input = json!({ "userId": taro.id(), "message": "はじめまして" });
    let asked = hanako
        .mutate(
            "requestFriendship",
            input,
            "becameFriends friendRequest { id recipient { username } }",
        )
        .await;
    assert_eq!(asked["becameFriends"], false);
    assert_eq!(asked["friendRequest"]["recipient"]["username"], "taro");
    assert_eq!(see(&hanako, &taro).await["viewerRelation"], "REQUEST_SENT");
    assert_eq!(
        see(&taro, &hanako).await["viewerRelation"],
        "REQUEST_RECEIVED"
    );
    let list = incoming(&taro).await;
    assert_eq!(list["totalCount"], 1);
    assert_eq!(list["nodes"][0]["message"], "はじめまして");

    let input = json!({ "requestId": list["nodes"][0]["id"] });
    // Only who was asked can accept.
    assert_eq!(
        hanako.refusal("acceptFriendRequest", input.clone()).await,
        "NO_SUCH_REQUEST"
    );
    let accepted = taro
        .mutate("acceptFriendRequest", input, "friend { username }")
        .await;
    assert_eq!(accepted["friend"]["username"], "hanako");
    for (one, other) in [(&hanako, &taro), (&taro, &hanako)] {
        let seen = see(one, other).await;
        assert_eq!(seen["viewerRelation"], "FRIEND");
        assert_eq!(seen["friendCount"], 1);
        assert_eq!(
            seen["friends"]["nodes"],
            json!([{ "username": one.username }])
        );
    }
    assert_eq!(incoming(&taro).await["totalCount"], 0);
}

#[tokio::test]
async fn a_refusal_is_silent_and_a_request_can_be_taken_back() {
    let world = World::new().await;
    let (hanako, taro) = (world.person("hanako").await, world.person("taro").await);
    let request = ask(&hanako, &taro).await;
    taro.mutate("declineFriendRequest", json!({ "requestId": request }), "")
        .await;
    assert_eq!(incoming(&taro).await["totalCount"], 0);
    assert_eq!(see(&hanako, &taro).await["viewerRelation"], "REQUEST_SENT");
    let sent = "{ viewer { outgoingFriendRequests { totalCount nodes { id } } } }";
    let data = hanako.run(sent, json!({})).await;
    assert_eq!(
        data["viewer"]["outgoingFriendRequests"]["nodes"],
        json!([{ "id": request }])
    );
    // Asking again does not bring it back before the one who refused.
    ask(&hanako, &taro).await;
    assert_eq!(incoming(&taro).await["totalCount"], 0);

    hanako
        .mutate("cancelFriendRequest", json!({ "requestId": request }), "")
        .await;
    assert_eq!(see(&hanako, &taro).await["viewerRelation"], "NONE");
    assert_eq!(
        hanako
            .refusal("cancelFriendRequest", json!({ "requestId": request }))
            .await,
        "NO_SUCH_REQUEST"
    );
}

#[tokio::test]
async fn requests_that_cross_are_one_friendship_also_after_a_refusal() {
    let world = World::new().await;
    let (hanako, taro) = (world.person("hanako").await, world.person("taro").await);
    let request = ask(&hanako, &taro).await;
    taro.mutate("declineFriendRequest", json!({ "requestId": request }), "")
        .await;
    let crossed = taro
        .mutate(
            "requestFriendship",
            json!({ "userId": hanako.id() }),
            "becameFriends",
        )
        .await;
    assert_eq!(crossed["becameFriends"], true);
    assert_eq!(see(&hanako, &taro).await["friendCount"], 1);
    assert_eq!(
        hanako
            .refusal("requestFriendship", json!({ "userId": taro.id() }))
            .await,
        "ALREADY_FRIENDS"
    );
    assert_eq!(
        hanako
            .refusal("requestFriendship", json!({ "userId": hanako.id() }))
            .await,
        "CANNOT_BEFRIEND_YOURSELF"
    );
}

#[tokio::test]
async fn the_cap_holds_at_both_ends_and_is_told_to_the_full_one_alone() {
    let world = World::with(Rules {
        friend_limit: 2,
        ..Rules::default()
    })
    .await;
    let full = world.person("full").await;
    let people = world.people("person", 3).await;
    let waiting = ask(&people[2], &full).await;
    full.befriend(&people[0]).await;
    full.befriend(&people[1]).await;
    assert_eq!(
        full.refusal("acceptFriendRequest", json!({ "requestId": waiting }))
            .await,
        "FRIEND_LIMIT_REACHED"
    );
    let other = world.person("other").await;
    assert_eq!(
        other
            .refusal("requestFriendship", json!({ "userId": full.id() }))
            .await,
        "OTHER_CANNOT_ACCEPT"
    );
    assert_eq!(
        see(&other, &full).await["viewerCanRequestFriendship"],
        false
    );
    assert_eq!(
        see(&other, &people[2]).await["viewerCanRequestFriendship"],
        true
    );
    assert_eq!(see(&other, &full).await["friendCount"], 2);
}

#[tokio::test]
async fn no_number_of_concurrent_accepts_passes_the_cap() {
    let world = World::with(Rules {
        friend_limit: 5,
        ..Rules::default()
    })
    .await;
    let full = world.person("full").await;
    let people = world.people("person", 16).await;
    let mut requests = Vec::new();
    for person in &people {
        requests.push(ask(person, &full).await);
    }
    let accepts = requests.iter().map(|request| {
        full.attempt(
            "acceptFriendRequest",
            json!({ "requestId": request }),
            "friend { id }",
        )
    });
    let accepted = join_all(accepts)
        .await
        .into_iter()
        .filter(|payload| payload["userErrors"] == json!([]))
        .count();
    assert_eq!(accepted, 5);
    let seen = see(&people[0], &full).await;
    assert_eq!(seen["friendCount"], 5);
    assert_eq!(seen["friends"]["nodes"].as_array().unwrap().len(), 5);
    let mut friends = 0;
    for person in &people {
        friends += see(&full, person).await["friendCount"].as_i64().unwrap();
    }
    assert_eq!(friends, 5, "both directions or neither");
}

#[tokio::test]
async fn a_tarento_accepts_at_once_without_a_cap_and_keeps_the_friends_without_the_status() {
    let world = World::with(Rules {
        friend_limit: 2,
        ..Rules::default()
    })
    .await;
    let star = world.person("star").await;
    let admin = world.person("admin").await;
    let input = json!({ "userId": star.id(), "tarento": true });
    let document = "mutation($input: SetTarentoInput!) { setTarento(input: $input) { user { kind friendLimit } userErrors { code } } }";
    assert_eq!(
        admin.error(document, json!({ "input": input })).await,
        "FORBIDDEN"
    );
    world.make_administrator(&admin).await;
    let data = admin.run(document, json!({ "input": input })).await;
    assert_eq!(
        data["setTarento"]["user"],
        json!({ "kind": "TARENTO", "friendLimit": null })
    );
    for person in world.people("fan", 4).await {
        let payload = person
            .mutate(
                "requestFriendship",
                json!({ "userId": star.id() }),
                "becameFriends",
            )
            .await;
        assert_eq!(payload["becameFriends"], true);
    }
    let input = json!({ "userId": star.id(), "tarento": false });
    admin.mutate("setTarento", input, "").await;
    let late = world.person("late").await;
    assert_eq!(see(&late, &star).await["friendCount"], 4);
    assert_eq!(
        late.refusal("requestFriendship", json!({ "userId": star.id() }))
            .await,
        "OTHER_CANNOT_ACCEPT"
    );
    let data = star
        .refusal("requestFriendship", json!({ "userId": late.id() }))
        .await;
    assert_eq!(data, "FRIEND_LIMIT_REACHED");
}

#[tokio::test]
async fn ending_a_friendship_removes_both_directions() {
    let world = World::new().await;
    let (hanako, taro) = (world.person("hanako").await, world.person("taro").await);
    hanako.befriend(&taro).await;
    taro.mutate("endFriendship", json!({ "userId": hanako.id() }), "")
        .await;
    for (one, other) in [(&hanako, &taro), (&taro, &hanako)] {
        let seen = see(one, other).await;
        assert_eq!(seen["friendCount"], 0);
        assert_eq!(seen["viewerRelation"], "NONE");
        assert_eq!(seen["friends"]["nodes"], json!([]));
    }
    assert_eq!(
        taro.refusal("endFriendship", json!({ "userId": hanako.id() }))
            .await,
        "NOT_FRIENDS"
    );
}

#[tokio::test]
async fn who_is_full_hears_of_the_own_limit_first_whoever_else_is() {
    let world = World::with(Rules {
        friend_limit: 1,
        ..Rules::default()
    })
    .await;
    let (one, two) = (world.person("one").await, world.person("two").await);
    let to_two = ask(&one, &two).await;
    for full in [&one, &two] {
        full.befriend(&world.person(&format!("of_{}", full.username)).await)
            .await;
    }
    let accept = json!({ "requestId": to_two });
    assert_eq!(
        two.refusal("acceptFriendRequest", accept).await,
        "FRIEND_LIMIT_REACHED"
    );
    // Asking back would accept, for the one with the smaller id as well.
    assert_eq!(
        two.refusal("requestFriendship", json!({ "userId": one.id() }))
            .await,
        "FRIEND_LIMIT_REACHED"
    );
    let (three, four) = (world.person("three").await, world.person("four").await);
    let to_three = ask(&four, &three).await;
    for full in [&three, &four] {
        full.befriend(&world.person(&format!("of_{}", full.username)).await)
            .await;
    }
    let accept = json!({ "requestId": to_three });
    assert_eq!(
        three.refusal("acceptFriendRequest", accept).await,
        "FRIEND_LIMIT_REACHED"
    );
}

#[tokio::test]
async fn a_new_tarento_accepts_who_asked_before_and_asks_again() {
    let world = World::new().await;
    let (star, fan) = (world.person("star").await, world.person("fan").await);
    let admin = world.person("admin").await;
    world.make_administrator(&admin).await;
    ask(&fan, &star).await;
    let input = json!({ "userId": star.id(), "tarento": true });
    admin.mutate("setTarento", input, "").await;
    let input = json!({ "userId": star.id() });
    let again = fan
        .mutate(
            "requestFriendship",
            input,
            "becameFriends friendRequest { id }",
        )
        .await;
    assert_eq!(again["becameFriends"], true);
    assert_eq!(again["friendRequest"], Value::Null);
    assert_eq!(incoming(&star).await["totalCount"], 0);
}
