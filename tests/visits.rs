//! Many visits at once: on PostgreSQL they share transactions (design.md, section 6).

mod held;
mod together;

use std::collections::BTreeSet;

use ashiato::{
    bulk::recount::recount,
    error::Error,
    footprint::{
        service,
        visit::{Visit, Visited},
    },
    ids::{GlobalId, Kind},
    rejection::{Rejection, code::UserErrorCode},
};
use entity::footprint;
use futures_util::future::{join_all, select_all};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use uuid::Uuid;

use crate::support::{
    backend::{is_citus, is_postgres},
    crowd, soon,
    world::{World, next},
};

/// As many as one batch takes.
const CROWD: usize = 256;
/// How many statements such a crowd may take on PostgreSQL: one by one it took 1,792, and 512 that
/// begin and commit.
const STATEMENTS: usize = 200;

async fn visit(world: &World, visitor: Uuid, visited: Visited) -> Result<Visit, Rejection> {
    service::visit(&world.app, visitor, visited, None, None).await
}

/// Everybody visits a profile at once; every visit must count. (On Citus each owner takes a
/// transaction, and so many at once would wait in vain for a connection.)
async fn all_visit(world: &World, visits: impl IntoIterator<Item = [Uuid; 2]>) {
    let visits: Vec<_> = visits.into_iter().collect();
    for at_once in visits.chunks(if is_citus() { 32 } else { CROWD }) {
        let visits = at_once
            .iter()
            .map(|[visitor, owner]| visit(world, *visitor, Visited::Profile(*owner)));
        for left in join_all(visits).await {
            assert!(left.unwrap().counted);
        }
    }
}

/// The footprints with `owner`, in the order of their numbers.
async fn with(world: &World, owner: Uuid) -> Vec<footprint::Model> {
    footprint::Entity::find()
        .filter(footprint::Column::OwnerId.eq(owner))
        .order_by_asc(footprint::Column::Number)
        .all(world.app.database.reader())
        .await
        .unwrap()
}

async fn visit_count(world: &World, owner: Uuid) -> i64 {
    let reader = world.app.database.reader();
    let counters = ashiato::user::store::counters(reader, owner).await;
    counters.unwrap().unwrap().visit_count
}

async fn is_sound(world: &World) {
    let differences = recount(world.app.database.reader()).await.unwrap();
    assert!(differences.is_empty(), "{differences:#?}");
}

