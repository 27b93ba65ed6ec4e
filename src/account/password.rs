//! Passwords: the rules of the OWASP ASVS, and Argon2id.

mod common;
pub mod graphql;
pub mod service;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::{
    error::Error,
    rejection::{UserError, reason::account::AccountReason},
    search::fold,
};

/// OWASP's parameters for Argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// How many passwords may be under way or waiting for each place: about a second's and a half. Who
/// comes when they are there is told so at once.
const LINE: usize = 64;

/// Checked in place of an absent user's, so that both answers take the same time: of chance, no password's.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$\
    EbmJbw3iM+lYcEg2L8fZIn8Jpp5avWpC18UfxpCWBes$zVK0cS15wXiGc3xwVbBJc28Z1Ru8SOjAthnNhCm4paQ";

const SHORTEST: usize = 8;
/// Bounds the work of a sign-in, far above what people type.
const LONGEST_BYTES: usize = 1024;

/// Hashes and checks passwords, a few at a time: each takes 19 MiB and some 20 ms of a core.
#[derive(Clone, Debug)]
pub struct Passwords {
    places: Arc<Semaphore>,
    line: Arc<Semaphore>,
    checks: Arc<AtomicU64>,
}

impl Default for Passwords {
    /// As many at once as the machine has cores.
    fn default() -> Self {
        let places = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            places: Arc::new(Semaphore::new(places)),
            line: Arc::new(Semaphore::new(places.saturating_mul(LINE))),
            checks: Arc::default(),
        }
    }
}

impl Passwords {
    /// The PHC string of `password` with `salt`.
    ///
    /// # Errors
    /// [`Error::TooManySignIns`] where too many wait; [`Error::Internal`] where hashing fails.
    pub async fn hash(&self, password: String, salt: [u8; 32]) -> Result<String, Error> {
        self.work(move || hash_now(&password, &salt).map_err(Error::internal))
            .await
    }

    /// Whether `password` is the one of `hash`. Without a hash the answer is no, after as much
    /// work.
    ///
    /// # Errors
    /// [`Error::TooManySignIns`] where too many wait; [`Error::Internal`] where the work cannot be
    /// done.
    pub async fn check(&self, password: String, hash: Option<String>) -> Result<bool, Error> {
        self.checks.fetch_add(1, Ordering::Relaxed);
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODYS.to_owned());
        self.work(move || {
            let parsed = PasswordHash::new(&hash).map_err(Error::internal)?;
            let fits = argon2()
                .map_err(Error::internal)?
                .verify_password(password.as_bytes(), &parsed)
                .is_ok();
            Ok(known && fits)
        })
        .await
    }

    /// How many passwords were checked since the start, absent users' included.
    pub fn checks(&self) -> u64 {
        self.checks.load(Ordering::Relaxed)
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let turn = Arc::clone(&self.line).try_acquire_owned();
        let turn = turn.map_err(|_| Error::TooManySignIns)?;
        let places = Arc::clone(&self.places);
        let place = places.acquire_owned().await.map_err(Error::internal)?;
        // The place is held until the work ends, also where who asked has gone.
        let work = move || {
            let done = work();
            drop((place, turn));
            done
        };
        spawn_blocking(work).await.map_err(Error::internal)?
    }
}

fn argon2() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|error| anyhow::anyhow!("Argon2's parameters: {error}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &str, salt: &[u8]) -> anyhow::Result<String> {
    let hash = argon2()?
        .hash_password_with_salt(password.as_bytes(), salt)
        .map_err(|error| anyhow::anyhow!("Argon2: {error}"))?;
    Ok(hash.to_string())
}

/// Whether `password` may be chosen by who is called `names` (OWASP ASVS 5.0, 6.2): 8 characters
/// or more of any kind, and none of those that are guessed first.
///
/// # Errors
/// The rule that it breaks.
pub fn check_choice(password: &str, names: &[&str]) -> Result<(), UserError> {
    let refuse = |reason| Err(UserError::on("password", reason));
    if password.chars().count() < SHORTEST {
        let minimum = SHORTEST;
        return refuse(AccountReason::PasswordTooShort { minimum });
    }
    if password.len() > LONGEST_BYTES {
        let limit = LONGEST_BYTES;
        return refuse(AccountReason::PasswordTooLong { limit });
    }
    if common::is_common(password) {
        return refuse(AccountReason::PasswordTooCommon);
    }
    let folded = fold(password);
    if is_one_character(&folded) {
        return refuse(AccountReason::PasswordOfOneCharacter);
    }
    if is_hardly_more_than(&folded, names) {
        return refuse(AccountReason::PasswordLikeNames);
    }
    Ok(())
}

/// The same of a password that stands in the input field `newPassword`.
///
/// # Errors
/// As [`check_choice`].
pub fn check_new(password: &str, names: &[&str]) -> Result<(), UserError> {
    check_choice(password, names).map_err(|error| error.at(Some(vec!["newPassword".to_owned()])))
}

fn is_one_character(folded: &str) -> bool {
    let mut characters = folded.chars().filter(|c| !c.is_whitespace());
    let first = characters.next();
    characters.all(|character| Some(character) == first)
}

/// Whether too little is left of `folded` without `names` and the service's: the context-specific
/// words of ASVS 5.0, 6.1.2 and 6.2.11, and what people derive from them, such as `hanako-86`.
fn is_hardly_more_than(folded: &str, names: &[&str]) -> bool {
    const SERVICE: [&str; 4] = ["ashiato", "あしあと", "足あと", "足跡"];
    /// Letters and digits beside the words; a year has 4.
    const ENOUGH: usize = 5;
    let mut words: Vec<_> = SERVICE.iter().chain(names).map(|word| fold(word)).collect();
    words.retain(|word| !word.is_empty());
    // A nickname can be a part of the user name.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let rest = words
        .iter()
        .fold(folded.to_owned(), |rest, word| rest.replace(word, " "));
    rest != folded && rest.chars().filter(|c| c.is_alphanumeric()).count() < ENOUGH
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn nobodys_hash_takes_the_work_of_anybodys() {
        let [nobodys, anybodys] = [
            NOBODYS.to_owned(),
            hash_now("a password", &[7; 32]).unwrap(),
        ];
        let [nobodys, anybodys] = [&nobodys, &anybodys].map(|it| PasswordHash::new(it).unwrap());
        assert_eq!(nobodys.algorithm, anybodys.algorithm);
        assert_eq!(nobodys.version, anybodys.version);
        assert_eq!(nobodys.params, anybodys.params);
        let length = |of: &PasswordHash| of.hash.as_ref().map(|hash| hash.as_bytes().len());
        assert_eq!(length(&nobodys), length(&anybodys));
    }

    #[tokio::test]
    async fn who_finds_the_line_full_is_told_so_at_once() {
        let passwords = Passwords::default();
        let places = std::thread::available_parallelism().map_or(2, usize::from);
        let check = || Box::pin(passwords.check("a password".to_owned(), None));
        let mut line: Vec<_> = (0..places * LINE).map(|_| check()).collect();
        for waiting in &mut line {
            assert!(waiting.now_or_never().is_none());
        }
        let refused = check().now_or_never();
        assert!(matches!(refused, Some(Err(Error::TooManySignIns))));
        // Who goes leaves room.
        drop(line);
        assert!(!check().await.unwrap());
    }
}
