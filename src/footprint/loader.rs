//! How single footprints are found.

use std::collections::HashMap;

use entity::footprint;
use uuid::Uuid;

use super::store;
use crate::{
    error::Error,
    loaders::{Access, Loaders},
};

/// A footprint by its key, (owner, id), whosever it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FootprintByKey(pub [Uuid; 2]);

#[async_trait::async_trait]
impl Access for FootprintByKey {
    type Value = footprint::Model;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let keys: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = store::by_owners_and_ids(&loaders.db(), &keys).await?;
        Ok(found
            .into_iter()
            .map(|(key, row)| (Self(key), row))
            .collect())
    }
}
