//! Batches the reads of one request: what many resolvers ask for at the same time is one
//! statement.
//!
//! The [`dataloader`] crate does the batching, without a timer: a batch is what was asked for by
//! the time that every resolver which could run has run, so that the number of statements of a
//! request that is alone is always the same, and tests assert it: one for each level of a query, and
//! where many rows are found, one for each 2,000. A set of loaders belongs to one request: neither a
//! batch nor a cache is ever shared between viewers. (The rows of a table are the same for whoever
//! asks: what batches of several requests ask at the same time, one statement can answer:
//! [`crate::database::ask`].)

mod first;
mod foreseen;
mod line;

use std::{
    any::{Any, TypeId},
    fmt::Debug,
    hash::Hash,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
};

use foldhash::{HashMap, HashMapExt};

use crate::{
    absence::set::Absent,
    app::App,
    budget::Budget,
    cache::Cache,
    config::Limits,
    database::Reading,
    error::Error,
    lsn::Lsn,
    paging::Slice,
    viewer::{Caller, Viewer},
};

pub use first::Firsts;
use foreseen::Foreseen;
use line::Line;

/// The most rows that one statement reads for those lists and look-ups whose rows may be large:
/// with the longest diaries, 80 MB. (Of each page one row more is read, which tells whether another
/// follows.)
const MAX_ROWS: usize = 2_000;

/// An access path: a key, what it finds, and how many keys are found at once.
#[async_trait::async_trait]
pub trait Access: Clone + Eq + Hash + Debug + Send + Sync + 'static {
    /// What the key finds.
    type Value: Clone + Send + Sync + 'static;

    /// Finds `keys`. A key that is missing from the answer was not found.
    async fn load(keys: &[Self], loaders: &Loaders) -> Result<HashMap<Self, Self::Value>, Error>;
}

/// The keys of a batch by the arguments that need a statement of their own.
pub fn group_by<K, A: Hash + Eq>(keys: &[K], args: impl Fn(&K) -> A) -> HashMap<A, Vec<&K>> {
    let mut groups: HashMap<A, Vec<&K>> = HashMap::new();
    for key in keys {
        groups.entry(args(key)).or_default().push(key);
    }
    groups
}

