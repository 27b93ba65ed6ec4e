//! How what users say about themselves is found.

use std::sync::Arc;

use entity::user_fact;
use foldhash::{HashMap, HashMapExt};
use uuid::Uuid;

use super::store;
use crate::{
    error::Error,
    loaders::{Access, Loaders, parts},
};

/// What a user said, and to whom: whoever asks decides then who sees it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FactsOf(pub Uuid);

#[async_trait::async_trait]
impl Access for FactsOf {
    type Value = Arc<user_fact::Model>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let mut found = HashMap::new();
        for ids in parts(&ids, 1) {
            // The audiences say who sees what: a replica may not have heard of a change.
            let mut rows = store::of(loaders.app.database.reader(), ids).await?;
            loaders.budget.read(rows.values().map(|_| 0))?;
            found.extend(ids.iter().map(|id| {
                let row = rows.remove(id);
                let row = row.unwrap_or_else(|| user_fact::Model::unsaid(*id));
                (Self(*id), Arc::new(row))
            }));
        }
        Ok(found)
    }
}
