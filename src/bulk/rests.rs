//! What people have chosen of rest, and what tells of rests that are over. What is kept of them as visitors says so, too,
//! and comes with the visitors.

use entity::{rest, rest_digest};
use sea_orm::DbErr;

use super::{
    Batch,
    target::{Target, insert},
};

/// Those of users who have chosen nothing yet, and have no session.
impl Batch for rest::Model {
    const ROWS: usize = 10_000;

    async fn write(to: Target<'_>, rests: &[Self]) -> Result<(), DbErr> {
        insert(to, rests).await
    }
}

/// Those of users who have none yet, with the numbers of what came.
impl Batch for rest_digest::Model {
    const ROWS: usize = 10_000;

    async fn write(to: Target<'_>, digests: &[Self]) -> Result<(), DbErr> {
        insert(to, digests).await
    }
}
