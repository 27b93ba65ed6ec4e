//! How reviews and ratings are found.

use std::sync::Arc;

use entity::{item_rating, item_review, review, values::CatalogueKind};
use foldhash::{HashMap, HashMapExt};
use uuid::Uuid;

use super::store::{self, ReviewKey};
use crate::{
    block::loader::hidden,
    error::Error,
    friendship::loader::friend_ids,
    loaders::{Access, Loaders, group_by, parts},
    paging::{Page, Slice},
};

/// A review by its key, unless its author is hidden.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReviewByKey {
    /// Which.
    pub key: ReviewKey,
    /// Whether its text is read, too.
    pub texts: bool,
}

#[async_trait::async_trait]
impl Access for ReviewByKey {
    type Value = Arc<review::Model>;

    /// One statement with texts, one without; one more for each further 2,000.
    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let hidden = hidden(loaders).await?;
        let mut found = HashMap::new();
        for (texts, keys) in group_by(keys, |key| key.texts) {
            let keys = keys.iter().map(|key| {
                let [author, item] = key.key;
                [hidden.veiled(author), item]
            });
            let keys: Vec<_> = keys.collect();
            for keys in parts(&keys, 1) {
                let rows = store::reviews(&loaders.db(), keys, texts).await?;
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

/// The figures of an item.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RatingOf(pub Uuid);

#[async_trait::async_trait]
impl Access for RatingOf {
    type Value = Arc<item_rating::Model>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let items: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = store::ratings(&loaders.db(), &items).await?;
        Ok(found
            .into_iter()
            .map(|(id, row)| (Self(id), Arc::new(row)))
            .collect())
    }
}

/// A page of an author's reviews.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReviewsBy {
    /// Whose.
    pub author: Uuid,
    /// Which part.
    pub page: Page<Uuid>,
    /// Of items of this kind.
    pub kind: Option<CatalogueKind>,
}

#[async_trait::async_trait]
impl Access for ReviewsBy {
    type Value = Arc<Slice<Arc<review::Model>>>;

    /// One statement for each distinct page and kind.
    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        for ((page, kind), keys) in group_by(keys, |key| (key.page.clone(), key.kind)) {
            for keys in parts(&keys, page.limit) {
                let authors: Vec<_> = keys.iter().map(|key| key.author).collect();
                let db = &loaders.db();
                let pages = store::of_authors(db, &authors, &page, kind).await?;
                let pages =
                    loaders.pages_of(keys, pages, |key| key.author, |row| row.body.len())?;
                found.extend(pages.map(|(key, slice)| (key, Arc::new(slice.shared()))));
            }
        }
        Ok(found)
    }
}

/// A page of who reviewed an item, but for hidden users.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReviewersOf {
    /// Which item.
    pub item: Uuid,
    /// Which part.
    pub page: Page<Uuid>,
}

#[async_trait::async_trait]
impl Access for ReviewersOf {
    type Value = Arc<Slice<item_review::Model>>;

    /// One statement for each distinct page.
    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let hidden = hidden(loaders).await?;
        let mut found = HashMap::new();
        for (page, keys) in group_by(keys, |key| key.page.clone()) {
            let items: Vec<_> = keys.iter().map(|key| key.item).collect();
            let db = &loaders.db();
            let mut pages = store::of_items(db, &items, &page, hidden.ids()).await?;
            found.extend(keys.into_iter().map(|key| {
                let slice = pages.remove(&key.item).unwrap_or_default();
                (key.clone(), Arc::new(slice))
            }));
        }
        Ok(found)
    }
}

/// How many of the reviews of an item are by users who are hidden from the viewer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HiddenReviewsOf(pub Uuid);

#[async_trait::async_trait]
impl Access for HiddenReviewsOf {
    type Value = i64;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let hidden = hidden(loaders).await?;
        if hidden.is_empty() {
            return Ok(HashMap::new());
        }
        let items: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = store::count_by_authors(&loaders.db(), &items, hidden.ids()).await?;
        Ok(found
            .into_iter()
            .map(|(item, count)| (Self(item), count))
            .collect())
    }
}

/// A page of the reviews of an item by the viewer's friends.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FriendsReviewsOf {
    /// Which item.
    pub item: Uuid,
    /// Which part.
    pub page: Page<Uuid>,
}

#[async_trait::async_trait]
impl Access for FriendsReviewsOf {
    type Value = Arc<Slice<Arc<review::Model>>>;

    /// One statement for each distinct page, beside the one for the viewer's friends.
    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let friends = friend_ids(loaders, loaders.viewer.member()?.id).await?;
        let mut found = HashMap::new();
        for (page, keys) in group_by(keys, |key| key.page.clone()) {
            for keys in parts(&keys, page.limit) {
                let items: Vec<_> = keys.iter().map(|key| key.item).collect();
                let db = &loaders.db();
                let pages = store::of_items_by(db, &items, &friends, &page).await?;
                let pages = loaders.pages_of(keys, pages, |key| key.item, |row| row.body.len())?;
                found.extend(pages.map(|(key, slice)| (key, Arc::new(slice.shared()))));
            }
        }
        Ok(found)
    }
}
