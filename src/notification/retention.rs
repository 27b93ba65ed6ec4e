//! Notifications past their days.

use chrono::NaiveDate;

use super::{
    service::withdraw,
    store::{self, Which},
};
use crate::{app::App, rejection::Rejection};

/// Removes the notifications of days before `oldest`, `batch` at a time, user by user. Says how many there
/// were.
///
/// # Errors
/// The database's. What was removed before stays so.
pub async fn purge(app: &App, oldest: NaiveDate, batch: i64) -> Result<u64, Rejection> {
    let mut all = 0;
    loop {
        let users = store::with_some_before(app.database.reader(), oldest, batch).await?;
        if users.is_empty() {
            return Ok(all);
        }
        for user in users {
            let gone = app.database.write(move |tx| {
                Box::pin(async move {
                    let which = Which::Before(oldest, batch);
                    Ok(withdraw(tx, user, which).await?)
                })
            });
            all += u64::try_from(gone.await?).unwrap_or(0);
        }
    }
}
