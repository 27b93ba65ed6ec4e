//! What is under way on a connection, and since when there is nothing.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::Notify,
    time::{Instant, sleep_until},
};

/// What is under way on one connection: requests until their answers are given out whole, and what
/// waits for its client to read.
#[derive(Debug)]
pub struct Activity {
    now: Mutex<Now>,
    /// Nothing is under way any more.
    rests: Notify,
}

#[derive(Debug)]
struct Now {
    under_way: usize,
    /// When the last of it ended.
    ended: Instant,
}

/// Something that is under way, until this goes out of scope.
#[derive(Debug)]
pub struct UnderWay(Arc<Activity>);

impl Activity {
    /// Of a connection that has just begun.
    pub fn new() -> Arc<Self> {
        Arc::new(Self {
            now: Mutex::new(Now {
                under_way: 0,
                ended: Instant::now(),
            }),
            rests: Notify::new(),
        })
    }

    /// Something begins.
    pub fn begin(self: &Arc<Self>) -> UnderWay {
        self.lock().under_way += 1;
        UnderWay(self.clone())
    }

    /// Comes back when nothing was under way for as long as `patience`, from now on.
    pub async fn idle(&self, patience: Duration) {
        let from = Instant::now();
        loop {
            match self.ended() {
                None => self.rests.notified().await,
                Some(ended) => {
                    let due = ended.max(from) + patience;
                    if due <= Instant::now() {
                        return;
                    }
                    sleep_until(due).await;
                }
            }
        }
    }

    /// When the last ended; none while something is under way.
    fn ended(&self) -> Option<Instant> {
        let now = self.lock();
        (now.under_way == 0).then_some(now.ended)
    }

    fn lock(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut now = self.0.lock();
        now.under_way = now.under_way.saturating_sub(1);
        if now.under_way == 0 {
            now.ended = Instant::now();
            self.0.rests.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use tokio::time::sleep;

    use super::*;

    const PATIENCE: Duration = Duration::from_millis(60);

    #[tokio::test]
    async fn idle_is_where_nothing_was_under_way_for_so_long() {
        let activity = Activity::new();
        let began = Instant::now();
        activity.idle(PATIENCE).await;
        assert!(began.elapsed() >= PATIENCE);
        // What was before does not count.
        let mut idle = Box::pin(activity.idle(PATIENCE));
        assert!((&mut idle).now_or_never().is_none());
        let (one, other) = (activity.begin(), activity.begin());
        drop(one);
        tokio::select! {
            () = &mut idle => panic!("one is under way"),
            () = sleep(PATIENCE * 2) => drop(other),
        }
        let rested = Instant::now();
        idle.await;
        assert!(rested.elapsed() >= PATIENCE);
    }
}
