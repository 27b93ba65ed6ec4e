//! How diaries and comments are found. What is hidden is not found.

use std::sync::Arc;

use entity::{diary, diary_comment, user};
use foldhash::{HashMap, HashMapExt};
use futures_util::future::{try_join, try_join_all};
use uuid::Uuid;

use super::{
    confirm, grouped,
    node::Diary,
    store::{self, CommentKey, DiaryKey},
    versions::versions,
};
use crate::{
    block::loader::hidden,
    cache::{Kept, Key},
    error::Error,
    friendship::loader::{Standing, relation_to},
    loaders::{Access, Firsts, Loaders, group_by, parts},
    paging::{First, Page, Slice},
    user::store as users,
    visibility::{self, Relation},
};

/// A diary by its key, if the viewer may see it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct DiaryByKey(DiaryKey);

#[async_trait::async_trait]
impl Access for DiaryByKey {
    type Value = Arc<diary::Model>;

    /// What is hidden takes as long as what is absent, and counts as little: before any text is
    /// read, who sees what is decided, by what is true now. One statement for that beside the
    /// relations', and one for what is seen: at the primary, and decided about once more, for a
    /// diary may have been changed between the two.
    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let keys: Vec<_> = keys.iter().map(|key| key.0).collect();
        let relations = keys.iter().map(|[author, _]| relation_to(loaders, *author));
        let relations = try_join_all(relations).await?;
        let mut found = HashMap::new();
        for (keys, relations) in parts(&keys, 1).zip(parts(&relations, 1)) {
            let db = loaders.app.database.reader();
            let versions = versions(db, keys, loaders.viewer.id()).await?;
            let seen: HashMap<_, _> = keys
                .iter()
                .zip(relations)
                .filter_map(|(key, relation)| {
                    let (version, in_group) = versions.get(key)?;
                    let seen = visibility::may_see(version.audience, *relation, *in_group);
                    seen.then_some((*key, (*relation, version.group_id)))
                })
                .collect();
            if seen.is_empty() {
                continue;
            }
            let shown: Vec<_> = seen.keys().copied().collect();
            let mut rows = store::diaries(db, &shown).await?;
            rows.retain(|key, row| {
                seen.get(key).is_some_and(|(relation, group)| {
                    // The same group: in it the viewer is.
                    let in_group = row.group_id == *group;
                    visibility::may_see(row.audience, *relation, in_group)
                })
            });
            loaders
                .budget
                .read(rows.values().map(|row| row.body.len()))?;
            found.extend(
                rows.into_iter()
                    .map(|(key, row)| (Self(key), Arc::new(row))),
            );
        }
        Ok(found)
    }
}

/// The diary with `key`, if there is one that the viewer may see.
///
/// # Errors
/// The database's.
pub async fn visible(loaders: &Loaders, key: DiaryKey) -> Result<Option<Diary>, Error> {
    Ok(loaders.load(DiaryByKey(key)).await?.map(Diary::from))
}

/// The rows of those of the diaries with `keys` that the viewer may see, each at its key's place.
///
/// # Errors
/// The database's.
pub async fn visible_rows(
    loaders: &Loaders,
    keys: impl IntoIterator<Item = DiaryKey>,
) -> Result<Vec<Option<Arc<diary::Model>>>, Error> {
    let keys = keys.into_iter().map(DiaryByKey).collect();
    loaders.load_many(keys).await
}

/// A page of an author's diaries, as somebody in `relation` to the author sees them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DiariesOf {
    /// Whose.
    pub author: Uuid,
    /// Which part.
    pub page: Page<Uuid>,
    /// What the viewer is to the author.
    pub relation: Relation,
}

#[async_trait::async_trait]
impl Access for DiariesOf {
    type Value = Arc<Slice<Arc<diary::Model>>>;

    /// One statement for each distinct page and relation; at a replica another, which confirms what
    /// it found, and a third at the primary where that is not so any more.
    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        for ((page, relation), keys) in group_by(keys, |key| (key.page.clone(), key.relation)) {
            let audiences = visibility::visible_audiences(relation);
            // The newest, without their bodies.
            let is_first = page.is_first() && !page.texts;
            let kept = is_first.then_some(0);
            let firsts = Firsts::new(loaders, page.limit, kept, |key: &Self, _| {
                Key::Diaries(key.author, key.relation)
            });
            let keys = firsts.find(keys, &mut found)?;
            for keys in parts(&keys, page.limit) {
                let authors: Vec<_> = keys.iter().map(|key| key.author).collect();
                let (db, reading) = firsts.reading(keys);
                let mut pages = store::diaries_page(&db, &authors, &page, audiences).await?;
                let rows = pages.values().flat_map(|slice| &slice.rows);
                loaders
                    .budget
                    .read(rows.clone().map(|row| row.body.len()))?;
                let outdated = confirm::outdated(loaders, &db, rows).await?;
                if !outdated.is_empty() {
                    pages.retain(|author, _| !outdated.contains(author));
                    let authors: Vec<_> = outdated.into_iter().collect();
                    let db = loaders.app.database.reader();
                    let again = store::diaries_page(db, &authors, &page, audiences).await?;
                    let rows = again.values().flat_map(|slice| &slice.rows);
                    loaders.budget.read(rows.map(|row| row.body.len()))?;
                    pages.extend(again);
                }
                found.extend(keys.iter().map(|key| {
                    let slice = pages.remove(&key.author).unwrap_or_default();
                    firsts.keep(&reading, key, slice.shared())
                }));
            }
        }
        Ok(found)
    }
}

