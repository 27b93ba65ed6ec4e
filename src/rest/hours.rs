//! Hours of the week, in Japan, which is UTC+9 all the year: no hour of it comes twice, and none is missing.

use std::fmt::{Display, Formatter};

use chrono::{DateTime, Datelike, Days, TimeDelta, Utc, Weekday};

use crate::clock::{day_in_japan, midnight_in_japan};

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;

/// A time of the day, by the clock on the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeOfDay(i64);

impl TimeOfDay {
    /// What `text` says as `HH:MM`, from 00:00 to 23:59.
    pub fn read(text: &str) -> Option<Self> {
        let (hours, minutes) = text.split_once(':')?;
        let two_digits = |part: &str| {
            let is_so = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            is_so.then(|| part.parse::<i64>().ok()).flatten()
        };
        let hours = two_digits(hours).filter(|hours| *hours < DAY / HOUR)?;
        let minutes = two_digits(minutes).filter(|minutes| *minutes < HOUR)?;
        Some(Self(hours * HOUR + minutes))
    }
}

impl Display for TimeOfDay {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / HOUR, self.0 % HOUR)
    }
}

/// Some hours of each week: from a time of a day to the next such time, which may be on the day after. Where both
/// times are the same, that is a whole day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// The day on which they begin: 0 is Monday.
    weekday: u8,
    /// When they begin.
    pub from: TimeOfDay,
    /// When they end.
    pub to: TimeOfDay,
}

impl Hours {
    /// Those that begin on a `weekday`.
    pub fn new(weekday: Weekday, from: TimeOfDay, to: TimeOfDay) -> Self {
        let weekday = u8::try_from(weekday.num_days_from_monday()).unwrap_or(0);
        Self { weekday, from, to }
    }

    /// The day on which they begin.
    pub fn weekday(&self) -> Weekday {
        Weekday::try_from(self.weekday).unwrap_or(Weekday::Mon)
    }

    /// From which minute of the week to which: that may be in the next week.
    fn minutes(&self) -> (i64, i64) {
        let begin = i64::from(self.weekday) * DAY + self.from.0;
        let length = match (self.to.0 - self.from.0).rem_euclid(DAY) {
            0 => DAY,
            length => length,
        };
        (begin, begin + length)
    }

    fn read(text: &str) -> Option<Self> {
        let (weekday, times) = text.split_once(' ')?;
        let (from, to) = times.split_once('-')?;
        let weekday = weekday.parse::<u8>().ok()?.checked_sub(1)?;
        let weekday = Weekday::try_from(weekday).ok()?;
        Some(Self::new(
            weekday,
            TimeOfDay::read(from)?,
            TimeOfDay::read(to)?,
        ))
    }
}

impl Display for Hours {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}-{}", self.weekday + 1, self.from, self.to)
    }
}

/// The hours that stand in `text`, as [`text_of`] wrote it. (What a newer program may have written there is left out.)
pub fn read(text: &str) -> Vec<Hours> {
    text.split(',').filter_map(Hours::read).collect()
}

/// For [`read`].
pub fn text_of(hours: &[Hours]) -> String {
    let texts: Vec<_> = hours.iter().map(Hours::to_string).collect();
    texts.join(",")
}

/// From when to when, the end not included.
pub type Stretch = (DateTime<Utc>, DateTime<Utc>);

/// The hours of a week as stretches that neither touch nor overlap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Week {
    /// By minutes from its Monday: those of it, of the one before and of the one after, so that a stretch which
    /// goes over Sunday's midnight stands here as one.
    stretches: Vec<(i64, i64)>,
}

impl Week {
    /// That of `hours`, which may overlap.
    pub fn of(hours: &[Hours]) -> Self {
        let mut all: Vec<_> = hours
            .iter()
            .map(Hours::minutes)
            .flat_map(|(from, to)| [-WEEK, 0, WEEK].map(|week| (from + week, to + week)))
            .collect();
        all.sort_unstable();
        let mut stretches: Vec<(i64, i64)> = Vec::with_capacity(all.len());
        for (from, to) in all {
            match stretches.last_mut() {
                Some((_, end)) if from <= *end => *end = to.max(*end),
                _ => stretches.push((from, to)),
            }
        }
        Self { stretches }
    }

    /// Whether there is no other hour in it.
    pub fn is_whole(&self) -> bool {
        let is_long = |(from, to): &(i64, i64)| to - from >= WEEK;
        self.stretches.iter().any(is_long)
    }

    /// The stretch that `time` lies in.
    pub fn at(&self, time: DateTime<Utc>) -> Option<Stretch> {
        self.stretches_about(time)
            .find(|(from, to)| *from <= time && time < *to)
    }

    /// When the next stretch begins, after `time`.
    pub fn next_after(&self, time: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let begins = self.stretches_about(time).map(|(from, _)| from);
        begins.filter(|from| *from > time).min()
    }

