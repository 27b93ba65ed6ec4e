//! What kiriban cost, in statements: visits nothing, as long as none is near.

use std::sync::Arc;

use ashiato::footprint::{
    leave::leave_all,
    store::Held,
    visit::{Visited, Visiting},
};
use serde_json::json;
use uuid::Uuid;

use super::{agrees, name, of};
use crate::support::{backend::is_citus, crowd, world::World};

/// Carries out a visit of each of `pairs` in one transaction. Says how many statements that took, and how
/// many of them were a number that was named.
async fn together(world: &World, pairs: &[[Uuid; 2]]) -> (usize, usize) {
    let visits = pairs.iter().map(|[visitor, owner]| Visiting {
        visitor: *visitor,
        visited: Visited::Profile(*owner),
        origin: None,
    });
    let shared = Arc::new((world.app.clone(), visits.collect::<Vec<_>>()));
    world.forget_statements();
    let answers = world.app.database.write(move |tx| {
        let shared = shared.clone();
        Box::pin(async move {
            let (app, visits) = &*shared;
            Ok(leave_all(app, tx, visits, Held::Await).await?)
        })
    });
    let answers = answers.await.unwrap().into_iter();
    let reached = answers.filter(|answer| {
        let visit = answer.as_ref().unwrap().as_ref().unwrap();
        visit.kiriban.is_some()
    });
    let reached = reached.count();
    (world.statements(), reached)
}

#[tokio::test]
async fn a_visit_costs_nothing_more_until_a_number_is_near_and_a_crowd_as_much_as_two() {
    if is_citus() {
        // There each user is a statement.
        return;
    }
    let world = World::uncached().await;
    let owners = world.people("owner", 20).await;
    let ids: Vec<_> = owners.iter().map(|it| it.viewer.id().unwrap()).collect();
    let visitors = crowd::people(&world.app, "visitor", 200).await;
    let visits = |turn: usize, of: usize| {
        let owners = ids[..of].iter().cycle();
        let visitors = visitors[turn * 40..turn * 40 + 2 * of].iter();
        let pairs = visitors.zip(owners);
        pairs.map(|(one, other)| [*one, *other]).collect::<Vec<_>>()
    };
    let (usual, _) = together(&world, &visits(0, 20)).await;
    for owner in &owners {
        name(owner, 1_000).await;
    }
    assert_eq!(together(&world, &visits(1, 20)).await, (usual, 0));
    let mut costs = Vec::new();
    for (turn, of) in [(2, 2), (3, 20)] {
        for owner in &owners[..of] {
            let count = owner.run("{ viewer { visitCount } }", json!({})).await;
            let count = count["viewer"]["visitCount"].as_i64().unwrap();
            name(owner, count + 1).await;
            name(owner, count + 2).await;
        }
        let (took, reached) = together(&world, &visits(turn, of)).await;
        assert_eq!(reached, 2 * of);
        // Two are told of each, one statement for the number and one for what is told.
        costs.push(took - 4 * reached);
    }
    // What is to come, who reached it, and what is next.
    assert_eq!(costs, [usual + 3; 2], "{usual}");
    agrees(&world).await;
}

#[tokio::test]
async fn lists_take_as_many_statements_for_many_owners_as_for_two() {
    let world = World::uncached().await;
    let me = world.person("me").await;
    let (visitor, friends) = (
        world.person("visitor").await,
        world.people("friend", 6).await,
    );
    let document = "{ viewer { user { friends { nodes { nextKiriban kiribans(first: 2) { nodes {
        number owner { username } visitor { username } } } } } } } }";
    let mut costs = Vec::new();
    for (breadth, friend) in friends.iter().enumerate() {
        me.befriend(friend).await;
        name(friend, 1).await;
        name(friend, 9).await;
        let input = json!({ "userId": friend.id() });
        visitor.mutate("visitProfile", input, "").await;
        if [1, 5].contains(&breadth) {
            world.forget_statements();
            let data = me.run(document, json!({})).await.to_string();
            assert_eq!(data.matches("\"visitor\":{").count(), breadth + 1, "{data}");
            costs.push(world.statements());
        }
    }
    assert_eq!(costs[0], costs[1], "the breadth is no matter");
    assert!(costs[0] <= 7, "{costs:?}");
    assert_eq!(of(&me, &friends[0]).await["nextKiriban"], 9);
}
