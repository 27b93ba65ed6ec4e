//! Documents that are asked for by what they are called, in the place of their text: those that this service
//! trusts, out of manifests, and those that clients had it keep (automatic persisted queries).
//!
//! Both are under the guard: what is trusted was checked at the start, and is checked again with the variables of
//! each request, as every document is; and nothing is kept that was refused.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use anyhow::{bail, ensure};
use async_graphql::Request;
use moka::sync::Cache;
use sha2::{Digest, Sha256};

use super::{manifest::Entry, refusal::Refusal};
use crate::graphql::parameters::Named;

/// What stands before the hash of a document's text in a `documentId` (the draft of GraphQL over HTTP,
/// appendix A).
const SHA256: &str = "sha256:";
/// What a kept document takes beside its text, in bytes, about.
const BESIDE: usize = 256;

/// Where the document of a request comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// It is one of those that are trusted.
    Trusted,
    /// It is anybody's.
    Sent,
    /// It is anybody's, and to be kept under this hash.
    ToKeep(String),
}

/// The documents that have names.
#[derive(Clone, Debug, Default)]
pub(super) struct Library {
    trusted: Option<Arc<Trusted>>,
    /// By the hash of their texts; none where none are kept.
    kept: Option<Cache<String, Arc<str>>>,
}

impl Library {
    /// One that keeps `bytes` of documents; none for 0.
    pub fn keeping(bytes: u32) -> Self {
        let kept = (bytes > 0).then(|| {
            Cache::builder()
                .max_capacity(bytes.into())
                .weigher(|hash: &String, text: &Arc<str>| {
                    let size = hash.len().saturating_add(text.len()) + BESIDE;
                    u32::try_from(size).unwrap_or(u32::MAX)
                })
                .build()
        });
        Self {
            trusted: None,
            kept,
        }
    }

    /// The same that trusts these.
    pub fn trusting(self, trusted: Trusted) -> Self {
        let trusted = Some(Arc::new(trusted));
        Self { trusted, ..self }
    }

    /// Finds the document of `request`, which is `named`, or has its text. It has the text then.
    ///
    /// # Errors
    /// Where there is none by that name, or it is none that is taken.
    pub fn find(&self, request: &mut Request, named: Option<&Named>) -> Result<Origin, Refusal> {
        let trusted = self.trusted.as_deref();
        match named {
            // A name alone.
            Some(named) if request.query.is_empty() => {
                let (text, origin) = match trusted.and_then(|trusted| trusted.called(named)) {
                    Some(text) => (text.clone(), Origin::Trusted),
                    None => (self.kept(named)?, Origin::Sent),
                };
                request.query = text.as_ref().to_owned();
                Ok(origin)
            }
            _ if trusted.is_some_and(|trusted| trusted.texts.contains(&*request.query)) => {
                Ok(Origin::Trusted)
            }
            _ if self.trusts_alone() => Err(Refusal::NotTrusted),
            Some(Named::Hash(hash)) if self.kept.is_some() => {
                if *hash != sha256(&request.query) {
                    return Err(Refusal::PersistedQueryMismatch);
                }
                Ok(Origin::ToKeep(hash.clone()))
            }
            _ => Ok(Origin::Sent),
        }
    }

    /// What was kept under a name that is no trusted document's.
    fn kept(&self, named: &Named) -> Result<Arc<str>, Refusal> {
        match (named, &self.kept) {
            // Nothing else is taken: who sent the text would be refused, too.
            (Named::Hash(_), _) if self.trusts_alone() => Err(Refusal::UnknownDocument),
            (Named::Id(_), _) => Err(Refusal::UnknownDocument),
            (Named::Hash(hash), Some(kept)) => {
                kept.get(hash).ok_or(Refusal::PersistedQueryNotFound)
            }
            (Named::Hash(_) | Named::Unknown, _) => Err(Refusal::PersistedQueryNotSupported),
        }
    }

    /// Whether no other documents are taken than those that are trusted.
    fn trusts_alone(&self) -> bool {
        self.trusted.as_ref().is_some_and(|trusted| trusted.only)
    }

