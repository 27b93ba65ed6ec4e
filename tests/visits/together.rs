//! Visits in one transaction leave what they would leave one after the other.

use std::sync::Arc;

use ashiato::{
    footprint::{
        leave::leave_all,
        store::Held,
        visit::{Visited, Visiting},
    },
    ids::{GlobalId, Kind},
    rejection::UserErrorCode,
    user::store::counters,
};
use entity::values::VisitOrigin;
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::json;
use uuid::Uuid;

use super::{is_sound, with};
use crate::support::world::{Person, World};

const PEOPLE: usize = 7;
const ROUNDS: usize = 30;

/// Carries out `visits`, so many in a transaction. Says of each whether it counted; nothing where it
/// was refused.
async fn leave(world: &World, visits: &[Visiting], at_once: usize) -> Vec<Option<bool>> {
    let mut all = Vec::new();
    for some in visits.chunks(at_once) {
        let shared = Arc::new((world.app.clone(), some.to_vec()));
        let answers = world.app.database.write(move |tx| {
            let shared = shared.clone();
            Box::pin(async move {
                let (app, visits) = &*shared;
                Ok(leave_all(app, tx, visits, Held::Await).await?)
            })
        });
        for answer in answers.await.unwrap() {
            all.push(match answer.unwrap() {
                Ok(visit) => Some(visit.counted),
                Err(reasons) => {
                    assert_eq!(reasons[0].code, UserErrorCode::NotFound);
                    None
                }
            });
        }
    }
    all
}

/// People of whom the first has a diary for members and one for friends, and blocks the last.
async fn people(world: &World) -> (Vec<Person<'_>>, [[Uuid; 2]; 2]) {
    let people = world.people("person", PEOPLE).await;
    people[0].befriend(&people[1]).await;
    let input = json!({ "userId": people[PEOPLE - 1].id() });
    people[0].mutate("blockUser", input, "").await;
    let mut diaries = [[Uuid::nil(); 2]; 2];
    for (diary, audience) in diaries.iter_mut().zip(["MEMBERS", "FRIENDS"]) {
        let id = people[0].write("title", audience).await;
        *diary = GlobalId::expect(&id, Kind::Diary).unwrap();
    }
    (people, diaries)
}

#[tokio::test]
async fn many_visits_at_once_leave_what_they_leave_one_after_the_other() {
    let worlds = [World::new().await, World::new().await];
    let (one, one_s) = people(&worlds[0]).await;
    let (other, other_s) = people(&worlds[1]).await;
    let mut chance = StdRng::seed_from_u64(10);
    let (mut counted, mut refused) = (0, 0);
    for round in 0..ROUNDS {
        // In both worlds the same people visit the same.
        let mut visits = [Vec::new(), Vec::new()];
        for _ in 0..chance.random_range(1..40) {
            let [visitor, owner] = [(); 2].map(|()| chance.random_range(0..PEOPLE));
            let diary = chance.random_range(0..6_usize);
            let origins = [None, Some(VisitOrigin::Home), Some(VisitOrigin::Link)];
            let origin = *origins.choose(&mut chance).unwrap();
            for (visits, (people, diaries)) in
                visits.iter_mut().zip([(&one, &one_s), (&other, &other_s)])
            {
                let id = |index: usize| people[index].viewer.id().unwrap();
                let visited = diaries.get(diary).map_or_else(
                    || Visited::Profile(id(owner)),
                    |diary| Visited::Diary(*diary),
                );
                visits.push(Visiting {
                    visitor: id(visitor),
                    visited,
                    origin,
                });
            }
        }
        let singly = leave(&worlds[0], &visits[0], 1).await;
        let together = leave(&worlds[1], &visits[1], visits[1].len()).await;
        assert_eq!(singly, together);
        counted += singly.iter().filter(|left| **left == Some(true)).count();
        refused += singly.iter().filter(|left| left.is_none()).count();
        for people in [&one, &other] {
            if round % 4 == 1 {
                people[0].mutate("markFootprintsSeen", json!({}), "").await;
            }
        }
        let pause = chance.random_range(0..600);
        for world in &worlds {
            world.clock.advance(chrono::Duration::minutes(pause));
        }
    }
    assert!(counted > 200 && refused > 20, "{counted} {refused}");
    for (left, right) in one.iter().zip(&other) {
        let mut kept = Vec::new();
        for (world, person, people) in [(&worlds[0], left, &one), (&worlds[1], right, &other)] {
            let owner = person.viewer.id().unwrap();
            let rows = with(world, owner).await.into_iter().map(|row| {
                let visitor = Some(row.visitor_id);
                let by = people
                    .iter()
                    .position(|person| person.viewer.id() == visitor);
                (by.unwrap(), row.number, row.day, row.visited_at, row.origin)
            });
            let rows: Vec<_> = rows.collect();
            let counters = counters(world.app.database.reader(), owner).await;
            let counters = counters.unwrap().unwrap();
            let counters = (counters.visit_count, counters.new_footprint_count);
            kept.push((rows, counters));
        }
        assert_eq!(kept[0], kept[1]);
    }
    for world in &worlds {
        is_sound(world).await;
    }
}
