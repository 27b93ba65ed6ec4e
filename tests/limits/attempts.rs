//! What the database keeps of attempts, and for how long.

use ashiato::housekeeping;
use chrono::Duration;
use entity::attempt;
use sea_orm::EntityTrait;
use sha2::{Digest, Sha256};

use super::{Caller, server};
use crate::support::server::Running;

async fn kept(server: &Running) -> Vec<attempt::Model> {
    let reader = server.app.database.reader();
    attempt::Entity::find().all(reader).await.unwrap()
}

#[tokio::test]
async fn of_who_tried_what_from_where_a_keyed_hash_is_kept() {
    let server = server(|_| {}).await;
    let other = super::server(|_| {}).await;
    for server in [&server, &other] {
        let caller = Caller::at(server, "192.0.2.1");
        caller.sign_in("hanako", "wrong").await;
    }
    let rows = kept(&server).await;
    let [row] = rows.as_slice() else {
        panic!("{rows:?}");
    };
    assert_eq!(row.attempt_hash.len(), 32);
    assert_eq!(
        row.times,
        server.app.clock.now().timestamp_millis().to_string()
    );
    // Not one that whoever knows the name works out for all addresses that there are.
    for text in ["hanako\x00192.0.2.1", "hanako192.0.2.1", "192.0.2.1"] {
        assert_ne!(row.attempt_hash, Sha256::digest(text).to_vec());
    }
    assert_eq!(row.attempt_hash, kept(&other).await[0].attempt_hash);
    let caller = Caller::at(&server, "192.0.2.2");
    caller.sign_in("hanako", "wrong").await;
    let hashes: Vec<_> = kept(&server).await;
    assert_ne!(hashes[0].attempt_hash, hashes[1].attempt_hash);
}

#[tokio::test]
async fn what_counts_no_more_goes() {
    let server = server(|limits| limits.max_sign_ins_per_minute = 0).await;
    server.named("hanako").await;
    let sweep = async || housekeeping::sweep(&server.app).await.unwrap().attempts;
    for last in 1..=3 {
        let caller = Caller::at(&server, &format!("192.0.2.{last}"));
        caller.sign_in("hanako", "wrong").await;
    }
    // What was right is kept no longer than until it is swept.
    let right = Caller::at(&server, "192.0.2.9");
    right.sign_in("hanako", super::RIGHT).await;
    assert_eq!(kept(&server).await.len(), 4);
    assert_eq!(sweep().await, 1);
    server.pass(Duration::minutes(30));
    let again = Caller::at(&server, "192.0.2.1");
    again.sign_in("hanako", "wrong").await;
    server.pass(Duration::minutes(30) + Duration::milliseconds(1));
    assert_eq!(sweep().await, 2);
    assert_eq!(kept(&server).await.len(), 1);
    server.pass(Duration::minutes(30));
    assert_eq!(sweep().await, 1);
    assert!(kept(&server).await.is_empty());
}
