//! Has searches find the diaries and reviews that they do not find as they are: those that were there before
//! searches found any, and what an older program wrote or changed while this one was rolled out.
//!
//! What is to be done is seen from the tables: a text that has no row among what is found, or one of another
//! version. So nothing is remembered. It can stop at any moment and goes on where the rows end, several servers can
//! be at it at once, and whatever is missing, for whichever reason, is there after the next time.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::future::BoxFuture;
use tokio::{task::JoinHandle, time::sleep};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    app::App,
    database::Tx,
    diary::{indexing as diaries, store::words as diary_words},
    error::Error,
    rejection::{Rejection, answer},
    review::{indexing as reviews, store::words as review_words},
    search::Texts,
};

/// How often it is looked whether anything is to be done: an older program can have written something meanwhile.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// How many texts are looked at with one statement.
const LOOKED_AT: i64 = 2_000;
/// How many of them are written in one transaction: of the longest, some tenths of a second.
const BATCH: usize = 20;
/// What is left to others between two transactions.
const PAUSE: Duration = Duration::from_millis(5);
/// For how many times as long as the database looked at some texts it is left to others before the next: every server
/// looks at all there are.
const REST: u32 = 10;

/// What names a text.
type Key = [Uuid; 2];
/// Writes what some texts are found by.
type Index = for<'t> fn(&'t Tx, &'t [Key]) -> BoxFuture<'t, Result<(), Rejection>>;

/// What searches find.
const KINDS: [(Texts, Index); 2] = [
    (diary_words::TEXTS, |tx, keys| {
        Box::pin(diaries::index(tx, keys))
    }),
    (review_words::TEXTS, |tx, keys| {
        Box::pin(reviews::index(tx, keys))
    }),
];

/// Has searches find what they do not find as it is. Says how many texts these were.
///
/// # Errors
/// The database's. What was done before stays so.
pub async fn catch_up(app: &App) -> Result<u64, Error> {
    walk(app, REST, |is_outdated| is_outdated).await
}

/// Has searches find every text anew: for an operator in doubt.
///
/// # Errors
/// As [`catch_up`].
pub async fn all_anew(app: &App) -> Result<u64, Error> {
    walk(app, 0, |_| true).await
}

/// Indexes those texts for which `is_to_be` says so, by whether they are found as they are not; after each look the
/// database is left to others for `rest` times as long.
async fn walk(app: &App, rest: u32, is_to_be: fn(bool) -> bool) -> Result<u64, Error> {
    let mut done = 0_u64;
    for (texts, index) in KINDS {
        let mut after = [Uuid::nil(); 2];
        loop {
            let db = app.database.reader();
            let began = Instant::now();
            let found = texts.outdated(db, after, LOOKED_AT).await?;
            let took = began.elapsed();
            let Some((last, _)) = found.last() else {
                break;
            };
            after = *last;
            let keys = found.into_iter().filter(|(_, it)| is_to_be(*it));
            let keys: Vec<_> = keys.map(|(key, _)| key).collect();
            for keys in keys.chunks(BATCH) {
                let keys: Arc<[Key]> = keys.into();
                done += u64::try_from(keys.len()).unwrap_or(0);
                let written = app.database.write(move |tx| {
                    let keys = keys.clone();
                    Box::pin(async move { index(tx, &keys).await })
                });
                unrefused(written.await)?;
                sleep(PAUSE).await;
            }
            sleep(took * rest).await;
        }
    }
    Ok(done)
}

/// Nothing is refused here.
fn unrefused<T>(done: Result<T, Rejection>) -> Result<T, Error> {
    answer(done)?.map_err(|reasons| Error::internal(format!("refused: {reasons:?}")))
}

/// Catches up now and every hour, until `stop`.
pub fn start(app: Arc<App>, stop: CancellationToken) -> JoinHandle<()> {
    tokio::spawn(async move {
        let hourly = async {
            loop {
                match catch_up(&app).await {
                    Ok(0) => {}
                    Ok(texts) => tracing::info!(texts, "searches find what they did not"),
                    Err(error) => tracing::warn!(
                        %error,
                        detail = error.detail(),
                        "searches do not find all yet; trying again in an hour"
                    ),
                }
                sleep(EVERY).await;
            }
        };
        // A batch that has begun is written or not, as a whole.
        stop.run_until_cancelled(hourly).await;
    })
}
