//! A mutation's transaction, whatever the database.

use std::{
    panic::AssertUnwindSafe,
    sync::{Mutex, PoisonError},
};

use futures_util::FutureExt;
use sea_orm::{DatabaseTransaction, TransactionTrait};

use super::work::Work;
use crate::{
    cache::Object,
    error::Error,
    events::Event,
    rejection::{Answer, Rejection, answer},
};

/// A mutation's transaction.
#[derive(Debug)]
pub struct Tx {
    /// For the statements.
    pub sql: DatabaseTransaction,
    events: Mutex<Vec<Event>>,
}

impl Tx {
    pub(super) fn new(sql: DatabaseTransaction) -> Self {
        Self {
            sql,
            events: Mutex::new(Vec::new()),
        }
    }

    /// Runs `work` in this transaction. A mutation that panics must not take others with it.
    pub(super) async fn run(&self, work: &dyn Work) -> Result<(), Rejection> {
        // Also what it does before its first await.
        AssertUnwindSafe(async { work.run(self).await })
            .catch_unwind()
            .await
            .unwrap_or_else(|_| Err(Error::internal("a mutation panicked").into()))
    }

    /// What is to be committed, and what is to be published then: first what has changed, so that
    /// who is woken finds it so.
    pub(super) fn into_parts(self) -> (DatabaseTransaction, Vec<Event>) {
        let events = self.events.into_inner();
        let mut events = events.unwrap_or_else(PoisonError::into_inner);
        events.sort_by_key(|event| !matches!(event, Event::Changed(_)));
        (self.sql, events)
    }

    /// Runs `work` so that a refusal undoes what it wrote, and nothing else of this transaction.
    ///
    /// # Errors
    /// What `work` fails with; a refusal is an answer here.
    pub async fn attempt<T>(
        &self,
        work: impl for<'t> AsyncFnOnce(&'t Self) -> Result<T, Rejection>,
    ) -> Result<Answer<T>, Error> {
        let inner = Self::new(self.sql.begin().await?);
        let done = answer(work(&inner).await);
        let (sql, events) = inner.into_parts();
        match &done {
            Ok(Ok(_)) => {
                sql.commit().await?;
                for event in events {
                    self.after_commit(event);
                }
            }
            _ => sql.rollback().await?,
        }
        done
    }

    /// Has whatever is kept of `object` forgotten once the transaction is on disk.
    pub fn changes(&self, object: Object) {
        self.after_commit(Event::Changed(object));
    }

    /// Publishes `event` once the transaction is on disk.
    pub fn after_commit(&self, event: Event) {
        self.events
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(event);
    }
}