/// `keys` in parts that find 2,000 rows each at most, where a key finds up to `rows_each`:
/// a page's rows, or the one row that the key names. Between the statements of a level the budget
/// can end the reading.
pub fn parts<K>(keys: &[K], rows_each: i32) -> impl Iterator<Item = &[K]> {
    let rows_each = usize::try_from(rows_each).unwrap_or(1).max(1);
    keys.chunks((MAX_ROWS / rows_each).max(1))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The loaders of one request.
#[derive(Debug)]
pub struct Loaders {
    /// The service.
    pub app: Arc<App>,
    cache: Cache,
    /// Who asks.
    pub viewer: Viewer,
    /// What the answer may come to.
    pub budget: Arc<Budget>,
    /// What the document asks for.
    pub foreseen: Foreseen,
    /// Whether there may be blocks of the viewer's, or against them.
    may_have_blocks: AtomicBool,
    /// Whether the viewer is known to see the names of those who visit them.
    sees_names: AtomicBool,
    /// Whether the viewer may have chosen to rest.
    may_rest: AtomicBool,
    /// Who is absent for the viewer.
    absent: Mutex<Absent>,
    /// What must have arrived where this reads, from the beginning.
    wrote: Lsn,
    /// The same for what is read now.
    lsn: Mutex<Lsn>,
    /// Which of the replicas it asks, where several could answer.
    seat: usize,
    by_key: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
    this: Weak<Self>,
}

impl Loaders {
    /// A fresh set that reads what is true now, with the budget that is the default.
    pub fn new(app: Arc<App>, caller: Caller) -> Arc<Self> {
        let budget = Budget::new(Limits::default().max_response_bytes);
        let wrote = Lsn::NEWEST;
        Self::within(app, Caller { wrote, ..caller }, Arc::new(budget))
    }

    /// A fresh set for an operation of `caller` that has `budget`, and reads what the caller wrote,
    /// or more.
    pub fn within(app: Arc<App>, caller: Caller, budget: Arc<Budget>) -> Arc<Self> {
        let Caller { viewer, wrote, .. } = caller;
        let cache = if caller.reads_kept {
            app.cache.clone()
        } else {
            Cache::default()
        };
        // A user stays with one replica: what one of them showed, another may not have yet.
        let seat = match viewer.id() {
            Some(id) => usize::try_from(id.as_u128() & 0xffff).unwrap_or(0),
            None => app.database.seat(),
        };
        let absent = Mutex::new(app.absent_for(viewer.id()));
        Arc::new_cyclic(|this| Self {
            app,
            absent,
            cache,
            viewer,
            budget,
            foreseen: Foreseen::default(),
            may_have_blocks: AtomicBool::new(caller.has_blocks),
            sees_names: AtomicBool::new(caller.sees_names),
            may_rest: AtomicBool::new(caller.has_rest),
            wrote,
            lsn: Mutex::new(wrote),
            seat,
            by_key: Mutex::default(),
            this: this.clone(),
        })
    }

    /// Forgets what was loaded: a subscription does before each event, a mutation after each
    /// write, so that what is read next is what is there then.
    pub fn renew(&self) {
        // The write, or another since the stream began, may have been the viewer's choice.
        self.sees_names.store(false, Ordering::Release);
        *lock(&self.absent) = self.app.absent_for(self.viewer.id());
        lock(&self.by_key).clear();
    }

    /// Whether the viewer is known to see the names of those who visit them: then it need not be looked
    /// for.
    pub fn sees_names(&self) -> bool {
        self.sees_names.load(Ordering::Acquire)
    }

    /// Whether there may be blocks of the viewer's, or against them. Where there are none, nothing is
    /// asked.
    pub fn may_have_blocks(&self) -> bool {
        self.may_have_blocks.load(Ordering::Acquire)
    }

    /// Who is absent for the viewer, the same all the request long.
    pub fn absent(&self) -> Absent {
        lock(&self.absent).clone()
    }

    /// Whether there may be anybody who is hidden from the viewer: counts are corrected then.
    pub fn may_hide(&self) -> bool {
        self.may_have_blocks() || !lock(&self.absent).is_empty()
    }

    /// From now on there may be, or there are none.
    pub fn expect_blocks(&self, may_be: bool) {
        self.may_have_blocks.store(may_be, Ordering::Release);
    }

    /// Whether the viewer may have chosen to rest. Where not, nothing is asked.
    pub fn may_rest(&self) -> bool {
        self.may_rest.load(Ordering::Acquire)
    }

    /// From now on they may have.
    pub fn expect_rest(&self) {
        self.may_rest.store(true, Ordering::Release);
    }

    /// Reads what was written before `lsn`, too, until this says otherwise.
    pub fn read_up_to(&self, lsn: Lsn) {
        *lock(&self.lsn) = lsn.max(self.wrote);
    }

    /// What is kept beyond this request, as far as it is for who asks.
    pub fn cache(&self) -> &Cache {
        &self.cache
    }

    /// For the statements that read what may be kept: what a replica has may be out of date already.
    pub fn source(&self) -> Reading<'_> {
        if self.cache().is_on() {
            return self.app.database.reading(Lsn::NEWEST, self.seat);
        }
        self.db()
    }

    /// For the statements of this request that only read. (Who may see what is decided by what is
    /// true now: [`crate::database::Database::reader`].)
    pub fn db(&self) -> Reading<'_> {
        let lsn = *lock(&self.lsn);
        self.app.database.reading(lsn, self.seat)
    }

    /// What `key` finds.
    ///
    /// # Errors
    /// What the batch failed with.
    pub async fn load<K: Access>(&self, key: K) -> Result<Option<K::Value>, Error> {
        self.line::<K>().load(key).await
    }

    /// What each of `keys` finds, in their order.
    ///
    /// # Errors
    /// What the batch failed with.
    pub async fn load_many<K: Access>(&self, keys: Vec<K>) -> Result<Vec<Option<K::Value>>, Error> {
        self.line::<K>().load_many(keys).await
    }

    /// What `key` finds, where that is known already.
    pub fn known<K: Access>(&self, key: &K) -> Option<K::Value> {
        self.line::<K>().known(key)?.ok()?
    }

    /// The page that each of `keys` asked for, of the `pages` that a statement found by their parents. What its
    /// rows take, by `size`, counts against the budget.
    ///
    /// # Errors
    /// [`Error::ResponseTooLarge`] where far more was read than the answer may have.
    pub fn pages_of<'k, K: Access, P: Eq + Hash + 'k, R: 'k>(
        &self,
        keys: &'k [&K],
        mut pages: HashMap<P, Slice<R>>,
        parent: impl Fn(&K) -> P + 'k,
        size: impl Fn(&R) -> usize,
    ) -> Result<impl Iterator<Item = (K, Slice<R>)>, Error> {
        let rows = pages.values().flat_map(|slice| &slice.rows);
        self.budget.read(rows.map(size))?;
        let page_of = move |key: &&K| {
            let page = pages.remove(&parent(key)).unwrap_or_default();
            (K::clone(key), page)
        };
        Ok(keys.iter().map(page_of))
    }

    /// Keeps what another statement of this request read already.
    pub fn prime<K: Access>(&self, values: impl IntoIterator<Item = (K, K::Value)>) {
        self.line::<K>().prime(values);
    }

    fn line<K: Access>(&self) -> Arc<Line<K>> {
        let mut by_key = lock(&self.by_key);
        let kept = by_key
            .get(&TypeId::of::<K>())
            .and_then(|line| Arc::clone(line).downcast::<Line<K>>().ok());
        kept.unwrap_or_else(|| {
            let line = Arc::new(Line::<K>::new(self.this.clone()));
            by_key.insert(TypeId::of::<K>(), line.clone());
            line
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_reads_a_bounded_number_of_rows() {
        let sizes = |rows_each| {
            parts(&[0; 250], rows_each)
                .map(<[i32]>::len)
                .collect::<Vec<_>>()
        };
        assert_eq!(sizes(1), [250]);
        assert_eq!(sizes(8), [250]);
        assert_eq!(sizes(9), [222, 28]);
        assert_eq!(sizes(20), [100, 100, 50]);
        assert_eq!(sizes(100).len(), 13);
    }
}
