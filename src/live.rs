//! Live feeds: what a table holds after a cursor, then what comes, without a gap or a double.
//!
//! The rows are the truth; the event of a [`Source`] only says when to read again. It is waited
//! for before the first reading, so nothing falls between replay and live: both are the same
//! reading, after the last number that was delivered. Followers of one source who stand at the
//! same number share the reading, and whoever is behind reads alone.
//! While the viewer rests, a feed holds what comes (rules.md, Tiredness 1). Once the rest is over, the last row that came
//! in it is given for all of them, with how many came before it.
//! Feeds take turns, from the reading to the end of the resolving: all at once, most would wait for
//! a connection in vain. One member's have few of the turns, and none lasts for longer than a query
//! may.

pub mod delivery;
pub mod others;
mod reads;
pub mod source;
mod standing;
pub mod turns;
mod watch;

use std::{collections::VecDeque, future::Future, sync::Arc, time::Duration};

use async_graphql::Context;
use futures_util::{Stream, stream::try_unfold};
use tokio::time::timeout;
use uuid::Uuid;

use crate::{
    account::writes,
    error::Error,
    graphql::context::ContextExt,
    loaders::Loaders,
    paging::{Page, position},
    rest::store::digests::Sequence,
};
use delivery::Delivery;
use source::{Arrived, Source};
use standing::{Run, Standing};
use watch::Watch;

/// How many rows are read at once. They are read again where something happens before they are
/// delivered: a larger batch would be read in vain more often.
const BATCH: u16 = 16;
/// How often a feed tries to read from a busy database, and how long it waits between.
const TRIES: u32 = 60;
const PAUSE: Duration = Duration::from_millis(500);

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
) -> Result<impl Stream<Item = Result<Arrived<R>, Error>> + Send + use<R, F, Fut>, Error>
where
    R: Clone + Send + Sync + 'static,
    F: Fn(Arc<Loaders>, Page<i64>) -> Fut + Send + Sync,
    Fut: Future<Output = Result<Vec<(i64, R)>, Error>> + Send + 'static,
{
    let me = ctx.member()?.id;
    let loaders = ctx.own_loaders();
    let watch = Watch::of(&loaders.app.events, source.event, source.others);
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
        watch,
        delivery,
        loaders: loaders.clone(),
        sequence: source.sequence,
        who: source.who,
        read: source.read,
        delivered: from,
        given: None,
        ahead: VecDeque::new(),
        up_to_date: false,
        run: None,
        hold: None,
    });
    Ok(try_unfold(start, async |mut feed| {
        Ok(Some((feed.next().await?, feed)))
    }))
}

struct Feed<R, F> {
    watch: Watch<R>,
    delivery: Delivery,
    loaders: Arc<Loaders>,
    sequence: Sequence,
    who: fn(&R) -> Uuid,
    read: F,
    /// The number of the last row that arrived.
    delivered: i64,
    /// The number of the row that is under way.
    given: Option<i64>,
    /// What was read and not given yet.
    ahead: VecDeque<(i64, R)>,
    /// Whether there is nothing after `ahead` before the watch says so.
    up_to_date: bool,
    /// Rows before `ahead` that one of them stands for.
    run: Option<Box<Run<R>>>,
    /// For how long what was read is to be held.
    hold: Option<Duration>,
}

