//! Introductions, with their authors' lists and the counters of whom they are of.

use std::collections::BTreeMap;

use entity::{introduction, written_introduction};
use sea_orm::DbErr;
use uuid::Uuid;

use super::{
    Batch,
    counters::change,
    kept::Change,
    target::{Target, insert},
};

/// Introductions of friends, one an author and friend.
impl Batch for introduction::Model {
    const ROWS: usize = 5000;

    async fn write(to: Target<'_>, introductions: &[Self]) -> Result<(), DbErr> {
        insert(to, introductions).await?;
        let mut written: Vec<_> = introductions
            .iter()
            .map(|row| written_introduction::Model {
                author_id: row.author_id,
                subject_id: row.subject_id,
                id: row.id,
            })
            .collect();
        written.sort_unstable_by_key(|row| (row.author_id, row.subject_id));
        insert(to, &written).await?;
        let mut received: BTreeMap<[Uuid; 1], [i64; 1]> = BTreeMap::new();
        for row in introductions {
            let [count] = received.entry([row.subject_id]).or_default();
            *count += 1;
        }
        let columns = [("introduction_count", Change::Add)];
        change(to, "users", ["id"], columns, &received).await
    }
}
