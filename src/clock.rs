//! The time, passed in: nothing else reads a clock, so that a test can set it.

use std::fmt::Debug;

use chrono::{DateTime, FixedOffset, Months, NaiveDate, NaiveTime, SubsecRound, TimeDelta, Utc};

/// Tells the time.
pub trait Clock: Debug + Send + Sync {
    /// The time now, in UTC, to the millisecond: as the database keeps it.
    fn now(&self) -> DateTime<Utc>;
}

/// How far apart the clocks of two machines may be without a word of it.
pub const APART: TimeDelta = TimeDelta::seconds(2);

/// How far `theirs`, what another's clock said between `before` and `after` of ours, is from ours: what the question
/// took is no difference.
pub fn apart(before: DateTime<Utc>, theirs: DateTime<Utc>, after: DateTime<Utc>) -> TimeDelta {
    (before - theirs).max(theirs - after)
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

/// When `day` begins in Japan.
pub fn midnight_in_japan(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN).and_utc();
    midnight
        .checked_sub_signed(TimeDelta::hours(9))
        .unwrap_or(midnight)
}

/// The latest day of birth of whoever is `years` old on `day`. (Who was born on 29 February has a
/// birthday on 1 March where there is no such day.)
pub fn latest_birth(day: NaiveDate, years: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(12 * years))
        .unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_in_japan_begins_at_its_midnight() {
        let day: NaiveDate = "2006-05-03".parse().unwrap();
        let midnight = midnight_in_japan(day);
        assert_eq!(midnight.to_rfc3339(), "2006-05-02T15:00:00+00:00");
        assert_eq!(day_in_japan(midnight), day);
        assert!(day_in_japan(midnight - TimeDelta::milliseconds(1)) < day);
    }

    #[test]
    fn an_age_is_reached_on_the_birthday_and_on_1_march_where_it_is_missing() {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (born, years, eve, day) in [
            ("1988-05-02", 18, "2006-05-01", "2006-05-02"),
            ("1988-01-01", 18, "2005-12-31", "2006-01-01"),
            // Born in a leap year: 2006 is none, 2008 is one.
            ("1988-02-29", 18, "2006-02-28", "2006-03-01"),
            ("1992-02-29", 16, "2008-02-28", "2008-02-29"),
            ("1988-02-28", 18, "2006-02-27", "2006-02-28"),
            ("1988-03-01", 18, "2006-02-28", "2006-03-01"),
            // On a day that the year of birth had not.
            ("1990-02-28", 18, "2008-02-27", "2008-02-28"),
            ("1990-03-01", 18, "2008-02-29", "2008-03-01"),
        ] {
            let born = date(born);
            assert!(born > latest_birth(date(eve), years), "{born} on {eve}");
            assert!(born <= latest_birth(date(day), years), "{born} on {day}");
            assert_eq!(date(eve).years_since(born), Some(years - 1), "{born}");
            assert_eq!(date(day).years_since(born), Some(years), "{born}");
        }
    }
}