    /// Those of the week of `time`, of the one before and of the one after.
    fn stretches_about(&self, time: DateTime<Utc>) -> impl Iterator<Item = Stretch> {
        let day = day_in_japan(time);
        let since = Days::new(day.weekday().num_days_from_monday().into());
        let monday = midnight_in_japan(day.checked_sub_days(since).unwrap_or(day));
        let stretches = self.stretches.iter();
        stretches.map(move |minutes| {
            let [from, to] = [minutes.0, minutes.1].map(TimeDelta::minutes);
            (monday + from, monday + to)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(text: &str) -> Week {
        let hours = read(text);
        assert_eq!(text_of(&hours), text);
        Week::of(&hours)
    }

    /// A time in May 2006, in Japan: the 1st was a Monday.
    fn at(time: &str) -> DateTime<Utc> {
        format!("2006-05-{time}+09:00").parse().unwrap()
    }

    #[test]
    fn a_time_of_day_has_two_digits_for_hours_and_for_minutes() {
        for text in ["00:00", "09:05", "23:59"] {
            assert_eq!(TimeOfDay::read(text).unwrap().to_string(), text);
        }
        for text in [
            "",
            ":",
            "24:00",
            "12:60",
            "1:00",
            "01:0",
            "+1:00",
            "01:00:00",
            "ab:cd",
            "-1:30",
            "１２:00",
        ] {
            assert_eq!(TimeOfDay::read(text), None, "{text}");
        }
    }

    #[test]
    fn hours_go_over_midnight_and_over_the_end_of_the_week() {
        let night = week("7 22:00-06:30");
        assert_eq!(night.at(at("07T21:59:59.999")), None);
        let stretch = Some((at("07T22:00:00"), at("08T06:30:00")));
        for time in ["07T22:00:00", "08T00:00:00", "08T06:29:59.999"] {
            assert_eq!(night.at(at(time)), stretch, "{time}");
        }
        assert_eq!(night.at(at("08T06:30:00")), None);
        // That of the Sunday before.
        let before = night.at(at("01T01:00:00")).unwrap();
        assert_eq!(before.1, at("01T06:30:00"));
        assert_eq!(night.next_after(at("01T01:00:00")), Some(at("07T22:00:00")));
        assert_eq!(night.next_after(at("07T22:00:00")), Some(at("14T22:00:00")));
    }

    #[test]
    fn hours_that_overlap_or_touch_are_one_stretch() {
        let two = week("1 20:00-02:00,2 01:00-03:00");
        assert_eq!(
            two.at(at("01T20:00:00")),
            Some((at("01T20:00:00"), at("02T03:00:00")))
        );
        let days = week("6 00:00-00:00,7 00:00-00:00");
        assert_eq!(
            days.at(at("07T12:00:00")),
            Some((at("06T00:00:00"), at("08T00:00:00")))
        );
        let within = week("3 08:00-18:00,3 12:00-13:00");
        assert_eq!(
            within.at(at("03T12:30:00")),
            Some((at("03T08:00:00"), at("03T18:00:00")))
        );
        // From Sunday evening to Tuesday, over the end of the week.
        let long = week("7 18:00-00:00,1 00:00-00:00");
        for time in ["07T19:00:00", "08T03:00:00"] {
            assert_eq!(
                long.at(at(time)),
                Some((at("07T18:00:00"), at("09T00:00:00"))),
                "{time}"
            );
        }
    }

    #[test]
    fn a_week_without_an_hour_left_is_whole() {
        let days: Vec<_> = (1..=7).map(|day| format!("{day} 05:00-05:00")).collect();
        assert!(week(&days.join(",")).is_whole());
        assert!(!week(&days[1..].join(",")).is_whole());
        let nights: Vec<_> = (1..=7).map(|day| format!("{day} 22:00-06:00")).collect();
        assert!(!week(&nights.join(",")).is_whole());
        assert!(!week("").is_whole());
        assert_eq!(week("").next_after(at("01T00:00:00")), None);
    }

    /// Whatever the hours, a minute lies in a stretch where it lies in one of them.
    #[test]
    fn a_minute_is_in_a_stretch_where_it_is_in_some_hours() {
        let text = "1 22:00-06:00,2 05:30-07:15,5 12:00-12:00,7 23:00-01:00";
        let (all, hours) = (week(text), read(text));
        for minute in (0..WEEK).step_by(5) {
            let time = at("08T00:00:00") + TimeDelta::minutes(minute);
            let is_in = |(from, to): (i64, i64)| {
                [minute, minute + WEEK]
                    .iter()
                    .any(|it| from <= *it && *it < to)
            };
            let expected = hours.iter().map(Hours::minutes).any(is_in);
            assert_eq!(all.at(time).is_some(), expected, "{time}");
        }
    }
}
