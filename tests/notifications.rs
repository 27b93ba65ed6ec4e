//! One list and one live feed of what users are told of: requests, new friends, comments, introductions,
//! milestones; read marks, and a choice.

mod choices;
mod costs;
mod crowds;
mod ends;
mod live;
mod reading;
mod time;

use ashiato::bulk::recount::recount;
use serde_json::{Value, json};

use crate::support::world::{Person, World};

/// The list, with all that hangs on it.
const LIST: &str = "query($first: Int, $after: String) { viewer { unreadNotificationCount
    notifications(first: $first, after: $after) { totalCount pageInfo { endCursor hasNextPage }
        edges { cursor node { id kind at day isRead actor { username } subject { __typename
            ... on FriendRequest { message sender { username } }
            ... on User { username }
            ... on DiaryComment { body diary { title } author { username } }
            ... on Introduction { body author { username } }
            ... on Kiriban { number owner { username } visitor { username } } } } } } } }";

/// The nodes of the list of `who`, the newest first.
async fn list(who: &Person<'_>) -> Vec<Value> {
    let found = who.run(LIST, json!({ "first": 100 })).await;
    let list = &found["viewer"]["notifications"];
    assert_eq!(list["totalCount"], Value::Null);
    let edges = list["edges"].as_array().unwrap().iter();
    let nodes: Vec<_> = edges.map(|edge| edge["node"].clone()).collect();
    // What is counted is what is listed.
    let unread = nodes.iter().filter(|node| node["isRead"] == false).count();
    assert_eq!(
        found["viewer"]["unreadNotificationCount"], unread,
        "{found}"
    );
    nodes
}

/// What `who` is told of, the newest first: each kind, and whose doing it is.
async fn told(who: &Person<'_>) -> Vec<(String, Option<String>)> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let nodes = list(who).await.into_iter();
    nodes
        .map(|node| {
            let kind = text(&node["kind"]).unwrap();
            (kind, text(&node["actor"]["username"]))
        })
        .collect()
}

/// One of them.
fn one(kind: &str, actor: &str) -> (String, Option<String>) {
    (kind.to_owned(), Some(actor.to_owned()))
}

/// Has `who` comment on `diary`. Gives the comment's id.
async fn comment(who: &Person<'_>, diary: &str, body: &str) -> Value {
    let input = json!({ "diaryId": diary, "body": body });
    let fields = "comment { id }";
    let made = who.mutate("commentOnDiary", input, fields).await;
    made["comment"]["id"].clone()
}

/// Has `who` ask `other`. Gives the request's id.
async fn ask(who: &Person<'_>, other: &Person<'_>) -> Value {
    let input = json!({ "userId": other.id(), "message": "hello" });
    let fields = "friendRequest { id }";
    let asked = who.mutate("requestFriendship", input, fields).await;
    asked["friendRequest"]["id"].clone()
}

async fn agrees(world: &World) {
    let differences = recount(world.app.database.reader()).await.unwrap();
    assert!(differences.is_empty(), "{differences:#?}");
}

