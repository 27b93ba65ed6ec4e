//! Live feeds: what a table holds after a cursor, then what comes, without a gap or a double.
//!
//! The rows are the truth; the event of a [`Source`] only says when to read again. It is waited
//! for before the first reading, so nothing falls between replay and live: both are the same
//! reading, after the last number that was delivered. Followers of one source who stand at the
//! same number share the reading, and whoever is behind reads alone.
//! Feeds take turns, from the reading to the end of the resolving: all at once, most would wait for
//! a connection in vain. One member's have few of the turns, and none lasts for longer than a query
//! may.

pub mod delivery;
mod reads;
pub mod turns;

use std::{collections::VecDeque, future::Future, sync::Arc, time::Duration};

use async_graphql::Context;
use entity::user_counter;
use futures_util::{Stream, stream::try_unfold};
use uuid::Uuid;

use crate::{
    account::writes,
    block::loader::hidden_now,
    error::Error,
    events::{Event, Waiter},
    graphql::context::ContextExt,
    loaders::Loaders,
    notification::store::inbox,
    paging::{Page, position},
    user::store::counters,
};
use delivery::Delivery;
use reads::Reads;

/// How many rows are read at once. They are read again where something happens before they are
/// delivered: a larger batch would be read in vain more often.
const BATCH: u16 = 16;
/// How often a feed tries to read from a busy database, and how long it waits between.
const TRIES: u32 = 60;
const PAUSE: Duration = Duration::from_millis(500);

/// Where the last number stands that a member's rows were given.
#[derive(Clone, Copy, Debug)]
pub enum Last {
    /// In one of the member's counters.
    Counted(fn(&user_counter::Model) -> i64),
    /// In the member's inbox.
    InInbox,
}

impl Last {
    async fn of(self, loaders: &Loaders, me: Uuid) -> Result<i64, Error> {
        let db = loaders.app.database.reader();
        Ok(match self {
            Self::Counted(number) => counters(db, me).await?.map_or(0, |row| number(&row)),
            Self::InInbox => inbox(db, me).await?.map_or(0, |row| row.number),
        })
    }
}

/// Where a member's feed comes from: rows that bear the numbers of a sequence of the member's.
#[derive(Debug)]
pub struct Source<R, F> {
    /// What wakes the feed: published after whatever changes what `read` finds.
    pub event: Event,
    /// What its cursors bear.
    pub tag: u8,
    /// The last number that was given.
    pub last: Last,
    /// Whose doing a row is. It is not given to who has a block with them.
    pub who: fn(&R) -> Uuid,
    /// Reads a page of (number, row), in the order of the numbers.
    pub read: F,
}

/// The viewer's rows from `source` after the cursor, or from now on, for ever.
///
/// Before each row the loaders forget what they read, and ask who is hidden from the viewer: a
/// block counts from its commit on, whoever made it, and through whichever server. A row is
/// delivered when the next one is asked for, unless the request's [`Delivery`] asks for it again.
///
/// # Errors
/// [`Error::SignInRequired`], [`Error::InvalidCursor`], the database's.
pub async fn feed<R, F, Fut>(
    ctx: &Context<'_>,
    source: Source<R, F>,
    after: Option<String>,
) -> Result<impl Stream<Item = Result<R, Error>> + Send + use<R, F, Fut>, Error>
where
    R: Clone + Send + Sync + 'static,
    F: Fn(Arc<Loaders>, Page<i64>) -> Fut + Send + Sync,
    Fut: Future<Output = Result<Vec<(i64, R)>, Error>> + Send + 'static,
{
    let me = ctx.member()?.id;
    let loaders = ctx.own_loaders();
    let waiter = loaders.app.events.watch(source.event);
    let delivery = ctx.data_opt::<Delivery>().cloned().unwrap_or_default();
    // Boxed, like every reading here: a feed waits most of the time, and its room for the largest of its
    // states would be that of a statement under way.
    Box::pin(delivery.turn()).await;
    let from = match after {
        // Rows that are in no feed bear 0.
        Some(after) => position::<i64>(source.tag, &after)?.max(0),
        None => {
            let read = async || source.last.of(&loaders, me).await;
            Box::pin(patiently(&delivery, read)).await?
        }
    };
    delivery.follow();
    // Boxed, for the stream has room for it three times.
    let start = Box::new(Feed {
        reads: waiter.common::<Reads<R>>(),
        waiter,
        delivery,
        loaders: loaders.clone(),
        who: source.who,
        read: source.read,
        delivered: from,
        given: None,
        ahead: VecDeque::new(),
        up_to_date: false,
    });
    Ok(try_unfold(start, async |mut feed| {
        Ok(Some((feed.next().await?, feed)))
    }))
}

