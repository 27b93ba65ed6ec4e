//! How many users one blocks, exactly.

use ashiato::config::Rules;
use futures_util::future::join_all;
use serde_json::json;

use super::{block, blocked, recounted, unblock};
use crate::support::world::World;

fn at_most(limit: i64) -> Rules {
    Rules {
        block_limit: limit,
        ..Rules::default()
    }
}

#[tokio::test]
async fn one_blocks_so_many_and_no_more_and_who_is_blocked_has_no_part_in_it() {
    let world = World::with(at_most(3)).await;
    let me = world.person("me").await;
    let people = world.people("person", 5).await;
    for person in &people {
        block(person, &me).await;
    }
    let others = world.people("other", 5).await;
    for other in &others[..3] {
        block(&me, other).await;
    }
    let input = json!({ "userId": others[3].id() });
    let refused = me.refusal("blockUser", input.clone()).await;
    assert_eq!(refused, "BLOCK_LIMIT_REACHED");
    // Again is no further one; who is hidden is as who never was; and one less makes room.
    block(&me, &others[0]).await;
    let hidden = json!({ "userId": people[0].id() });
    assert_eq!(me.refusal("blockUser", hidden).await, "NOT_FOUND");
    unblock(&me, &others[0]).await;
    me.mutate("blockUser", input, "").await;
    assert_eq!(blocked(&me, json!({})).await["totalCount"], 3);
    recounted(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_number_of_blocks_at_once_passes_the_limit() {
    let world = World::with(at_most(3)).await;
    let beside = world.beside().await;
    let me = world.person("me").await;
    let others = world.people("other", 12).await;
    let at = [&world.app, &beside.app];
    let blocks = others.iter().enumerate().map(|(place, other)| {
        let (me, other) = (me.viewer.id().unwrap(), other.viewer.id().unwrap());
        ashiato::friendship::blocking::block(at[place % 2], me, other, None)
    });
    let done = join_all(blocks).await;
    assert_eq!(
        done.iter().filter(|done| done.is_ok()).count(),
        3,
        "{done:?}"
    );
    let made = blocked(&me, json!({})).await["totalCount"].clone();
    assert_eq!(made, 3);
    recounted(&world).await;
}
