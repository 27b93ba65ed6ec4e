use std::{io, time::Duration};

use futures_util::{future::join_all, poll};
use sea_orm::{DatabaseConnection, RuntimeErr, SqlxError};
use tokio::{sync::Semaphore, time::timeout};

use super::*;

/// A question that a database answers with ten times the key; which notes what it is asked, and waits at
/// a gate.
#[derive(Clone)]
struct Tables {
    asked: Arc<Mutex<Vec<Vec<u32>>>>,
    open: Arc<Semaphore>,
    /// So many connections break.
    broken: Arc<Semaphore>,
    question: u8,
}

impl Question for Tables {
    type Key = u32;
    type Found = u32;
    type Same = u8;

    fn same(&self) -> u8 {
        self.question
    }

    fn rows_each(&self) -> usize {
        10
    }

    async fn ask(&self, _: &impl ConnectionTrait, keys: &[u32]) -> Result<Answer<Self>, DbErr> {
        self.asked.lock().unwrap().push(keys.to_vec());
        self.open.acquire().await.unwrap().forget();
        if let Ok(broken) = self.broken.try_acquire() {
            broken.forget();
            let error = SqlxError::Io(io::ErrorKind::BrokenPipe.into());
            return Err(DbErr::Query(RuntimeErr::SqlxError(error.into())));
        }
        let there = keys.iter().filter(|key| **key < 100);
        Ok(there.map(|key| (*key, key * 10)).collect())
    }
}

impl Tables {
    fn behind_a_gate() -> Self {
        Self {
            asked: Arc::default(),
            open: Arc::new(Semaphore::new(0)),
            broken: Arc::new(Semaphore::new(0)),
            question: 0,
        }
    }

    async fn find(&self, reads: &Reads, question: u8, keys: &[u32]) -> Result<Vec<u32>, DbErr> {
        let tables = Self {
            question,
            ..self.clone()
        };
        let db = DatabaseConnection::default();
        let found = timeout(Duration::from_secs(10), reads.ask(&db, tables, keys));
        let mut values: Vec<_> = found.await.unwrap()?.into_values().collect();
        values.sort_unstable();
        Ok(values)
    }

    async fn begun(&self, count: usize) {
        let all = async {
            while self.asked.lock().unwrap().len() < count {
                tokio::task::yield_now().await;
            }
        };
        timeout(Duration::from_secs(10), all).await.unwrap();
    }

    fn asked(&self) -> Vec<Vec<u32>> {
        self.asked.lock().unwrap().clone()
    }
}

/// Asks one key in each lane, so that none is free.
macro_rules! take_lanes {
    ($tables:ident, $reads:ident) => {{
        let mut first: Vec<_> = (0..2)
            .map(|key: u32| {
                let (tables, reads) = ($tables.clone(), $reads.clone());
                Box::pin(async move { tables.find(&reads, 0, &[key]).await })
            })
            .collect();
        for (index, read) in first.iter_mut().enumerate() {
            assert!(poll!(read).is_pending());
            $tables.begun(index + 1).await;
        }
        first
    }};
}

#[tokio::test]
async fn those_who_ask_the_same_share_a_statement_and_each_gets_its_own() {
    let (tables, reads) = (Tables::behind_a_gate(), Arc::new(Reads::default()));
    let first = take_lanes!(tables, reads);
    let behind = [vec![5, 3], vec![3, 500], vec![7]];
    let mut shared = Box::pin(join_all(
        behind.iter().map(|keys| tables.find(&reads, 0, keys)),
    ));
    // Of another kind: it has lanes of its own.
    let mut other = Box::pin(tables.find(&reads, 1, &[9]));
    assert!(poll!(&mut shared).is_pending());
    assert!(poll!(&mut other).is_pending());
    tables.begun(3).await;
    tables.open.add_permits(10);
    let answers: Vec<_> = shared.await.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers, [vec![30, 50], vec![30], vec![70]]);
    assert_eq!(other.await.unwrap(), [90]);
    for (read, value) in first.into_iter().zip([0, 10]) {
        assert_eq!(read.await.unwrap(), [value]);
    }
    let asked = [vec![0], vec![1], vec![9], vec![3, 5, 7, 500]];
    assert_eq!(tables.asked(), asked);
}

#[tokio::test]
async fn what_reads_much_waits_for_nobody_and_nobody_for_it() {
    let (tables, reads) = (Tables::behind_a_gate(), Arc::new(Reads::default()));
    let first = take_lanes!(tables, reads);
    let many: Vec<_> = (0..101).collect();
    let mut much = Box::pin(tables.find(&reads, 0, &many));
    assert!(poll!(&mut much).is_pending());
    assert_eq!(tables.asked()[2], many);
    // Of those that read less, as many go together as read 2,000 rows.
    let behind: Vec<Vec<_>> = (0..5)
        .map(|part| (part * 60..(part + 1) * 60).collect())
        .collect();
    let mut shared = Box::pin(join_all(
        behind.iter().map(|keys| tables.find(&reads, 0, keys)),
    ));
    assert!(poll!(&mut shared).is_pending());
    tables.open.add_permits(10);
    assert_eq!(much.await.unwrap().len(), 100);
    shared
        .await
        .into_iter()
        .for_each(|answer| drop(answer.unwrap()));
    join_all(first).await;
    let mut sizes: Vec<_> = tables.asked()[3..].iter().map(Vec::len).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [120, 180]);
}

#[tokio::test]
async fn a_connection_that_breaks_fails_not_all_who_share_it() {
    let (tables, reads) = (Tables::behind_a_gate(), Arc::new(Reads::default()));
    let first = take_lanes!(tables, reads);
    let behind = [[3], [4]];
    let mut shared = Box::pin(join_all(
        behind.iter().map(|keys| tables.find(&reads, 0, keys)),
    ));
    assert!(poll!(&mut shared).is_pending());
    tables.open.add_permits(2);
    join_all(first).await;
    tables.begun(3).await;
    tables.broken.add_permits(1);
    tables.open.add_permits(10);
    let answers: Vec<_> = shared.await.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers, [[30], [40]]);
    // Who is alone is told.
    tables.broken.add_permits(1);
    tables.find(&reads, 0, &[5]).await.unwrap_err();
}
