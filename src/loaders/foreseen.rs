//! What the document of a request asks for further down, looked up once.

use std::sync::Mutex;

use foldhash::HashMap;

use super::lock;

/// Where a field of the document lies in memory, as long as the request lives, and what is to be known
/// of it.
type Question = (usize, [&'static str; 2]);

/// What is known of the document.
#[derive(Debug, Default)]
pub struct Foreseen(Mutex<HashMap<Question, bool>>);

impl Foreseen {
    /// The answer to `question`, which `look` finds where it was not asked before.
    pub fn once(&self, question: Question, look: impl FnOnce() -> bool) -> bool {
        *lock(&self.0).entry(question).or_insert_with(look)
    }
}
