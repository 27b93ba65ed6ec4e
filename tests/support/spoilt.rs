//! What a recount says of a database in which something is wrong.

use ashiato::bulk::recount::recount;
use sea_orm::{ConnectionTrait, TransactionTrait};

/// The checks that fail in the database at `url` once `spoil` has run there, which is taken back.
pub async fn checks(url: &str, spoil: &str) -> Vec<String> {
    let db = sea_orm::Database::connect(url).await.unwrap();
    let tx = db.begin().await.unwrap();
    tx.execute_unprepared(spoil).await.unwrap();
    let found = recount(&tx).await.unwrap();
    tx.rollback().await.unwrap();
    found.into_iter().map(|found| found.check).collect()
}