struct Feed<R, F> {
    waiter: Waiter,
    reads: Arc<Reads<R>>,
    delivery: Delivery,
    loaders: Arc<Loaders>,
    who: fn(&R) -> Uuid,
    read: F,
    /// The number of the last row that arrived.
    delivered: i64,
    /// The number of the row that is under way.
    given: Option<i64>,
    /// What was read and not given yet.
    ahead: VecDeque<(i64, R)>,
    /// Whether there is nothing after `ahead` before the waiter says so.
    up_to_date: bool,
}

impl<R, F, Fut> Feed<R, F>
where
    R: Clone + Send + Sync + 'static,
    F: Fn(Arc<Loaders>, Page<i64>) -> Fut + Send + Sync,
    Fut: Future<Output = Result<Vec<(i64, R)>, Error>> + Send + 'static,
{
    async fn next(&mut self) -> Result<R, Error> {
        let given = self.given.take();
        if self.delivery.is_wanted_again() {
            self.read_again();
        } else if let Some(number) = given {
            self.delivered = number;
        }
        loop {
            if self.ahead.is_empty() && self.up_to_date {
                self.delivery.pass();
                self.waiter.wait().await;
                self.up_to_date = false;
            }
            if let Some(row) = Box::pin(self.look()).await? {
                return Ok(row);
            }
        }
    }

    /// The next row, in the feed's turn; none where there is none, or it is not for the viewer, or has
    /// to be read again.
    async fn look(&mut self) -> Result<Option<R>, Error> {
        self.delivery.turn().await;
        // What was read ahead may have gone while others had their turn.
        if self.waiter.is_behind() {
            self.read_again();
        }
        if self.ahead.is_empty() {
            let (after, version) = (self.delivered, self.waiter.version());
            // The row, and what hangs on it, where the event has arrived, and what its reader
            // wrote meanwhile.
            let wrote = async || {
                let Loaders { app, viewer, .. } = &*self.loaders;
                writes::wrote(app, *viewer).await
            };
            let wrote = patiently(&self.delivery, wrote).await?;
            self.loaders.read_up_to(self.waiter.lsn().max(wrote));
            let read = || (self.read)(self.loaders.clone(), page(after));
            let rows = patiently(&self.delivery, || self.reads.after(after, version, read)).await?;
            self.up_to_date = rows.len() < usize::from(BATCH);
            self.ahead = rows.iter().cloned().collect();
        }
        if self.ahead.is_empty() {
            return Ok(None);
        }
        let look = async || hidden_now(&self.loaders).await;
        let hidden = match look().await {
            // Others have their turn meanwhile: what was read ahead may go, too.
            Err(Error::Unavailable(_)) => {
                patiently(&self.delivery, look).await?;
                return Ok(None);
            }
            known => known?,
        };
        let Some((number, row)) = self.ahead.pop_front() else {
            return Ok(None);
        };
        if hidden.contains((self.who)(&row)) {
            self.delivered = number;
            return Ok(None);
        }
        self.given = Some(number);
        self.delivery.give(number);
        Ok(Some(row))
    }

    fn read_again(&mut self) {
        self.ahead.clear();
        self.up_to_date = false;
    }
}

/// Reads, again and again where the database is busy: a feed must not end for that. Others have
/// their turn meanwhile.
async fn patiently<T, Fut>(delivery: &Delivery, read: impl Fn() -> Fut) -> Result<T, Error>
where
    Fut: Future<Output = Result<T, Error>>,
{
    for _ in 1..TRIES {
        match read().await {
            Err(Error::Unavailable(detail)) => {
                tracing::warn!(detail = &*detail, "a feed cannot be read; trying again");
                delivery.pass();
                tokio::time::sleep(PAUSE).await;
                delivery.turn().await;
            }
            done => return done,
        }
    }
    read().await
}

fn page(after: i64) -> Page<i64> {
    Page {
        limit: BATCH.into(),
        backwards: false,
        after: Some(after),
        before: None,
        texts: true,
    }
}
