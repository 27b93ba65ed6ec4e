//! What becomes of photos that are in use no more, and of those that never were: their space is given back,
//! their files are removed, and then their rows. Every server looks for them, and does no harm where another
//! does the same.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use entity::{photo, values::PhotoState};
use tokio::{task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::store::{self, PhotoKey, Which};
use crate::{
    app::App,
    error::Error,
    rejection::{Rejection, answer},
    user::store as users,
};

/// How often it is looked for what nobody told of.
const EVERY: Duration = Duration::from_secs(30);
/// The most that is found at once.
const FOUND: i64 = 100;
/// When it is tried again where files could not be removed.
const AGAIN: TimeDelta = TimeDelta::minutes(1);

/// Does what is due. Says how many photos are forgotten.
///
/// # Errors
/// The database's; where files cannot be removed, their rows stay, and it is tried again later.
pub async fn sweep(app: &App) -> Result<u64, Error> {
    let mut swept = 0;
    if !app.photos.are_here {
        return Ok(swept);
    }
    loop {
        let now = app.clock.now();
        let rows = store::due(app.database.reader(), now, FOUND).await?;
        let found = i64::try_from(rows.len()).unwrap_or(FOUND);
        for row in rows {
            swept += see_to(app, &row).await?;
        }
        if found < FOUND {
            return Ok(swept);
        }
    }
}

async fn see_to(app: &App, row: &photo::Model) -> Result<u64, Error> {
    let key @ [owner, id] = [row.owner_id, row.id];
    if row.state != PhotoState::Removed {
        let now = app.clock.now();
        let (state, due) = (row.state, row.due_at);
        let retired = app.database.write(move |tx| {
            Box::pin(async move {
                users::hold_counters(&tx.sql, owner).await?;
                let row = store::photo(&tx.sql, [owner, id]).await?;
                // It may have been put into a diary since.
                let is_due = row.is_some_and(|row| row.state == state && row.due_at == due);
                if is_due {
                    store::retire(&tx.sql, owner, Which::One(id), now).await?;
                }
                Ok(is_due)
            })
        });
        if !unrefused(retired.await)? {
            return Ok(0);
        }
    }
    forget(app, key).await
}

/// Removes the files of the photo with `key`, then its row.
async fn forget(app: &App, key: PhotoKey) -> Result<u64, Error> {
    if !app.photos.are_here {
        return Ok(0);
    }
    if let Err(error) = app.photos.remove(key).await {
        tracing::warn!(%error, detail = error.detail(), "the files of a photo stay for a while");
        let again = app.clock.now() + AGAIN;
        let put_off = app.database.write(move |tx| {
            Box::pin(async move {
                let states = [PhotoState::Removed, PhotoState::Removed];
                Ok(store::turn(&tx.sql, key, states, Some(again)).await?)
            })
        });
        unrefused(put_off.await)?;
        return Ok(0);
    }
    let forgotten = app
        .database
        .write(move |tx| Box::pin(async move { Ok(store::forget(&tx.sql, key).await?) }));
    unrefused(forgotten.await)?;
    Ok(1)
}

/// Removes what is to be removed of `owner`, at once. Says how many photos are forgotten.
///
/// # Errors
/// As [`sweep`].
pub async fn clear(app: &App, owner: Uuid) -> Result<u64, Error> {
    let mut cleared = 0;
    for row in store::removed(app.database.reader(), owner, FOUND).await? {
        cleared += forget(app, [row.owner_id, row.id]).await?;
    }
    Ok(cleared)
}

/// Removes every file of `owner`, who is gone, whether a row tells of it or not.
///
/// # Errors
/// Where files cannot be removed.
pub async fn clear_all(app: &App, owner: Uuid) -> Result<(), Error> {
    match app.photos.are_here {
        true => app.photos.remove_all_of(owner).await,
        false => Ok(()),
    }
}

/// Does what is due, until `stop`.
pub fn start(app: Arc<App>, stop: CancellationToken) -> JoinHandle<()> {
    tokio::spawn(async move {
        let sweeping = async {
            loop {
                match sweep(&app).await {
                    Ok(0) => {}
                    Ok(photos) => tracing::info!(photos, "removed photos"),
                    Err(error) => tracing::warn!(
                        %error,
                        detail = error.detail(),
                        "could not remove photos; trying again in a while"
                    ),
                }
                // Told of, or looked for.
                let _ = timeout(EVERY, app.photos.removed.notified()).await;
            }
        };
        // Each step that has begun is done or not, as a whole.
        stop.run_until_cancelled(sweeping).await;
    })
}

/// Nothing is refused here.
fn unrefused<T>(done: Result<T, Rejection>) -> Result<T, Error> {
    answer(done)?.map_err(|reasons| Error::internal(format!("refused: {reasons:?}")))
}
