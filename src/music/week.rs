//! Weeks: from Monday to Sunday, by the days of Japan.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};

use crate::clock::day_in_japan;

/// A week, by its number: so many lie between it and 1 January of the year 1, which was a Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week(i64);

impl Week {
    /// The one in which `day` lies.
    pub fn of(day: NaiveDate) -> Self {
        Self(i64::from(day.num_days_from_ce() - 1).div_euclid(7))
    }

    /// The one in which `time` lies, in Japan.
    pub fn at(time: DateTime<Utc>) -> Self {
        Self::of(day_in_japan(time))
    }

    /// Its number.
    pub fn number(self) -> i64 {
        self.0
    }

    /// The one before it.
    pub fn before(self) -> Self {
        Self(self.0 - 1)
    }

    /// Its Monday.
    pub fn first_day(self) -> NaiveDate {
        let day = i32::try_from(self.0 * 7 + 1).ok();
        day.and_then(NaiveDate::from_num_days_from_ce_opt)
            .unwrap_or_default()
    }

    /// Its Sunday.
    pub fn last_day(self) -> NaiveDate {
        let monday = self.first_day();
        monday.checked_add_days(Days::new(6)).unwrap_or(monday)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_goes_from_monday_to_sunday_in_japan() {
        let of = |day: &str| {
            let week = Week::of(day.parse().unwrap());
            (week.first_day().to_string(), week.last_day().to_string())
        };
        let golden = ("2006-05-01".to_owned(), "2006-05-07".to_owned());
        assert_eq!(of("2006-05-01"), golden);
        assert_eq!(of("2006-05-07"), golden);
        assert_ne!(of("2006-04-30"), golden);
        assert_ne!(of("2006-05-08"), golden);
        // Over the end of a year, and before the year 1.
        assert_eq!(of("2007-01-01").0, "2007-01-01");
        assert_eq!(of("2005-12-31").1, "2006-01-01");
        assert_eq!(of("0000-12-31").1, "0000-12-31");
        let at = |time: &str| Week::at(time.parse().unwrap());
        let monday = at("2006-04-30T15:00:00Z");
        assert_eq!(monday, Week::of("2006-05-01".parse().unwrap()));
        assert_eq!(at("2006-04-30T14:59:59.999Z"), monday.before());
    }
}
