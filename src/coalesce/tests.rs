use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use futures_util::{future::join_all, join, poll};
use tokio::{sync::Semaphore, time::timeout};

use super::*;

type Numbers = Coalescer<u8, usize, usize>;
type Running = std::pin::Pin<Box<dyn Future<Output = Result<Vec<usize>, Error>> + Send>>;

/// Runs batches that each wait at a gate, and notes them.
#[derive(Clone)]
struct Gate {
    batches: Arc<Mutex<Vec<Vec<usize>>>>,
    open: Arc<Semaphore>,
}

impl Gate {
    fn shut() -> Self {
        Self {
            batches: Arc::default(),
            open: Arc::new(Semaphore::new(0)),
        }
    }

    fn runs(&self) -> impl Fn(Vec<usize>) -> Running + Send + Sync + 'static {
        let gate = self.clone();
        move |items| {
            let gate = gate.clone();
            Box::pin(async move {
                gate.batches.lock().unwrap().push(items.clone());
                gate.open.acquire().await.unwrap().forget();
                Ok(items.iter().map(|item| item * 10).collect())
            })
        }
    }

    fn batches(&self) -> Vec<Vec<usize>> {
        self.batches.lock().unwrap().clone()
    }

    /// Waits until so many batches have begun.
    async fn begun(&self, count: usize) {
        soon(async {
            while self.batches().len() < count {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }
}

async fn soon<F: Future>(what: F) -> F::Output {
    timeout(Duration::from_secs(10), what).await.unwrap()
}

#[tokio::test]
async fn what_comes_while_the_lanes_are_taken_is_the_next_batch() {
    for lanes in [1, 2] {
        let (numbers, gate) = (Numbers::new(lanes), Gate::shut());
        let mut first: Vec<_> = (0..lanes)
            .map(|item| Box::pin(numbers.put(0, item, gate.runs())))
            .collect();
        for (index, put) in first.iter_mut().enumerate() {
            assert!(poll!(put).is_pending());
            gate.begun(index + 1).await;
        }
        let rest = join_all((10..310).map(|item| numbers.put(0, item, gate.runs())));
        let mut rest = Box::pin(rest);
        assert!(poll!(&mut rest).is_pending());
        tokio::task::yield_now().await;
        assert_eq!(gate.batches().len(), lanes, "no lane is free");
        gate.open.add_permits(lanes + 2);
        let (first, rest) = soon(async { join!(join_all(first), rest) }).await;
        for (answer, item) in first.into_iter().chain(rest).zip((0..lanes).chain(10..310)) {
            assert_eq!(answer.unwrap(), item * 10);
        }
        let mut sizes: Vec<_> = gate.batches()[lanes..].iter().map(Vec::len).collect();
        sizes.sort_unstable();
        assert_eq!(sizes, [300 - BATCH, BATCH]);
        assert!(numbers.shared.lock().by_key.is_empty(), "nothing is kept");
    }
}

#[tokio::test]
async fn each_key_has_its_own_line() {
    let (numbers, gate) = (Numbers::new(1), Gate::shut());
    let puts = join_all((0..3).map(|key| numbers.put(key, usize::from(key), gate.runs())));
    let mut puts = Box::pin(puts);
    assert!(poll!(&mut puts).is_pending());
    gate.begun(3).await;
    gate.open.add_permits(3);
    let answers: Result<Vec<_>, _> = soon(puts).await.into_iter().collect();
    assert_eq!(answers.unwrap(), [0, 10, 20]);
}

#[tokio::test]
async fn who_goes_away_takes_no_batch_along_and_is_left_out_of_the_next() {
    let (numbers, gate) = (Numbers::new(1), Gate::shut());
    let mut starter = Box::pin(numbers.put(0, 1, gate.runs()));
    assert!(poll!(&mut starter).is_pending());
    gate.begun(1).await;
    let mut gone = Box::pin(numbers.put(0, 2, gate.runs()));
    let mut stays = Box::pin(numbers.put(0, 3, gate.runs()));
    assert!(poll!(&mut gone).is_pending());
    assert!(poll!(&mut stays).is_pending());
    // One in a batch that runs, and one that waits.
    drop(starter);
    drop(gone);
    gate.open.add_permits(2);
    assert_eq!(soon(stays).await.unwrap(), 30);
    assert_eq!(gate.batches(), [vec![1], vec![3]]);
    assert_eq!(numbers.shared.lock().waiting, 0);
}

#[tokio::test]
async fn a_batch_that_panics_answers_everybody_and_the_next_goes_on() {
    let (numbers, gate) = (Numbers::new(1), Gate::shut());
    let runs = || {
        let gated = gate.runs();
        move |items: Vec<usize>| -> Running {
            assert!(!items.contains(&2), "before there is anything to wait for");
            let answered = gated(items.clone());
            Box::pin(async move {
                let answers = answered.await?;
                assert!(!items.contains(&3), "while it runs");
                Ok(answers)
            })
        }
    };
    gate.open.add_permits(100);
    let batch = join_all([1, 2].map(|item| numbers.put(0, item, runs())));
    for answer in soon(batch).await {
        assert!(matches!(answer, Err(Error::Internal(_))), "{answer:?}");
    }
    let answer = soon(numbers.put(0, 3, runs())).await;
    assert!(matches!(answer, Err(Error::Internal(_))), "{answer:?}");
    assert_eq!(soon(numbers.put(0, 4, runs())).await.unwrap(), 40);
}

#[tokio::test]
async fn what_a_batch_fails_with_is_told_to_all_who_wait_for_its_key() {
    let (numbers, gate) = (Numbers::new(1), Gate::shut());
    let runs = || {
        let gated = gate.runs();
        move |items: Vec<usize>| -> Running {
            let fails = items.contains(&1);
            let answered = gated(items);
            Box::pin(async move {
                let answers = answered.await?;
                if fails {
                    return Err(Error::Unavailable("away".into()));
                }
                Ok(answers)
            })
        }
    };
    let mut first = Box::pin(numbers.put(0, 1, runs()));
    let mut other = Box::pin(numbers.put(1, 2, runs()));
    assert!(poll!(&mut first).is_pending());
    assert!(poll!(&mut other).is_pending());
    gate.begun(2).await;
    let mut behind = Box::pin(numbers.put(0, 3, runs()));
    assert!(poll!(&mut behind).is_pending());
    gate.open.add_permits(2);
    for put in [first, behind] {
        let answer = soon(put).await;
        assert!(matches!(answer, Err(Error::Unavailable(_))), "{answer:?}");
    }
    assert_eq!(soon(other).await.unwrap(), 20);
    assert_eq!(gate.batches().len(), 2, "who waited was not run");
}

#[tokio::test]
async fn an_item_without_an_answer_is_told_so() {
    let numbers = Numbers::new(1);
    let fewer = |items: Vec<usize>| std::future::ready(Ok(items[1..].to_vec()));
    let puts = join_all([1, 2].map(|item| numbers.put(0, item, fewer)));
    let [first, last] = soon(puts).await.try_into().unwrap();
    assert_eq!(first.unwrap(), 2);
    assert!(matches!(last, Err(Error::Internal(_))), "{last:?}");
}

#[tokio::test]
async fn the_queue_is_bounded() {
    let (numbers, gate) = (Numbers::new(1), Gate::shut());
    let mut first = Box::pin(numbers.put(0, 0, gate.runs()));
    assert!(poll!(&mut first).is_pending());
    gate.begun(1).await;
    let waiting = join_all((0..QUEUE).map(|item| numbers.put(0, item, gate.runs())));
    let mut waiting = Box::pin(waiting);
    assert!(poll!(&mut waiting).is_pending());
    // Also for another key.
    for key in [0, 1] {
        let refused = soon(numbers.put(key, 1, gate.runs())).await;
        assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
    }
    gate.open.add_permits(QUEUE);
    assert!(soon(waiting).await.iter().all(Result::is_ok));
    assert_eq!(soon(numbers.put(0, 1, gate.runs())).await.unwrap(), 10);
}

/// A lane ends in the very moment in which somebody comes, again and again.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_is_forgotten() {
    let numbers = Arc::new(Numbers::new(2));
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let callers = (0..8).map(|caller| {
        let (numbers, running, most) = (numbers.clone(), running.clone(), most.clone());
        tokio::spawn(async move {
            for turn in 0..2_000 {
                let item = caller * 10_000 + turn;
                let (running, most) = (running.clone(), most.clone());
                let answer = numbers.put(0, item, move |items| {
                    let (running, most) = (running.clone(), most.clone());
                    async move {
                        let now = running.fetch_add(1, Ordering::SeqCst) + 1;
                        most.fetch_max(now, Ordering::SeqCst);
                        if item % 3 == 0 {
                            tokio::task::yield_now().await;
                        }
                        running.fetch_sub(1, Ordering::SeqCst);
                        Ok(items)
                    }
                });
                assert_eq!(soon(answer).await.unwrap(), item);
            }
        })
    });
    for caller in join_all(callers).await {
        caller.unwrap();
    }
    assert!(most.load(Ordering::SeqCst) <= 2);
    // The last lane ends a moment after its answers.
    soon(async {
        while !numbers.shared.lock().by_key.is_empty() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(numbers.shared.lock().waiting, 0);
}
