//! Bringing the weekly charts up to date. A song that everybody listens to is one row of a chart: whoever
//! reports a listen does not wait for it, but leaves word, which one of the servers counts some seconds
//! later, many at once. Taking the word and counting it is one transaction: whatever moment it is broken off
//! at, each listen is counted once.

use std::{sync::Arc, time::Duration};

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::store::charts;
use crate::{
    app::App,
    database::Tx,
    error::Error,
    rejection::{Rejection, answer},
};

/// How often it is looked whether there is something to count: so long a chart is behind.
pub const EVERY: Duration = Duration::from_secs(10);
/// The most rows that are counted in one transaction.
const BATCH: i64 = 500;

/// Counts what is to be counted. Says how many rows that were.
///
/// # Errors
/// The database's. What was counted before stays so.
pub async fn catch_up(app: &App) -> Result<u64, Error> {
    let mut all = 0;
    while charts::is_behind(app.database.reader()).await? {
        let counted = app.database.write(|tx| Box::pin(count_some(tx))).await;
        let counted =
            answer(counted)?.map_err(|reasons| Error::internal(format!("refused: {reasons:?}")))?;
        all += counted;
        // What is left then is being counted by another server.
        if counted == 0 {
            break;
        }
    }
    Ok(all)
}

async fn count_some(tx: &Tx) -> Result<u64, Rejection> {
    let rows = charts::take(&tx.sql, BATCH).await?;
    charts::add(&tx.sql, &rows).await?;
    Ok(rows.len().try_into().unwrap_or(u64::MAX))
}

/// Brings the charts up to date now and every ten seconds, until `stop`.
pub fn start(app: Arc<App>, stop: CancellationToken) -> JoinHandle<()> {
    tokio::spawn(async move {
        let counting = async {
            loop {
                match catch_up(&app).await {
                    Ok(0) => {}
                    Ok(rows) => tracing::debug!(rows, "the charts are up to date"),
                    Err(error) => tracing::warn!(
                        %error,
                        detail = error.detail(),
                        "could not bring the charts up to date; trying again in ten seconds"
                    ),
                }
                tokio::time::sleep(EVERY).await;
            }
        };
        // A batch that has begun is written or not, as a whole.
        stop.run_until_cancelled(counting).await;
    })
}
