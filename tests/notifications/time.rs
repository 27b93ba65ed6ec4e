//! Notifications go after 90 days.

use ashiato::{config::Rules, housekeeping};
use serde_json::json;

use super::{agrees, comment, list};
use crate::support::world::World;

#[tokio::test]
async fn they_go_after_their_days_read_or_not() {
    assert_eq!(Rules::default().notification_days, 90);
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let diary = me.write("open", "MEMBERS").await;
    // 1 May is noon in Japan here.
    for body in ["first", "second"] {
        comment(&other, &diary, body).await;
    }
    let document = "{ viewer { notifications { edges { cursor } } } }";
    let found = me.run(document, json!({})).await;
    let oldest = &found["viewer"]["notifications"]["edges"][1]["cursor"];
    me.mutate("markNotificationsRead", json!({ "upTo": oldest }), "")
        .await;
    world.clock.set("2006-05-02T03:00:00Z");
    comment(&other, &diary, "third").await;
    // It is still the ninetieth day.
    world.clock.set("2006-07-30T14:59:59Z");
    let swept = housekeeping::sweep(&world.app).await.unwrap();
    assert_eq!(swept.notifications, 0);
    assert_eq!(list(&me).await.len(), 3);
    world.clock.set("2006-07-30T15:00:00Z");
    let swept = housekeeping::sweep(&world.app).await.unwrap();
    assert_eq!(swept.notifications, 2);
    let left = list(&me).await;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0]["subject"]["body"], "third");
    agrees(&world).await;
    world.clock.set("2006-08-30T15:00:00Z");
    let swept = housekeeping::sweep(&world.app).await.unwrap();
    assert_eq!(swept.notifications, 1);
    assert_eq!(list(&me).await.len(), 0);
    // What was told of is there still.
    let comments = "query($id: ID!) { node(id: $id) { ... on Diary { commentCount } } }";
    let found = me.run(comments, json!({ "id": diary })).await;
    assert_eq!(found["node"]["commentCount"], 3);
    agrees(&world).await;
}
