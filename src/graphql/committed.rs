//! Which fields of a mutation were carried out: what fails after that is told as such.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use async_graphql::{PathSegment, Response, ServerError};

use crate::error::Error;

/// The fields of one mutation that were carried out, by the keys that they have in its response.
#[derive(Clone, Debug, Default)]
pub struct Committed(Arc<Mutex<HashSet<String>>>);

impl Committed {
    /// What stands under `key` in the response was carried out; from here on it is only read.
    pub fn note(&self, key: &str) {
        self.fields().insert(key.to_owned());
    }

    /// Has no error of `response` say that nothing was changed where something was.
    pub fn settle(&self, response: &mut Response) {
        let fields = self.fields();
        for error in &mut response.errors {
            let Some(PathSegment::Field(root)) = error.path.first() else {
                continue;
            };
            if fields.contains(root) {
                settle(error);
            }
        }
    }

    fn fields(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
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
