//! What a feed waits for, and how it reads then.

use std::{future::Future, sync::Arc};

use super::{
    others::Others,
    reads::{Read, Reads, alone},
};
use crate::{
    error::Error,
    events::{Event, Events, Waiter},
    lsn::Lsn,
};

/// A feed's own event, and others.
pub(super) struct Watch<R> {
    waiter: Waiter,
    reads: Arc<Reads<R>>,
    others: Option<Arc<Others>>,
}

/// What was published by a moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    version: u64,
    /// Where the log stood after what was published of the others.
    others: Option<Lsn>,
}

impl<R: Send + Sync + 'static> Watch<R> {
    /// That of `event` and `others`, from now on.
    pub(super) fn of(events: &Events, event: Event, others: Option<Arc<Others>>) -> Self {
        let waiter = events.watch(event);
        Self {
            reads: waiter.common(),
            waiter,
            others,
        }
    }

    /// Comes back when something was published.
    pub(super) async fn wait(&mut self) {
        match &self.others {
            None => self.waiter.wait().await,
            Some(others) => tokio::select! {
                () = self.waiter.wait() => {}
                () = others.wait() => {}
            },
        }
    }

    /// Whether something was published since [`Self::wait`] came back for it, or [`Self::see`] was called.
    pub(super) fn is_behind(&self) -> bool {
        let others = self.others.as_ref();
        self.waiter.is_behind() || others.is_some_and(|others| others.is_behind())
    }

    /// What was published by now is not waited for any more.
    pub(super) fn see(&mut self) -> Seen {
        Seen {
            version: self.waiter.version(),
            others: self.others.as_ref().and_then(|others| others.see()),
        }
    }

    /// Where the log stood after what was `seen`.
    pub(super) fn lsn(&self, seen: Seen) -> Lsn {
        let own = self.waiter.lsn();
        seen.others.map_or(own, |others| others.max(own))
    }

    /// The rows after the number `after`, as of what was `seen` or later: those that another feed reads, where there
    /// are no others' events, or by `read`.
    pub(super) fn read<Fut>(&self, after: i64, seen: Seen, read: impl FnOnce() -> Fut) -> Read<R>
    where
        Fut: Future<Output = Result<Vec<(i64, R)>, Error>> + Send + 'static,
    {
        match self.others {
            None => self.reads.after(after, seen.version, read),
            Some(_) => alone(read()),
        }
    }
}
