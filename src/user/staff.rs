//! Whether the viewer looks after what is reported.

use entity::values::Role;
use foldhash::HashMap;

use super::store;
use crate::{
    error::Error,
    loaders::{Access, Loaders},
};

/// Whether the viewer is a moderator or an administrator, by what is true now.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct IsModerator;

#[async_trait::async_trait]
impl Access for IsModerator {
    type Value = bool;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let role = match loaders.viewer.id() {
            Some(me) => store::by_id(loaders.app.database.reader(), me).await?,
            None => None,
        };
        let is = role.is_some_and(|row| row.role != Role::Member);
        Ok(keys.iter().map(|key| (key.clone(), is)).collect())
    }
}

/// Whether the viewer is a moderator or an administrator: no statement where nobody is signed in.
///
/// # Errors
/// The database's.
pub async fn is_moderator(loaders: &Loaders) -> Result<bool, Error> {
    if loaders.viewer.id().is_none() {
        return Ok(false);
    }
    Ok(loaders.load(IsModerator).await?.unwrap_or_default())
}
