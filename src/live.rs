//! Live feeds: what a table holds after a cursor, then what comes, without a gap or a double.

use std::{collections::VecDeque, future::Future};

use futures_util::{Stream, stream::try_unfold};

use crate::{error::Error, events::Waiter, paging::Page};

/// How many rows are read at once: bounds what a slow client holds in memory.
const BATCH: i32 = 100;

/// Every row with a number over `from`, in the order of the numbers, for ever.
///
/// `read` reads a page of (number, row). The rows are the truth: `waiter` only says when to read
/// again, and began to wait before the first reading, so nothing falls between.
pub fn feed<R, F, Fut>(
    waiter: Waiter,
    from: i64,
    read: F,
) -> impl Stream<Item = Result<R, Error>> + Send
where
    R: Send,
    F: Fn(Page<i64>) -> Fut + Send,
    Fut: Future<Output = Result<Vec<(i64, R)>, Error>> + Send,
{
    let start = (waiter, from, VecDeque::<(i64, R)>::new(), read);
    try_unfold(start, async |(mut waiter, mut from, mut rows, read)| {
        loop {
            if let Some((number, row)) = rows.pop_front() {
                from = number;
                return Ok(Some((row, (waiter, from, rows, read))));
            }
            rows = read(after(from)).await?.into();
            if rows.is_empty() {
                waiter.wait().await;
            }
        }
    })
}

fn after(number: i64) -> Page<i64> {
    Page {
        limit: BATCH,
        backwards: false,
        after: Some(number),
        before: None,
    }
}