/// What the statements since cost, where visits share them.
fn are_few(world: &World) {
    let statements = world.statements();
    eprintln!("{CROWD} visits took {statements} statements");
    if is_postgres() && !is_citus() {
        assert!(statements < STATEMENTS, "{statements}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_that_visits_one_is_numbered_without_a_gap() {
    let world = World::new().await;
    let owner = world.person("owner").await.viewer.id().unwrap();
    let crowd = crowd::people(&world.app, "visitor", CROWD).await;
    world.forget_statements();
    all_visit(&world, crowd.iter().map(|visitor| [*visitor, owner])).await;
    are_few(&world);
    let rows = with(&world, owner).await;
    let numbers: Vec<_> = rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=256).collect::<Vec<_>>());
    let visitors: BTreeSet<_> = rows.iter().map(|row| row.visitor_id).collect();
    assert_eq!(visitors, crowd.into_iter().collect());
    assert_eq!(visit_count(&world, owner).await, 256);
    is_sound(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_that_visits_each_other_is_counted_with_each() {
    let world = World::new().await;
    let crowd = crowd::people(&world.app, "person", CROWD).await;
    let around = crowd.iter().zip(crowd.iter().cycle().skip(1));
    world.forget_statements();
    all_visit(&world, around.map(|(visitor, owner)| [*visitor, *owner])).await;
    are_few(&world);
    for (visitor, owner) in crowd.iter().zip(crowd.iter().cycle().skip(1)) {
        let [row] = with(&world, *owner).await.try_into().unwrap();
        assert_eq!((row.visitor_id, row.number), (*visitor, 1));
    }
    is_sound(&world).await;
}

#[tokio::test]
async fn a_visit_by_itself_takes_seven_statements() {
    let world = World::new().await;
    let people = crowd::people(&world.app, "person", 2).await;
    let [visitor, owner] = people.try_into().unwrap();
    for (pause, visited, counted, statements) in [
        // Whether the owner is seen, and who of the two is of age; the counters, the day's footprint, the
        // visitor, who gets a row; it is written, and they.
        (0, owner, Some(true), 8),
        (5, owner, Some(true), 7),
        // Within the pause.
        (4, owner, Some(false), 3),
        (0, visitor, Some(false), 1),
        (0, Uuid::nil(), None, 1),
    ] {
        world.clock.advance(chrono::Duration::minutes(pause));
        world.forget_statements();
        let left = visit(&world, visitor, Visited::Profile(visited)).await;
        assert_eq!(left.ok().map(|left| left.counted), counted);
        let texts = world.statement_texts();
        assert_eq!(texts.len(), statements, "{texts:#?}");
    }
}

/// What each commit costs is shared, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_a_crowd_takes_few_transactions() {
    use sea_orm::{ConnectionTrait, Statement};
    let world = World::new().await;
    if is_citus() {
        return;
    }
    let owners = crowd::people(&world.app, "owner", 16).await;
    let crowd = crowd::people(&world.app, "visitor", CROWD).await;
    // What wrote footprints, by the transactions that wrote them.
    all_visit(
        &world,
        crowd
            .iter()
            .zip(owners.iter().cycle())
            .map(|(v, o)| [*v, *o]),
    )
    .await;
    let db = world.app.database.reader();
    let text = "SELECT count(DISTINCT xmin::text) FROM footprints";
    let statement = Statement::from_string(db.get_database_backend(), text);
    let row = db.query_one_raw(statement).await.unwrap().unwrap();
    let transactions: i64 = row.try_get_by_index(0).unwrap();
    eprintln!("{CROWD} visits took {transactions} transactions");
    assert!(transactions < 64, "{transactions}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn among_visits_that_count_those_are_refused_that_may_not_be() {
    let world = World::new().await;
    let (owner, blocker) = (world.person("owner").await, world.person("blocker").await);
    let visitors = world.people("visitor", 40).await;
    for visitor in &visitors[..10] {
        let input = json!({ "userId": visitor.id() });
        blocker.mutate("blockUser", input, "").await;
    }
    let mut diaries = Vec::new();
    for audience in ["MEMBERS", "ONLY_ME"] {
        let id = owner.write("title", audience).await;
        diaries.push(GlobalId::expect(&id, Kind::Diary).unwrap());
    }
    let [open, hidden] = diaries.try_into().unwrap();
    let id = |person: &crate::support::world::Person<'_>| person.viewer.id().unwrap();
    let (mut visits, mut expected) = (Vec::new(), Vec::new());
    for (index, visitor) in visitors.iter().enumerate() {
        let to_blocker = (index >= 10).then_some(true);
        for (visited, counted) in [
            (Visited::Diary(hidden), None),
            (Visited::Profile(Uuid::nil()), None),
            (Visited::Profile(id(&blocker)), to_blocker),
            (Visited::Profile(id(visitor)), Some(false)),
            (Visited::Diary(open), Some(true)),
        ] {
            visits.push(visit(&world, id(visitor), visited));
            expected.push(counted);
        }
    }
    let answers = join_all(visits)
        .await
        .into_iter()
        .map(|answer| match answer {
            Ok(visit) => Some(visit.counted),
            Err(Rejection::Refused(reasons)) => {
                assert_eq!(reasons[0].code, UserErrorCode::NotFound);
                None
            }
            Err(failed) => panic!("{failed:?}"),
        });
    assert_eq!(answers.collect::<Vec<_>>(), expected);
    assert_eq!(visit_count(&world, id(&owner)).await, 40);
    assert_eq!(visit_count(&world, id(&blocker)).await, 30);
    for visitor in &visitors {
        assert_eq!(visit_count(&world, id(visitor)).await, 0);
    }
    is_sound(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_several_times_at_once_counts_once_and_later_again() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let owned = owner.viewer.id().unwrap();
    let visitors = crowd::people(&world.app, "visitor", 20).await;
    let mut ids = Vec::new();
    for day in 1..=3 {
        let visits = visitors
            .iter()
            .flat_map(|visitor| [*visitor; 5])
            .map(|visitor| visit(&world, visitor, Visited::Profile(owned)));
        let left = join_all(visits).await;
        for five in left.chunks(5) {
            let counted = five.iter().filter(|left| left.as_ref().unwrap().counted);
            assert_eq!(counted.count(), 1);
        }
        let rows = with(&world, owned).await;
        let numbers: Vec<_> = rows.iter().map(|row| row.number).collect();
        assert_eq!(numbers, (20 * (day - 1) + 1..=20 * day).collect::<Vec<_>>());
        // The day's footprints move up, under the same ids.
        ids.push(rows.iter().map(|row| row.id).collect::<BTreeSet<_>>());
        assert_eq!(ids[0], *ids.last().unwrap());
        // The second time the owner has seen them all: each is new again, once.
        if day == 1 {
            owner.mutate("markFootprintsSeen", json!({}), "").await;
        }
        world.clock.advance(chrono::Duration::minutes(5));
    }
    let counts = "{ viewer { visitCount newFootprintCount footprints { totalCount } } }";
    assert_eq!(
        owner.run(counts, json!({})).await["viewer"],
        json!({ "visitCount": 60, "newFootprintCount": 20, "footprints": { "totalCount": 20 } })
    );
    is_sound(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_goes_away_takes_nobody_along() {
    let world = World::new().await;
    let owners = crowd::people(&world.app, "owner", 8).await;
    let crowd = crowd::people(&world.app, "visitor", CROWD).await;
    let mut visits: Vec<_> = crowd
        .iter()
        .zip(owners.iter().cycle())
        .map(|(visitor, owner)| Box::pin(visit(&world, *visitor, Visited::Profile(*owner))))
        .collect();
    // All have come, and one is answered.
    let (first, answered, _) = soon(select_all(visits.iter_mut())).await;
    assert!(first.unwrap().counted);
    drop(visits.swap_remove(answered));
    let mut index = 0;
    visits.retain(|_| {
        index += 1;
        index % 2 == 0
    });
    let stayed = soon(join_all(visits)).await;
    assert!(stayed.iter().all(|left| left.as_ref().unwrap().counted));
    let mut all = 0;
    for owner in &owners {
        let numbers = with(&world, *owner).await;
        let numbers: Vec<_> = numbers.iter().map(|row| row.number).collect();
        assert_eq!(numbers, (1..).take(numbers.len()).collect::<Vec<i64>>());
        all += numbers.len();
    }
    assert!((CROWD / 2..=CROWD).contains(&all), "{all}");
    // Nothing is left behind that later visits would wait for.
    world.clock.advance(chrono::Duration::minutes(5));
    all_visit(&world, crowd.iter().map(|visitor| [*visitor, owners[0]])).await;
    is_sound(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscriber_hears_of_a_crowd_once_each_in_order() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let id = owner.viewer.id().unwrap();
    let crowd = crowd::people(&world.app, "visitor", CROWD).await;
    let document = "subscription($after: String) { footprintLeft(after: $after) {
        node { number visitor { username } } } }";
    let after = json!({ "after": ashiato::paging::cursor(b'n', &0_i64) });
    let mut feed = Box::pin(owner.subscribe(document, after));
    let hears = async {
        let mut names = BTreeSet::new();
        for number in 1..=CROWD {
            let node = next(&mut feed).await["data"]["footprintLeft"]["node"].clone();
            assert_eq!(node["number"], number);
            names.insert(node["visitor"]["username"].to_string());
        }
        names.len()
    };
    let comes = async {
        for some in crowd.chunks(64) {
            all_visit(&world, some.iter().map(|visitor| [*visitor, id])).await;
        }
    };
    let (heard, ()) = futures_util::join!(hears, comes);
    assert_eq!(heard, CROWD);
}

/// A key is remembered in the visit's own transaction.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn visits_with_a_key_count_among_those_without() {
    let world = World::new().await;
    let owner = world.person("owner").await.viewer.id().unwrap();
    let crowd = crowd::people(&world.app, "visitor", 60).await;
    let visits = crowd.iter().enumerate().map(|(index, visitor)| {
        let key = (index % 2 == 0).then(|| "key".to_owned());
        service::visit(&world.app, *visitor, Visited::Profile(owner), None, key)
    });
    for left in join_all(visits).await {
        assert!(left.unwrap().counted);
    }
    world.clock.advance(chrono::Duration::minutes(5));
    let again = crowd.iter().step_by(2).map(|visitor| {
        let key = Some("key".to_owned());
        service::visit(&world.app, *visitor, Visited::Profile(owner), None, key)
    });
    for left in join_all(again).await {
        assert!(left.unwrap().counted, "the first answer");
    }
    let numbers = with(&world, owner).await;
    let numbers: Vec<_> = numbers.iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=60).collect::<Vec<_>>());
    is_sound(&world).await;
}

fn is_unavailable(answer: &Result<Visit, Rejection>) -> bool {
    matches!(answer, Err(Rejection::Failed(Error::Unavailable(_))))
}
