//! The SQL that tells what is true now of diaries and comments: who sees them, and whether they are as
//! they were read before, or elsewhere.

use chrono::{DateTime, Utc};
use entity::{diary, values::Audience};
use foldhash::{HashMap, HashSet};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::store::{CommentKey, DiaryKey};
use crate::{block::store::unless_blocked, sql::Sql};

/// What tells one version of a diary from another, as far as it matters who sees which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// Who sees it.
    pub audience: Audience,
    /// The group that sees it, where that is the audience.
    pub group_id: Option<Uuid>,
    /// When its author last changed anything.
    pub edited_at: Option<DateTime<Utc>>,
}

impl Version {
    /// That of `row`.
    pub fn of(row: &diary::Model) -> Self {
        Self {
            audience: row.audience,
            group_id: row.group_id,
            edited_at: row.edited_at,
        }
    }
}

/// The versions of the diaries with `keys`, of those that are there, and whether each is for a group that
/// `viewer` is in.
pub async fn versions(
    db: &impl ConnectionTrait,
    keys: &[DiaryKey],
    viewer: Option<Uuid>,
) -> Result<HashMap<DiaryKey, (Version, bool)>, DbErr> {
    let mut sql = Sql::of(db);
    let p = sql.keys("p", keys);
    // Nobody has the id of who is not signed in.
    let viewer = sql.bind(viewer.unwrap_or_default());
    let on_shards = sql.on_shards(&["t.author_id", "t.id"], keys);
    let text = format!(
        "SELECT t.author_id, t.id, t.audience, t.group_id, t.edited_at, m.friend_id IS NOT NULL \
         FROM {p} CROSS JOIN diaries AS t LEFT JOIN friend_group_members AS m \
         ON m.owner_id = t.author_id AND m.group_id = t.group_id AND m.friend_id = {viewer} \
         WHERE t.author_id = p.k0 AND t.id = p.k1{on_shards}"
    );
    let rows = sql.rows(db, text).await?;
    rows.iter()
        .map(|row| {
            let key = [row.try_get_by_index(0)?, row.try_get_by_index(1)?];
            let version = Version {
                audience: row.try_get_by_index(2)?,
                group_id: row.try_get_by_index(3)?,
                edited_at: row.try_get_by_index(4)?,
            };
            Ok((key, (version, row.try_get_by_index(5)?)))
        })
        .collect()
}

/// Whom a diary is for.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// The audience.
    pub audience: Audience,
    /// Whether that is a group that who asks is in.
    pub in_group: bool,
}

/// Whom the diary with `key` is for, unless there is a block between `me` and its author: what is
/// hidden takes as long as what is absent. Where it is `held`, it stays so until the transaction ends
/// (SQLite has one writer); nobody waits for a hidden one: that would tell that it is there.
pub async fn shown_unless_blocked(
    db: &impl ConnectionTrait,
    me: Uuid,
    [author, id]: DiaryKey,
    held: bool,
) -> Result<Option<Shown>, DbErr> {
    let mut sql = Sql::of(db);
    let (author, id) = (sql.bind(author), sql.bind(id));
    let unless_blocked = unless_blocked(&mut sql, "t.author_id", me);
    let me = sql.bind(me);
    let hold = match held && sql.is_postgres() {
        true => " FOR NO KEY UPDATE OF t",
        false => "",
    };
    // Of the groups that are the viewer's, not of all who are in the diary's: those can be many.
    let text = format!(
        "SELECT t.audience, coalesce(t.group_id IN (SELECT m.group_id \
         FROM friend_group_members AS m WHERE m.owner_id = {author} AND m.friend_id = {me}), false) \
         FROM diaries AS t WHERE t.author_id = {author} AND t.id = {id} AND {unless_blocked}{hold}"
    );
    let rows = sql.rows(db, text).await?;
    let shown = rows.first().map(|row| {
        Ok(Shown {
            audience: row.try_get_by_index(0)?,
            in_group: row.try_get_by_index(1)?,
        })
    });
    shown.transpose()
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
