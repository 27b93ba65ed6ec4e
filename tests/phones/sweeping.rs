//! What is swept out beside those who ask for codes.

use ashiato::phone::store;
use chrono::Duration;
use sea_orm::{ConnectionTrait, TransactionTrait};

use super::{NUMBER, code, is_verified, member, proved, verify, world, wrong};
use crate::support::{soon, sql};

/// One that is sent anew while the old one is swept out stays.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_a_code_that_is_renewed_meanwhile_stays() {
    let (world, outbox) = world().await;
    let me = member(&world, "me").await;
    code(&me, &outbox, NUMBER).await;
    world.clock.advance(Duration::hours(2));
    let db = world.app.database.reader();
    let renewing = sea_orm::Database::connect(&world.url).await.unwrap();
    let tx = renewing.begin().await.unwrap();
    let number = sql::own(db, "SELECT number_hash FROM phone_codes");
    let rows = db.query_all_raw(number).await.unwrap();
    let number: Vec<u8> = rows[0].try_get_by_index(0).unwrap();
    let hash = number.try_into().unwrap();
    let now = ashiato::clock::Clock::now(&*world.clock);
    let until = now + Duration::minutes(10);
    store::put_code(&tx, &hash, &[1; 32], until).await.unwrap();
    let app = world.app.clone();
    let sweeping = tokio::spawn(async move { ashiato::housekeeping::sweep(&app).await });
    // It waits for the row.
    let waits = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' \
        AND datname = current_database() AND query LIKE 'DELETE FROM phone_codes %'";
    soon(async {
        while db
            .query_all_raw(sql::own(db, waits))
            .await
            .unwrap()
            .is_empty()
        {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    })
    .await;
    tx.commit().await.unwrap();
    let swept = sweeping.await.unwrap().unwrap();
    assert_eq!(swept.phone_codes, 1, "the request of two hours ago alone");
    let left = "SELECT 1 FROM phone_codes";
    assert_eq!(db.query_all_raw(sql::own(db, left)).await.unwrap().len(), 1);
    renewing.close().await.unwrap();
    // What is renewed by a request is good.
    let sent = code(&me, &outbox, NUMBER).await;
    assert_ne!(sent, wrong(&sent));
    me.mutate("verifyPhoneNumber", proved(NUMBER, &sent), "")
        .await;
    assert!(is_verified(&me).await);
}

#[tokio::test]
async fn what_has_ended_goes() {
    let (world, outbox) = world().await;
    let me = member(&world, "me").await;
    let sent = code(&me, &outbox, NUMBER).await;
    verify(&me, NUMBER, &sent).await;
    code(&me, &outbox, "08011112222").await;
    let sweep = async || {
        let swept = ashiato::housekeeping::sweep(&world.app).await.unwrap();
        swept.phone_codes
    };
    assert_eq!(sweep().await, 0);
    world.clock.advance(Duration::minutes(61));
    assert_eq!(sweep().await, 3, "a code, and two requests");
    assert!(is_verified(&me).await);
}
