//! What a transaction is to do, without the type of what it comes to.
//!
//! There are some 150 mutations. What carries a transaction out, on either database, would be built for each
//! of them; so it is built once, and each mutation leaves what it came to in a place of its own.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::{TryFutureExt, future::BoxFuture};

use super::Tx;
use crate::{error::Error, rejection::Rejection};

/// What a transaction is to do; again where its transaction was lost.
pub(super) trait Work: Send + Sync {
    fn run<'t>(&'t self, tx: &'t Tx) -> BoxFuture<'t, Result<(), Rejection>>;
}

/// `work`, and what it came to the last time.
pub(super) struct Kept<T, F> {
    work: F,
    came_to: Mutex<Option<T>>,
}

impl<T, F> Kept<T, F>
where
    F: for<'t> Fn(&'t Tx) -> BoxFuture<'t, Result<T, Rejection>>,
{
    pub(super) fn new(work: F) -> Arc<Self> {
        Arc::new(Self {
            work,
            came_to: Mutex::new(None),
        })
    }

    /// What the work came to, once its transaction is on disk.
    pub(super) fn take(&self) -> Result<T, Rejection> {
        let came_to = self.place().take();
        came_to.ok_or_else(|| {
            Error::internal("a transaction was committed that came to nothing").into()
        })
    }

    fn place(&self) -> MutexGuard<'_, Option<T>> {
        self.came_to.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T, F> Work for Kept<T, F>
where
    T: Send,
    F: for<'t> Fn(&'t Tx) -> BoxFuture<'t, Result<T, Rejection>> + Send + Sync,
{
    fn run<'t>(&'t self, tx: &'t Tx) -> BoxFuture<'t, Result<(), Rejection>> {
        Box::pin((self.work)(tx).map_ok(|it| *self.place() = Some(it)))
    }
}
