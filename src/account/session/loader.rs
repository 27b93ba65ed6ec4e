//! How single sessions are found.

use entity::session;
use foldhash::{HashMap, HashMapExt};
use uuid::Uuid;

use super::store;
use crate::{
    error::Error,
    loaders::{Access, Loaders, parts},
};

/// A session that lives, by its key, (user, id), whosever it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SessionByKey(pub [Uuid; 2]);

#[async_trait::async_trait]
impl Access for SessionByKey {
    type Value = session::Model;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let keys: Vec<_> = keys.iter().map(|key| key.0).collect();
        let now = loaders.app.clock.now();
        let mut found = HashMap::new();
        for keys in parts(&keys, 1) {
            // A replica may not have heard of a sign-out yet.
            let db = loaders.app.database.reader();
            let rows = store::by_users_and_ids(db, keys).await?.into_iter();
            let living = rows.filter(|(_, row)| row.expires_at > now);
            found.extend(living.map(|(key, row)| (Self(key), row)));
        }
        Ok(found)
    }
}
