//! The object cache: users, and the first pages of lists, kept in this process beyond a request, in
//! the manner of Facebook's TAO.
//!
//! - What is kept was read at the primary, and is the same for everybody: who sees what of it is
//!   decided afterwards, a viewer at a time, and never kept.
//! - A mutation names the objects that it changes ([`crate::events::Event::Changed`]); after the
//!   commit, and before its answer, they are forgotten here and at the servers that this one is
//!   linked with. What nobody told of (another program that wrote) goes with its lifetime.
//! - What was read before a change is never given out after it: an entry bears the version that its
//!   object had before the reading began, and is worth nothing once that has grown.

use std::{
    any::Any,
    fmt::Debug,
    hash::{BuildHasher, Hash},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use foldhash::{HashMap, HashMapExt, fast::RandomState};
use moka::sync::Cache as Entries;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::visibility::Relation;

/// So many versions are shared by all objects: a change makes what is kept of others with the same
/// version worthless, too, which costs them a reading.
const VERSIONS: usize = 1 << 14;
/// What an entry takes beside its value, in bytes: its key, and the cache's own, about.
const ENTRY: usize = 250;

/// What can change, and with it whatever is kept of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Object {
    /// A user's row: the profile, and the counters that it shows.
    User(Uuid),
    /// Whose friends a user has, and since when.
    Friends(Uuid),
    /// An author's diaries: which there are, and all of them but their bodies.
    Diaries(Uuid),
    /// The comments under a diary: (author, id).
    Comments([Uuid; 2]),
    /// Whatever there is: somebody was not told what exactly.
    Everything,
}

/// Under which name something is kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// The user with this id.
    User(Uuid),
    /// Who has a user name: as long as that user bears it.
    Username(String),
    /// The newest friends of a user, without those who are absent: the set's number.
    Friends(Uuid, u64),
    /// The newest diaries of an author, of those that who stands in this relation may see.
    Diaries(Uuid, Relation),
    /// The oldest comments under a diary, with their texts or without; without those of who is absent:
    /// the set's number.
    Comments([Uuid; 2], bool, u64),
    /// All friends of a user.
    AllFriends(Uuid),
    /// So many of the newest diaries of these authors together, of those that a friend may see.
    Feed(Arc<[Uuid]>, i32),
}

impl Key {
    /// The version of what it changes with, where `of` tells that of an object.
    fn version(&self, of: impl Fn(Object) -> u64) -> u64 {
        match self {
            Self::User(id) => of(Object::User(*id)),
            // Nobody's: who reads it looks at the user whom it names.
            Self::Username(_) => of(Object::User(Uuid::nil())),
            Self::Friends(user, _) | Self::AllFriends(user) => of(Object::Friends(*user)),
            Self::Diaries(author, _) => of(Object::Diaries(*author)),
            Self::Comments(diary, ..) => of(Object::Comments(*diary)),
            // Each only grows: the sum is the same where all are.
            Self::Feed(authors, _) => authors.iter().fold(0, |sum: u64, author| {
                sum.wrapping_add(of(Object::Diaries(*author)))
            }),
        }
    }
}

/// What can be kept.
pub trait Kept: Send + Sync + 'static {
    /// What it takes in memory, in bytes, about.
    fn size(&self) -> usize;
}

/// What is kept in this process; nothing, where that is how it was set.
#[derive(Clone, Debug, Default)]
pub struct Cache(Option<Arc<Store>>);

#[derive(Debug)]
struct Store {
    entries: Entries<Key, Entry, RandomState>,
    lifetime: Duration,
    versions: Box<[AtomicU64; VERSIONS]>,
    hasher: RandomState,
    /// Whether what others change is heard of.
    hears: AtomicBool,
}

#[derive(Clone, Debug)]
struct Entry {
    version: u64,
    size: u32,
    value: Arc<dyn Any + Send + Sync>,
}

/// A reading under way, of things that may be kept.
#[derive(Debug)]
pub struct Reading<'c> {
    cache: &'c Cache,
    versions: HashMap<Key, u64>,
}

impl Cache {
    /// An empty one, of so many `megabytes`, that keeps nothing for longer than `lifetime`.
    pub fn new(megabytes: u64, lifetime: Duration) -> Self {
        if megabytes == 0 {
            return Self(None);
        }
        let entries = Entries::builder()
            .max_capacity(megabytes << 20)
            .weigher(|_, entry: &Entry| entry.size)
            .time_to_live(lifetime)
            .build_with_hasher(RandomState::default());
        Self(Some(Arc::new(Store {
            entries,
            lifetime,
            versions: Box::new([const { AtomicU64::new(0) }; VERSIONS]),
            hasher: RandomState::default(),
            hears: AtomicBool::new(true),
        })))
    }

    /// Whether anything is kept at all.
    pub fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// The longest that anything is kept; none where nothing is.
    pub fn lifetime(&self) -> Option<Duration> {
        self.0.as_ref().map(|store| store.lifetime)
    }

    /// Says whether what others change is heard of. Meanwhile nothing is kept, and afterwards what
    /// was kept before is worth nothing.
    pub fn set_hearing(&self, hears: bool) {
        if let Some(store) = &self.0 {
            store.hears.store(hears, Ordering::SeqCst);
            self.forget_all();
        }
    }

    /// Forgets what is kept of `object`: from here on nobody is given what was read before.
    pub fn forget(&self, object: Object) {
        match &self.0 {
            Some(_) if object == Object::Everything => self.forget_all(),
            Some(store) => {
                store.version(object).fetch_add(1, Ordering::SeqCst);
            }
            None => {}
        }
    }

    /// Forgets everything.
    pub fn forget_all(&self) {
        for version in self.0.iter().flat_map(|store| store.versions.iter()) {
            version.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// What is kept under `key`.
    pub fn get<V: Kept>(&self, key: &Key) -> Option<Arc<V>> {
        let store = self.0.as_deref()?;
        let entry = store.entries.get(key)?;
        if entry.version != store.version_of(key) {
            return None;
        }
        entry.value.downcast().ok()
    }

    /// Before what `keys` name is read.
    pub fn reading(&self, keys: impl IntoIterator<Item = Key>) -> Reading<'_> {
        let mut versions = HashMap::new();
        if let Some(store) = self.0.as_deref() {
            versions.extend(keys.into_iter().map(|key| {
                let version = store.version_of(&key);
                (key, version)
            }));
            // Only now: what begins to be deaf after this makes these versions worthless.
            if !store.hears.load(Ordering::SeqCst) {
                versions.clear();
            }
        }
        Reading {
            cache: self,
            versions,
        }
    }
}

impl Store {
    fn version(&self, object: Object) -> &AtomicU64 {
        let [first, ..] = &*self.versions;
        let place = usize::try_from(self.hasher.hash_one(object) % VERSIONS as u64);
        let version = place.ok().and_then(|place| self.versions.get(place));
        version.unwrap_or(first)
    }

    fn version_of(&self, key: &Key) -> u64 {
        key.version(|object| self.version(object).load(Ordering::SeqCst))
    }
}

impl Reading<'_> {
    /// Keeps what was read of `key`, unless it has changed since.
    pub fn keep<V: Kept>(&self, key: &Key, value: &Arc<V>) {
        let (Some(store), Some(version)) = (&self.cache.0, self.versions.get(key)) else {
            return;
        };
        let entry = Entry {
            version: *version,
            size: u32::try_from(value.size() + ENTRY).unwrap_or(u32::MAX),
            value: value.clone(),
        };
        store.entries.insert(key.clone(), entry);
    }
}
