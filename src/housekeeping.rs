//! What goes with time: old footprints, notifications and rests, ended sessions, idempotency keys of yesterday, second factors
//! that nobody confirmed, and what the pauses between visits need no more.
//!
//! Everything is removed in small batches, each its own mutation of the writer's, so that nobody
//! waits for it.

use std::{sync::Arc, time::Duration};

use futures_util::future::{BoxFuture, join};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{
    absence::store as absences,
    account::{
        attempts::store as attempts, recovery::phone::store as recoveries,
        session::store as sessions, suspension::store as suspensions,
        two_factor::store as two_factors,
    },
    app::App,
    clock::day_in_japan,
    database::Tx,
    error::Error,
    footprint::retention,
    idempotency,
    invitation::store as invitations,
    music::retention as music,
    notification::retention as notifications,
    phone::store as phones,
    plan::store as plans,
    rejection::{Rejection, answer},
    rest::store::digests as rests,
    usage::store as usage,
};

/// How often the house is swept.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// How often what was remembered for a pause is swept: somebody who is not named has it remembered for
/// no longer than the pause, and this.
const EVERY_PAUSE: Duration = Duration::from_secs(60);
/// The most rows of one batch: some milliseconds of the writer.
const BATCH: i64 = 500;
/// How long an idempotency key is kept.
const KEY_DAYS: i64 = 1;
/// How long it is kept what a payment provider told: it repeats nothing for longer.
const EVENT_DAYS: i64 = 90;

/// What was swept out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Footprints past their days.
    pub footprints: u64,
    /// Notifications past their days.
    pub notifications: u64,
    /// Rests that were told of, past the days of notifications.
    pub rest_digests: u64,
    /// Tokens of sessions past their end, and with them the sessions.
    pub sessions: u64,
    /// Codes of invitations past their end.
    pub invitations: u64,
    /// Codes for mobile numbers past their time, recoveries by one among them, and requests for codes that count
    /// no more.
    pub phone_codes: u64,
    /// Idempotency keys past their day.
    pub idempotency_keys: u64,
    /// Visits that no list tells of, past the pause after them.
    pub unlisted_visits: u64,
    /// Second factors that were begun, and never confirmed.
    pub pending_two_factors: u64,
    /// What was tried, such as a wrong password, past the time for which that counts.
    pub attempts: u64,
    /// Suspensions that are over, and absences.
    pub suspensions: u64,
    /// Listens past their days, and what is kept beside them.
    pub listens: u64,
    /// What somebody did on days that are past.
    pub usage: u64,
    /// What a payment provider told, past the time in which it can be repeated.
    pub payment_events: u64,
}

/// Sweeps until nothing is left to sweep.
///
/// # Errors
/// The database's. What was swept before stays so.
pub async fn sweep(app: &App) -> Result<Swept, Error> {
    let now = app.clock.now();
    let days = chrono::Duration::days(app.rules.footprint_days);
    let oldest = day_in_japan(now) - days;
    let before = now - chrono::Duration::days(KEY_DAYS);
    Ok(Swept {
        footprints: gone(retention::purge(app, oldest, BATCH).await)?,
        notifications: {
            let days = chrono::Duration::days(app.rules.notification_days);
            gone(notifications::purge(app, day_in_japan(now) - days, BATCH).await)?
        },
        rest_digests: {
            let before = now - chrono::Duration::days(app.rules.notification_days);
            in_batches(app, move |tx| {
                Box::pin(async move { Ok(rests::purge(&tx.sql, before, BATCH).await?) })
            })
            .await?
        },
        sessions: in_batches(app, move |tx| {
            Box::pin(async move { Ok(sessions::purge(&tx.sql, now, BATCH).await?) })
        })
        .await?,
        invitations: in_batches(app, move |tx| {
            Box::pin(async move { Ok(invitations::purge(&tx.sql, now, BATCH).await?) })
        })
        .await?,
        phone_codes: {
            let codes = in_batches(app, move |tx| {
                Box::pin(async move { Ok(phones::purge_codes(&tx.sql, now, BATCH).await?) })
            });
            let requests = in_batches(app, move |tx| {
                Box::pin(async move { Ok(phones::purge_requests(&tx.sql, now, BATCH).await?) })
            });
            let recoveries = in_batches(app, move |tx| {
                Box::pin(async move { Ok(recoveries::purge(&tx.sql, now, BATCH).await?) })
            });
            codes.await? + requests.await? + recoveries.await?
        },
        idempotency_keys: in_batches(app, move |tx| {
            Box::pin(idempotency::purge(tx, before, BATCH))
        })
        .await?,
        unlisted_visits: forget_visits(app).await?,
        pending_two_factors: in_batches(app, move |tx| {
            Box::pin(async move { Ok(two_factors::purge(&tx.sql, now, BATCH).await?) })
        })
        .await?,
        attempts: in_batches(app, move |tx| {
            Box::pin(async move { Ok(attempts::purge(&tx.sql, now, BATCH).await?) })
        })
        .await?,
        suspensions: {
            let absences = in_batches(app, move |tx| {
                Box::pin(async move { Ok(absences::purge(&tx.sql, now, BATCH).await?) })
            });
            let suspensions = in_batches(app, move |tx| {
                Box::pin(async move { Ok(suspensions::purge(&tx.sql, now, BATCH).await?) })
            });
            absences.await? + suspensions.await?
        },
        listens: {
            let oldest = music::oldest(&app.rules, now);
            let listens = in_batches(app, move |tx| Box::pin(music::purge(tx, oldest, BATCH)));
            let last = in_batches(app, move |tx| {
                Box::pin(music::purge_last(tx, oldest, BATCH))
            });
            let weeks = in_batches(app, move |tx| {
                Box::pin(music::purge_weeks(tx, oldest, BATCH))
            });
            listens.await? + last.await? + weeks.await?
        },
        usage: {
            let oldest = day_in_japan(now) - chrono::Duration::days(app.rules.usage_days);
            in_batches(app, move |tx| {
                Box::pin(async move { Ok(usage::purge(&tx.sql, oldest, BATCH).await?) })
            })
            .await?
        },
        payment_events: {
            let before = now - chrono::Duration::days(EVENT_DAYS);
            in_batches(app, move |tx| {
                Box::pin(async move { Ok(plans::purge(&tx.sql, before, BATCH).await?) })
            })
            .await?
        },
    })
}

