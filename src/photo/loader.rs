//! How photos are found.

use std::sync::Arc;

use entity::photo;
use foldhash::{HashMap, HashMapExt};

use super::store::{self, PhotoKey};
use crate::{
    error::Error,
    loaders::{Access, Loaders, parts},
};

/// A photo by its key, whoever sees it, and whatever has become of it: whoever asks decides then.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PhotoByKey(pub PhotoKey);

#[async_trait::async_trait]
impl Access for PhotoByKey {
    type Value = Arc<photo::Model>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let keys: Vec<_> = keys.iter().map(|key| key.0).collect();
        let mut found = HashMap::new();
        for keys in parts(&keys, 1) {
            // Where it is used says who sees it: a replica may not have heard of a change.
            let rows = store::photos(loaders.app.database.reader(), keys).await?;
            loaders.budget.read(rows.values().map(|_| 0))?;
            let rows = rows.into_iter();
            found.extend(rows.map(|(key, row)| (Self(key), Arc::new(row))));
        }
        Ok(found)
    }
}

/// The photos that stand in a diary, for who sees it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PhotosIn(pub [uuid::Uuid; 2]);

#[async_trait::async_trait]
impl Access for PhotosIn {
    type Value = Arc<Vec<Arc<photo::Model>>>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let keys: Vec<_> = keys.iter().map(|key| key.0).collect();
        let mut found = HashMap::new();
        for keys in parts(&keys, 4) {
            let photos = store::of_diaries(loaders.app.database.reader(), keys).await?;
            loaders.budget.read(photos.values().flatten().map(|_| 0))?;
            found.extend(photos.into_iter().map(|(key, photos)| {
                let photos = photos.into_iter().map(Arc::new).collect();
                (Self(key), Arc::new(photos))
            }));
        }
        Ok(found)
    }
}
