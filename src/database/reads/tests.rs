use std::{io, time::Duration};

use futures_util::{future::join_all, poll};
use sea_orm::{DatabaseConnection, RuntimeErr, SqlxError};
use tokio::{sync::Semaphore, time::timeout};

use super::*;

/// A key whose row cannot be read.
const UNREADABLE: u32 = 1_000_000;

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
        if keys.contains(&UNREADABLE) {
            return Err(DbErr::Type(
                "a kind that this version does not know".to_owned(),
            ));
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
        let mut first: Vec<_> = (0..LANES as u32)
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
    tables.begun(LANES + 1).await;
    tables.open.add_permits(10);
    let answers: Vec<_> = shared.await.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers, [vec![30, 50], vec![30], vec![70]]);
    assert_eq!(other.await.unwrap(), [90]);
    for (read, key) in first.into_iter().zip(0..) {
        assert_eq!(read.await.unwrap(), [key * 10]);
    }
    assert_eq!(tables.asked()[LANES], [9]);
    assert_eq!(tables.asked()[LANES + 1..], [vec![3, 5, 7, 500]]);
}

#[tokio::test]
async fn what_reads_much_waits_for_nobody_and_nobody_for_it() {
    let (tables, reads) = (Tables::behind_a_gate(), Arc::new(Reads::default()));
    let first = take_lanes!(tables, reads);
    let many: Vec<_> = (0..101).collect();
    let mut much = Box::pin(tables.find(&reads, 0, &many));
    assert!(poll!(&mut much).is_pending());
    assert_eq!(tables.asked()[LANES], many);
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
    let mut sizes: Vec<_> = tables.asked()[LANES + 1..].iter().map(Vec::len).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [120, 180]);
}

#[tokio::test]
async fn of_a_connection_that_breaks_nobody_hears() {
    let (tables, reads) = (Tables::behind_a_gate(), Arc::new(Reads::default()));
    tables.open.add_permits(10);
    tables.broken.add_permits(1);
    assert_eq!(tables.find(&reads, 0, &[5]).await.unwrap(), [50]);
    // Where the next one breaks, too, the database is away.
    tables.broken.add_permits(2);
    let error = tables.find(&reads, 0, &[5]).await.unwrap_err();
    assert!(is_away(&error), "{error:?}");
}

#[tokio::test]
async fn nobody_fails_for_what_somebody_else_asked() {
    let (tables, reads) = (Tables::behind_a_gate(), Arc::new(Reads::default()));
    let first = take_lanes!(tables, reads);
    let behind = [[3], [UNREADABLE], [4]];
    let mut shared = Box::pin(join_all(
        behind.iter().map(|keys| tables.find(&reads, 0, keys)),
    ));
    assert!(poll!(&mut shared).is_pending());
    tables.open.add_permits(10);
    let answers = shared.await;
    assert_eq!(answers[0].as_ref().unwrap(), &[30]);
    assert!(matches!(answers[1], Err(DbErr::Type(_))), "{answers:?}");
    assert_eq!(answers[2].as_ref().unwrap(), &[40]);
    join_all(first).await;
}

/// Whoever comes behind a statement that takes long has another lane before long, also where
/// nobody comes after.
#[tokio::test]
async fn nobody_waits_behind_a_slow_statement() {
    let (slow, reads) = (Tables::behind_a_gate(), Arc::new(Reads::default()));
    let first = take_lanes!(slow, reads);
    let quick = Tables::behind_a_gate();
    quick.open.add_permits(10);
    for key in 3..6 {
        assert_eq!(quick.find(&reads, 0, &[key]).await.unwrap(), [key * 10]);
    }
    assert_eq!(slow.asked().len(), LANES);
    slow.open.add_permits(10);
    join_all(first).await;
}
