//! Visits in one transaction leave what they would leave one after the other.

use std::sync::Arc;

use ashiato::{
    config::Rules,
    footprint::{
        leave::leave_all,
        store::{Held, visitors},
        visit::{Visited, Visiting},
    },
    ids::{GlobalId, Kind},
    rejection::code::UserErrorCode,
    user::store::counters,
};
use entity::values::VisitOrigin;
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::json;
use uuid::Uuid;

use super::{is_sound, with};
use crate::support::{
    chance::POLICIES,
    world::{Person, World},
};

const PEOPLE: usize = 7;
const ROUNDS: usize = 30;

/// Carries out `visits`, so many in a transaction. Says of each whether it counted, or why it was
/// refused.
async fn leave(
    world: &World,
    visits: &[Visiting],
    at_once: usize,
) -> Vec<Result<bool, UserErrorCode>> {
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
            let answer = answer.unwrap().map(|visit| visit.counted);
            all.push(answer.map_err(|reasons| reasons[0].code));
        }
    }
    all
}

/// People of whom the first has a diary for members and one for friends, and blocks the last.
async fn people(world: &World) -> (Vec<Person<'_>>, [[Uuid; 2]; 2]) {
    let people = world.people("person", PEOPLE).await;
    people[0].befriend(&people[1]).await;
    people[1].befriend(&people[2]).await;
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
    // So few visits in an hour that some are refused.
    let rules = Rules {
        visits_per_hour: 4,
        ..Rules::default()
    };
    let worlds = [World::with(rules.clone()).await, World::with(rules).await];
    let (one, one_s) = people(&worlds[0]).await;
    let (other, other_s) = people(&worlds[1]).await;
    let mut chance = StdRng::seed_from_u64(10);
    let mut all = Vec::new();
    for round in 0..ROUNDS {
        for place in 0..PEOPLE {
            if chance.random_bool(0.3) {
                let policy = POLICIES.choose(&mut chance).unwrap();
                for people in [&one, &other] {
                    let input = json!({ "policy": policy });
                    people[place].mutate("setFootprintPolicy", input, "").await;
                }
            }
        }
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
        all.extend(singly);
        for people in [&one, &other] {
            if round % 4 == 1 {
                people[0].mutate("markFootprintsSeen", json!({}), "").await;
            }
        }
        let pause = chance.random_range(0..6) * chance.random_range(0..60);
        for world in &worlds {
            world.clock.advance(chrono::Duration::minutes(pause));
        }
    }
    let how_many = |answer| all.iter().filter(|it| **it == answer).count();
    for (answer, least) in [
        (Ok(true), 150),
        (Ok(false), 50),
        (Err(UserErrorCode::NotFound), 20),
        (Err(UserErrorCode::VisitLimitReached), 20),
    ] {
        let times = how_many(answer);
        assert!(times > least, "{answer:?} {times} times");
    }
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
            let counters = (
                counters.visit_count,
                counters.footprint_count,
                counters.new_footprint_count,
            );
            let visitor = visitors::of(world.app.database.reader(), &[owner]).await;
            let recent = visitor.unwrap()[&owner].recent_visits.clone();
            kept.push((rows, counters, recent));
        }
        assert_eq!(kept[0], kept[1]);
    }
    // Some visits were counted alone.
    let visits = all.iter().filter(|it| **it == Ok(true)).count();
    let mut listed = 0;
    for person in &one {
        listed += with(&worlds[0], person.viewer.id().unwrap()).await.len();
    }
    assert!(listed > 20 && listed < visits, "{listed} of {visits}");
    for world in &worlds {
        is_sound(world).await;
    }
}
