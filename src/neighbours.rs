//! Other processes that write to the same database: `ashiato admin` beside a running server.

use std::{sync::Arc, time::Duration};

use sea_orm::{ConnectionTrait, Statement};
use tokio_util::sync::CancellationToken;

use crate::app::App;

/// How soon what a neighbour wrote is noticed.
const EVERY: Duration = Duration::from_millis(500);

/// Wakes every feed and every socket's watch when a neighbour has written, until `stop`. As it
/// asks the connection that writes, it also notices, and logs, that the database file has gone.
pub async fn notice(app: Arc<App>, stop: CancellationToken) {
    let mut known = None;
    let noticing = async {
        loop {
            // A busy database is asked again in a moment.
            if let Some(version) = version(&app).await {
                if known.is_some_and(|known| known != version) {
                    app.events.publish_all();
                }
                known = Some(version);
            }
            tokio::time::sleep(EVERY).await;
        }
    };
    stop.run_until_cancelled(noticing).await;
}

/// SQLite's number of the changes that others than the connection that writes here have made.
async fn version(app: &App) -> Option<i64> {
    let read = app.database.write(|tx| {
        Box::pin(async move {
            let pragma =
                Statement::from_string(tx.sql.get_database_backend(), "PRAGMA data_version");
            let row = tx.sql.query_one_raw(pragma).await?;
            Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
        })
    });
    read.await.ok().flatten()
}