    /// Keeps `text`, which has passed the guard, for who sends its `hash` alone. (A password that stands in the text
    /// itself would be another text each time, and nobody has such a one kept.)
    pub fn keep(&self, hash: String, text: &str) {
        if let Some(kept) = &self.kept {
            kept.insert(hash, text.into());
        }
    }
}

/// The documents that are trusted.
#[derive(Debug, Default)]
pub(super) struct Trusted {
    by_name: HashMap<String, Arc<str>>,
    texts: HashSet<Arc<str>>,
    only: bool,
}

impl Trusted {
    /// None yet. Where there are to be `only` trusted documents, no others are taken beside them.
    pub fn new(only: bool) -> Self {
        Self {
            only,
            ..Self::default()
        }
    }

    /// Adds one, under its id and under the hash of its text.
    ///
    /// # Errors
    /// Where the id is another one's, or a hash that is not the text's.
    pub fn add(&mut self, entry: Entry) -> anyhow::Result<()> {
        let Entry { id, text } = entry;
        ensure!(!id.is_empty(), "it has no id");
        let (hash, text) = (sha256(&text), Arc::<str>::from(text));
        let hash = format!("{SHA256}{hash}");
        ensure!(
            !id.starts_with(SHA256) || id == hash,
            "its id says that it is the hash of its text, and is not: that would be {hash}"
        );
        let before = self.by_name.insert(id, text.clone());
        if before.is_some_and(|before| before != text) {
            bail!("there is another one with this id");
        }
        self.by_name.insert(hash, text.clone());
        self.texts.insert(text);
        Ok(())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// The one that is called so: by its id, or by the hash of its text with or without what stands before it.
    fn called(&self, named: &Named) -> Option<&Arc<str>> {
        let (Named::Id(name) | Named::Hash(name)) = named else {
            return None;
        };
        let by_name = self.by_name.get(name);
        by_name.or_else(|| self.by_name.get(&format!("{SHA256}{name}")))
    }
}

/// In hexadecimal, small letters.
fn sha256(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the draft's appendix A.
    const TEXT: &str = "query($id:ID!){user(id:$id){name}}";
    const HASH: &str = "71f7dc5758652baac68e4a10c50be732b741c892ade2883a99358f52b555286b";

    fn entry(id: &str, text: &str) -> Entry {
        Entry {
            id: id.to_owned(),
            text: text.to_owned(),
        }
    }

    fn trusting(only: bool) -> Library {
        let mut trusted = Trusted::new(only);
        trusted.add(entry("mine", TEXT)).unwrap();
        Library::keeping(100_000).trusting(trusted)
    }

    /// What is found for a request with this text and name: the text, and where it comes from.
    fn find(
        library: &Library,
        text: &str,
        named: Option<Named>,
    ) -> Result<(String, Origin), Refusal> {
        let mut request = Request::new(text);
        let origin = library.find(&mut request, named.as_ref())?;
        Ok((request.query, origin))
    }

    fn id(id: impl Into<String>) -> Option<Named> {
        Some(Named::Id(id.into()))
    }

    fn hash(hash: impl Into<String>) -> Option<Named> {
        Some(Named::Hash(hash.into()))
    }

    #[test]
    fn a_trusted_document_has_its_id_and_its_hash_for_names() {
        for only in [false, true] {
            let library = trusting(only);
            let trusted = Ok((TEXT.to_owned(), Origin::Trusted));
            for named in [
                id("mine"),
                id(format!("sha256:{HASH}")),
                hash(HASH),
                hash("mine"),
                hash(format!("sha256:{HASH}")),
            ] {
                assert_eq!(find(&library, "", named), trusted);
            }
            for named in [None, hash(HASH), Some(Named::Unknown)] {
                assert_eq!(find(&library, TEXT, named), trusted);
            }
            for other in ["", "MINE", "sha256:", "sha256:mine", "sha1:mine"] {
                let found = find(&library, "", id(other));
                assert_eq!(found, Err(Refusal::UnknownDocument), "{other}");
            }
        }
        let none = find(&Library::keeping(1_000), "", id("mine"));
        assert_eq!(none, Err(Refusal::UnknownDocument));
    }

    #[test]
    fn where_they_alone_are_taken_nothing_else_is() {
        let (prefers, only) = (trusting(false), trusting(true));
        let other = "{ x }";
        let sent = Ok((other.to_owned(), Origin::Sent));
        assert_eq!(find(&prefers, other, None), sent);
        let keeps = Ok((other.to_owned(), Origin::ToKeep(sha256(other))));
        assert_eq!(find(&prefers, other, hash(sha256(other))), keeps);
        for named in [None, hash(sha256(other)), Some(Named::Unknown)] {
            assert_eq!(find(&only, other, named), Err(Refusal::NotTrusted));
        }
        // Not what was kept before the others were all that is taken, either.
        only.keep(sha256(other), other);
        let found = find(&only, "", hash(sha256(other)));
        assert_eq!(found, Err(Refusal::UnknownDocument));
    }

    #[test]
    fn what_is_kept_is_found_by_the_hash_of_its_text_alone() {
        let library = Library::keeping(100_000);
        let found = |named| find(&library, "", named);
        assert_eq!(found(hash(HASH)), Err(Refusal::PersistedQueryNotFound));
        let wrong = find(&library, TEXT, hash(sha256("{ x }")));
        assert_eq!(wrong, Err(Refusal::PersistedQueryMismatch));
        let shouted = find(&library, TEXT, hash(HASH.to_uppercase()));
        assert_eq!(shouted, Err(Refusal::PersistedQueryMismatch));
        let to_keep = Ok((TEXT.to_owned(), Origin::ToKeep(HASH.to_owned())));
        assert_eq!(find(&library, TEXT, hash(HASH)), to_keep);
        // It has not passed the guard yet.
        assert_eq!(found(hash(HASH)), Err(Refusal::PersistedQueryNotFound));
        library.keep(HASH.to_owned(), TEXT);
        assert_eq!(found(hash(HASH)), Ok((TEXT.to_owned(), Origin::Sent)));
        let unknown = found(Some(Named::Unknown));
        assert_eq!(unknown, Err(Refusal::PersistedQueryNotSupported));
        assert_eq!(
            found(id(format!("sha256:{HASH}"))),
            Err(Refusal::UnknownDocument)
        );
    }

    #[test]
    fn where_nothing_is_kept_the_text_is_run_all_the_same() {
        let library = Library::keeping(0);
        library.keep(HASH.to_owned(), TEXT);
        let alone = find(&library, "", hash(HASH));
        assert_eq!(alone, Err(Refusal::PersistedQueryNotSupported));
        let sent = Ok((TEXT.to_owned(), Origin::Sent));
        assert_eq!(find(&library, TEXT, hash(HASH)), sent);
    }

    #[test]
    fn no_more_is_kept_than_there_is_room_for() {
        const ROOM: u32 = 100_000;
        let library = Library::keeping(ROOM);
        let kept = library.kept.clone().unwrap();
        for number in 0..1_000 {
            library.keep(format!("{number:064}"), &"x".repeat(1_000));
        }
        kept.run_pending_tasks();
        assert!(kept.weighted_size() <= ROOM.into());
        assert!(kept.entry_count() > 0);
    }

    #[test]
    fn an_id_has_one_document() {
        let mut trusted = Trusted::new(true);
        trusted.add(entry("a", TEXT)).unwrap();
        // Two clients may well send the same.
        trusted.add(entry("a", TEXT)).unwrap();
        trusted.add(entry("b", TEXT)).unwrap();
        trusted.add(entry(&format!("sha256:{HASH}"), TEXT)).unwrap();
        assert_eq!(trusted.len(), 1);
        let error = |id: &str, text: &str| {
            let mut trusted = Trusted::new(true);
            trusted.add(entry("a", TEXT)).unwrap();
            trusted.add(entry(id, text)).unwrap_err().to_string()
        };
        assert!(error("a", "{ x }").contains("another one"));
        assert!(error("", "{ x }").contains("no id"));
        let hash = format!("sha256:{HASH}");
        assert!(error(&hash, "{ x }").contains("is not"));
    }
}
