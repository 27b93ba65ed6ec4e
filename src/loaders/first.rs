//! First pages of a list: from what is kept beyond the request, and otherwise by a statement.

use std::sync::Arc;

use super::{Access, Loaders};
use crate::{
    cache::{self, Kept, Key},
    database::Reading,
    error::Error,
    paging::{First, Slice},
};
use foldhash::HashMap;

/// How pages of the lists that `K` names are kept.
#[derive(Debug)]
pub struct Firsts<'l, K> {
    loaders: &'l Loaders,
    /// The most rows of a page; none where the pages are not kept.
    limit: Option<i32>,
    /// Under which number they are kept.
    number: u64,
    name: fn(&K, u64) -> Key,
}

impl<'l, K, R> Firsts<'l, K>
where
    K: Access<Value = Arc<Slice<R>>>,
    R: Clone,
    First<R>: Kept,
{
    /// Pages of up to `limit` rows, which are kept under their names and a number where that is
    /// `kept`: where they are first pages, and the same for everybody who sees that number.
    pub fn new(
        loaders: &'l Loaders,
        limit: i32,
        kept: Option<u64>,
        name: fn(&K, u64) -> Key,
    ) -> Self {
        Self {
            loaders,
            limit: kept.map(|_| limit),
            number: kept.unwrap_or_default(),
            name,
        }
    }

    fn name(&self, key: &K) -> Key {
        (self.name)(key, self.number)
    }

    /// Finds what is kept of `keys`. Gives those of which there is not enough.
    ///
    /// # Errors
    /// [`Error::ResponseTooLarge`], as if it had been read.
    pub fn find<'k>(
        &self,
        keys: Vec<&'k K>,
        found: &mut HashMap<K, K::Value>,
    ) -> Result<Vec<&'k K>, Error> {
        let Some(limit) = self.limit else {
            return Ok(keys);
        };
        let mut missing = Vec::new();
        for key in keys {
            let first = self.loaders.cache().get::<First<R>>(&self.name(key));
            match first.and_then(|first| Some((first.page(limit)?, first))) {
                Some((slice, first)) => {
                    // Of its size, as much as is shown of it.
                    let each = first.size() / first.rows.len().max(1);
                    self.loaders.budget.read(slice.rows.iter().map(|_| each))?;
                    found.insert(key.clone(), Arc::new(slice));
                }
                None => missing.push(key),
            }
        }
        Ok(missing)
    }

    /// Before `keys` are read: where that is to be done, and what to keep them with.
    pub fn reading(&self, keys: &[&K]) -> (Reading<'l>, cache::Reading<'l>) {
        let (db, keys) = match self.limit {
            Some(_) => (self.loaders.source(), keys),
            None => (self.loaders.db(), [].as_slice()),
        };
        let names = keys.iter().map(|key| self.name(key));
        (db, self.loaders.cache().reading(names))
    }

    /// Keeps the page that was read of `key`.
    pub fn keep(&self, reading: &cache::Reading<'_>, key: &K, slice: Slice<R>) -> (K, K::Value) {
        if self.limit.is_some() {
            reading.keep(&self.name(key), &Arc::new(First::of(&slice)));
        }
        (key.clone(), Arc::new(slice))
    }
}
