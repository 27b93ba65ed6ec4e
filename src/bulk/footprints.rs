//! Footprints, with their owners' counters, and what visitors have chosen.

use std::collections::BTreeMap;

use entity::{footprint, visitor};
use sea_orm::DbErr;
use uuid::Uuid;

use super::{
    Batch,
    counters::{COUNTERS, change},
    kept::Change,
    target::{Target, insert},
};
use crate::sql::Sql;

/// Footprints numbered on from their owner's last: all of them new to the owner.
impl Batch for footprint::Model {
    const ROWS: usize = 10_000;

    async fn write(to: Target<'_>, footprints: &[Self]) -> Result<(), DbErr> {
        insert(to, footprints).await?;
        let mut counters: BTreeMap<[Uuid; 1], [i64; 3]> = BTreeMap::new();
        for footprint in footprints {
            let [visits, left, new] = counters.entry([footprint.owner_id]).or_default();
            *visits = footprint.number.max(*visits);
            *left += 1;
            *new += 1;
        }
        let columns = [
            ("visit_count", Change::AtLeast),
            ("footprint_count", Change::Add),
            ("new_footprint_count", Change::Add),
        ];
        change(to, COUNTERS, ["user_id"], columns, &counters).await
    }
}

/// An owner has looked at the list of footprints: all that are there are seen.
#[derive(Clone, Copy, Debug)]
pub struct Seen(
    /// The owner.
    pub Uuid,
);

impl Batch for Seen {
    const ROWS: usize = 20_000;

    async fn write(to: Target<'_>, owners: &[Self]) -> Result<(), DbErr> {
        let owners: Vec<_> = owners.iter().map(|Self(owner)| *owner).collect();
        let tx = match to {
            Target::Statements(tx) => tx,
            Target::Whole(copying) => {
                return copying.count(COUNTERS, |kept| {
                    for owner in owners {
                        let key = [owner, Uuid::nil()];
                        let visits = kept.get(key, "visit_count");
                        kept.set(key, "seen_number", Change::AtLeast, visits);
                        kept.set(key, "new_footprint_count", Change::Add, 0);
                    }
                });
            }
        };
        let mut sql = Sql::of(&tx.sql);
        let among = sql.among("user_id", &owners);
        let text = format!(
            "UPDATE user_counters SET seen_number = visit_count, new_footprint_count = 0 \
             WHERE {among}"
        );
        sql.run(&tx.sql, text).await?;
        Ok(())
    }
}

/// Visitors of whom nothing is kept yet.
impl Batch for visitor::Model {
    const ROWS: usize = 10_000;

    async fn write(to: Target<'_>, visitors: &[Self]) -> Result<(), DbErr> {
        insert(to, visitors).await
    }
}
