//! How catalogue items are found.

use std::sync::Arc;

use entity::catalogue_item;
use foldhash::HashMap;
use uuid::Uuid;

use super::{node::CatalogueItem, store};
use crate::{
    error::Error,
    loaders::{Access, Loaders},
};

/// An item by id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ItemById(pub Uuid);

#[async_trait::async_trait]
impl Access for ItemById {
    type Value = Arc<catalogue_item::Model>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = store::items(&loaders.db(), &ids).await?;
        Ok(found
            .into_iter()
            .map(|(id, row)| (Self(id), Arc::new(row)))
            .collect())
    }
}

/// The titles of an item in further scripts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TitlesOf(pub Uuid);

#[async_trait::async_trait]
impl Access for TitlesOf {
    type Value = Arc<Vec<String>>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = store::titles(&loaders.db(), &ids).await?;
        Ok(found
            .into_iter()
            .map(|(id, titles)| (Self(id), Arc::new(titles)))
            .collect())
    }
}

/// The item with `id`.
///
/// # Errors
/// The database's.
pub async fn item(loaders: &Loaders, id: Uuid) -> Result<Option<CatalogueItem>, Error> {
    let row = loaders.load(ItemById(id)).await?;
    Ok(row.map(CatalogueItem::from))
}
