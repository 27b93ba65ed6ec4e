//! While another transaction holds an owner.

use std::time::{Duration, Instant};

use ashiato::footprint::visit::Visited;
use futures_util::{future::join_all, join};
use sea_orm::{ConnectionTrait, DatabaseTransaction, TransactionTrait};
use uuid::Uuid;

use super::{all_visit, is_sound, is_unavailable, visit, visit_count, with};
use crate::support::{backend::is_citus, crowd, world::World};

/// Another program holds the counters of `owner` until the transaction ends.
async fn hold(world: &World, owner: Uuid) -> DatabaseTransaction {
    let other = sea_orm::Database::connect(&world.url).await.unwrap();
    let held = other.begin().await.unwrap();
    let text =
        format!("UPDATE user_counters SET visit_count = visit_count WHERE user_id = '{owner}'");
    let done = held.execute_unprepared(&text).await.unwrap();
    assert_eq!(done.rows_affected(), 1);
    held
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_nobody_waits_for_an_owner_whom_somebody_else_visits() {
    if is_citus() {
        // How long is waited for a row is set at its workers, and not in the tests' (tests/citus.rs).
        return;
    }
    let world = World::new().await;
    let held = crowd::people(&world.app, "held", 1).await[0];
    let owners = crowd::people(&world.app, "owner", 50).await;
    let visitors = crowd::people(&world.app, "visitor", 100).await;
    let lock = hold(&world, held).await;

    let began = Instant::now();
    let in_vain = async {
        let come = visitors[..10].iter();
        let come = come.map(|visitor| visit(&world, *visitor, Visited::Profile(held)));
        (join_all(come).await, began.elapsed())
    };
    let others = async {
        for turn in 0..4 {
            world.clock.advance(chrono::Duration::minutes(5));
            let visitors = visitors.iter().skip(turn * 10).take(50);
            all_visit(&world, visitors.zip(&owners).map(|(v, o)| [*v, *o])).await;
        }
        began.elapsed()
    };
    let ((answers, waited), served) = join!(in_vain, others);
    assert!(answers.iter().all(is_unavailable), "{answers:?}");
    assert!(waited < Duration::from_millis(1_200), "{waited:?}");
    assert!(served < Duration::from_millis(850), "{served:?}");
    lock.rollback().await.unwrap();

    assert!(with(&world, held).await.is_empty());
    assert_eq!(visit_count(&world, held).await, 0);
    all_visit(&world, visitors.iter().map(|visitor| [*visitor, held])).await;
    assert_eq!(visit_count(&world, held).await, 100);
    is_sound(&world).await;
}
