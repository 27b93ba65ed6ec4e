//! One access path of one request: what is asked for together is found together.

use std::{
    collections,
    fmt::{self, Debug, Formatter},
    hash::{Hash, Hasher},
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicU64, Ordering},
    },
};

use dataloader::{BatchFn, cached};
use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use super::{Access, Loaders, lock};
use crate::error::Error;

/// The most keys of a batch. (The crate's 200 would cut one level into several statements.)
const MAX_BATCH: usize = 100_000;
/// What a key finds.
pub(super) type Found<K> = Result<Option<<K as Access>::Value>, Error>;
/// What was found already.
type Known<K> = Arc<Mutex<HashMap<K, Found<K>>>>;

/// What one call asks for. The crate looks at its number alone: it asks for a list as for one thing,
/// and hashes and keeps no key.
struct Ticket<K> {
    number: u64,
    keys: Arc<[K]>,
}

/// The crate's loader, and beside it what it has found: whoever asks for that needs not stand in its
/// line, of which each place takes two locks and a turn of the runtime.
pub(super) struct Line<K: Access> {
    loader: cached::Loader<Ticket<K>, (), Batch<K>>,
    tickets: AtomicU64,
    known: Known<K>,
}

impl<K: Access> Line<K> {
    pub(super) fn new(loaders: Weak<Loaders>) -> Self {
        let known = Known::<K>::default();
        let batch = Batch {
            loaders,
            known: known.clone(),
        };
        Self {
            loader: cached::Loader::new(batch)
                // One yield is enough for every resolver that is ready; the crate's ten double the
                // CPU of a large batch.
                .with_yield_count(1)
                .with_max_batch_size(MAX_BATCH),
            tickets: AtomicU64::new(0),
            known,
        }
    }

    /// Waits until `keys` are known.
    async fn find(&self, keys: Arc<[K]>) {
        let number = self.tickets.fetch_add(1, Ordering::Relaxed);
        let ticket = Ticket { number, keys };
        // Who ran the batch was cancelled and took the tickets with it: ask again.
        while self.loader.try_load(ticket.clone()).await.is_err() {
            tokio::task::yield_now().await;
        }
    }

    /// What `key` finds.
    pub(super) async fn load(&self, key: K) -> Found<K> {
        if let Some(found) = self.known(&key) {
            return found;
        }
        self.find([key.clone()].into()).await;
        self.known(&key).unwrap_or(Ok(None))
    }

    /// What each of `keys` finds, in their order.
    pub(super) async fn load_many(&self, keys: Vec<K>) -> Result<Vec<Option<K::Value>>, Error> {
        let missing: Arc<[K]> = {
            let known = lock(&self.known);
            let missing = keys.iter().filter(|key| !known.contains_key(*key));
            missing.cloned().collect()
        };
        if !missing.is_empty() {
            self.find(missing).await;
        }
        let known = lock(&self.known);
        keys.iter()
            .map(|key| known.get(key).cloned().unwrap_or(Ok(None)))
            .collect()
    }

    /// Keeps what is known from elsewhere.
    pub(super) fn prime(&self, values: impl IntoIterator<Item = (K, K::Value)>) {
        let values = values.into_iter();
        lock(&self.known).extend(values.map(|(key, value)| (key, Ok(Some(value)))));
    }

    /// What `key` finds, where that is known already.
    pub(super) fn known(&self, key: &K) -> Option<Found<K>> {
        lock(&self.known).get(key).cloned()
    }
}

/// Runs the batches of one access path.
struct Batch<K: Access> {
    loaders: Weak<Loaders>,
    known: Known<K>,
}

impl<K: Access> BatchFn<Ticket<K>, ()> for Batch<K> {
    async fn load(&mut self, tickets: &[Ticket<K>]) -> collections::HashMap<Ticket<K>, ()> {
        let mut asked = HashSet::<&K>::new();
        let keys = {
            let known = lock(&self.known);
            let keys = tickets.iter().flat_map(|ticket| &*ticket.keys);
            let keys = keys.filter(|key| !known.contains_key(*key) && asked.insert(key));
            keys.cloned().collect::<Vec<_>>()
        };
        let found = match self.loaders.upgrade() {
            _ if keys.is_empty() => Ok(HashMap::new()),
            Some(loaders) => K::load(&keys, &loaders).await,
            None => Err(Error::internal("a loader outlived its request")),
        };
        let mut known = lock(&self.known);
        match found {
            Ok(mut found) => known.extend(keys.into_iter().map(|key| {
                let value = found.remove(&key);
                (key, Ok(value))
            })),
            Err(error) => known.extend(keys.into_iter().map(|key| (key, Err(error.clone())))),
        }
        drop(known);
        tickets.iter().map(|ticket| (ticket.clone(), ())).collect()
    }
}

// By its number.
impl<K> PartialEq for Ticket<K> {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl<K> Eq for Ticket<K> {}

impl<K> Hash for Ticket<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.number.hash(state);
    }
}

// Not derived: that would ask the same of the keys.
impl<K> Clone for Ticket<K> {
    fn clone(&self) -> Self {
        Self {
            number: self.number,
            keys: self.keys.clone(),
        }
    }
}

impl<K> Debug for Ticket<K> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ticket").field(&self.number).finish()
    }
}
