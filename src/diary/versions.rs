//! The SQL that tells what is true now of diaries and comments that were read before, or elsewhere.

use chrono::{DateTime, Utc};
use entity::{diary, values::Audience};
use foldhash::{HashMap, HashSet};
use sea_orm::{ConnectionTrait, DbErr};

use super::store::{CommentKey, DiaryKey};
use crate::sql::Sql;

/// What tells one version of a diary from another, as far as it matters who sees which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// Who sees it.
    pub audience: Audience,
    /// When its author last changed anything.
    pub edited_at: Option<DateTime<Utc>>,
}

impl Version {
    /// That of `row`.
    pub fn of(row: &diary::Model) -> Self {
        Self {
            audience: row.audience,
            edited_at: row.edited_at,
        }
    }
}

/// The versions of the diaries with `keys`, of those that are there.
pub async fn versions(
    db: &impl ConnectionTrait,
    keys: &[DiaryKey],
) -> Result<HashMap<DiaryKey, Version>, DbErr> {
    let mut sql = Sql::of(db);
    let p = sql.keys("p", keys);
    let on_shards = sql.on_shards(&["t.author_id", "t.id"], keys);
    let text = format!(
        "SELECT t.author_id, t.id, t.audience, t.edited_at FROM {p} CROSS JOIN diaries AS t \
         WHERE t.author_id = p.k0 AND t.id = p.k1{on_shards}"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter()
        .map(|row| {
            let key = [row.try_get_by_index(0)?, row.try_get_by_index(1)?];
            let version = Version {
                audience: row.try_get_by_index(2)?,
                edited_at: row.try_get_by_index(3)?,
            };
            Ok((key, version))
        })
        .collect()
}

/// Which of the comments with `keys` are there.
pub async fn comments_there(
    db: &impl ConnectionTrait,
    keys: &[CommentKey],
) -> Result<HashSet<CommentKey>, DbErr> {
    let mut sql = Sql::of(db);
    let p = sql.keys("p", keys);
    let columns = ["t.diary_author_id", "t.diary_id", "t.id"];
    let on_shards = sql.on_shards(&columns, keys);
    let text = format!(
        "SELECT p.k0, p.k1, p.k2 FROM {p} CROSS JOIN diary_comments AS t \
         WHERE t.diary_author_id = p.k0 AND t.diary_id = p.k1 AND t.id = p.k2{on_shards}"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter()
        .map(|row| {
            let part = |index| row.try_get_by_index(index);
            Ok([part(0)?, part(1)?, part(2)?])
        })
        .collect()
}
