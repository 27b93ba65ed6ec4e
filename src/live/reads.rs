//! One read for all followers of a feed who stand at the same place.

use std::{
    collections::VecDeque,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared},
};

use crate::error::Error;

/// Rows with their numbers.
pub type Rows<R> = Arc<[(i64, R)]>;
/// A read under way or done, for as many as want it.
pub type Read<R> = Shared<BoxFuture<'static, Result<Rows<R>, Error>>>;

/// How many reads are kept: followers are at one or two places, but for those who catch up.
const KEPT: usize = 4;

/// The latest reads of a topic.
pub struct Reads<R>(Mutex<VecDeque<Kept<R>>>);

struct Kept<R> {
    /// The topic's version when it began, or a later one.
    version: u64,
    after: i64,
    read: Read<R>,
}

impl<R> Default for Reads<R> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<R: Send + Sync + 'static> Reads<R> {
    /// The rows after the number `after` as they are at `version` of the topic, or later: by a
    /// read of somebody else's that began no earlier than that version, or by `read`.
    pub fn after<Fut>(&self, after: i64, version: u64, read: impl FnOnce() -> Fut) -> Read<R>
    where
        Fut: Future<Output = Result<Vec<(i64, R)>, Error>> + Send + 'static,
    {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // What failed is tried again by whoever comes next.
        kept.retain(|kept| kept.version >= version && !matches!(kept.read.peek(), Some(Err(_))));
        if let Some(same) = kept.iter().find(|kept| kept.after == after) {
            return same.read.clone();
        }
        let read = alone(read());
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(Kept {
            version,
            after,
            read: read.clone(),
        });
        read
    }
}

/// A read that nobody else wants. It runs to its end, whoever goes: left half done, it would keep its connection.
pub fn alone<R, Fut>(read: Fut) -> Read<R>
where
    R: Send + Sync + 'static,
    Fut: Future<Output = Result<Vec<(i64, R)>, Error>> + Send + 'static,
{
    let read = tokio::spawn(read).map(|done| match done {
        Ok(rows) => rows.map(Rows::from),
        Err(broken) => Err(Error::internal(broken)),
    });
    read.boxed().shared()
}

#[cfg(test)]
mod tests {
    use std::{
        future::ready,
        sync::atomic::{AtomicI64, Ordering},
    };

    use super::*;

    #[tokio::test]
    async fn a_read_is_shared_by_place_and_version_and_a_failure_by_nobody_later() {
        let (reads, count) = (Reads::<i64>::default(), AtomicI64::new(0));
        let ask = async |after, version| {
            let read = || ready(Ok(vec![(after, count.fetch_add(1, Ordering::Relaxed))]));
            reads.after(after, version, read).await.unwrap()[0]
        };
        assert_eq!(ask(7, 1).await, (7, 0));
        assert_eq!(ask(7, 1).await, (7, 0), "the same place and version");
        assert_eq!(ask(8, 1).await, (8, 1), "another place");
        assert_eq!(ask(7, 2).await, (7, 2), "a later version");
        assert_eq!(
            ask(7, 1).await,
            (7, 2),
            "later is fine for who came earlier"
        );
        let fails = || ready(Err(Error::internal("as this test wants")));
        assert!(reads.after(9, 2, fails).await.is_err());
        assert_eq!(ask(9, 2).await, (9, 3));
        for place in 0..100 {
            ask(place, 2).await;
        }
        assert_eq!(reads.0.lock().unwrap().len(), KEPT);
    }

    #[tokio::test]
    async fn a_read_that_nobody_waits_for_any_more_ends_all_the_same() {
        let reads = Reads::<i64>::default();
        let (goes_on, waits) = tokio::sync::oneshot::channel::<()>();
        let (done, is_done) = tokio::sync::oneshot::channel();
        let mut asked = reads.after(7, 1, || async {
            let _ = waits.await;
            let _ = done.send(());
            Ok(Vec::new())
        });
        assert!((&mut asked).now_or_never().is_none());
        drop(asked);
        goes_on.send(()).unwrap();
        let ended = tokio::time::timeout(std::time::Duration::from_secs(10), is_done);
        assert_eq!(ended.await, Ok(Ok(())));
    }
}
