//! Deletions that run at the same time hold what they meet at in one order: none has to be tried again.

use std::sync::Arc;

use ashiato::{
    account::leaving::deletion::{
        carry::{Progress, claim, step},
        service::order,
    },
    app::App,
    error::Error,
};
use futures_util::future::join_all;
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::{agrees, id, look_again};
use crate::support::{
    sql,
    world::{Person, World},
};

/// Deletes `user` from the wish to the end.
async fn delete(app: Arc<App>, user: Uuid) {
    assert!(claim(&app, user).await.unwrap());
    loop {
        match step(&app, user).await {
            Ok(Progress::Gone) => return,
            Ok(Progress::Removed(_)) => {}
            // It waited for too long, which is no deadlock.
            Err(Error::Unavailable(_)) => {}
            other => panic!("{other:?}"),
        }
    }
}

/// Deletes all of `people` at once, on two servers by turns.
async fn all_at_once(world: &World, people: &[&Person<'_>]) {
    let beside = world.beside().await;
    for person in people {
        order(&world.app, id(person), true).await.unwrap();
    }
    let deletions = people.iter().enumerate().map(|(place, person)| {
        let server = if place % 2 == 0 { world } else { &beside };
        tokio::spawn(delete(server.app.clone(), id(person)))
    });
    for deletion in join_all(deletions).await {
        deletion.unwrap();
    }
    agrees(world).await;
    world.clock.advance(chrono::TimeDelta::seconds(60));
    for person in people {
        let user = id(person);
        assert!(claim(&world.app, user).await.unwrap());
        while step(&world.app, user).await.unwrap() != Progress::Done {}
    }
    agrees(world).await;
}

/// As PostgreSQL counts them, of all that ever ran on this database.
pub async fn deadlocks(world: &World) -> i64 {
    // A connection tells of what it met once a second, at its next statement.
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    let db = world.app.database.reader();
    let mut touched = Vec::new();
    for _ in 0..8 {
        touched.push(world.app.database.write(|tx| {
            Box::pin(async move {
                tx.sql.query_one_raw(sql::own(&tx.sql, "SELECT 1")).await?;
                Ok(())
            })
        }));
    }
    for done in join_all(touched).await {
        done.unwrap();
    }
    let text = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    let row = db.query_one_raw(sql::own(db, text)).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

async fn comment(by: &Person<'_>, diary: &str) {
    let input = json!({ "diaryId": diary, "body": "said" });
    by.mutate("commentOnDiary", input, "").await;
}

/// One takes words out of comments under the diaries that the other's deletion takes away.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_who_commented_and_whose_diaries_they_are_go_side_by_side() {
    let world = World::new().await;
    let writers = world.people("writer", 3).await;
    let hosts = world.people("host", 3).await;
    for (host, writer) in hosts.iter().zip(&writers) {
        for number in 0..12 {
            let diary = host.write(&format!("diary {number}"), "PUBLIC").await;
            for _ in 0..4 {
                comment(writer, &diary).await;
            }
        }
    }
    let people: Vec<_> = writers.iter().zip(&hosts).collect();
    let people: Vec<_> = people
        .iter()
        .flat_map(|(one, other)| [*one, *other])
        .collect();
    all_at_once(&world, &people).await;
    assert_eq!(deadlocks(&world).await, 0);
}

/// Friends who commented on each other, visited each other, and asked each other's friends.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_friends_who_have_everything_to_do_with_each_other_go_side_by_side() {
    let world = World::new().await;
    let people = world.people("friend", 6).await;
    let strangers = world.people("stranger", 6).await;
    for (place, one) in people.iter().enumerate() {
        for other in &people[place + 1..] {
            one.befriend(other).await;
        }
    }
    for one in &people {
        let mut diaries = Vec::new();
        for number in 0..3 {
            diaries.push(one.write(&format!("diary {number}"), "FRIENDS").await);
        }
        for diary in &diaries {
            for other in &people {
                comment(other, diary).await;
                comment(other, diary).await;
            }
        }
        for other in &people {
            if other.username != one.username {
                other
                    .mutate("visitProfile", json!({ "userId": one.id() }), "")
                    .await;
            }
        }
        for stranger in &strangers {
            one.mutate("requestFriendship", json!({ "userId": stranger.id() }), "")
                .await;
        }
        let choice = json!({ "policy": "ANONYMOUS" });
        one.mutate("setFootprintPolicy", choice, "").await;
    }
    for one in &people {
        for other in people.iter().filter(|other| other.username != one.username) {
            // Counted only: after the pause.
            one.mutate("visitProfile", json!({ "userId": other.id() }), "")
                .await;
        }
    }
    let people: Vec<_> = people.iter().chain(&strangers).collect();
    all_at_once(&world, &people).await;
    assert_eq!(deadlocks(&world).await, 0);
}

/// What comes while the user is about to go is found where both are held in order, not where one is held
/// already.
#[tokio::test]
async fn what_comes_at_the_last_moment_has_the_deletion_go_on() {
    let world = World::new().await;
    let goes = world.person("goes").await;
    let unaware = world.beside().await;
    let newcomer = unaware.person("newcomer").await;
    let user = id(&goes);
    order(&world.app, user, true).await.unwrap();
    assert!(claim(&world.app, user).await.unwrap());
    assert_eq!(step(&world.app, user).await.unwrap(), Progress::Removed(0));
    // A server that has not heard of the wish.
    let input = json!({ "userId": goes.id() });
    newcomer.mutate("requestFriendship", input, "").await;
    let removed = step(&world.app, user).await.unwrap();
    assert!(matches!(removed, Progress::Removed(1..)), "{removed:?}");
    let mut steps = 0;
    while step(&world.app, user).await.unwrap() != Progress::Gone {
        steps += 1;
    }
    assert!(steps < 10, "{steps}");
    look_again(&world, user).await;
    agrees(&world).await;
}
