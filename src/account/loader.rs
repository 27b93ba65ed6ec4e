//! What a user has beside the password: asked of the primary, once a request.

use foldhash::{HashMap, HashMapExt};
use uuid::Uuid;

use super::{
    recovery::store::{self as recovery, Left},
    two_factor::store as two_factor,
};
use crate::{
    error::Error,
    loaders::{Access, Loaders},
};

/// How many recovery codes a user has left.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct CodesLeft(Uuid);

#[async_trait::async_trait]
impl Access for CodesLeft {
    type Value = i32;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        // Only a viewer asks, and only for their own: there is one key.
        for key in keys {
            let codes = recovery::of(loaders.app.database.reader(), key.0).await?;
            let left = Left::of(&codes).count();
            found.insert(key.clone(), i32::try_from(left).unwrap_or(i32::MAX));
        }
        Ok(found)
    }
}

/// Whether a user has a second factor.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct HasTwoFactor(Uuid);

#[async_trait::async_trait]
impl Access for HasTwoFactor {
    type Value = bool;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        // As above.
        for key in keys {
            let kept = two_factor::find(loaders.app.database.reader(), key.0).await?;
            let is_on = kept.is_some_and(|kept| kept.pending_until.is_none());
            found.insert(key.clone(), is_on);
        }
        Ok(found)
    }
}

/// How many recovery codes the viewer `me` has left.
///
/// # Errors
/// The database's.
pub async fn codes_left(loaders: &Loaders, me: Uuid) -> Result<i32, Error> {
    Ok(loaders.load(CodesLeft(me)).await?.unwrap_or_default())
}

/// Whether two-factor sign-in is on for the viewer `me`.
///
/// # Errors
/// The database's.
pub async fn has_two_factor(loaders: &Loaders, me: Uuid) -> Result<bool, Error> {
    Ok(loaders.load(HasTwoFactor(me)).await?.unwrap_or_default())
}
