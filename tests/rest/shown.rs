//! Who sees that somebody rests: friends alone, and where that is wished.

use serde_json::{Value, json};

use super::{begin, block, end, schedule};
use crate::support::world::{Person, World};

const RESTING: &str = "query($id: ID!) { node(id: $id) { ... on User { isResting } } }";

async fn sees(who: &Person<'_>, other: &Person<'_>) -> Value {
    let data = who.run(RESTING, json!({ "id": other.id() })).await;
    match &data["node"] {
        Value::Null => Value::Null,
        user => user["isResting"].clone(),
    }
}

#[tokio::test]
async fn friends_see_it_where_that_is_wished_and_nobody_else() {
    let world = World::new().await;
    let (me, friend) = (world.person("me").await, world.person("friend").await);
    let (of_friend, stranger) = (
        world.person("of_friend").await,
        world.person("stranger").await,
    );
    let (blocked, blocker) = (world.person("blocked").await, world.person("blocker").await);
    me.befriend(&friend).await;
    friend.befriend(&of_friend).await;
    block(&me, &blocked).await;
    block(&blocker, &me).await;
    let anonymous = world.anonymous();
    let all = [
        &friend, &of_friend, &stranger, &anonymous, &me, &blocked, &blocker,
    ];
    let seen = async || {
        let mut seen = Vec::new();
        for who in all {
            seen.push(sees(who, &me).await);
        }
        seen
    };
    let row = |friend: bool, myself: bool| {
        let others = [json!(false), json!(false), json!(false)];
        let hidden = [Value::Null, Value::Null];
        let mut row = vec![json!(friend)];
        row.extend(others);
        row.push(json!(myself));
        row.extend(hidden);
        row
    };
    assert_eq!(seen().await, row(false, false));
    begin(&me).await;
    assert_eq!(seen().await, row(false, false), "that was not wished");
    let shown = json!({ "isShownToFriends": true });
    me.mutate("rest", shown.clone(), "").await;
    assert_eq!(seen().await, row(true, true));
    end(&me).await;
    assert_eq!(seen().await, row(false, false));
    // The wish stays, and holds for the schedule.
    schedule(&me, &["MONDAY 13:00 14:00"]).await;
    world.clock.set("2006-05-01T04:30:00Z");
    assert_eq!(seen().await, row(true, true));
    world.clock.set("2006-05-01T05:00:00Z");
    assert_eq!(seen().await, row(false, false));
    // A tie that ends ends that.
    me.mutate("rest", shown, "").await;
    me.mutate("endFriendship", json!({ "userId": friend.id() }), "")
        .await;
    assert_eq!(sees(&friend, &me).await, json!(false));
}

/// One statement for all of a list, however many they are, and however many of them rest.
#[tokio::test]
async fn of_a_list_it_takes_as_many_statements_whoever_rests() {
    let world = World::uncached().await;
    let me = world.person("me").await;
    let document = "{ viewer { user { friends { nodes { username isResting } } } } }";
    let mut costs = Vec::new();
    for count in 1..=6 {
        let friend = world.person(&format!("friend{count}")).await;
        me.befriend(&friend).await;
        if count % 2 == 1 {
            let input = json!({ "isShownToFriends": true });
            friend.mutate("rest", input, "").await;
        }
        world.forget_statements();
        let data = me.run(document, json!({})).await;
        let nodes = data["viewer"]["user"]["friends"]["nodes"]
            .as_array()
            .unwrap();
        let resting = nodes.iter().filter(|node| node["isResting"] == true);
        assert_eq!(resting.count(), usize::div_ceil(count, 2));
        costs.push(world.statements());
    }
    assert!(costs.iter().all(|cost| *cost == costs[0]), "{costs:?}");
    // One more than without: what they chose. What they are to the viewer says the list.
    world.forget_statements();
    let document = document.replace(" isResting", "");
    me.run(&document, json!({})).await;
    assert_eq!(
        world.statements() + 1,
        costs[0],
        "{:#?}",
        world.statement_texts()
    );
}
