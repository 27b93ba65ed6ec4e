//! Documents that were found valid before: a client sends the same few again and again, and to parse
//! and validate one takes longer than to answer it.

use std::sync::{Arc, OnceLock};

use apollo_compiler::{Schema, validation::Valid};
use async_graphql::{
    Pos,
    parser::{parse_query, types::ExecutableDocument},
};
use moka::sync::Cache;

use super::{escapes, introspection, lists, refusal::Refusal, scan, validate::Document, values};
use crate::config::Limits;

/// What the documents that are kept may take in memory, in bytes, about: those that are sent, and those that are
/// trusted, which no number of others drives out.
const ROOM: u64 = 32 << 20;
const ROOM_FOR_TRUSTED: u64 = 128 << 20;
/// What a document takes in any case, and for each byte of its text, parsed twice and with its types.
const EACH: usize = 4096;
const TIMES: usize = 250;

/// A document that keeps to the limits of its text, parsed.
#[derive(Debug)]
pub(super) struct Known {
    /// As it was sent, but for escapes.
    text: String,
    /// As the engine has it.
    pub document: ExecutableDocument,
    /// Where it asks for the schema itself.
    pub introspects: Option<Pos>,
    valid: OnceLock<Document>,
}

impl Known {
    /// Reads `query`.
    fn read(query: &str, limits: &Limits) -> Result<Self, Refusal> {
        scan::scan(query, limits.max_tokens)?;
        let text = escapes::rewrite(query)?;
        let document = parse_query(&text)?;
        Ok(Self {
            introspects: introspection::asked(&document),
            document,
            text: text.into_owned(),
            valid: OnceLock::new(),
        })
    }

    /// With its types, where it is valid: worked out once.
    pub fn valid(&self, schema: &Valid<Schema>) -> Result<&Document, Refusal> {
        if let Some(valid) = self.valid.get() {
            return Ok(valid);
        }
        let valid = Document::new(schema, &self.text)?;
        values::check(schema, &valid)?;
        lists::check(schema, &valid)?;
        Ok(self.valid.get_or_init(|| valid))
    }
}

/// The documents of this process that were valid.
#[derive(Clone, Debug)]
pub(super) struct Documents {
    known: Cache<String, Arc<Known>>,
    /// Whether those are kept, too, that have texts in them.
    with_texts: bool,
}

impl Documents {
    /// Of those that clients send.
    pub fn sent() -> Self {
        Self::new(ROOM, false)
    }

    /// Of those that are trusted: what stands in them is no secret of anybody's.
    pub fn trusted() -> Self {
        Self::new(ROOM_FOR_TRUSTED, true)
    }

    fn new(room: u64, with_texts: bool) -> Self {
        let known = Cache::builder()
            .max_capacity(room)
            .weigher(|query: &String, _| {
                let size = query.len().saturating_mul(TIMES).saturating_add(EACH);
                u32::try_from(size).unwrap_or(u32::MAX)
            })
            .build();
        Self { known, with_texts }
    }

    /// The document that `query` is.
    ///
    /// # Errors
    /// Where its text passes the limits, or is no document.
    pub fn read(&self, query: &str, limits: &Limits) -> Result<Arc<Known>, Refusal> {
        match self.known.get(query) {
            Some(known) => Ok(known),
            None => Ok(Arc::new(Known::read(query, limits)?)),
        }
    }

    /// Keeps `known`, which `query` is and which is valid. What has texts in it, perhaps a password,
    /// is not kept: whoever sends a document again sends those as variables.
    pub fn keep(&self, query: &str, known: &Arc<Known>) {
        let is_kept = self.with_texts || !query.contains('"');
        if is_kept && !self.known.contains_key(query) {
            self.known.insert(query.to_owned(), known.clone());
        }
    }
}
