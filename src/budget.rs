//! What one answer may come to, in bytes: counted while it is made, so that what would be too
//! large ends before it fills the memory.
//!
//! The guard counts before an operation runs, by the page sizes that it names; what the pages hold
//! is known only here. The count is cheap and near, not exact: the keys and braces of each page's
//! nodes with a typical value a field, and long texts to the byte. (The engine holds an answer as a
//! tree of several times its bytes.) The text that goes out is then held to the limit exactly.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio_util::sync::CancellationToken;

use crate::error::Error;

/// A row in memory, its long texts aside.
const ROW: u64 = 512;
/// How many times the answer's bytes may be read for it: a row is more than the fields of it that
/// are asked for. (The long texts of lists are read for who asks for them.)
const READING: u64 = 8;

/// The budget of one operation, or of one event of a subscription.
#[derive(Debug)]
pub struct Budget {
    limit: u64,
    answered: AtomicU64,
    read: AtomicU64,
    spent: CancellationToken,
}

impl Budget {
    /// A budget for an answer of `limit` bytes.
    pub fn new(limit: u32) -> Self {
        Self {
            limit: limit.into(),
            answered: AtomicU64::new(0),
            read: AtomicU64::new(0),
            spent: CancellationToken::new(),
        }
    }

    /// Counts bytes that are about to go into the answer.
    ///
    /// # Errors
    /// [`Error::ResponseTooLarge`] where the answer has become too large.
    pub fn answer(&self, bytes: usize) -> Result<(), Error> {
        self.count(&self.answered, count(bytes), self.limit)
    }

    /// Counts rows that were read, and the bytes of their long texts.
    ///
    /// # Errors
    /// [`Error::ResponseTooLarge`] where far more was read than the answer may have.
    pub fn read(&self, texts: impl IntoIterator<Item = usize>) -> Result<(), Error> {
        let bytes = texts
            .into_iter()
            .fold(0, |sum: u64, text| sum.saturating_add(ROW + count(text)));
        self.count(&self.read, bytes, self.limit.saturating_mul(READING))
    }

    fn count(&self, so_far: &AtomicU64, bytes: u64, limit: u64) -> Result<(), Error> {
        let before = so_far.fetch_add(bytes, Ordering::Relaxed);
        if before.saturating_add(bytes) > limit {
            self.spent.cancel();
        }
        if self.is_spent() {
            return Err(self.error());
        }
        Ok(())
    }

    /// What is answered in the place of what would be too large.
    pub fn error(&self) -> Error {
        Error::ResponseTooLarge(self.limit)
    }

    /// Whether it was spent. It stays so.
    pub fn is_spent(&self) -> bool {
        self.spent.is_cancelled()
    }

    /// Comes back when it is spent: whatever is under way is then dropped, with all that it holds.
    pub async fn spent(&self) {
        self.spent.cancelled().await;
    }

    /// Begins anew, for a subscription's next event.
    pub fn refill(&self) {
        self.answered.store(0, Ordering::Relaxed);
        self.read.store(0, Ordering::Relaxed);
    }
}

fn count(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_spent_by_one_byte_too_many_and_stays_so() {
        let budget = Budget::new(100);
        assert!(budget.answer(100).is_ok() && !budget.is_spent());
        budget.refill();
        assert!(budget.answer(100).is_ok());
        assert!(matches!(
            budget.answer(1),
            Err(Error::ResponseTooLarge(100))
        ));
        budget.refill();
        assert!(budget.answer(0).is_err() && budget.is_spent());
    }

    #[test]
    fn what_is_read_counts_less_than_what_is_answered() {
        let budget = Budget::new(1_000);
        assert!(budget.read([7_000]).is_ok());
        assert!(budget.read([0]).is_err());
    }
}
