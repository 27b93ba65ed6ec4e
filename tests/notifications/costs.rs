//! What notifications cost, in statements.

use serde_json::json;

use super::{LIST, comment};
use crate::support::world::World;

/// One statement a kind of subject, one for the actors: however many there are.
#[tokio::test]
async fn a_page_takes_as_many_statements_for_many_as_for_one_of_each_kind() {
    let world = World::uncached().await;
    let me = world.person("me").await;
    let diary = me.write("open", "MEMBERS").await;
    let mut costs = Vec::new();
    for round in 0..6 {
        let [friend, asker] = ["friend", "asker"].map(|name| format!("{name}{round}"));
        let (friend, asker) = (world.person(&friend).await, world.person(&asker).await);
        me.befriend(&friend).await;
        let mut input = json!({ "userId": me.id(), "body": "a friend" });
        friend.mutate("writeIntroduction", input.clone(), "").await;
        comment(&asker, &diary, "hello").await;
        let count = me.run("{ viewer { visitCount } }", json!({})).await;
        let next = count["viewer"]["visitCount"].as_i64().unwrap() + 1;
        me.mutate("nameKiriban", json!({ "number": next }), "")
            .await;
        input.as_object_mut().unwrap().remove("body");
        asker.mutate("visitProfile", input.clone(), "").await;
        asker.mutate("requestFriendship", input, "").await;
        if [0, 5].contains(&round) {
            world.forget_statements();
            let data = me.run(LIST, json!({ "first": 100 })).await;
            let nodes = data["viewer"]["notifications"]["edges"].as_array().unwrap();
            assert_eq!(nodes.len(), 5 * (round + 1));
            let subjects = nodes.iter().filter(|it| it["node"]["subject"].is_object());
            assert_eq!(subjects.count(), nodes.len());
            costs.push(world.statements());
        }
    }
    assert_eq!(costs[0], costs[1], "{:#?}", world.statement_texts());
    println!("{} statements", costs[0]);
    assert!(costs[0] <= 14, "{costs:?} {:#?}", world.statement_texts());
    // The list alone, with who and whether it is read: the page, the inbox, the actors.
    let document =
        "{ viewer { notifications { nodes { kind at day isRead actor { username } } } } }";
    world.forget_statements();
    me.run(document, json!({})).await;
    assert!(
        world.statements() <= 3 + 1,
        "{:#?}",
        world.statement_texts()
    );
    // A count takes one, and where somebody is hidden, who they are, and how many are theirs.
    let count = "{ viewer { unreadNotificationCount } }";
    let cost = async || {
        world.forget_statements();
        me.run(count, json!({})).await;
        world.statements()
    };
    assert_eq!(cost().await, 1);
    let blocked = world.person("blocked").await;
    me.mutate("blockUser", json!({ "userId": blocked.id() }), "")
        .await;
    assert_eq!(cost().await, 3);
}

/// What is told of costs two statements, and one where it is not wanted.
#[tokio::test]
async fn a_comment_costs_two_statements_more_than_one_of_one_s_own() {
    let world = World::uncached().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let diary = me.write("open", "MEMBERS").await;
    let cost = async || {
        world.forget_statements();
        comment(&other, &diary, "hello").await;
        world.statements()
    };
    let (first, second) = (cost().await, cost().await);
    assert_eq!(first, second);
    me.mutate("chooseNotifications", json!({ "kinds": [] }), "")
        .await;
    assert_eq!(cost().await, first - 1);
    let texts = world.statement_texts();
    let told = texts.iter().filter(|text| text.contains("inboxes"));
    assert_eq!(told.count(), 1, "{texts:#?}");
}
