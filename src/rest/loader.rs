//! How rests are found, and what came in them.

use std::sync::Arc;

use entity::{rest, rest_digest};
use foldhash::{HashMap, HashMapExt};
use uuid::Uuid;

use super::{
    choice::Choice,
    store::{
        self,
        digests::{self, Sequence},
    },
};
use crate::{
    block::loader::hidden,
    error::Error,
    loaders::{Access, Loaders, group_by, parts},
};

/// What a user has chosen of rest.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RestOf(pub Uuid);

#[async_trait::async_trait]
impl Access for RestOf {
    type Value = Arc<rest::Model>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        for keys in parts(keys, 1) {
            let users: Vec<_> = keys.iter().map(|key| key.0).collect();
            // It decides what is shown: a replica could have what was chosen before.
            let rows = store::of(loaders.app.database.reader(), &users).await?;
            loaders.budget.read(rows.values().map(|_| 0))?;
            found.extend(rows.into_iter().map(|(id, row)| (Self(id), Arc::new(row))));
        }
        Ok(found)
    }
}

/// Whether `user` rests now, and has friends see it.
///
/// # Errors
/// The database's.
pub async fn is_shown_resting(loaders: &Loaders, user: Uuid) -> Result<bool, Error> {
    let now = loaders.app.clock.now();
    let row = loaders.load(RestOf(user)).await?;
    Ok(row.is_some_and(|row| row.is_shown && Choice::from(&*row).at(now).is_some()))
}

/// How much of `sequence` came to the viewer `me` since they rest, with numbers over `seen`: it is not shown as new
/// yet. No statement of who has never chosen to rest, and one of who does not now.
///
/// # Errors
/// The database's.
pub async fn held_back(
    loaders: &Loaders,
    me: Uuid,
    sequence: Sequence,
    seen: i64,
) -> Result<i64, Error> {
    if !loaders.may_rest() {
        return Ok(0);
    }
    let row = loaders.load(RestOf(me)).await?;
    let now = loaders.app.clock.now();
    let Some(rest) = row.and_then(|row| Choice::from(&*row).at(now)) else {
        return Ok(0);
    };
    let hidden = hidden(loaders).await?;
    let within = (rest.since, None);
    let came = digests::came(&loaders.db(), me, sequence, seen, within, hidden.ids()).await?;
    Ok(came.count)
}

/// A rest that is over, by its key, (user, id), whosever it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DigestByKey(pub [Uuid; 2]);

#[async_trait::async_trait]
impl Access for DigestByKey {
    type Value = rest_digest::Model;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let keys: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = digests::by_users_and_ids(&loaders.db(), &keys).await?;
        let found = found.into_iter();
        Ok(found.map(|(key, row)| (Self(key), row)).collect())
    }
}

/// How much is there still of what came to the viewer in a rest.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CountOf {
    /// The viewer.
    pub me: Uuid,
    /// Of what.
    pub sequence: Sequence,
    /// The first and the last of its numbers.
    pub range: [i64; 2],
}

#[async_trait::async_trait]
impl Access for CountOf {
    type Value = i64;

    /// One statement for each sequence.
    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let hidden = hidden(loaders).await?;
        let db = &loaders.db();
        let mut found = HashMap::new();
        for ((me, sequence), keys) in group_by(keys, |key| (key.me, key.sequence)) {
            let ranges: Vec<_> = keys.iter().map(|key| key.range).collect();
            let counts = digests::counts(db, me, sequence, &ranges, hidden.ids()).await?;
            found.extend(keys.into_iter().map(|key| {
                let [first, _] = key.range;
                (key.clone(), counts.get(&first).copied().unwrap_or(0))
            }));
        }
        Ok(found)
    }
}
