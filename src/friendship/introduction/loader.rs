//! How introductions are found.

use std::sync::Arc;

use entity::{introduction, user};
use foldhash::{HashMap, HashMapExt};
use uuid::Uuid;

use super::store::{self, IntroductionKey};
use crate::{
    block::loader::hidden,
    error::Error,
    loaders::{Access, Loaders, group_by, parts},
    paging::{Page, Slice},
};

/// An introduction by its key, unless whom it is of, or its author, is hidden.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IntroductionByKey {
    /// Which.
    pub key: IntroductionKey,
    /// Whether its text is read, too.
    pub texts: bool,
}

#[async_trait::async_trait]
impl Access for IntroductionByKey {
    type Value = Arc<introduction::Model>;

    /// One statement with texts, one without; one more for each further 2,000.
    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let hidden = hidden(loaders).await?;
        let mut found = HashMap::new();
        for (texts, keys) in group_by(keys, |key| key.texts) {
            let keys = keys
                .iter()
                .map(|key| key.key.map(|user| hidden.veiled(user)));
            let keys: Vec<_> = keys.collect();
            for keys in parts(&keys, 1) {
                let rows = store::introductions(&loaders.db(), keys, texts).await?;
                loaders
                    .budget
                    .read(rows.values().map(|row| row.body.len()))?;
                found.extend(
                    rows.into_iter()
                        .map(|(key, row)| (Self { key, texts }, Arc::new(row))),
                );
            }
        }
        Ok(found)
    }
}

/// A page of what was written of a user, but for what hidden users wrote.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IntroductionsOf {
    /// Of whom.
    pub subject: Uuid,
    /// Which part.
    pub page: Page<Uuid>,
}

#[async_trait::async_trait]
impl Access for IntroductionsOf {
    type Value = Arc<Slice<Arc<introduction::Model>>>;

    /// One statement for each distinct page.
    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let hidden = hidden(loaders).await?;
        let mut found = HashMap::new();
        for (page, keys) in group_by(keys, |key| key.page.clone()) {
            for keys in parts(&keys, page.limit) {
                let subjects: Vec<_> = keys.iter().map(|key| key.subject).collect();
                let db = &loaders.db();
                let pages = store::of_subjects(db, &subjects, &page, hidden.ids()).await?;
                let pages =
                    loaders.pages_of(keys, pages, |key| key.subject, |row| row.body.len())?;
                found.extend(pages.map(|(key, slice)| (key, Arc::new(slice.shared()))));
            }
        }
        Ok(found)
    }
}

/// How many of the introductions of a user are by users who are hidden from the viewer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct HiddenIntroductionsOf(Uuid);

#[async_trait::async_trait]
impl Access for HiddenIntroductionsOf {
    type Value = i64;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let hidden = hidden(loaders).await?;
        if hidden.is_empty() {
            return Ok(HashMap::new());
        }
        let subjects: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = store::count_by_authors(&loaders.db(), &subjects, hidden.ids()).await?;
        let found = found.into_iter();
        Ok(found.map(|(user, count)| (Self(user), count)).collect())
    }
}

/// How many introductions of `user` the viewer can see: no statement where nobody is hidden.
///
/// # Errors
/// The database's.
pub async fn introduction_count(loaders: &Loaders, user: &user::Model) -> Result<i64, Error> {
    if !loaders.may_hide() {
        return Ok(user.introduction_count);
    }
    let hidden = loaders.load(HiddenIntroductionsOf(user.id)).await?;
    Ok((user.introduction_count - hidden.unwrap_or_default()).max(0))
}
