//! While another transaction holds an owner.

use std::time::{Duration, Instant};

use ashiato::{error::Error, footprint::visit::Visited, rejection::Rejection};
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
    // More than there are connections: they wait in one line, with one of them.
    let in_vain = async {
        let come = visitors[..60].iter();
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

/// As where somebody visits many at once through several servers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_nobody_waits_for_a_visitor_who_visits_elsewhere() {
    if is_citus() {
        return;
    }
    let world = World::new().await;
    let owners = crowd::people(&world.app, "owner", 61).await;
    let visitors = crowd::people(&world.app, "visitor", 50).await;
    // Everybody has a row.
    all_visit(
        &world,
        visitors.iter().map(|visitor| [*visitor, owners[60]]),
    )
    .await;
    let held = visitors[0];
    let other = sea_orm::Database::connect(&world.url).await.unwrap();
    let lock = other.begin().await.unwrap();
    let text = format!("UPDATE visitors SET take_backs = 0 WHERE user_id = '{held}'");
    let done = lock.execute_unprepared(&text).await.unwrap();
    assert_eq!(done.rows_affected(), 1);

    let began = Instant::now();
    let in_vain = async {
        let visits = owners[50..60].iter();
        let visits = visits.map(|owner| visit(&world, held, Visited::Profile(*owner)));
        (join_all(visits).await, began.elapsed())
    };
    let others = async {
        for turn in 1..4 {
            let owners = owners[..50].iter().cycle().skip(turn);
            all_visit(
                &world,
                visitors[1..].iter().zip(owners).map(|(v, o)| [*v, *o]),
            )
            .await;
        }
        began.elapsed()
    };
    let ((answers, waited), served) = join!(in_vain, others);
    assert!(answers.iter().all(is_unavailable), "{answers:?}");
    assert!(waited < Duration::from_millis(1_200), "{waited:?}");
    assert!(served < Duration::from_millis(850), "{served:?}");
    lock.rollback().await.unwrap();
    all_visit(&world, owners[50..60].iter().map(|owner| [held, *owner])).await;
    is_sound(&world).await;
}

/// Of those who share a transaction, one cannot be served.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_nobody_fails_for_somebody_else_s_sake() {
    if is_citus() {
        return;
    }
    let world = World::new().await;
    let owners = crowd::people(&world.app, "owner", 40).await;
    let visitors = crowd::people(&world.app, "visitor", 40).await;
    let other = sea_orm::Database::connect(&world.url).await.unwrap();
    let refuses = format!(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ \
         BEGIN RAISE EXCEPTION 'refused'; END $$; \
         CREATE TRIGGER refuses BEFORE INSERT ON footprints FOR EACH ROW \
         WHEN (NEW.owner_id = '{}') EXECUTE FUNCTION refuse()",
        owners[20]
    );
    other.execute_unprepared(&refuses).await.unwrap();
    // What a footprint refers to: the wait for it is no wait for the counters.
    let held = other.begin().await.unwrap();
    let row = format!("SELECT 1 FROM users WHERE id = '{}' FOR UPDATE", owners[30]);
    held.execute_unprepared(&row).await.unwrap();

    let visits = visitors.iter().zip(&owners);
    let visits = visits.map(|(visitor, owner)| visit(&world, *visitor, Visited::Profile(*owner)));
    for (index, left) in join_all(visits).await.into_iter().enumerate() {
        match index {
            20 => assert!(matches!(left, Err(Rejection::Failed(Error::Internal(_))))),
            30 => assert!(is_unavailable(&left), "{left:?}"),
            _ => assert!(left.unwrap().counted),
        }
    }
    held.rollback().await.unwrap();
    for (index, owner) in owners.iter().enumerate() {
        let count = i64::from(index != 20 && index != 30);
        assert_eq!(visit_count(&world, *owner).await, count);
    }
    is_sound(&world).await;
}
