//! How artists, and what they made, are found.

use std::sync::Arc;

use entity::{artist, catalogue_item, values::CatalogueKind};
use foldhash::{HashMap, HashMapExt};
use uuid::Uuid;

use super::{node::Artist, store};
use crate::{
    error::Error,
    loaders::{Access, Loaders, group_by, parts},
    paging::{Page, Slice},
};

/// An artist by id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ArtistById(pub Uuid);

#[async_trait::async_trait]
impl Access for ArtistById {
    type Value = Arc<artist::Model>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = store::artists(&loaders.db(), &ids).await?.into_iter();
        Ok(found.map(|(id, row)| (Self(id), Arc::new(row))).collect())
    }
}

/// The names of an artist in further scripts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OtherNamesOf(pub Uuid);

#[async_trait::async_trait]
impl Access for OtherNamesOf {
    type Value = Arc<Vec<String>>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = store::other_names(&loaders.db(), &ids).await?.into_iter();
        Ok(found
            .map(|(id, names)| (Self(id), Arc::new(names)))
            .collect())
    }
}

/// A page of an artist's CDs and songs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ItemsBy {
    /// Whose.
    pub artist: Uuid,
    /// Which part.
    pub page: Page<Uuid>,
    /// Of this kind alone.
    pub kind: Option<CatalogueKind>,
}

#[async_trait::async_trait]
impl Access for ItemsBy {
    type Value = Arc<Slice<Arc<catalogue_item::Model>>>;

    /// One statement for each distinct page and kind.
    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        for ((page, kind), keys) in group_by(keys, |key| (key.page.clone(), key.kind)) {
            for keys in parts(&keys, page.limit) {
                let artists: Vec<_> = keys.iter().map(|key| key.artist).collect();
                let pages = store::items(&loaders.db(), &artists, &page, kind).await?;
                let pages =
                    loaders.pages_of(keys, pages, |key| key.artist, |row| row.title.len())?;
                found.extend(pages.map(|(key, slice)| (key, Arc::new(slice.shared()))));
            }
        }
        Ok(found)
    }
}

/// The artist with `id`.
///
/// # Errors
/// The database's.
pub async fn artist(loaders: &Loaders, id: Uuid) -> Result<Option<Artist>, Error> {
    let row = loaders.load(ArtistById(id)).await?;
    Ok(row.map(Artist::from))
}
