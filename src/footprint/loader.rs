//! How single footprints are found.

use std::sync::Arc;

use entity::{footprint, visitor};
use foldhash::{HashMap, HashMapExt};
use uuid::Uuid;

use super::store::{self, Count, visitors};
use crate::{
    block::loader::hidden,
    error::Error,
    loaders::{Access, Loaders, parts},
    rest::{loader::held_back, store::digests::Sequence},
    user::loader::counters,
};

/// How many footprints a viewer has, and how many are new, but for those of hidden users, and of the new ones those that
/// come while the viewer rests.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct SeenBy(Uuid);

#[async_trait::async_trait]
impl Access for SeenBy {
    type Value = Count;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let hidden = hidden(loaders).await?;
        let mut found = HashMap::new();
        // Only a viewer asks, and only for their own: there is one key.
        for key in keys {
            let row = counters(loaders, key.0).await?;
            let mut count = Count {
                all: row.footprint_count,
                new: row.new_footprint_count,
            };
            if !hidden.is_empty() {
                let (db, seen) = (&loaders.db(), row.seen_number);
                let less = store::count_by_visitors(db, key.0, hidden.ids(), seen).await?;
                count.all -= less.all;
                count.new -= less.new;
            }
            if count.new > 0 {
                let held = Sequence::Footprints;
                count.new -= held_back(loaders, key.0, held, row.seen_number).await?;
            }
            found.insert(key.clone(), count);
        }
        Ok(found)
    }
}

/// How many footprints the viewer `me` has, and how many are new, but for those of hidden users.
///
/// # Errors
/// The database's.
pub async fn count(loaders: &Loaders, me: Uuid) -> Result<Count, Error> {
    Ok(loaders.load(SeenBy(me)).await?.unwrap_or_default())
}

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

/// What is kept of a user as a visitor.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VisitorWith(pub Uuid);

#[async_trait::async_trait]
impl Access for VisitorWith {
    type Value = Arc<visitor::Model>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        // Only of the viewer is it asked. It decides who sees what: a replica could have what was
        // chosen before.
        let ids: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = visitors::of(loaders.app.database.reader(), &ids).await?;
        let found = found.into_iter();
        Ok(found.map(|(id, row)| (Self(id), Arc::new(row))).collect())
    }
}

/// What is kept of the viewer `me` as a visitor.
///
/// # Errors
/// The database's.
pub async fn as_visitor(loaders: &Loaders, me: Uuid) -> Result<Arc<visitor::Model>, Error> {
    let found = loaders.load(VisitorWith(me)).await?;
    found.ok_or_else(|| Error::internal("who has no row has the defaults"))
}

/// The last footprint that the viewer left with a user.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LeftWith(pub Uuid);

#[async_trait::async_trait]
impl Access for LeftWith {
    type Value = footprint::Model;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let Some(me) = loaders.viewer.id() else {
            return Ok(HashMap::new());
        };
        let mut all = HashMap::new();
        for keys in parts(keys, 1) {
            let owners: Vec<_> = keys.iter().map(|key| key.0).collect();
            let found = store::latest_with_each(&loaders.db(), &owners, me).await?;
            loaders.budget.read(found.values().map(|_| 0))?;
            all.extend(found.into_iter().map(|(owner, row)| (Self(owner), row)));
        }
        Ok(all)
    }
}
