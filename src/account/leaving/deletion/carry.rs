//! Carrying a deletion out: one batch after the other, by one server at a time. A server that falls silent
//! is replaced by another after a minute.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use uuid::Uuid;

use super::{steps, store};
use crate::{
    app::App,
    error::Error,
    photo::sweeping as photos,
    rejection::{Rejection, answer},
    user::store as users,
};

/// How long a server has an account for itself without a word.
const HELD: TimeDelta = TimeDelta::seconds(60);
/// When what came on its way is looked for, after the user is gone: no request of theirs is under way any
/// more then.
pub const LAST_LOOK: TimeDelta = TimeDelta::seconds(60);
/// How often a busy database is asked again, and after how long.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(500);
/// After how many rows the log hears of it.
const TOLD_EVERY: u64 = 5_000;

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many rows are gone, and there may be more.
    Removed(u64),
    /// The user is gone. What came on its way is looked for in a while.
    Gone,
    /// Nothing is left.
    Done,
    /// Another server sees to it, or it is not to be.
    NotOurs,
}

/// Has this server see to `user`, if it is due and nobody else does. Says whether it is so.
///
/// # Errors
/// The database's.
pub async fn claim(app: &App, user: Uuid) -> Result<bool, Error> {
    let (server, now) = (app.server, app.clock.now());
    let claimed = app.database.write(move |tx| {
        let times = [now, now + HELD];
        Box::pin(async move { Ok(store::claim(&tx.sql, user, server, times).await?) })
    });
    unrefused(claimed.await)
}

/// Removes the next batch of `user`, to whom this server sees.
///
/// # Errors
/// The database's. Nothing of the batch is gone then.
pub async fn step(app: &Arc<App>, user: Uuid) -> Result<Progress, Error> {
    let (server, now) = (app.server, app.clock.now());
    // Between the batches: no transaction waits for files.
    let cleared = photos::clear(app, user).await?;
    if cleared > 0 {
        return Ok(Progress::Removed(cleared));
    }
    let shared = app.clone();
    let stepped = app.database.write(move |tx| {
        let app = shared.clone();
        Box::pin(async move {
            let row = store::go_on(&tx.sql, user, server, now + HELD).await?;
            let Some(row) = row else {
                return Ok(Progress::NotOurs);
            };
            if row.begun_at.is_none() {
                store::begin(&tx.sql, user, now).await?;
                steps::lock_out(tx, user).await?;
                return Ok(Progress::Removed(0));
            }
            if row.gone_at.is_some() {
                return Ok(match steps::look_again(&app, tx, user).await? {
                    0 => {
                        store::forget(&tx.sql, user).await?;
                        Progress::Done
                    }
                    removed => Progress::Removed(removed),
                });
            }
            let removed = steps::next(&app, tx, user).await?;
            if removed == 0 && steps::finish(tx, user).await? {
                store::gone(&tx.sql, user, [now, now + LAST_LOOK]).await?;
                return Ok(Progress::Gone);
            }
            store::note(&tx.sql, user, removed).await?;
            Ok(Progress::Removed(removed))
        })
    });
    unrefused(stepped.await)
}

/// Removes everything of `user`, if it is due and nobody else does: `tell` hears how many rows went with
/// each batch. Says how far it came.
///
/// # Errors
/// The database's, where it stays busy. What has gone stays so, and somebody goes on later.
pub async fn carry_out(
    app: &Arc<App>,
    user: Uuid,
    tell: impl Fn(u64) + Send,
) -> Result<Progress, Error> {
    if !claim(app, user).await? {
        return Ok(Progress::NotOurs);
    }
    if users::by_id(app.database.reader(), user).await?.is_none() {
        // What a request that was under way wrote, of which no row tells.
        photos::clear_all(app, user).await?;
    }
    tracing::info!(%user, "an account is being deleted");
    let (mut all, mut told, mut failed) = (0_u64, 0_u64, 0);
    loop {
        let progress = match step(app, user).await {
            Err(Error::Unavailable(detail) | Error::Conflict(detail)) if failed < TRIES => {
                failed += 1;
                tracing::debug!(%user, detail = &*detail, "a deletion waits for the database");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
            stepped => stepped?,
        };
        failed = 0;
        match progress {
            Progress::Removed(removed) => {
                all += removed;
                tell(removed);
                if all - told >= TOLD_EVERY {
                    told = all;
                    tracing::info!(%user, rows = all, "an account is being deleted");
                }
            }
            Progress::Gone => {
                tracing::info!(%user, rows = all, "an account is deleted");
                return Ok(progress);
            }
            Progress::Done | Progress::NotOurs => return Ok(progress),
        }
    }
}

/// Nothing is refused here.
fn unrefused<T>(done: Result<T, Rejection>) -> Result<T, Error> {
    answer(done)?.map_err(|reasons| Error::internal(format!("refused: {reasons:?}")))
}
