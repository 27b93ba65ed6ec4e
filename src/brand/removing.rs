//! How a page goes: at once for everybody, and then its followers and posts, a batch after the other. Every server
//! sees to it, and does no harm where another does the same.

use std::{sync::Arc, time::Duration};

use entity::brand;
use tokio::{task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    running::owned_by,
    store::{self, people, removal},
};
use crate::{
    app::App,
    database::Tx,
    error::Error,
    events::Event,
    idempotency::{Slot, once},
    rejection::{Rejection, answer},
};

/// How often it is looked for what nobody told of.
const EVERY: Duration = Duration::from_secs(30);
/// The most rows of one batch: some milliseconds of the writer.
const BATCH: i64 = 500;
/// What is left to others between two batches.
const PAUSE: Duration = Duration::from_millis(5);

/// Removes a page that `me` owns, for good.
///
/// # Errors
/// `NOT_FOUND`, `NOT_YOURS`.
pub async fn delete(
    app: &Arc<App>,
    me: Uuid,
    brand: Uuid,
    idempotency_key: Option<String>,
) -> Result<(), Rejection> {
    let slot = Slot::of(app, me, idempotency_key, "deleteBrand", &brand)?;
    once(app, slot, move |_, tx| {
        Box::pin(async move {
            let row = owned_by(tx, me, brand).await?;
            remove(tx, &row).await
        })
    })
    .await?;
    app.removed_brands.notify_one();
    Ok(())
}

/// Removes the held page `row`: nobody finds it from the commit on, and its handle is given to nobody again. What is
/// left of it goes afterwards.
///
/// # Errors
/// The database's.
pub async fn remove(tx: &Tx, row: &brand::Model) -> Result<(), Rejection> {
    let db = &tx.sql;
    let mut editors = people::all_editors(db, row.id).await?;
    editors.push(row.owner_id);
    people::run_no_more(db, &editors, row.id).await?;
    store::forget_grams(db, row.id).await?;
    store::retire_handle(db, &row.handle).await?;
    store::delete(db, row.id).await?;
    removal::ask(db, row.id).await?;
    // What the followers' feeds have read ahead is read again.
    tx.after_commit(Event::BrandPosted(row.id));
    Ok(())
}

/// Removes what is left of pages that are gone. Says how many rows that were.
///
/// # Errors
/// The database's. What went before is gone.
pub async fn sweep(app: &App) -> Result<u64, Error> {
    let mut all = 0;
    while let Some(brand) = removal::next(app.database.reader()).await? {
        all += sweep_batch(app, brand).await?;
        tokio::time::sleep(PAUSE).await;
    }
    Ok(all)
}

async fn sweep_batch(app: &App, brand: Uuid) -> Result<u64, Error> {
    let swept = app.database.write(move |tx| {
        Box::pin(async move { Ok(removal::remove_some(&tx.sql, brand, BATCH).await?) })
    });
    // Nothing is refused here.
    answer(swept.await)?.map_err(|reasons| Error::internal(format!("refused: {reasons:?}")))
}

/// Does so whenever a page goes, until `stop`.
pub fn start(app: Arc<App>, stop: CancellationToken) -> JoinHandle<()> {
    tokio::spawn(async move {
        let sweeping = async {
            loop {
                match sweep(&app).await {
                    Ok(0) => {}
                    Ok(rows) => tracing::info!(rows, "removed what was left of brands' pages"),
                    Err(error) => tracing::warn!(
                        %error,
                        detail = error.detail(),
                        "could not remove what is left of brands' pages; trying again in a while"
                    ),
                }
                // Told of, or looked for.
                let _ = timeout(EVERY, app.removed_brands.notified()).await;
            }
        };
        // A batch that has begun is done or not, as a whole.
        stop.run_until_cancelled(sweeping).await;
    })
}
