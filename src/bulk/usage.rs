//! What people say of themselves, and what they did by day.

use entity::{access_day, usage_day, user_fact};
use sea_orm::DbErr;

use super::{
    Batch,
    target::{Target, insert},
};
use crate::usage::store::add_access;

/// What users say of whom nothing is known yet.
impl Batch for user_fact::Model {
    const ROWS: usize = 5_000;

    async fn write(to: Target<'_>, facts: &[Self]) -> Result<(), DbErr> {
        insert(to, facts).await
    }
}

/// What users did, of whom nothing is counted yet.
impl Batch for usage_day::Model {
    const ROWS: usize = 10_000;

    async fn write(to: Target<'_>, days: &[Self]) -> Result<(), DbErr> {
        insert(to, days).await
    }
}

/// What everybody did.
impl Batch for access_day::Model {
    const ROWS: usize = 10_000;

    async fn write(to: Target<'_>, days: &[Self]) -> Result<(), DbErr> {
        match to {
            // A server may have counted something already.
            Target::Statements(tx) => add_access(&tx.sql, days).await,
            Target::Whole(_) => insert(to, days).await,
        }
    }
}
