//! Kiriban, with the next one beside the owners' counters.

use std::collections::BTreeMap;

use entity::kiriban;
use sea_orm::DbErr;
use uuid::Uuid;

use super::{
    Batch,
    counters::{COUNTERS, change},
    kept::Change,
    target::{Target, insert},
};

/// Those that somebody has reached, and of each owner one at the most that is still to come.
impl Batch for kiriban::Model {
    const ROWS: usize = 10_000;

    async fn write(to: Target<'_>, kiribans: &[Self]) -> Result<(), DbErr> {
        insert(to, kiribans).await?;
        let coming = kiribans.iter().filter(|row| row.reached_at.is_none());
        let coming: BTreeMap<[Uuid; 1], [i64; 1]> =
            coming.map(|row| ([row.owner_id], [row.number])).collect();
        let columns = [("next_kiriban", Change::AtLeast)];
        change(to, COUNTERS, ["user_id"], columns, &coming).await
    }
}