/// Forgets the visits that no list tells of, once the pauses after them are over. Says how many there
/// were.
async fn forget_visits(app: &App) -> Result<u64, Error> {
    let before = app.clock.now() - app.rules.visit_pause();
    in_batches(app, move |tx| {
        Box::pin(retention::forget(tx, before, BATCH))
    })
    .await
}

/// Calls `purge` in transactions of their own, until one removes less than a batch.
async fn in_batches<F>(app: &App, purge: F) -> Result<u64, Error>
where
    F: for<'t> Fn(&'t Tx) -> BoxFuture<'t, Result<u64, Rejection>> + Clone + Send + Sync + 'static,
{
    let mut all = 0;
    loop {
        let gone = gone(app.database.write(purge.clone()).await)?;
        all += gone;
        if gone < BATCH.unsigned_abs() {
            return Ok(all);
        }
    }
}

/// Nothing is refused here.
fn gone(purged: Result<u64, Rejection>) -> Result<u64, Error> {
    answer(purged)?.map_err(|reasons| Error::internal(format!("refused: {reasons:?}")))
}

/// Sweeps now and every hour, and every minute what pauses need no more, until `stop`.
pub fn start(app: Arc<App>, stop: CancellationToken) -> JoinHandle<()> {
    tokio::spawn(async move {
        let hourly = async {
            loop {
                match sweep(&app).await {
                    Ok(swept) if swept == Swept::default() => {}
                    Ok(swept) => tracing::info!(
                        footprints = swept.footprints,
                        notifications = swept.notifications,
                        rest_digests = swept.rest_digests,
                        sessions = swept.sessions,
                        invitations = swept.invitations,
                        phone_codes = swept.phone_codes,
                        idempotency_keys = swept.idempotency_keys,
                        unlisted_visits = swept.unlisted_visits,
                        pending_two_factors = swept.pending_two_factors,
                        attempts = swept.attempts,
                        suspensions = swept.suspensions,
                        listens = swept.listens,
                        usage = swept.usage,
                        payment_events = swept.payment_events,
                        "swept"
                    ),
                    Err(error) => tracing::warn!(
                        %error,
                        detail = error.detail(),
                        "could not sweep; trying again in an hour"
                    ),
                }
                tokio::time::sleep(EVERY).await;
            }
        };
        let forgetting = async {
            loop {
                tokio::time::sleep(EVERY_PAUSE).await;
                if let Err(error) = forget_visits(&app).await {
                    tracing::warn!(
                        %error,
                        detail = error.detail(),
                        "could not forget visits; trying again in a minute"
                    );
                }
            }
        };
        // A batch that has begun is written or not, as a whole.
        stop.run_until_cancelled(join(hourly, forgetting)).await;
    })
}
