//! What a replica found of diaries and comments, held to what is true now: an audience says who sees
//! a diary, and a replica may not have heard yet that it was changed, what its text is since, or that
//! it has gone. What is shown is the version that was decided about, so a page that is not as it is
//! now is read again at the primary: whole, and not shorter than it was asked for.

use entity::{diary, diary_comment};
use foldhash::{HashSet, HashSetExt};
use uuid::Uuid;

use super::{
    store::DiaryKey,
    versions::{Version, comments_there, versions},
};
use crate::{database::Reading, error::Error, loaders::Loaders};

/// The authors of those of `rows`, read at `db`, that are not there as they were read: one statement,
/// if `db` is a replica, and none otherwise.
///
/// # Errors
/// The database's.
pub async fn outdated<'r>(
    loaders: &Loaders,
    db: &Reading<'_>,
    rows: impl Iterator<Item = &'r diary::Model>,
) -> Result<HashSet<Uuid>, Error> {
    if !db.is_replica() {
        return Ok(HashSet::new());
    }
    let read: Vec<_> = rows
        .map(|row| ([row.author_id, row.id], Version::of(row)))
        .collect();
    let keys: Vec<_> = read.iter().map(|(key, _)| *key).collect();
    let viewer = loaders.viewer.id();
    let now = versions(loaders.app.database.reader(), &keys, viewer).await?;
    let is_so = |key, read| now.get(key).is_some_and(|(now, _)| now == read);
    let outdated = read.iter().filter(|(key, read)| !is_so(key, read));
    Ok(outdated.map(|([author, _], _)| *author).collect())
}

/// The diaries of those of `rows`, read at `db`, that have gone: as [`outdated`]. (A comment stays as
/// it was written.)
///
/// # Errors
/// The database's.
pub async fn with_gone<'r>(
    loaders: &Loaders,
    db: &Reading<'_>,
    rows: impl Iterator<Item = &'r diary_comment::Model>,
) -> Result<HashSet<DiaryKey>, Error> {
    if !db.is_replica() {
        return Ok(HashSet::new());
    }
    let keys: Vec<_> = rows
        .map(|row| [row.diary_author_id, row.diary_id, row.id])
        .collect();
    let there = comments_there(loaders.app.database.reader(), &keys).await?;
    let gone = keys.iter().filter(|key| !there.contains(*key));
    Ok(gone.map(|[author, diary, _]| [*author, *diary]).collect())
}
