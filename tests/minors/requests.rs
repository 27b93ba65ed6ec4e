//! No friend request goes between a minor and an adult without a tie, and none is accepted.

use ashiato::config::Rules;
use rstest::rstest;
use serde_json::{Value, json};

use super::{MINOR, NEARLY, asked, force_friends, invited, next_day, part, tie};
use crate::support::world::{Person, World};

const ADULT: &str = "1986-04-01";

async fn see(me: &Person<'_>, other: &Person<'_>) -> Value {
    let document = "query($name: String!) { user(username: $name) {
        viewerRelation viewerCanRequestFriendship } }";
    let found = me.run(document, json!({ "name": other.username })).await;
    found["user"].clone()
}

fn to(other: &Person<'_>) -> Value {
    json!({ "userId": other.id() })
}

async fn ask(me: &Person<'_>, other: &Person<'_>) -> Value {
    let fields = "becameFriends friendRequest { id }";
    me.mutate("requestFriendship", to(other), fields).await
}

async fn cannot_ask(me: &Person<'_>, other: &Person<'_>) {
    assert_eq!(
        see(me, other).await,
        json!({ "viewerRelation": "NONE", "viewerCanRequestFriendship": false })
    );
    let refused = me.refusal("requestFriendship", to(other)).await;
    assert_eq!(refused, "OTHER_CANNOT_ACCEPT");
}

#[rstest]
#[tokio::test]
async fn a_minor_and_an_adult_ask_each_other_where_they_have_a_friend_in_common(
    #[values([MINOR, ADULT], [ADULT, MINOR])] births: [&str; 2],
) {
    let world = World::new().await;
    let me = world.person_born("me", births[0]).await;
    let other = world.person_born("other", births[1]).await;
    let alike = world.person_born("alike", births[0]).await;
    let nothing = "{ viewer { incomingFriendRequests { totalCount }
        outgoingFriendRequests { totalCount } user { friendCount } } }";
    let before = other.run(nothing, json!({})).await;
    cannot_ask(&me, &other).await;
    assert_eq!(other.run(nothing, json!({})).await, before);
    assert_eq!(me.run(nothing, json!({})).await, before);
    // Whoever is of the same age is asked.
    assert_eq!(see(&me, &alike).await["viewerCanRequestFriendship"], true);
    ask(&me, &alike).await;

    let between = tie(&world, &me, &other).await;
    assert_eq!(
        see(&me, &other).await,
        json!({ "viewerRelation": "FRIEND_OF_FRIEND", "viewerCanRequestFriendship": true })
    );
    let request = ask(&me, &other).await["friendRequest"]["id"].clone();
    // The tie has gone before the answer: it is too late to accept.
    part(&between, &me).await;
    let refused = other
        .refusal("acceptFriendRequest", json!({ "requestId": request }))
        .await;
    assert_eq!(refused, "OTHER_CANNOT_ACCEPT");
    assert_eq!(other.refusal("requestFriendship", to(&me)).await, refused);
    assert_eq!(
        see(&other, &me).await,
        json!({ "viewerRelation": "REQUEST_RECEIVED", "viewerCanRequestFriendship": false })
    );
    force_friends(&world, &between, &me).await;
    other
        .mutate("acceptFriendRequest", json!({ "requestId": request }), "")
        .await;
    // What is there stays, whatever becomes of the tie.
    part(&between, &me).await;
    assert_eq!(see(&me, &other).await["viewerRelation"], "FRIEND");
    // Once it has ended, it does not begin again.
    part(&me, &other).await;
    cannot_ask(&me, &other).await;
    cannot_ask(&other, &me).await;
}

/// Nobody finds out by the answer, or by how long it took, why the other cannot accept.
#[rstest]
#[tokio::test]
async fn who_is_out_of_reach_is_refused_as_who_is_full(
    #[values([MINOR, ADULT], [ADULT, MINOR])] births: [&str; 2],
    #[values(0, 3)] friends: usize,
) {
    let rules = Rules {
        friend_limit: 5,
        ..Rules::default()
    };
    let world = World::with(rules).await;
    let me = world.person_born("me", births[0]).await;
    let other = world.person_born("other", births[1]).await;
    let full = world.person_born("full", births[0]).await;
    for number in 0..5 {
        let friend = world.person(&format!("friend{number}")).await;
        force_friends(&world, &full, &friend).await;
    }
    for number in 0..friends {
        let friend = world.person(&format!("mine{number}")).await;
        force_friends(&world, &me, &friend).await;
    }
    let refused = asked(&me, "requestFriendship", to(&full)).await;
    assert!(refused.0.to_string().contains("OTHER_CANNOT_ACCEPT"));
    assert_eq!(refused, asked(&me, "requestFriendship", to(&other)).await);
}

