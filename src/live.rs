//! Live feeds: what a table holds after a cursor, then what comes, without a gap or a double.

use std::{collections::VecDeque, future::Future, sync::Arc, time::Duration};

use async_graphql::Context;
use entity::user_counter;
use futures_util::{Stream, StreamExt, stream::try_unfold};

use crate::{
    app::App,
    error::Error,
    events::{Event, Waiter},
    graphql::context::ContextExt,
    paging::{Page, position},
    user::store::counters,
};

/// How many rows are read at once: bounds what a slow client holds in memory.
const BATCH: i32 = 100;
/// How often a feed tries to read from a busy database, and how long it waits between.
const TRIES: u32 = 60;
const PAUSE: Duration = Duration::from_millis(500);

/// Where a member's feed comes from: rows that bear the numbers of one of the member's counters.
#[derive(Debug)]
pub struct Source<F> {
    /// What wakes the feed.
    pub event: Event,
    /// What its cursors bear.
    pub tag: u8,
    /// The last number that was given.
    pub last: fn(&user_counter::Model) -> i64,
    /// Reads a page of (number, row), in the order of the numbers.
    pub read: F,
}

/// The viewer's rows from `source` after the cursor, or from now on, for ever.
///
/// The rows are the truth: the event only says when to read again, and is waited for before the
/// first reading, so nothing falls between. Before each row the loaders forget what they read.
///
/// # Errors
/// [`Error::SignInRequired`], [`Error::InvalidCursor`], the database's.
pub async fn feed<R, F, Fut>(
    ctx: &Context<'_>,
    source: Source<F>,
    after: Option<String>,
) -> Result<impl Stream<Item = Result<R, Error>> + Send + use<R, F, Fut>, Error>
where
    R: Send,
    F: Fn(Arc<App>, Page<i64>) -> Fut + Send + Sync,
    Fut: Future<Output = Result<Vec<(i64, R)>, Error>> + Send,
{
    let me = ctx.member()?.id;
    let loaders = ctx.own_loaders();
    let app = loaders.app.clone();
    let waiter = app.events.watch(source.event);
    let from = match after {
        // Rows that are in no feed bear 0.
        Some(after) => position::<i64>(source.tag, &after)?.max(0),
        None => counters(app.database.reader(), me)
            .await?
            .map_or(0, |row| (source.last)(&row)),
    };
    let rows = follow(waiter, from, move |page| (source.read)(app.clone(), page));
    Ok(rows.inspect(move |_| loaders.renew()))
}

fn follow<R, F, Fut>(
    waiter: Waiter,
    from: i64,
    read: F,
) -> impl Stream<Item = Result<R, Error>> + Send
where
    R: Send,
    F: Fn(Page<i64>) -> Fut + Send + Sync,
    Fut: Future<Output = Result<Vec<(i64, R)>, Error>> + Send,
{
    let start = (waiter, from, VecDeque::<(i64, R)>::new(), read);
    try_unfold(start, async |(mut waiter, mut from, mut rows, read)| {
        loop {
            if let Some((number, row)) = rows.pop_front() {
                from = number;
                return Ok(Some((row, (waiter, from, rows, read))));
            }
            rows = patiently(&read, from).await?.into();
            if rows.is_empty() {
                waiter.wait().await;
            }
        }
    })
}

/// Reads, again and again where the database is busy: a feed must not end for that.
async fn patiently<R, F, Fut>(read: &F, from: i64) -> Result<Vec<(i64, R)>, Error>
where
    F: Fn(Page<i64>) -> Fut,
    Fut: Future<Output = Result<Vec<(i64, R)>, Error>>,
{
    for _ in 1..TRIES {
        match read(after(from)).await {
            Err(Error::Unavailable(detail)) => {
                tracing::warn!(detail = &*detail, "a feed cannot be read; trying again");
                tokio::time::sleep(PAUSE).await;
            }
            done => return done,
        }
    }
    read(after(from)).await
}

fn after(number: i64) -> Page<i64> {
    Page {
        limit: BATCH,
        backwards: false,
        after: Some(number),
        before: None,
    }
}
