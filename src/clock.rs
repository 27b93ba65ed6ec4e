//! The time, passed in: nothing else reads a clock, so that a test can set it.

use std::fmt::Debug;

use chrono::{DateTime, FixedOffset, NaiveDate, SubsecRound, Utc};

/// Tells the time.
pub trait Clock: Debug + Send + Sync {
    /// The time now, in UTC, to the millisecond: as the database keeps it.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods)] // the one place that may
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(3)
    }
}

/// The calendar day in Japan, UTC+9 all the year (rules.md, Footprints 2).
pub fn day_in_japan(time: DateTime<Utc>) -> NaiveDate {
    const NINE_HOURS: i32 = 9 * 3600;
    match FixedOffset::east_opt(NINE_HOURS) {
        Some(japan) => time.with_timezone(&japan).date_naive(),
        None => time.date_naive(),
    }
}
