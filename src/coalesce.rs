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
    time::{Duration, Instant},
};

use futures_util::{FutureExt, future::BoxFuture};
use tokio::{sync::oneshot, time::timeout};

use crate::error::Error;

#[cfg(test)]
mod tests;

/// The most items of a batch: bounds how long the first waits for the last.
const BATCH: usize = 256;
/// The most that the items of a batch weigh together, but for one alone.
const WEIGHT: usize = 2_000;
/// A batch that has run for longer keeps nobody waiting where there may be more lanes.
const SLOW: Duration = Duration::from_millis(20);
/// The most items that wait. Who comes then is told so at once.
const QUEUE: usize = 10_000;

/// Why there is no answer to an item, where its batch did not fail by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// 10,000 items wait already.
    Full,
    /// The process is stopping.
    Stopping,
    /// The batch panicked, or left the item out.
    Lost,
}

impl From<Unanswered> for Error {
    fn from(why: Unanswered) -> Self {
        match why {
            Unanswered::Full => Self::Unavailable("too many wait in line".into()),
            Unanswered::Stopping => Self::Unavailable("the service is stopping".into()),
            Unanswered::Lost => Self::internal("a batch panicked, or left an item out"),
        }
    }
}

/// Lines of items, each of a key: those of one key share batches.
pub struct Coalescer<K, I, A, E = Error> {
    shared: Arc<Shared<K, I, A, E>>,
}

struct Shared<K, I, A, E> {
    /// How many batches of one key run at the same time.
    lanes: usize,
    /// How many may where the others take too long.
    most_lanes: usize,
    lines: Mutex<Lines<K, I, A, E>>,
}

struct Lines<K, I, A, E> {
    by_key: HashMap<K, Line<I, A, E>>,
    /// The items of all lines.
    waiting: usize,
    /// The lanes so far.
    lanes: Lane,
}

/// What waits for one key. A line without a running lane is not kept: nothing waits in it.
struct Line<I, A, E> {
    items: VecDeque<Waiting<I, A, E>>,
    /// Since when each lane runs its batch.
    running: Vec<(Lane, Instant)>,
}

/// Which of a line's lanes.
type Lane = u64;

/// Answers a batch.
type Run<I, A, E> = Arc<dyn Fn(Vec<I>) -> BoxFuture<'static, Result<Vec<A>, E>> + Send + Sync>;

struct Waiting<I, A, E> {
    item: I,
    weight: usize,
    reply: oneshot::Sender<Result<A, E>>,
}

