//! Photos, whose files are written already, with what they take, where they are shown and how many a diary has.

use std::collections::BTreeMap;

use entity::{
    photo,
    values::PhotoState::{Profile, Removed},
};
use sea_orm::DbErr;
use uuid::Uuid;

use super::{
    Batch,
    counters::{COUNTERS, change},
    kept::Change,
    target::{Target, insert},
};
use crate::sql::{Column, Sql};

/// Photos of owners who have none on their profiles yet.
impl Batch for photo::Model {
    const ROWS: usize = 5000;

    async fn write(to: Target<'_>, photos: &[Self]) -> Result<(), DbErr> {
        insert(to, photos).await?;
        let mut taken: BTreeMap<[Uuid; 1], [i64; 1]> = BTreeMap::new();
        let mut per_diary: BTreeMap<[Uuid; 2], [i64; 1]> = BTreeMap::new();
        let mut shown: BTreeMap<Uuid, Uuid> = BTreeMap::new();
        for photo in photos.iter().filter(|photo| photo.state != Removed) {
            let [bytes] = taken.entry([photo.owner_id]).or_default();
            *bytes += photo.bytes;
            if let Some(diary) = photo.diary_id {
                let [count] = per_diary.entry([photo.owner_id, diary]).or_default();
                *count += 1;
            }
            if photo.state == Profile {
                shown.insert(photo.owner_id, photo.id);
            }
        }
        let bytes = [("stored_bytes", Change::Add)];
        change(to, COUNTERS, ["user_id"], bytes, &taken).await?;
        let count = [("photo_count", Change::Add)];
        change(to, "diaries", ["author_id", "id"], count, &per_diary).await?;
        show(to, shown).await
    }
}

/// Puts each on the profile of its owner.
async fn show(to: Target<'_>, shown: BTreeMap<Uuid, Uuid>) -> Result<(), DbErr> {
    if shown.is_empty() {
        return Ok(());
    }
    let tx = match to {
        Target::Statements(tx) => tx,
        Target::Whole(copying) => {
            return copying.count("users", |kept| {
                for (owner, photo) in shown {
                    kept.keep_greatest("photo_id", owner, photo);
                }
            });
        }
    };
    let mut sql = Sql::of(&tx.sql);
    let d = sql.table(
        "d",
        vec![
            ("owner_id", Column::Ids(shown.keys().copied().collect())),
            ("id", Column::Ids(shown.values().copied().collect())),
        ],
    );
    let text = format!("UPDATE users SET photo_id = d.id FROM {d} WHERE users.id = d.owner_id");
    sql.run(&tx.sql, text).await?;
    Ok(())
}
