//! Many callers' items as one batch, without a timer.
//!
//! Who puts an item in gets the answer to it alone. A batch begins at once while there is a lane
//! free; whatever comes meanwhile waits, and is the next batch. So one caller by itself waits for
//! nobody, and a crowd shares what a batch costs: the more come, the larger the batches.

use std::{
    collections::{HashMap, VecDeque, hash_map::Entry},
    fmt::{Debug, Formatter},
    hash::Hash,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_util::FutureExt;
use tokio::sync::oneshot;

use crate::error::Error;

#[cfg(test)]
mod tests;

/// The most items of a batch: bounds how long the first waits for the last.
const BATCH: usize = 256;
/// The most items that wait. Who comes then is told so at once.
const QUEUE: usize = 10_000;

/// Lines of items, each of a key: those of one key share batches.
pub struct Coalescer<K, I, A> {
    shared: Arc<Shared<K, I, A>>,
}

struct Shared<K, I, A> {
    /// How many batches of one key run at the same time.
    lanes: usize,
    lines: Mutex<Lines<K, I, A>>,
}

struct Lines<K, I, A> {
    by_key: HashMap<K, Line<I, A>>,
    /// The items of all lines.
    waiting: usize,
}

/// What waits for one key. A line without a running lane is not kept: nothing waits in it.
struct Line<I, A> {
    items: VecDeque<Waiting<I, A>>,
    running: usize,
}

struct Waiting<I, A> {
    item: I,
    reply: oneshot::Sender<Result<A, Error>>,
}

impl<K, I, A> Coalescer<K, I, A>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    I: Send + 'static,
    A: Send + 'static,
{
    /// Runs up to `lanes` batches of a key at the same time; 1 or more.
    pub fn new(lanes: usize) -> Self {
        let lines = Lines {
            by_key: HashMap::new(),
            waiting: 0,
        };
        Self {
            shared: Arc::new(Shared {
                lanes,
                lines: Mutex::new(lines),
            }),
        }
    }

    /// The answer to `item`, in a batch with others of `key`. `run` answers a batch: one answer an
    /// item, in their order. (Everybody gives the same `run`: it is the one of who finds a lane free
    /// that is called, until nothing waits.)
    ///
    /// Who is no longer there when a batch begins is left out of it; what has begun goes on without.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where 10,000 wait already; what `run` fails with, which is told to
    /// all who wait for the same key by then: they would wait in vain, one batch after the other;
    /// [`Error::Internal`] where the batch panicked.
    pub async fn put<R, F>(&self, key: K, item: I, run: R) -> Result<A, Error>
    where
        R: Fn(Vec<I>) -> F + Send + Sync + 'static,
        F: Future<Output = Result<Vec<A>, Error>> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        if self.shared.take_in(&key, Waiting { item, reply })? {
            let shared = self.shared.clone();
            tokio::spawn(async move { shared.run_lane(&key, run).await });
        }
        answer
            .await
            .unwrap_or_else(|_| Err(Error::Unavailable("the service is stopping".into())))
    }
}

impl<K: Clone + Eq + Hash, I, A> Shared<K, I, A> {
    fn lock(&self) -> MutexGuard<'_, Lines<K, I, A>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts an item into the line of `key`. Says whether a lane is to be run for it.
    fn take_in(&self, key: &K, item: Waiting<I, A>) -> Result<bool, Error> {
        let mut lines = self.lock();
        if lines.waiting >= QUEUE {
            return Err(Error::Unavailable("too many wait in line".into()));
        }
        lines.waiting += 1;
        let line = lines.by_key.entry(key.clone()).or_default();
        line.items.push_back(item);
        let starts = line.running < self.lanes;
        line.running += usize::from(starts);
        Ok(starts)
    }

    /// What waits for `key`, as a batch; nothing where the lane has ended. Both are decided under
    /// one lock: who comes later finds the lane gone, and runs another.
    fn next(&self, key: &K) -> Vec<Waiting<I, A>> {
        let mut lines = self.lock();
        let Entry::Occupied(mut entry) = lines.by_key.entry(key.clone()) else {
            return Vec::new();
        };
        let line = entry.get_mut();
        let (mut batch, mut taken) = (Vec::new(), 0);
        while batch.len() < BATCH
            && let Some(waiting) = line.items.pop_front()
        {
            taken += 1;
            if !waiting.reply.is_closed() {
                batch.push(waiting);
            }
        }
        if batch.is_empty() {
            line.running -= 1;
            if line.running == 0 {
                entry.remove();
            }
        }
        lines.waiting -= taken;
        batch
    }

    /// Tells all who wait for `key` of `error`.
    fn refuse(&self, key: &K, error: &Error) {
        let items = {
            let mut lines = self.lock();
            let line = lines.by_key.get_mut(key);
            let items = line.map_or_else(VecDeque::new, |line| std::mem::take(&mut line.items));
            lines.waiting -= items.len();
            items
        };
        for waiting in items {
            let _ = waiting.reply.send(Err(error.clone()));
        }
    }

    async fn run_lane<R, F>(&self, key: &K, run: R)
    where
        R: Fn(Vec<I>) -> F,
        F: Future<Output = Result<Vec<A>, Error>>,
    {
        loop {
            let batch = self.next(key);
            if batch.is_empty() {
                return;
            }
            let (items, replies): (Vec<_>, Vec<_>) = batch
                .into_iter()
                .map(|waiting| (waiting.item, waiting.reply))
                .unzip();
            // Also what `run` does before its first await.
            let answers = AssertUnwindSafe(async { run(items).await }).catch_unwind();
            let answers = match answers.await {
                Ok(Ok(answers)) => answers,
                Ok(Err(error)) => {
                    answer_all(replies, &error);
                    self.refuse(key, &error);
                    continue;
                }
                Err(_) => {
                    answer_all(replies, &Error::internal("a batch panicked"));
                    continue;
                }
            };
            let mut answers = answers.into_iter();
            for reply in replies {
                let missing = || Error::internal("a batch left an item without an answer");
                // Who asked may have gone.
                let _ = reply.send(answers.next().ok_or_else(missing));
            }
        }
    }
}

fn answer_all<A>(replies: Vec<oneshot::Sender<Result<A, Error>>>, error: &Error) {
    for reply in replies {
        let _ = reply.send(Err(error.clone()));
    }
}

impl<I, A> Default for Line<I, A> {
    fn default() -> Self {
        Self {
            items: VecDeque::new(),
            running: 0,
        }
    }
}

impl<K, I, A> Debug for Coalescer<K, I, A> {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Coalescer")
            .field("lanes", &self.shared.lanes)
            .finish_non_exhaustive()
    }
}