impl<R, F, Fut> Feed<R, F>
where
    R: Clone + Send + Sync + 'static,
    F: Fn(Arc<Loaders>, Page<i64>) -> Fut + Send + Sync,
    Fut: Future<Output = Result<Vec<(i64, R)>, Error>> + Send + 'static,
{
    async fn next(&mut self) -> Result<Arrived<R>, Error> {
        let given = self.given.take();
        if self.delivery.is_wanted_again() {
            self.read_again();
        } else if let Some(number) = given {
            self.delivered = number;
        }
        loop {
            if self.ahead.is_empty() && self.up_to_date {
                self.delivery.pass();
                self.watch.wait().await;
                self.up_to_date = false;
            }
            if let Some(row) = Box::pin(self.look()).await? {
                return Ok(row);
            }
            if let Some(time) = self.hold.take() {
                self.delivery.pass();
                // Whether the time is over, or the event came: it looks again.
                let _ = timeout(time, self.watch.wait()).await;
                self.read_again();
            }
        }
    }

    /// The next row, in the feed's turn; none where there is none, or it is not for the viewer, or has
    /// to be held, or read again.
    async fn look(&mut self) -> Result<Option<Arrived<R>>, Error> {
        self.delivery.turn().await;
        // What was read ahead may have gone while others had their turn.
        if self.watch.is_behind() {
            self.read_again();
        }
        if self.ahead.is_empty() {
            let passed = self.run.as_ref().map(|run| run.passed);
            let after = passed.unwrap_or(self.delivered);
            let seen = self.watch.see();
            // The row, and what hangs on it, where the event has arrived, and what its reader
            // wrote meanwhile.
            let wrote = async || {
                let Loaders { app, viewer, .. } = &*self.loaders;
                writes::wrote(app, *viewer).await
            };
            let wrote = patiently(&self.delivery, wrote).await?;
            self.loaders.read_up_to(self.watch.lsn(seen).max(wrote));
            let read = || (self.read)(self.loaders.clone(), page(after));
            let rows = patiently(&self.delivery, || self.watch.read(after, seen, read)).await?;
            self.up_to_date = rows.len() < usize::from(BATCH);
            self.ahead = rows.iter().cloned().collect();
        }
        if self.ahead.is_empty() && self.run.is_none() {
            return Ok(None);
        }
        let look = async || Standing::now(&self.loaders).await;
        let standing = match look().await {
            // Others have their turn meanwhile: what was read ahead may go, too.
            Err(Error::Unavailable(_)) => {
                patiently(&self.delivery, look).await?;
                self.read_again();
                return Ok(None);
            }
            known => known?,
        };
        self.hold = standing.time_to_hold(self.loaders.app.clock.now());
        match self.hold {
            Some(_) => Ok(None),
            None => self.pick(&standing).await,
        }
    }

    /// The next row of what was read; but of a run of rows that came in a rest the last.
    async fn pick(&mut self, standing: &Standing) -> Result<Option<Arrived<R>>, Error> {
        while let Some((number, row)) = self.ahead.pop_front() {
            if self.run.as_ref().is_some_and(|run| !run.holds(number)) {
                self.ahead.push_front((number, row));
                match self.end_run(standing) {
                    None => continue,
                    arrived => return Ok(arrived),
                }
            }
            if standing.rest.is_some() && self.run.is_none() {
                let look = async || Run::of(&self.loaders, self.sequence, number).await;
                match look().await {
                    Err(Error::Unavailable(_)) => {
                        patiently(&self.delivery, look).await?;
                        self.read_again();
                        return Ok(None);
                    }
                    found => self.run = found?.map(Box::new),
                }
            }
            let is_hidden = standing.hidden.contains((self.who)(&row));
            if let Some(run) = &mut self.run {
                run.pass(number, (!is_hidden).then_some(row));
                continue;
            }
            if is_hidden {
                self.delivered = number;
                return Ok(None);
            }
            return Ok(Some(self.give(number, row, 0)));
        }
        // More of the run may be yet to be read.
        match self.up_to_date {
            true => Ok(self.end_run(standing)),
            false => Ok(None),
        }
    }

    /// Ends the run, if one is under way. Gives what stands for it; nothing where nothing of it is for the viewer, or
    /// it is to be read again.
    fn end_run(&mut self, standing: &Standing) -> Option<Arrived<R>> {
        let run = self.run.take()?;
        let passed = run.passed;
        match run.whole() {
            Some((number, row, others)) => {
                // It was for the viewer when it was read.
                if standing.hidden.contains((self.who)(&row)) {
                    self.read_again();
                    return None;
                }
                Some(self.give(number, row, others))
            }
            None => {
                self.delivered = passed;
                None
            }
        }
    }

    fn give(&mut self, number: i64, row: R, held: i64) -> Arrived<R> {
        self.given = Some(number);
        self.delivery.give(number);
        Arrived { row, held }
    }

    fn read_again(&mut self) {
        self.ahead.clear();
        self.up_to_date = false;
        self.run = None;
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
