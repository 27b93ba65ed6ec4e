//! Marks of what was read.

use serde_json::{Value, json};

use super::{agrees, ask, comment, list};
use crate::support::world::{Person, World};

/// How many are unread.
async fn unread(who: &Person<'_>) -> Value {
    let document = "{ viewer { unreadNotificationCount } }";
    who.run(document, json!({})).await["viewer"]["unreadNotificationCount"].clone()
}

/// Marks as read up to `cursor`. Gives how many are still unread.
async fn read(who: &Person<'_>, cursor: &Value) -> Value {
    let input = match cursor {
        Value::Null => json!({}),
        cursor => json!({ "upTo": cursor }),
    };
    let fields = "unreadNotificationCount";
    let done = who.mutate("markNotificationsRead", input, fields).await;
    done[fields].clone()
}

/// The cursors of the list, the newest first.
async fn cursors(who: &Person<'_>) -> Vec<Value> {
    let document = "{ viewer { notifications(first: 100) { edges { cursor } } } }";
    let found = who.run(document, json!({})).await;
    let edges = found["viewer"]["notifications"]["edges"]
        .as_array()
        .unwrap();
    edges.iter().map(|edge| edge["cursor"].clone()).collect()
}

#[tokio::test]
async fn what_is_read_is_read_up_to_a_place_and_no_less_afterwards() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    assert_eq!(unread(&me).await, 0);
    assert_eq!(read(&me, &Value::Null).await, 0);
    let diary = me.write("open", "MEMBERS").await;
    let mut comments = Vec::new();
    for _ in 0..5 {
        comments.push(comment(&other, &diary, "hello").await);
    }
    let cursors = cursors(&me).await;
    assert_eq!(unread(&me).await, 5);
    assert_eq!(read(&me, &cursors[2]).await, 2);
    let marks: Vec<_> = list(&me)
        .await
        .iter()
        .map(|it| it["isRead"].clone())
        .collect();
    assert_eq!(marks, [false, false, true, true, true]);
    // An earlier place takes nothing back, and one's own alone are read.
    assert_eq!(read(&me, &cursors[4]).await, 2);
    read(&other, &Value::Null).await;
    assert_eq!(unread(&me).await, 2);
    // What goes is counted no more, whether it was read or not.
    for (comment, left) in [(&comments[0], 2), (&comments[4], 1)] {
        let input = json!({ "commentId": comment });
        me.mutate("deleteDiaryComment", input, "").await;
        assert_eq!(unread(&me).await, left);
        agrees(&world).await;
    }
    assert_eq!(read(&me, &Value::Null).await, 0);
    assert_eq!(list(&me).await.len(), 3);
    comment(&other, &diary, "hello").await;
    assert_eq!(unread(&me).await, 1);
    agrees(&world).await;
}

#[tokio::test]
async fn a_cursor_of_another_list_marks_nothing() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    ask(&other, &me).await;
    let document = "mutation($upTo: String) { markNotificationsRead(input: { upTo: $upTo }) {
        unreadNotificationCount } }";
    for wrong in ["", "no cursor", &ashiato::paging::cursor(b'n', &9_i64)] {
        let code = me.error(document, json!({ "upTo": wrong })).await;
        assert_eq!(code, "INVALID_CURSOR", "{wrong}");
    }
    assert_eq!(unread(&me).await, 1);
    // One that lies ahead is what there is: what comes later is unread.
    let ahead = json!(ashiato::paging::cursor(b'N', &1_000_i64));
    assert_eq!(read(&me, &ahead).await, 0);
    ask(&world.person("third").await, &me).await;
    assert_eq!(unread(&me).await, 1);
    agrees(&world).await;
}

#[tokio::test]
async fn a_repeated_call_marks_once() {
    let world = World::new().await;
    let (me, other) = (world.person("me").await, world.person("other").await);
    let diary = me.write("open", "MEMBERS").await;
    comment(&other, &diary, "hello").await;
    let input = json!({ "idempotencyKey": "read" });
    me.mutate("markNotificationsRead", input.clone(), "").await;
    comment(&other, &diary, "hello").await;
    me.mutate("markNotificationsRead", input, "").await;
    assert_eq!(unread(&me).await, 1);
}
