//! Writing what was counted: once a minute, and when the server stops. It is written a second time or not at all
//! only where the database went away while it said that it was.

use std::{sync::Arc, time::Duration};

use entity::{access_day, usage_day};
use tokio::{
    task::JoinHandle,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{store, tally::Waiting};
use crate::{
    app::App,
    database::Tx,
    error::Error,
    rejection::{Rejection, answer},
};

/// How often it is written: so long one's own use is behind.
pub const EVERY: Duration = Duration::from_secs(60);
/// The most rows of one transaction.
const BATCH: usize = 2_000;
/// How long a server that stops waits for the database.
const LAST: Duration = Duration::from_secs(2);

/// Writes what waits. Says of how many users, days and devices that was.
///
/// # Errors
/// The database's. What is not written waits on.
pub async fn write(app: &App) -> Result<usize, Error> {
    let mut left = app.usage.take();
    let all = left.deeds.len();
    while left != Waiting::default() {
        let rest = left.deeds.split_off(left.deeds.len().min(BATCH));
        let some = Arc::new(std::mem::replace(
            &mut left,
            Waiting {
                deeds: rest,
                access: Vec::new(),
            },
        ));
        let shared = some.clone();
        let written = app.database.write(move |tx| {
            let some = shared.clone();
            Box::pin(async move { write_some(tx, &some).await })
        });
        if let Err(error) = unrefused(written.await) {
            app.usage.give_back(left);
            // Nobody knows whether these are written: a day counts them once or not at all.
            if !matches!(error, Error::OutcomeUnknown(_)) {
                app.usage.give_back((*some).clone());
            }
            return Err(error);
        }
    }
    Ok(all)
}

async fn write_some(tx: &Tx, some: &Waiting) -> Result<(), Rejection> {
    let access = some.access.iter();
    let access = access.map(|((day, device), operations)| access_day::Model {
        day: *day,
        device: *device,
        operations: *operations,
    });
    store::add_access(&tx.sql, &access.collect::<Vec<_>>()).await?;
    // Who is gone meanwhile is not counted.
    let mut users: Vec<_> = some.deeds.iter().map(|(doer, _)| doer.user).collect();
    users.dedup();
    let there = store::there(&tx.sql, &users).await?;
    let deeds = some.deeds.iter();
    let deeds = deeds.filter(|(doer, _)| there.contains(&doer.user));
    let deeds = deeds.map(|(doer, done)| usage_day::Model {
        user_id: doer.user,
        day: doer.day,
        device: doer.device,
        visits: done.visits,
        writings: done.writings,
        readings: done.readings,
    });
    store::add(&tx.sql, &deeds.collect::<Vec<_>>()).await?;
    Ok(())
}

/// The same once more before the database is closed, where it answers.
pub async fn write_last(app: &App) {
    match timeout(LAST, write(app)).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => {
            tracing::warn!(%error, detail = error.detail(), "what was done within the last minute is not counted");
        }
        Err(_) => tracing::warn!("what was done within the last minute may not be counted"),
    }
}

/// Writes every minute, until `stop`.
pub fn start(app: Arc<App>, stop: CancellationToken) -> JoinHandle<()> {
    tokio::spawn(async move {
        // What has begun to be written is not given up: nobody else has it.
        while stop.run_until_cancelled(sleep(EVERY)).await.is_some() {
            if let Err(error) = write(&app).await {
                tracing::warn!(
                    %error,
                    detail = error.detail(),
                    "could not write what was done by day; trying again in a minute"
                );
            }
        }
    })
}

/// Nothing is refused here.
fn unrefused<T>(done: Result<T, Rejection>) -> Result<T, Error> {
    answer(done)?.map_err(|reasons| Error::internal(format!("refused: {reasons:?}")))
}