impl<K, I, A, E> Coalescer<K, I, A, E>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    I: Send + 'static,
    A: Send + 'static,
    E: From<Unanswered> + Clone + Send + 'static,
{
    /// Runs up to `lanes` batches of a key at the same time; 1 or more.
    pub fn new(lanes: usize) -> Self {
        Self::with_most(lanes, lanes)
    }

    /// The same; and up to `most_lanes`, where those that run have taken 20 ms: who waits behind them
    /// then gets another.
    pub fn with_most(lanes: usize, most_lanes: usize) -> Self {
        let lines = Lines {
            by_key: HashMap::new(),
            waiting: 0,
            lanes: 0,
        };
        Self {
            shared: Arc::new(Shared {
                lanes,
                most_lanes,
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
    /// [`Unanswered::Full`] where 10,000 wait already; what `run` fails with, which is told to
    /// all who wait for the same key by then, where no other lane runs: they would wait in vain, one
    /// batch after the other;
    /// [`Unanswered::Lost`] where the batch panicked.
    pub async fn put<R, F>(&self, key: K, item: I, run: R) -> Result<A, E>
    where
        R: Fn(Vec<I>) -> F + Send + Sync + 'static,
        F: Future<Output = Result<Vec<A>, E>> + Send + 'static,
    {
        self.put_heavy(key, item, 1, run).await
    }

    /// The same for an item of such a `weight`: those of a batch weigh 2,000 together, or it is one.
    ///
    /// # Errors
    /// The same.
    pub async fn put_heavy<R, F>(&self, key: K, item: I, weight: usize, run: R) -> Result<A, E>
    where
        R: Fn(Vec<I>) -> F + Send + Sync + 'static,
        F: Future<Output = Result<Vec<A>, E>> + Send + 'static,
    {
        let run: Run<I, A, E> = Arc::new(move |items| run(items).boxed());
        self.put_to(key, item, weight, run).await
    }

    /// Whatever runs the batches: what does not depend on that is built once.
    async fn put_to(&self, key: K, item: I, weight: usize, run: Run<I, A, E>) -> Result<A, E> {
        let (reply, mut answer) = oneshot::channel();
        let waiting = Waiting {
            item,
            weight,
            reply,
        };
        let begin = |lane: Option<Lane>| {
            let Some(lane) = lane else { return };
            let (shared, key, run) = (self.shared.clone(), key.clone(), run.clone());
            tokio::spawn(async move { shared.run_lane(&key, lane, &run).await }.boxed());
        };
        begin(self.shared.take_in(&key, waiting)?);
        if self.shared.most_lanes > self.shared.lanes {
            loop {
                match timeout(SLOW, &mut answer).await {
                    Ok(answer) => {
                        return answer.unwrap_or_else(|_| Err(Unanswered::Stopping.into()));
                    }
                    Err(_) => begin(self.shared.another_lane(&key)),
                }
            }
        }
        answer
            .await
            .unwrap_or_else(|_| Err(Unanswered::Stopping.into()))
    }
}

impl<K, I, A, E> Shared<K, I, A, E>
where
    K: Clone + Eq + Hash,
    E: From<Unanswered> + Clone,
{
    fn lock(&self) -> MutexGuard<'_, Lines<K, I, A, E>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts an item into the line of `key`. Gives the lane that is to be run for it, if one is.
    fn take_in(&self, key: &K, item: Waiting<I, A, E>) -> Result<Option<Lane>, Unanswered> {
        let mut lines = self.lock();
        if lines.waiting >= QUEUE {
            return Err(Unanswered::Full);
        }
        lines.waiting += 1;
        let line = lines.by_key.entry(key.clone()).or_default();
        line.items.push_back(item);
        Ok(self.free_lane(&mut lines, key))
    }

    /// Another lane for those who wait for `key`, where the others take too long.
    fn another_lane(&self, key: &K) -> Option<Lane> {
        self.free_lane(&mut self.lock(), key)
    }

    fn free_lane(&self, lines: &mut Lines<K, I, A, E>, key: &K) -> Option<Lane> {
        let lane = lines.lanes;
        let line = lines.by_key.get_mut(key)?;
        let quick = line.running.iter();
        let quick = quick.filter(|(_, began)| began.elapsed() < SLOW).count();
        let is_free = quick < self.lanes && line.running.len() < self.most_lanes;
        if !is_free || line.items.is_empty() {
            return None;
        }
        line.running.push((lane, Instant::now()));
        lines.lanes += 1;
        Some(lane)
    }

    /// What waits for `key`, as a batch; nothing where the lane has ended. Both are decided under
    /// one lock: who comes later finds the lane gone, and runs another.
    fn next(&self, key: &K, lane: Lane) -> Vec<Waiting<I, A, E>> {
        let mut lines = self.lock();
        let Entry::Occupied(mut entry) = lines.by_key.entry(key.clone()) else {
            return Vec::new();
        };
        let line = entry.get_mut();
        let (mut batch, mut taken, mut weight) = (Vec::new(), 0, 0);
        while batch.len() < BATCH
            && let Some(next) = line.items.front()
            && (batch.is_empty() || weight + next.weight <= WEIGHT)
            && let Some(waiting) = line.items.pop_front()
        {
            taken += 1;
            if !waiting.reply.is_closed() {
                weight += waiting.weight;
                batch.push(waiting);
            }
        }
        if batch.is_empty() {
            line.running.retain(|(running, _)| *running != lane);
            if line.running.is_empty() {
                entry.remove();
            }
        } else if let Some((_, began)) = line.running.iter_mut().find(|(it, _)| *it == lane) {
            *began = Instant::now();
        }
        lines.waiting -= taken;
        batch
    }

    /// Tells all who wait for `key` of `error`, unless another lane may still serve them.
    fn refuse(&self, key: &K, error: &E) {
        let items = {
            let mut lines = self.lock();
            let line = lines.by_key.get_mut(key);
            let line = line.filter(|line| line.running.len() == 1);
            let items = line.map_or_else(VecDeque::new, |line| std::mem::take(&mut line.items));
            lines.waiting -= items.len();
            items
        };
        for waiting in items {
            let _ = waiting.reply.send(Err(error.clone()));
        }
    }

    async fn run_lane(&self, key: &K, lane: Lane, run: &Run<I, A, E>) {
        loop {
            let batch = self.next(key, lane);
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
                    answer_all(replies, &Unanswered::Lost.into());
                    continue;
                }
            };
            let mut answers = answers.into_iter();
            for reply in replies {
                // Who asked may have gone.
                let _ = reply.send(answers.next().ok_or_else(|| Unanswered::Lost.into()));
            }
        }
    }
}

fn answer_all<A, E: Clone>(replies: Vec<oneshot::Sender<Result<A, E>>>, error: &E) {
    for reply in replies {
        let _ = reply.send(Err(error.clone()));
    }
}

impl<I, A, E> Default for Line<I, A, E> {
    fn default() -> Self {
        Self {
            items: VecDeque::new(),
            running: Vec::new(),
        }
    }
}

impl<K, I, A, E> Debug for Coalescer<K, I, A, E> {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Coalescer")
            .field("lanes", &self.shared.lanes)
            .finish_non_exhaustive()
    }
}
