//! What the payment provider is to be told to end: a plan that is not renewed, or that nobody has any more; a page
//! on which nobody is to pay. It is written with what it follows from, and told afterwards, by any server, as
//! often as it takes. To tell it twice does no harm.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use entity::payment_ending;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::store;
use crate::{
    app::App,
    error::Error,
    rejection::{Rejection, answer},
};

/// How often it is looked for something to tell.
const EVERY: Duration = Duration::from_secs(30);
/// The most that is found at once.
const FOUND: i64 = 20;
/// When it is tried again for the first time; each time twice as late, and within a day.
const AGAIN: TimeDelta = TimeDelta::minutes(1);
const LATEST: TimeDelta = TimeDelta::days(1);

/// Tells what is to be told now. Says how much has ended.
///
/// # Errors
/// The database's. What the provider does not take is tried again later.
pub async fn catch_up(app: &App) -> Result<u64, Error> {
    let mut ended = 0;
    if !app.payments.is_set_up() {
        return Ok(ended);
    }
    let now = app.clock.now();
    for row in store::to_end(app.database.reader(), now, FOUND).await? {
        match app.payments.end(&row.reference, row.way).await {
            Ok(()) => {
                let done = app.database.write(move |tx| {
                    let row = row.clone();
                    Box::pin(async move { Ok(store::ended(&tx.sql, &row).await?) })
                });
                unrefused(done.await)?;
                ended += 1;
            }
            Err(why) => {
                tracing::warn!(reference = row.reference, %why, "the payment provider does not end it yet");
                let next = now + pause(&row);
                let put_off = app.database.write(move |tx| {
                    let row = row.clone();
                    Box::pin(async move { Ok(store::put_off(&tx.sql, &row, next).await?) })
                });
                unrefused(put_off.await)?;
            }
        }
    }
    Ok(ended)
}

fn pause(row: &payment_ending::Model) -> TimeDelta {
    let doubled = u32::try_from(row.tries.clamp(0, 16)).unwrap_or(16);
    (AGAIN * (1 << doubled)).min(LATEST)
}

fn unrefused<T>(done: Result<T, Rejection>) -> Result<T, Error> {
    answer(done)?.map_err(|reasons| Error::internal(format!("refused: {reasons:?}")))
}

/// Tells what is to be told, now and every half minute, until `stop`.
pub fn start(app: Arc<App>, stop: CancellationToken) -> JoinHandle<()> {
    tokio::spawn(async move {
        let telling = async {
            loop {
                match catch_up(&app).await {
                    Ok(0) => {}
                    Ok(ended) => tracing::info!(ended, "told the payment provider"),
                    Err(error) => tracing::warn!(
                        %error,
                        detail = error.detail(),
                        "could not tell the payment provider; trying again in a while"
                    ),
                }
                tokio::time::sleep(EVERY).await;
            }
        };
        // What has begun is written or not, as a whole.
        stop.run_until_cancelled(telling).await;
    })
}
