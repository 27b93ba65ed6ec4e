//! Whose last use is being written: few at once, and one a session.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use crate::graphql::quota::{Held, Quota};

/// The most that are written at once: who finds none free is written at another request.
pub const MOST: usize = 16;

/// Whose last use is being written.
#[derive(Debug)]
pub struct Uses {
    sessions: Quota<Uuid>,
    places: Arc<Semaphore>,
}

impl Default for Uses {
    fn default() -> Self {
        Self {
            sessions: Quota::default(),
            places: Arc::new(Semaphore::new(MOST)),
        }
    }
}

/// One that is being written, until this goes out of scope.
#[derive(Debug)]
pub struct Written {
    _session: Held<Uuid>,
    _place: OwnedSemaphorePermit,
}

impl Uses {
    /// Begins to write that of `session`, unless that is under way, or too many others are.
    pub fn begin(&self, session: Uuid) -> Option<Written> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        Some(Written {
            _session: self.sessions.take(session, 1)?,
            _place: place,
        })
    }
}
