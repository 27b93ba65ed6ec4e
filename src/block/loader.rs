//! Who is hidden from the viewer. It is asked of the primary, once a request, and of nobody who has
//! no block.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};
use uuid::Uuid;

use super::store;
use crate::{
    error::Error,
    loaders::{Access, Loaders},
};

/// Who is hidden from a user: those whom the user blocks, and those who block the user.
#[derive(Clone, Debug, Default)]
pub struct Hidden(Arc<Known>);

#[derive(Debug, Default)]
struct Known {
    /// In order.
    ids: Vec<Uuid>,
    /// How many of them the user blocks.
    made: usize,
}

impl Hidden {
    fn new(mut rows: Vec<(Uuid, bool)>) -> Self {
        rows.sort_unstable();
        Self(Arc::new(Known {
            made: rows.iter().filter(|(_, made)| *made).count(),
            ids: rows.into_iter().map(|(id, _)| id).collect(),
        }))
    }

    /// Everybody who is.
    pub fn ids(&self) -> &[Uuid] {
        &self.0.ids
    }

    /// Whether nobody is.
    pub fn is_empty(&self) -> bool {
        self.0.ids.is_empty()
    }

    /// Whether `user` is.
    pub fn contains(&self, user: Uuid) -> bool {
        self.0.ids.binary_search(&user).is_ok()
    }

    /// `user`, or an id that nobody has in the place of who is hidden: looking for it takes as long
    /// as looking for who is absent, and finds as little.
    pub fn veiled(&self, user: Uuid) -> Uuid {
        if self.contains(user) {
            Uuid::nil()
        } else {
            user
        }
    }

    /// How many users the viewer blocks.
    pub fn made(&self) -> usize {
        self.0.made
    }
}

/// Who is hidden from a user.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct HiddenFrom(Uuid);

#[async_trait::async_trait]
impl Access for HiddenFrom {
    type Value = Hidden;

    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error> {
        let mut found = HashMap::new();
        // The viewer is the only one of whom it is asked.
        for key in keys {
            let rows = store::of(loaders.app.database.reader(), key.0).await?;
            found.insert(key.clone(), Hidden::new(rows));
        }
        Ok(found)
    }
}

/// Who is hidden from the viewer. Lists ask this before they read, or while a batch of theirs is
/// read: then what a row names is as hidden, or not, when it is resolved.
///
/// # Errors
/// The database's.
pub async fn hidden(loaders: &Loaders) -> Result<Hidden, Error> {
    match loaders.viewer.id() {
        Some(me) if loaders.may_have_blocks() => {
            Ok(loaders.load(HiddenFrom(me)).await?.unwrap_or_default())
        }
        _ => Ok(Hidden::default()),
    }
}

/// Who is hidden from the viewer as of now, whatever was known before: for what outlives a request.
///
/// # Errors
/// The database's.
pub async fn hidden_now(loaders: &Loaders) -> Result<Hidden, Error> {
    loaders.renew();
    loaders.expect_blocks();
    hidden(loaders).await
}
