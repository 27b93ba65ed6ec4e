//! How notifications, and the viewer's inbox, are found.

use std::sync::Arc;

use entity::{inbox, notification};
use foldhash::{HashMap, HashMapExt};
use uuid::Uuid;

use super::store::{self, NotificationKey};
use crate::{
    block::loader::hidden,
    error::Error,
    loaders::{Access, Loaders},
    rest::{loader::held_back, store::digests::Sequence},
};

/// The inbox of the viewer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InboxOf(pub Uuid);

#[async_trait::async_trait]
impl Access for InboxOf {
    type Value = Arc<inbox::Model>;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        // Only a viewer asks, and only for their own: there is one key.
        let mut found = HashMap::new();
        for key in keys {
            let row = store::inbox(&loaders.db(), key.0).await?;
            let row = row.unwrap_or(inbox::Model {
                user_id: key.0,
                number: 0,
                read_number: 0,
                unread_count: 0,
                unwanted: 0,
            });
            found.insert(key.clone(), Arc::new(row));
        }
        Ok(found)
    }
}

/// The inbox of the viewer `me`.
///
/// # Errors
/// The database's.
pub async fn inbox_of(loaders: &Loaders, me: Uuid) -> Result<Arc<inbox::Model>, Error> {
    let found = loaders.load(InboxOf(me)).await?;
    found.ok_or_else(|| Error::internal("who has no inbox has an empty one"))
}

/// How many notifications of the viewer `me` are unread, but for those of the doing of hidden users, and those that
/// come while the viewer rests: one statement, and where somebody is hidden another.
///
/// # Errors
/// The database's.
pub async fn unread_count(loaders: &Loaders, me: Uuid) -> Result<i64, Error> {
    let hidden = hidden(loaders).await?;
    let inbox = inbox_of(loaders, me).await?;
    if inbox.unread_count == 0 {
        return Ok(0);
    }
    let (db, read) = (&loaders.db(), inbox.read_number);
    let mut less = held_back(loaders, me, Sequence::Notifications, read).await?;
    if !hidden.is_empty() {
        less += store::count_unread_by(db, me, hidden.ids(), read).await?;
    }
    Ok((inbox.unread_count - less).max(0))
}

/// A notification by its key, whosever it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NotificationByKey(pub NotificationKey);

#[async_trait::async_trait]
impl Access for NotificationByKey {
    type Value = notification::Model;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let keys: Vec<_> = keys.iter().map(|key| key.0).collect();
        let found = store::by_users_and_ids(&loaders.db(), &keys).await?;
        let found = found.into_iter();
        Ok(found.map(|(key, row)| (Self(key), row)).collect())
    }
}
