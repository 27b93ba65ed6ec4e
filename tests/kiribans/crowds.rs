//! Many visits at once, through two servers: each number is reached once, by the visit that has it.

use std::collections::BTreeMap;

use entity::{footprint, kiriban};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::{agrees, name};
use crate::support::{
    crowd,
    pair::{Pair, sign_in},
    world::World,
};
use ashiato::footprint::{service, visit::Visited};

/// Who made which visit to `owner`, by the footprints.
async fn visitors(world: &World, owner: Uuid) -> BTreeMap<i64, Uuid> {
    let rows = footprint::Entity::find()
        .filter(footprint::Column::OwnerId.eq(owner))
        .limit(1_000)
        .all(world.app.database.reader())
        .await
        .unwrap();
    rows.into_iter()
        .map(|row| (row.number, row.visitor_id))
        .collect()
}

async fn kiribans(world: &World, owner: Uuid) -> Vec<kiriban::Model> {
    let rows = kiriban::Entity::find()
        .filter(kiriban::Column::OwnerId.eq(owner))
        .limit(1_000)
        .all(world.app.database.reader())
        .await;
    let mut rows = rows.unwrap();
    rows.sort_by_key(|row| row.number);
    rows
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_256_who_visit_at_once_each_number_finds_the_one_who_made_that_visit() {
    const NUMBERS: [i64; 6] = [1, 50, 51, 128, 255, 256];
    let world = World::new().await;
    let owner = world.person("owner").await;
    for number in NUMBERS {
        name(&owner, number).await;
    }
    let owner = owner.viewer.id().unwrap();
    let crowd = crowd::people(&world.app, "visitor", 256).await;
    let mut told = BTreeMap::new();
    let at_once = if crate::support::backend::is_citus() {
        32
    } else {
        256
    };
    for visitors in crowd.chunks(at_once) {
        let visits = visitors.iter().map(async |visitor| {
            let visited = Visited::Profile(owner);
            let visit = service::visit(&world.app, *visitor, visited, None, None).await;
            (visit.unwrap().kiriban, *visitor)
        });
        for (number, visitor) in join_all(visits).await {
            if let Some(number) = number {
                assert_eq!(told.insert(number, visitor), None, "{number} twice");
            }
        }
    }
    let made = visitors(&world, owner).await;
    let expected: BTreeMap<_, _> = NUMBERS
        .into_iter()
        .map(|number| (number, made[&number]))
        .collect();
    assert_eq!(told, expected, "who was told");
    let kept = kiribans(&world, owner).await;
    let kept = kept.iter().map(|row| (row.number, row.visitor_id.unwrap()));
    assert_eq!(kept.collect::<BTreeMap<_, _>>(), expected, "who is kept");
    agrees(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_two_servers_numbers_are_named_removed_and_reached_and_each_is_reached_once() {
    const ROUNDS: usize = 4;
    const VISITORS: usize = 24;
    let world = World::new().await;
    let app = &world.app;
    let pair = Pair::new(&world).await;
    let owners = crowd::people(app, "owner", 2).await;
    let owner_members = sign_in(app, &owners).await;
    let ids = crowd::people(app, "visitor", VISITORS).await;
    let members = sign_in(app, &ids).await;
    for round in 0..ROUNDS {
        let base = (round * VISITORS) as i64;
        let acts = (0..VISITORS * 2 + 24).map(async |turn: usize| {
            let owner = &owner_members[turn % 2];
            if turn < 24 {
                let input = json!({ "number": base + 1 + (turn as i64 * 5) % VISITORS as i64 });
                let (name, allowed): (_, &[&str]) = match turn % 3 {
                    0 => ("removeKiriban", &["NOT_FOUND", "KIRIBAN_REACHED"]),
                    _ => (
                        "nameKiriban",
                        &["NUMBER_OUT_OF_RANGE", "KIRIBAN_LIMIT_REACHED"],
                    ),
                };
                pair.settles(turn % 4 / 2, owner, name, input, allowed)
                    .await;
                return;
            }
            let visitor = &members[turn / 2 % VISITORS];
            let input = json!({ "userId": owner.user() });
            pair.settles(turn % 4 / 2, visitor, "visitProfile", input, &[])
                .await;
        });
        join_all(acts).await;
        agrees(&world).await;
        world.clock.advance(chrono::Duration::minutes(6));
    }
    let mut reached = 0;
    for owner in &owners {
        for row in kiribans(&world, *owner).await {
            let is_counted = row.number <= (ROUNDS * VISITORS) as i64;
            assert_eq!(is_counted, row.reached_at.is_some(), "{row:?}");
            reached += usize::from(row.visitor_id.is_some());
        }
    }
    assert!(reached >= 4, "no empty exercise: {reached}");
    pair.shutdown().await;
}
