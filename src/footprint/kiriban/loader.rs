//! How kiriban are found.

use std::sync::Arc;

use entity::kiriban;
use foldhash::{HashMap, HashMapExt};
use uuid::Uuid;

use super::store::{self, KiribanKey};
use crate::{
    block::loader::hidden,
    error::Error,
    loaders::{Access, Loaders, group_by, parts},
    paging::{Page, Slice},
    user::store as users,
};

/// A page of what a user has named.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KiribansOf {
    /// Who.
    pub owner: Uuid,
    /// Which part.
    pub page: Page<i64>,
}

#[async_trait::async_trait]
impl Access for KiribansOf {
    type Value = Arc<Slice<kiriban::Model>>;

    /// One statement for each distinct page.
    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        for (page, keys) in group_by(keys, |key| key.page.clone()) {
            for keys in parts(&keys, page.limit) {
                let owners: Vec<_> = keys.iter().map(|key| key.owner).collect();
                let pages = store::page(&loaders.db(), &owners, &page, true).await?;
                let pages = loaders.pages_of(keys, pages, |key| key.owner, |_| 0)?;
                found.extend(pages.map(|(key, slice)| (key, Arc::new(slice))));
            }
        }
        Ok(found)
    }
}

/// The number that a user has named and that is the next to come.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NextKiribanOf(pub Uuid);

#[async_trait::async_trait]
impl Access for NextKiribanOf {
    type Value = i64;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        for keys in parts(keys, 1) {
            let owners: Vec<_> = keys.iter().map(|key| key.0).collect();
            let counters = users::counters_of(&loaders.db(), &owners).await?;
            let coming = counters
                .into_values()
                .filter(|row| row.next_kiriban > row.visit_count);
            found.extend(coming.map(|row| (Self(row.user_id), row.next_kiriban)));
        }
        Ok(found)
    }
}

/// A kiriban by its key, unless its owner is hidden.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KiribanByKey(pub KiribanKey);

#[async_trait::async_trait]
impl Access for KiribanByKey {
    type Value = kiriban::Model;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let hidden = hidden(loaders).await?;
        let mut found = HashMap::new();
        for keys in parts(keys, 1) {
            let keys = keys.iter().map(|key| key.0);
            let keys: Vec<_> = keys
                .map(|(owner, number)| (hidden.veiled(owner), number))
                .collect();
            let rows = store::by_keys(&loaders.db(), &keys).await?;
            loaders.budget.read(rows.values().map(|_| 0))?;
            found.extend(rows.into_iter().map(|(key, row)| (Self(key), row)));
        }
        Ok(found)
    }
}
