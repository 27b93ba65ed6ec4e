//! Which fields of a mutation were carried out: what fails after that is told as such, and what was done is
//! counted by them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_graphql::{PathSegment, Response, ServerError};

use crate::{
    error::Error,
    usage::tally::{Deeds, WRITING},
};

/// What of one mutation was carried out.
#[derive(Clone, Debug, Default)]
pub struct Committed(Arc<Mutex<Done>>);

#[derive(Debug, Default)]
struct Done {
    /// The fields' names, by the keys that they have in the response.
    fields: HashMap<String, String>,
    /// The visits that were counted with others.
    visits: i64,
}

impl Committed {
    /// What stands under `key` in the response, the field `name`, was carried out; from here on it is only read.
    pub fn note(&self, key: &str, name: &str) {
        self.done().fields.insert(key.to_owned(), name.to_owned());
    }

    /// A visit was counted with whom it was made to.
    pub fn visited(&self) {
        self.done().visits += 1;
    }

    /// What of it counts as somebody's use of a day.
    pub fn deeds(&self) -> Deeds {
        let done = self.done();
        let names = done.fields.values();
        let writings = names.filter(|name| WRITING.contains(&name.as_str()));
        Deeds {
            visits: done.visits,
            writings: writings.count().try_into().unwrap_or(i64::MAX),
            readings: 0,
        }
    }

    /// Has no error of `response` say that nothing was changed where something was.
    pub fn settle(&self, response: &mut Response) {
        let done = self.done();
        for error in &mut response.errors {
            let Some(PathSegment::Field(root)) = error.path.first() else {
                continue;
            };
            if done.fields.contains_key(root) {
                settle(error);
            }
        }
    }

    fn done(&self) -> std::sync::MutexGuard<'_, Done> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn settle(error: &mut ServerError) {
    let Some(ours) = error.source::<Error>() else {
        return;
    };
    if let Error::Internal(detail) = ours {
        tracing::error!(detail = &**detail, "a mutation failed after its commit");
    }
    error.source = Some(Arc::new(ours.clone().after_commit()));
}
