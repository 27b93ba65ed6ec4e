//! The service's own keys: what the database alone must not tell is sealed with them, or known by a
//! keyed hash.
//!
//! Each of them stands for itself: what one has sealed no other opens. The first is used from now
//! on, and those after it go on opening what they sealed, and finding what they hashed: a new key
//! comes first, and the old one goes once nothing is left of it.
//!
//! For every [`Purpose`] a key of its own is derived, so that what was sealed for one opens for no
//! other, nor, where the purpose is about one user, for another user.

pub mod beside;
mod key;

use std::fmt::{Debug, Formatter};

use anyhow::ensure;
use uuid::Uuid;

use self::key::{KEY_ID, Key};
use crate::{database::Place, error::Error, ids::Ids};
pub use key::{KEY_BYTES, read_keys};

/// The first byte of what is sealed: how.
const XCHACHA20_POLY1305: u8 = 1;
const NONCE: usize = 24;

/// What something is sealed or hashed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purpose {
    name: &'static str,
    of: Option<Uuid>,
}

impl Purpose {
    /// The purpose called `name`: a word that stays for ever, for what it sealed opens under no
    /// other.
    pub const fn new(name: &'static str) -> Self {
        Self { name, of: None }
    }

    /// The same for `user` alone: what is sealed so and put into another user's row does not open
    /// there.
    #[must_use]
    pub const fn of(self, user: Uuid) -> Self {
        Self {
            of: Some(user),
            ..self
        }
    }

    /// What a key for this purpose is derived from, for the `use_of_it`. No two have the same: a
    /// name holds no zero byte, and all ids are equally long.
    fn info(self, use_of_it: &str) -> Vec<u8> {
        let mut info = format!("ashiato {use_of_it}\0{}\0", self.name).into_bytes();
        info.extend(self.of.iter().flat_map(Uuid::as_bytes));
        info
    }
}

/// Where the service's keys are.
#[derive(Clone, Debug, Default)]
pub enum Keys {
    /// Nowhere: whatever needs one is refused.
    #[default]
    None,
    /// These, the newest first.
    Given(Vec<[u8; KEY_BYTES]>),
    /// In a file beside SQLite's, which is made where it is missing. PostgreSQL has none.
    BesideDatabase,
}

impl Keys {
    /// Reads them, for the service at `place`, and says in the log where they come from.
    ///
    /// # Errors
    /// A sentence that says what to change.
    pub fn ring(self, place: &Place, ids: &Ids) -> anyhow::Result<Keyring> {
        let keys = match (self, place.file()) {
            (Self::None, _) => Vec::new(),
            (Self::Given(keys), _) => keys,
            (Self::BesideDatabase, Some(file)) => beside::read_or_make(file, ids)?,
            (Self::BesideDatabase, None) => {
                tracing::warn!(
                    "no secret keys are given: two-factor sign-in is refused, and whatever else \
                     needs one, and each server counts wrong passwords by itself. Give every server \
                     the same with --secret-keys or --secret-keys-file, such as `openssl rand -base64 \
                     32` prints one"
                );
                Vec::new()
            }
        };
        Keyring::new(keys, ids.clone())
    }
}

/// The service's own keys, ready for use.
pub struct Keyring {
    /// The newest first.
    keys: Vec<Key>,
    /// Drawn at the start, and known to no other process.
    own: Key,
    ids: Ids,
}

impl Debug for Keyring {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keyring({} keys)", self.keys.len())
    }
}

impl Keyring {
    /// Of `keys`, the newest first; of none, too. Nonces are drawn from `ids`.
    ///
    /// # Errors
    /// A sentence, where a key stands there twice.
    pub fn new(keys: Vec<[u8; KEY_BYTES]>, ids: Ids) -> anyhow::Result<Self> {
        let mut ring: Vec<Key> = Vec::with_capacity(keys.len());
        for key in keys {
            let key = Key::new(&key)?;
            ensure!(
                ring.iter().all(|other| other.id != key.id),
                "a secret key is given twice: name each once, the newest first"
            );
            ring.push(key);
        }
        let own = Key::new(&ids.secret())?;
        Ok(Self {
            keys: ring,
            own,
            ids,
        })
    }

    /// Refuses what needs a key where there is none, before anything is done for it.
    ///
    /// # Errors
    /// [`Error::KeyMissing`].
    pub fn check(&self) -> Result<(), Error> {
        self.newest().map(|_| ())
    }

