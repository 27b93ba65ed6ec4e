//! What the document of a request asks for further down, looked up once.

use std::{
    any::{Any, TypeId},
    sync::{Arc, Mutex},
};

use foldhash::HashMap;

use super::lock;

/// Where a field of the document lies in memory, as long as the request lives.
type Place = usize;
/// A field, and what is to be known of it.
type Question = (Place, [&'static str; 2]);

/// What is known of the document.
#[derive(Debug, Default)]
pub struct Foreseen {
    answers: Mutex<HashMap<Question, bool>>,
    whole: Mutex<HashMap<(Place, TypeId), Arc<dyn Any + Send + Sync>>>,
}

impl Foreseen {
    /// The answer to `question`, which `look` finds where it was not asked before.
    pub fn once(&self, question: Question, look: impl FnOnce() -> bool) -> bool {
        *lock(&self.answers).entry(question).or_insert_with(look)
    }

    /// All that is to be known of the field at `place`, which `look` finds where it was not asked for
    /// before.
    pub fn whole<T: Send + Sync + 'static>(
        &self,
        place: usize,
        look: impl FnOnce() -> T,
    ) -> Arc<T> {
        let key = (place, TypeId::of::<T>());
        let known = lock(&self.whole).get(&key).cloned();
        let known = known.and_then(|it| it.downcast().ok());
        known.unwrap_or_else(|| {
            let found = Arc::new(look());
            lock(&self.whole).insert(key, found.clone());
            found
        })
    }
}
