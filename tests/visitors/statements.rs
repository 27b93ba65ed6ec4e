//! What visits and lists cost, in statements.

use std::sync::Arc;

use ashiato::{
    config::Rules,
    footprint::{
        leave::leave_all,
        policy,
        store::Held,
        visit::{Visited, Visiting},
    },
};
use chrono::Duration;
use entity::values::FootprintPolicy;
use rstest::rstest;
use serde_json::json;
use uuid::Uuid;

use super::{choose, visit};
use crate::support::{backend::is_citus, crowd, world::World};

/// Carries out a visit of each of `pairs` in one transaction, which all count. Says how many
/// statements that took.
async fn together(world: &World, pairs: &[[Uuid; 2]]) -> usize {
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
    for answer in answers.await.unwrap() {
        assert!(answer.unwrap().unwrap().counted);
    }
    world.statements()
}

/// As long as everybody is named: one statement more than without a choice and a limit, or two.
#[rstest]
#[case::with_a_limit(300, 8, 7)]
#[case::without(0, 6, 6)]
#[tokio::test]
async fn visits_of_who_is_named_take_as_many_statements_however_many_they_are(
    #[case] visits_per_hour: i64,
    #[case] first: usize,
    #[case] later: usize,
) {
    if is_citus() {
        // There each user is a statement.
        return;
    }
    let rules = Rules {
        visits_per_hour,
        ..Rules::default()
    };
    let world = World::with(rules).await;
    let visitors = crowd::people(&world.app, "visitor", 100).await;
    let owners = crowd::people(&world.app, "owner", 100).await;
    let pairs: Vec<_> = visitors
        .iter()
        .zip(&owners)
        .map(|(visitor, owner)| [*visitor, *owner])
        .collect();
    // Whether the owners are seen, and who is of age; their counters, the day's footprints, the visitors; the
    // footprints are written, and the counters, and the visitors. The first time the visitors get rows.
    for (pairs, statements) in [
        (&pairs[..2], first),
        (&pairs[2..], first),
        (&pairs[..2], later),
        (&pairs[..1], later),
        (&pairs[..], later),
    ] {
        let took = together(&world, pairs).await;
        assert_eq!(took, statements, "{:#?}", world.statement_texts());
        world.clock.advance(Duration::minutes(5));
    }
}

#[tokio::test]
async fn visits_of_who_is_not_take_as_many_statements_however_many_they_are() {
    if is_citus() {
        return;
    }
    let world = World::new().await;
    let owner = world.person("owner").await.viewer.id().unwrap();
    let visitors = crowd::people(&world.app, "visitor", 100).await;
    let friends = crowd::people(&world.app, "friend", 20).await;
    let tie = |(index, visitor): (usize, &Uuid)| match index % 5 {
        0 => Some([owner, *visitor]),
        1 => Some([friends[index % 20], *visitor]),
        _ => None,
    };
    let ties = visitors.iter().enumerate().filter_map(tie);
    let ties = ties.chain(friends.iter().map(|friend| [owner, *friend]));
    crowd::befriend(&world.app, ties).await;
    let policies = [
        FootprintPolicy::Connections,
        FootprintPolicy::Connections,
        FootprintPolicy::Connections,
        FootprintPolicy::Anonymous,
        FootprintPolicy::Named,
    ];
    for (visitor, chosen) in visitors.iter().zip(policies.iter().cycle()) {
        let chosen = (*chosen).into();
        policy::choose(&world.app, *visitor, chosen, None)
            .await
            .unwrap();
    }
    let pairs: Vec<_> = visitors.iter().map(|visitor| [*visitor, owner]).collect();
    for pairs in [&pairs[..5], &pairs[5..10], &pairs[..], &pairs[..5]] {
        world.clock.advance(Duration::hours(1));
        let took = together(&world, pairs).await;
        // Beside the seven: the last visits that were not named, and those of now; who is a friend; the
        // friends of who has fewer, and which the other has, too.
        assert_eq!(took, 7 + 2 + 3, "{:#?}", world.statement_texts());
    }
    // One in five is a friend, one a friend's friend, one a stranger, one nobody, and one is named.
    let rows = super::count(&world, "footprints").await;
    assert_eq!(rows, 60);
}

/// What the viewer has chosen, the page, and the visitors; and where it depends on what they are to
/// each other, three statements tell that.
#[tokio::test]
async fn a_list_takes_as_many_statements_for_many_visitors_as_for_three() {
    let world = World::uncached().await;
    let owner = world.person("owner").await;
    let visitors = world.people("visitor", 20).await;
    owner.befriend(&visitors[18]).await;
    visitors[18].befriend(&visitors[19]).await;
    for visitor in &visitors {
        visit(visitor, &owner).await;
    }
    for (chosen, statements, names) in [
        ("NAMED", 2, [3, 20]),
        ("CONNECTIONS", 6, [2, 2]),
        ("ANONYMOUS", 2, [0, 0]),
    ] {
        choose(&owner, chosen).await;
        for (first, names) in [3, 20].into_iter().zip(names) {
            let document = format!(
                "{{ viewer {{ footprints(first: {first}) {{ nodes {{ visitedAt \
                 visitor {{ username nickname }} }} }} }} }}"
            );
            world.forget_statements();
            let data = owner.run(&document, json!({})).await;
            let texts = world.statement_texts();
            assert_eq!(texts.len(), statements, "{chosen}: {texts:#?}");
            let nodes = data["viewer"]["footprints"]["nodes"].as_array().unwrap();
            assert_eq!(nodes.len(), first);
            let named = nodes.iter().filter(|node| node["visitor"].is_object());
            assert_eq!(named.count(), names, "{chosen}");
        }
        // Nobody's name is asked for: nothing tells whose there are.
        let document = "{ viewer { footprints { totalCount nodes { visitedAt } } } }";
        world.forget_statements();
        owner.run(document, json!({})).await;
        assert_eq!(world.statements(), 2, "{:#?}", world.statement_texts());
    }
}
