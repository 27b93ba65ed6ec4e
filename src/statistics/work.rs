//! Counting the figures in the background: each day in Japan once, when it is over. Every server looks whether it
//! is to be done, and one does it.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::rolling::{Progress, roll_up};
use crate::{app::App, clock::day_in_japan, error::Error};

/// How often it is looked.
const EVERY: Duration = Duration::from_secs(60);
/// How long after a day's end it is counted: what was done in its last minute is written then.
const SETTLED: TimeDelta = TimeDelta::minutes(5);

/// The day that is to be counted at `now`.
pub fn due(now: DateTime<Utc>) -> NaiveDate {
    let day = day_in_japan(now - SETTLED);
    day.pred_opt().unwrap_or(day)
}

/// Counts the day that is to be counted now, unless it is or another server does it.
///
/// # Errors
/// The database's. It is gone on with later.
pub async fn see_to(app: &App) -> Result<Progress, Error> {
    roll_up(app, due(app.clock.now()), |_| {}).await
}

/// Looks now and every minute, until `stop`.
pub fn start(app: Arc<App>, stop: CancellationToken) -> JoinHandle<()> {
    tokio::spawn(async move {
        let counting = async {
            loop {
                match see_to(&app).await {
                    Ok(Progress::Done) => {
                        tracing::info!(day = %due(app.clock.now()), "the figures are counted");
                    }
                    Ok(_) => {}
                    Err(error) => tracing::warn!(
                        %error,
                        detail = error.detail(),
                        "counting the figures was cut off, and is gone on with in a minute"
                    ),
                }
                tokio::time::sleep(EVERY).await;
            }
        };
        // A batch that has begun is noted or not, as a whole.
        stop.run_until_cancelled(counting).await;
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_counted_five_minutes_after_its_end_in_japan() {
        let at = |time: &str| due(time.parse().unwrap()).to_string();
        assert_eq!(at("2006-05-02T15:04:59Z"), "2006-05-01");
        assert_eq!(at("2006-05-02T15:05:00Z"), "2006-05-02");
    }
}
