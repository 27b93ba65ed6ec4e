//! How the plan of the viewer is found, and their orders.

use std::sync::Arc;

use entity::order;
use foldhash::{HashMap, HashMapExt};
use uuid::Uuid;

use super::store::{self, OrderKey};
use crate::{
    error::Error,
    loaders::{Access, Loaders},
};

/// The order whose plan is in effect for a user.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct InEffect(Uuid);

#[async_trait::async_trait]
impl Access for InEffect {
    type Value = Arc<order::Model>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let now = loaders.app.clock.now();
        let mut found = HashMap::new();
        // Only a viewer asks, and only for their own: there is one key. Who has just paid sees it, whatever a
        // replica has.
        for key in keys {
            let row = store::in_effect(loaders.app.database.reader(), key.0, now).await?;
            found.extend(row.map(|row| (key.clone(), Arc::new(row))));
        }
        Ok(found)
    }
}

/// The order whose plan is in effect for the viewer `me`.
///
/// # Errors
/// The database's.
pub async fn in_effect(loaders: &Loaders, me: Uuid) -> Result<Option<Arc<order::Model>>, Error> {
    loaders.load(InEffect(me)).await
}

/// An order by its key, whosever it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OrderByKey(pub OrderKey);

#[async_trait::async_trait]
impl Access for OrderByKey {
    type Value = Arc<order::Model>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let keys: Vec<_> = keys.iter().map(|key| key.0).collect();
        let db = loaders.app.database.reader();
        let found = store::by_users_and_ids(db, &keys).await?.into_iter();
        Ok(found.map(|(key, row)| (Self(key), Arc::new(row))).collect())
    }
}
