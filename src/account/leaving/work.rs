//! What leaving takes in the background: exports are made, and removed; deletions that are due are carried
//! out. Every server looks for something to do, and has what it does for itself.

use std::{sync::Arc, time::Duration};

use futures_util::future::join;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{
    deletion::{carry::carry_out, store as deletions},
    export::{make::see_to, store as exports},
};
use crate::{app::App, error::Error};

/// How often it is looked for exports, and for deletions: somebody waits for the first.
const EXPORTS_EVERY: Duration = Duration::from_secs(2);
const DELETIONS_EVERY: Duration = Duration::from_secs(30);
/// The most that is found at once.
const FOUND: i64 = 10;

/// Does what is due of exports. What is cut off is tried again later.
///
/// # Errors
/// The database's, where it does not say what is due.
pub async fn see_to_exports(app: &Arc<App>) -> Result<(), Error> {
    let now = app.clock.now();
    for row in exports::due(app.database.reader(), now, FOUND).await? {
        tell("a data export", see_to(app, &row).await);
    }
    Ok(())
}

/// Does what is due of deletions. What is cut off is tried again later.
///
/// # Errors
/// The database's, where it does not say what is due.
pub async fn see_to_deletions(app: &Arc<App>) -> Result<(), Error> {
    let now = app.clock.now();
    for user in deletions::due(app.database.reader(), now, FOUND).await? {
        tell("a deletion", carry_out(app, user, |_| {}).await.map(|_| ()));
    }
    Ok(())
}

/// Does what is due, until `stop`.
pub fn start(app: Arc<App>, stop: CancellationToken) -> JoinHandle<()> {
    tokio::spawn(async move {
        let exporting = async {
            loop {
                tell("looking for data exports", see_to_exports(&app).await);
                tokio::time::sleep(EXPORTS_EVERY).await;
            }
        };
        let deleting = async {
            loop {
                tell("looking for deletions", see_to_deletions(&app).await);
                tokio::time::sleep(DELETIONS_EVERY).await;
            }
        };
        // A batch that has begun is written or not, as a whole.
        stop.run_until_cancelled(join(exporting, deleting)).await;
    })
}

fn tell(what: &str, done: Result<(), Error>) {
    if let Err(error) = done {
        let detail = error.detail();
        tracing::warn!(%error, detail, "{what} was cut off, and is tried again");
    }
}