/// A tarento accepts whoever can reach them.
#[rstest]
#[tokio::test]
async fn a_tarento_accepts_at_once_who_can_reach_them(
    #[values([MINOR, ADULT], [ADULT, MINOR])] births: [&str; 2],
) {
    let world = World::new().await;
    let tarento = world.person_born("tarento", births[0]).await;
    world.make_tarento(&tarento).await;
    let fan = world.person_born("fan", births[1]).await;
    cannot_ask(&fan, &tarento).await;
    let alike = world.person_born("alike", births[0]).await;
    assert_eq!(ask(&alike, &tarento).await["becameFriends"], true);
    tie(&world, &fan, &tarento).await;
    assert_eq!(ask(&fan, &tarento).await["becameFriends"], true);
}

#[tokio::test]
async fn who_comes_of_age_reaches_adults_from_that_day_on_and_minors_no_more() {
    let world = World::new().await;
    let nearly = world.person_born("nearly", NEARLY).await;
    let (minor, adult) = (
        world.person_born("minor", MINOR).await,
        world.person("adult").await,
    );
    let friend = world.person_born("friend", MINOR).await;
    nearly.befriend(&friend).await;
    cannot_ask(&nearly, &adult).await;
    let request = ask(&nearly, &minor).await["friendRequest"]["id"].clone();
    let theirs = world.person_born("theirs", MINOR).await;
    let received = ask(&theirs, &nearly).await["friendRequest"]["id"].clone();
    world.clock.set("2006-05-01T14:59:59.999Z");
    cannot_ask(&adult, &nearly).await;
    next_day(&world);
    ask(&adult, &nearly).await;
    // What was asked the day before waits for ever, unless it is taken back or refused.
    for (person, request) in [(&minor, &request), (&nearly, &received)] {
        let input = json!({ "requestId": request });
        let refused = person.refusal("acceptFriendRequest", input).await;
        assert_eq!(refused, "OTHER_CANNOT_ACCEPT");
    }
    cannot_ask(&nearly, &world.person_born("another", MINOR).await).await;
    let input = json!({ "requestId": request });
    nearly.mutate("cancelFriendRequest", input, "").await;
    let input = json!({ "requestId": received });
    nearly.mutate("declineFriendRequest", input, "").await;
    // A friend is a friend; and the friend's friends are friends of a friend.
    assert_eq!(see(&nearly, &friend).await["viewerRelation"], "FRIEND");
    let of_friend = world.person_born("of_friend", MINOR).await;
    of_friend.befriend(&friend).await;
    of_friend.befriend(&nearly).await;
}

/// rules.md, Users 4.
#[rstest]
#[tokio::test]
async fn an_invitation_makes_friends_of_a_minor_and_an_adult(
    #[values([MINOR, ADULT], [ADULT, MINOR])] births: [&str; 2],
) {
    let world = World::new().await;
    let inviter = world.person_born("inviter", births[0]).await;
    let invited = invited(&world, &inviter, "invited", births[1]).await;
    assert_eq!(see(&invited, &inviter).await["viewerRelation"], "FRIEND");
    assert_eq!(see(&inviter, &invited).await["viewerRelation"], "FRIEND");
}

/// What one server does counts at the other.
#[tokio::test]
async fn a_tie_is_looked_for_as_it_is_on_every_server() {
    let world = World::new().await;
    let beside = world.beside().await;
    let minor = world.person_born("minor", MINOR).await;
    let adult = world.person("adult").await;
    let there = Person {
        world: &beside,
        ..adult.clone()
    };
    let between = tie(&world, &minor, &adult).await;
    let diary = minor.write("mine", "MEMBERS").await;
    let comment = json!({ "diaryId": diary, "body": "hello" });
    there.mutate("commentOnDiary", comment.clone(), "").await;
    part(&between, &minor).await;
    assert_eq!(there.refusal("commentOnDiary", comment).await, "NOT_FOUND");
    cannot_ask(&there, &minor).await;
}
