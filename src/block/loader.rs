//! Who is hidden from the viewer: by a block, which is asked of the primary, once a request, and of
//! nobody who has none; or because they are absent, which nobody is asked for.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};
use uuid::Uuid;

use super::store;
use crate::{
    absence::set::Absent,
    error::Error,
    loaders::{Access, Loaders},
};

/// Who is hidden from a user: those whom the user blocks, those who block the user, and the absent.
#[derive(Clone, Debug, Default)]
pub struct Hidden(Arc<Known>);

#[derive(Debug, Default)]
struct Known {
    /// In order.
    ids: Arc<[Uuid]>,
    /// How many of them the user blocks, but for the absent.
    made: usize,
    /// See [`Hidden::common`].
    common: Option<u64>,
}

impl Hidden {
    fn new(rows: Vec<(Uuid, bool)>, absent: &Absent) -> Self {
        if rows.is_empty() {
            return Self(Arc::new(Known {
                ids: absent.ids().clone(),
                made: 0,
                common: absent.number(),
            }));
        }
        let made = rows
            .iter()
            .filter(|(id, made)| *made && !absent.contains(*id));
        let made = made.count();
        let blocked = rows.into_iter().map(|(id, _)| id);
        let mut ids: Vec<_> = blocked.chain(absent.ids().iter().copied()).collect();
        ids.sort_unstable();
        ids.dedup();
        Self(Arc::new(Known {
            ids: ids.into(),
            made,
            common: None,
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

    /// The number of the set, where many see the same: what was read without its ids is kept for all of
    /// them, under this number.
    pub fn common(&self) -> Option<u64> {
        self.0.common
    }

    /// How many users the viewer blocks, but for those who are absent.
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
            found.insert(key.clone(), Hidden::new(rows, &loaders.absent()));
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
        _ => Ok(Hidden::new(Vec::new(), &loaders.absent())),
    }
}

/// Who is hidden from the viewer as of now, whatever was known before, where it was just looked up whether they have
/// blocks: for what outlives a request.
///
/// # Errors
/// The database's.
pub async fn hidden_now(loaders: &Loaders, has_blocks: bool) -> Result<Hidden, Error> {
    loaders.renew();
    loaders.expect_blocks(has_blocks);
    hidden(loaders).await
}