    /// Seals `plain` for `purpose` under the newest key. The same text sealed twice is never the same.
    ///
    /// # Errors
    /// [`Error::KeyMissing`].
    pub fn seal(&self, purpose: Purpose, plain: &[u8]) -> Result<Vec<u8>, Error> {
        let key = self.newest()?;
        let secret = self.ids.secret();
        let nonce = secret.first_chunk::<NONCE>().ok_or_else(too_short)?;
        let sealed = key.seal(&purpose.info("seal"), nonce, plain)?;
        Ok([&[XCHACHA20_POLY1305], &key.id[..], nonce, &sealed].concat())
    }

    /// Opens what any of the keys sealed for `purpose`.
    ///
    /// # Errors
    /// [`Error::KeyMissing`] where its key is not among them, [`Error::Internal`] where it is not
    /// what was sealed, or was sealed for something else.
    pub fn open(&self, purpose: Purpose, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        let rest = sealed.strip_prefix(&[XCHACHA20_POLY1305]);
        let (id, rest) = rest
            .and_then(<[u8]>::split_first_chunk::<KEY_ID>)
            .ok_or_else(too_short)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or_else(too_short)?;
        let key = self.keys.iter().find(|key| key.id == *id);
        let key = key.ok_or(Error::KeyMissing)?;
        key.open(&purpose.info("seal"), nonce, sealed)
    }

    /// Whether one of the keys is that which `sealed` was sealed with.
    pub fn has_key_of(&self, sealed: &[u8]) -> bool {
        let rest = sealed.strip_prefix(&[XCHACHA20_POLY1305]);
        let id = rest.and_then(<[u8]>::first_chunk::<KEY_ID>);
        id.is_some_and(|id| self.keys.iter().any(|key| key.id == *id))
    }

    /// The keyed hash of `text` for `purpose`, under the newest key: for what is written.
    ///
    /// # Errors
    /// [`Error::KeyMissing`].
    pub fn mac(&self, purpose: Purpose, text: &[u8]) -> Result<[u8; 32], Error> {
        self.newest()?.mac(&purpose.info("mac"), text)
    }

    /// The keyed hashes of `text` for `purpose` under every key, the newest first: for what is looked
    /// up, whichever key was the newest as it was written.
    ///
    /// # Errors
    /// [`Error::KeyMissing`].
    pub fn macs(&self, purpose: Purpose, text: &[u8]) -> Result<Vec<[u8; 32]>, Error> {
        self.check()?;
        let info = purpose.info("mac");
        self.keys.iter().map(|key| key.mac(&info, text)).collect()
    }

    /// Whether `mac` is the keyed hash of `text` for `purpose` under one of the keys: for what a client brings back.
    ///
    /// # Errors
    /// [`Error::KeyMissing`].
    pub fn has_signed(&self, purpose: Purpose, text: &[u8], mac: &[u8; 32]) -> Result<bool, Error> {
        let macs = self.macs(purpose, text)?;
        Ok(macs.iter().any(|right| are_equal(right, mac)))
    }

    /// As [`Self::macs`], for what must go on without a key, too, and is worth nothing after a while:
    /// then under one that this process has drawn for itself, so that each server marks for itself.
    ///
    /// # Errors
    /// [`Error::Internal`], in theory.
    pub fn marks(&self, purpose: Purpose, text: &[u8]) -> Result<Vec<[u8; 32]>, Error> {
        match self.macs(purpose, text) {
            Err(Error::KeyMissing) => Ok(vec![self.own.mac(&purpose.info("mac"), text)?]),
            marks => marks,
        }
    }

    /// As [`Self::has_signed`], of [`Self::marks`].
    ///
    /// # Errors
    /// [`Error::Internal`], in theory.
    pub fn has_marked(
        &self,
        purpose: Purpose,
        text: &[u8],
        mark: &[u8; 32],
    ) -> Result<bool, Error> {
        let marks = self.marks(purpose, text)?;
        Ok(marks.iter().any(|right| are_equal(right, mark)))
    }

    fn newest(&self) -> Result<&Key, Error> {
        self.keys.first().ok_or(Error::KeyMissing)
    }
}

/// Whether two hashes are equal, in a time that does not tell where they differ.
fn are_equal(one: &[u8; 32], other: &[u8; 32]) -> bool {
    let pairs = one.iter().zip(other);
    pairs.fold(0, |differs, (one, other)| differs | (one ^ other)) == 0
}

fn too_short() -> Error {
    Error::internal("what is to be opened was never sealed")
}

#[cfg(test)]
mod tests;
