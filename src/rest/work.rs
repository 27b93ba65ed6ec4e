//! What is due at the end of rests: what came meanwhile is told of as a whole. It costs nothing of who has none.
//!
//! Every server looks; what one has told of the others find told.

use std::{sync::Arc, time::Duration};

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{service, store};
use crate::{
    app::App,
    error::Error,
    rejection::{Rejection, answer},
};

/// How often it is looked: so much later than the end of a rest it is told of.
const EVERY: Duration = Duration::from_secs(5);
/// The most users who are found at once.
const FOUND: i64 = 200;

/// Tells everybody whose rest is over of what came. Says of how many rests that were.
///
/// # Errors
/// The database's. What was told before stays so.
pub async fn see_to(app: &Arc<App>) -> Result<u64, Error> {
    let mut all = 0;
    loop {
        let now = app.clock.now();
        let due = store::due(app.database.reader(), now, FOUND).await?;
        if due.is_empty() {
            return Ok(all);
        }
        let mut told = 0;
        for user in due {
            while tell(app, user).await? {
                told += 1;
            }
        }
        // What is left then is being told of by another server.
        if told == 0 {
            return Ok(all);
        }
        all += told;
    }
}

async fn tell(app: &Arc<App>, user: Uuid) -> Result<bool, Error> {
    let shared = app.clone();
    let done = app.database.write(move |tx| {
        let app = shared.clone();
        Box::pin(async move {
            let done = service::tell_of_one(&app, tx, user).await;
            done.map_err(Rejection::from)
        })
    });
    answer(done.await)?.map_err(|reasons| Error::internal(format!("refused: {reasons:?}")))
}

/// Does so now and every few seconds, until `stop`.
pub fn start(app: Arc<App>, stop: CancellationToken) -> JoinHandle<()> {
    tokio::spawn(async move {
        let telling = async {
            loop {
                if let Err(error) = see_to(&app).await {
                    tracing::warn!(
                        %error,
                        detail = error.detail(),
                        "could not tell of rests that are over; trying again in five seconds"
                    );
                }
                tokio::time::sleep(EVERY).await;
            }
        };
        // A digest that has begun is written or not, as a whole.
        stop.run_until_cancelled(telling).await;
    })
}