/// A user's row as it is now, whatever a replica has: for its counters of diaries.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct AuthorNow(Uuid);

#[async_trait::async_trait]
impl Access for AuthorNow {
    type Value = Arc<user::Model>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let rows = users::by_ids(loaders.app.database.reader(), &ids).await?;
        let found = rows.into_iter();
        Ok(found.map(|(id, row)| (Self(id), Arc::new(row))).collect())
    }
}

/// How many diaries of `author` who has this `standing` may see. One statement for all authors of a
/// level where a replica was read: it may count those yet that are not for the viewer any more. And one
/// where the viewer sees diaries for groups.
///
/// # Errors
/// The database's.
pub async fn diary_count(
    loaders: &Loaders,
    author: &Arc<user::Model>,
    standing: Standing,
) -> Result<i64, Error> {
    let in_groups = grouped::count(loaders, author.id, standing);
    let now = async {
        if !loaders.app.database.has_replicas() {
            return Ok(Some(author.clone()));
        }
        loaders.load(AuthorNow(author.id)).await
    };
    let (in_groups, now) = try_join(in_groups, now).await?;
    Ok(now.map_or(0, |author| {
        visibility::visible_diaries(&author, standing.relation, in_groups)
    }))
}

/// A page of the comments under a diary that the viewer may see, but for those of hidden users.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CommentsOf {
    /// Under which diary.
    pub diary: DiaryKey,
    /// Which part.
    pub page: Page<Uuid>,
}

#[async_trait::async_trait]
impl Access for CommentsOf {
    type Value = Arc<Slice<Arc<diary_comment::Model>>>;

    /// One statement for each distinct page; of a replica's more, as for the diaries of an author.
    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let hidden = hidden(loaders).await?;
        let mut found = HashMap::new();
        for (page, keys) in group_by(keys, |key| key.page.clone()) {
            // The oldest, as they are for everybody who blocks nobody.
            let kept = hidden.common().filter(|_| page.is_first());
            let firsts = Firsts::new(loaders, page.limit, kept, |key: &Self, number| {
                Key::Comments(key.diary, key.page.texts, number)
            });
            let keys = firsts.find(keys, &mut found)?;
            for keys in parts(&keys, page.limit) {
                let diaries: Vec<_> = keys.iter().map(|key| key.diary).collect();
                let (db, reading) = firsts.reading(keys);
                let mut pages = store::comments_page(&db, &diaries, &page, hidden.ids()).await?;
                let rows = pages.values().flat_map(|slice| &slice.rows);
                loaders
                    .budget
                    .read(rows.clone().map(|row| row.body.len()))?;
                let outdated = confirm::with_gone(loaders, &db, rows).await?;
                if !outdated.is_empty() {
                    pages.retain(|diary, _| !outdated.contains(diary));
                    let diaries: Vec<_> = outdated.into_iter().collect();
                    let db = loaders.app.database.reader();
                    let again = store::comments_page(db, &diaries, &page, hidden.ids()).await?;
                    let rows = again.values().flat_map(|slice| &slice.rows);
                    loaders.budget.read(rows.map(|row| row.body.len()))?;
                    pages.extend(again);
                }
                found.extend(keys.iter().map(|key| {
                    let slice = pages.remove(&key.diary).unwrap_or_default();
                    firsts.keep(&reading, key, slice.shared())
                }));
            }
        }
        Ok(found)
    }
}

impl Kept for First<Arc<diary::Model>> {
    fn size(&self) -> usize {
        let titles: usize = self.rows.iter().map(|row| row.title.len()).sum();
        titles + self.rows.len() * size_of::<diary::Model>()
    }
}

impl Kept for First<Arc<diary_comment::Model>> {
    fn size(&self) -> usize {
        let texts: usize = self.rows.iter().map(|row| row.body.len()).sum();
        texts + self.rows.len() * size_of::<diary_comment::Model>()
    }
}

/// How many of the comments under a diary are hidden from the viewer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct HiddenCommentsOf(DiaryKey);

#[async_trait::async_trait]
impl Access for HiddenCommentsOf {
    type Value = i64;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let hidden = hidden(loaders).await?;
        if hidden.is_empty() {
            return Ok(HashMap::new());
        }
        let diaries: Vec<_> = keys.iter().map(|key| key.0).collect();
        let db = loaders.app.database.reader();
        let found = store::comments_of_authors(db, &diaries, hidden.ids()).await?;
        Ok(found
            .into_iter()
            .map(|(key, count)| (Self(key), count))
            .collect())
    }
}

/// How many comments under `diary` the viewer can see: no statement where nobody is hidden.
///
/// # Errors
/// The database's.
pub async fn comment_count(loaders: &Loaders, diary: &Diary) -> Result<i64, Error> {
    if !loaders.may_hide() {
        return Ok(diary.comments_of_all);
    }
    let hidden = loaders.load(HiddenCommentsOf(diary.key)).await?;
    Ok((diary.comments_of_all - hidden.unwrap_or_default()).max(0))
}

/// A comment by its key, whether the viewer may see it or not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CommentByKey(pub CommentKey);

#[async_trait::async_trait]
impl Access for CommentByKey {
    type Value = Arc<diary_comment::Model>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let keys: Vec<_> = keys.iter().map(|key| key.0).collect();
        // A replica may not have heard that it has gone.
        let found = store::comments(loaders.app.database.reader(), &keys).await?;
        Ok(found
            .into_iter()
            .map(|(key, row)| (Self(key), Arc::new(row)))
            .collect())
    }
}