#[tokio::test]
async fn everything_that_concerns_somebody_is_told_with_what_it_is_about() {
    let world = World::new().await;
    let (me, friend) = (world.person("me").await, world.person("friend").await);
    let asker = world.person("asker").await;
    ask(&me, &friend).await;
    ask(&friend, &me).await;
    let input = json!({ "userId": me.id(), "body": "a friend of mine" });
    friend.mutate("writeIntroduction", input, "").await;
    let diary = me.write("my day", "MEMBERS").await;
    comment(&asker, &diary, "how was it?").await;
    comment(&me, &diary, "one's own is told to nobody").await;
    me.mutate("nameKiriban", json!({ "number": 1 }), "").await;
    // The next day in Japan.
    world.clock.set("2006-05-01T15:00:00Z");
    let visit = json!({ "userId": me.id() });
    asker.mutate("visitProfile", visit, "").await;
    ask(&asker, &me).await;
    let nodes = list(&me).await;
    let shown: Vec<_> = nodes
        .iter()
        .map(|node| {
            let mut node = node.clone();
            assert!(node["id"].take().is_string());
            assert_eq!(node["isRead"].take(), false);
            node
        })
        .collect();
    let node = |kind: &str, actor: &str, at: &str, day: &str, subject: Value| {
        json!({ "id": null, "kind": kind, "at": at, "day": day, "isRead": null,
            "actor": { "username": actor }, "subject": subject })
    };
    let (before, after) = ("2006-05-01T03:00:00.000Z", "2006-05-01T15:00:00.000Z");
    let expected = [
        node(
            "FRIEND_REQUEST_RECEIVED",
            "asker",
            after,
            "2006-05-02",
            json!({ "__typename": "FriendRequest", "message": "hello",
                "sender": { "username": "asker" } }),
        ),
        node(
            "KIRIBAN_REACHED",
            "asker",
            after,
            "2006-05-02",
            json!({ "__typename": "Kiriban", "number": 1, "owner": { "username": "me" },
                "visitor": { "username": "asker" } }),
        ),
        node(
            "DIARY_COMMENTED",
            "asker",
            before,
            "2006-05-01",
            json!({ "__typename": "DiaryComment", "body": "how was it?",
                "diary": { "title": "my day" }, "author": { "username": "asker" } }),
        ),
        node(
            "INTRODUCTION_WRITTEN",
            "friend",
            before,
            "2006-05-01",
            json!({ "__typename": "Introduction", "body": "a friend of mine",
                "author": { "username": "friend" } }),
        ),
        node(
            "FRIENDSHIP_BEGUN",
            "friend",
            before,
            "2006-05-01",
            json!({ "__typename": "User", "username": "friend" }),
        ),
    ];
    assert_eq!(shown, expected);
    let of_asker = list(&asker).await;
    assert_eq!(of_asker.len(), 1, "{of_asker:?}");
    assert_eq!(of_asker[0]["kind"], "KIRIBAN_HIT");
    assert_eq!(of_asker[0]["actor"], json!({ "username": "me" }));
    assert_eq!(of_asker[0]["subject"]["number"], 1);
    // The request that was accepted is told of no more; who accepted was told of nothing else.
    assert_eq!(told(&friend).await, []);
    // Each is there by its id, for whom it tells and for nobody else.
    let node = "query($id: ID!) { node(id: $id) { ... on Notification { id kind } } }";
    for told in &nodes {
        let id = json!({ "id": told["id"] });
        let found = me.run(node, id.clone()).await;
        assert_eq!(found["node"]["kind"], told["kind"]);
        for other in [&friend, &asker, &world.anonymous()] {
            assert_eq!(other.run(node, id.clone()).await["node"], Value::Null);
        }
    }
    agrees(&world).await;
}

#[tokio::test]
async fn who_joins_by_an_invitation_or_befriends_a_tarento_is_told_of_as_a_friend() {
    let world = World::new().await;
    let (inviter, star) = (world.person("inviter").await, world.person("star").await);
    world.make_tarento(&star).await;
    let made = inviter
        .mutate("createInvitation", json!({ "places": 1 }), "code")
        .await;
    let form = json!({ "username": "joined", "nickname": "…", "password": "three blind mice",
        "birthDate": "1986-04-01", "invitationCode": made["code"] });
    world.anonymous().mutate("signUp", form, "").await;
    assert_eq!(told(&inviter).await, [one("FRIENDSHIP_BEGUN", "joined")]);
    let joined = world.known("joined").await;
    ask(&joined, &star).await;
    assert_eq!(told(&star).await, [one("FRIENDSHIP_BEGUN", "joined")]);
    assert_eq!(told(&joined).await, []);
    agrees(&world).await;
}

/// Who reached a number and is not named is somebody.
#[tokio::test]
async fn a_milestone_names_whom_the_footprints_would() {
    let world = World::new().await;
    let (owner, visitor) = (world.person("owner").await, world.person("visitor").await);
    let anonymous = world.person("anonymous").await;
    let choose = async |who: &Person<'_>, policy: &str| {
        let input = json!({ "policy": policy });
        who.mutate("setFootprintPolicy", input, "").await;
    };
    choose(&anonymous, "ANONYMOUS").await;
    for number in [1, 2] {
        let input = json!({ "number": number });
        owner.mutate("nameKiriban", input, "").await;
    }
    let visit = json!({ "userId": owner.id() });
    for who in [&anonymous, &visitor] {
        who.mutate("visitProfile", visit.clone(), "").await;
    }
    let somebody = ("KIRIBAN_REACHED".to_owned(), None);
    let all = [one("KIRIBAN_REACHED", "visitor"), somebody.clone()];
    assert_eq!(told(&owner).await, all);
    assert_eq!(told(&anonymous).await, [one("KIRIBAN_HIT", "owner")]);
    // Who is not named sees no names.
    choose(&owner, "ANONYMOUS").await;
    assert_eq!(told(&owner).await, [somebody.clone(), somebody]);
    choose(&owner, "NAMED").await;
    assert_eq!(told(&owner).await, all);
    agrees(&world).await;
}
