//! Whether somebody rests: a pure function of what they have chosen, and of the clock. Everybody asks here, and
//! nobody writes down that a rest has begun.

use chrono::{DateTime, TimeDelta, Utc};
use entity::rest;

use super::hours::{self, Week};

/// The next smaller time: to the millisecond, as the clock is.
pub(super) const JUST_BEFORE: TimeDelta = TimeDelta::milliseconds(1);

/// A rest: what one chose at once, what the schedule says, and what of both touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rest {
    /// When it began.
    pub since: DateTime<Utc>,
    /// When it ends by itself, the end not included; nothing where it does not.
    pub until: Option<DateTime<Utc>>,
}

impl Rest {
    fn holds(&self, time: DateTime<Utc>) -> bool {
        self.since <= time && self.until.is_none_or(|until| time < until)
    }
}

/// What somebody has chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Beside the schedule.
    at_once: Option<Rest>,
    week: Week,
    /// Whether the schedule counts, and from when on.
    week_from: Option<DateTime<Utc>>,
}

impl From<&rest::Model> for Choice {
    fn from(row: &rest::Model) -> Self {
        Self {
            at_once: row.began_at.map(|since| Rest {
                since,
                until: row.ends_at,
            }),
            week: Week::of(&hours::read(&row.weekly)),
            week_from: row.weekly_from,
        }
    }
}

impl Choice {
    /// The rest that lasts at `time`.
    pub fn at(&self, time: DateTime<Utc>) -> Option<Rest> {
        let mut rest = self.parts_at(time).next()?;
        // What goes on where this ends, and what had not ended where this began. A week is never whole, and what was
        // chosen at once is one piece: it comes to an end.
        while let Some(until) = rest.until {
            let ends = self.parts_at(until).map(|part| part.until);
            match ends.reduce(later) {
                Some(end) => rest.until = end,
                None => break,
            }
        }
        while let Some(since) = self
            .parts_at(rest.since - JUST_BEFORE)
            .map(|part| part.since)
            .min()
        {
            rest.since = since;
        }
        Some(rest)
    }

    /// When the rest ends that lasts at `time` or comes next; nothing where none will end.
    pub fn due_after(&self, time: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self.at(time) {
            Some(rest) => rest.until,
            None => self.at(self.next_after(time)?)?.until,
        }
    }

    /// When the next rest by the schedule begins, after `time`.
    pub fn next_after(&self, time: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let from = self.week_from?;
        if from > time && self.week.at(from).is_some() {
            return Some(from);
        }
        self.week.next_after(time.max(from))
    }

    /// When the hours of the schedule end that `time` lies in.
    pub fn hours_end(&self, time: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.by_schedule(time)?.until
    }

    /// What `time` lies in: of what was chosen at once, and of the schedule.
    fn parts_at(&self, time: DateTime<Utc>) -> impl Iterator<Item = Rest> {
        let at_once = self.at_once.filter(|rest| rest.holds(time));
        at_once.into_iter().chain(self.by_schedule(time))
    }

    fn by_schedule(&self, time: DateTime<Utc>) -> Option<Rest> {
        let from = self.week_from.filter(|from| *from <= time)?;
        let (since, until) = self.week.at(time)?;
        Some(Rest {
            since: since.max(from),
            // Nobody can choose the whole of it.
            until: Some(until).filter(|_| !self.week.is_whole()),
        })
    }
}

/// The later of two ends, of which nothing is the latest.
fn later(one: Option<DateTime<Utc>>, other: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    Some(one?.max(other?))
}

/// Whether what comes to who has chosen `row` is held at `now`: while they rest, and then until what came meanwhile
/// is told of as a whole. Gives when that is, as far as it is known.
pub fn held_until(row: &rest::Model, now: DateTime<Utc>) -> Option<Option<DateTime<Utc>>> {
    match row.due_at {
        Some(due) if due <= now => Some(Some(now)),
        _ => Choice::from(row).at(now).map(|rest| rest.until),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A time in May 2006, in Japan: the 1st was a Monday.
    fn at(time: &str) -> DateTime<Utc> {
        format!("2006-05-{time}:00+09:00").parse().unwrap()
    }

    fn choice(at_once: Option<(&str, Option<&str>)>, weekly: Option<(&str, &str)>) -> Choice {
        let (began_at, ends_at) = match at_once {
            Some((since, until)) => (Some(at(since)), until.map(at)),
            None => (None, None),
        };
        let row = rest::Model {
            began_at,
            ends_at,
            weekly: weekly.map_or_else(String::new, |(hours, _)| hours.to_owned()),
            weekly_from: weekly.map(|(_, from)| at(from)),
            ..rest::Model::default()
        };
        Choice::from(&row)
    }

    fn rest(since: &str, until: Option<&str>) -> Option<Rest> {
        Some(Rest {
            since: at(since),
            until: until.map(at),
        })
    }

    const NIGHTS: &str = "1 22:00-06:00,2 22:00-06:00,3 22:00-06:00,4 22:00-06:00,5 22:00-06:00,6 22:00-06:00,7 22:00-06:00";

    #[test]
    fn who_has_chosen_nothing_never_rests() {
        let choice = choice(None, None);
        assert_eq!(choice.at(at("03T23:00")), None);
        assert_eq!(choice.due_after(at("03T23:00")), None);
        // Hours that nobody has chosen yet do not count.
        let row = rest::Model {
            weekly: NIGHTS.to_owned(),
            ..Default::default()
        };
        assert_eq!(Choice::from(&row).at(at("03T23:00")), None);
    }

    #[test]
    fn at_once_until_a_time_or_until_one_says_so() {
        let open = choice(Some(("03T10:00", None)), None);
        assert_eq!(open.at(at("03T09:59")), None);
        for time in ["03T10:00", "30T10:00"] {
            assert_eq!(open.at(at(time)), rest("03T10:00", None));
        }
        assert_eq!(open.due_after(at("03T10:00")), None);
        let day = choice(Some(("03T10:00", Some("04T10:00"))), None);
        assert_eq!(day.at(at("04T09:59")), rest("03T10:00", Some("04T10:00")));
        assert_eq!(day.at(at("04T10:00")), None);
        assert_eq!(day.due_after(at("03T10:00")), Some(at("04T10:00")));
        assert_eq!(day.due_after(at("04T10:00")), None);
    }

    #[test]
    fn by_schedule_from_when_it_was_chosen_on() {
        let nights = choice(None, Some((NIGHTS, "03T23:30")));
        assert_eq!(nights.at(at("03T23:29")), None);
        assert_eq!(
            nights.at(at("04T05:59")),
            rest("03T23:30", Some("04T06:00"))
        );
        assert_eq!(nights.at(at("04T06:00")), None);
        assert_eq!(
            nights.at(at("05T00:00")),
            rest("04T22:00", Some("05T06:00"))
        );
        assert_eq!(nights.due_after(at("03T23:30")), Some(at("04T06:00")));
        assert_eq!(nights.due_after(at("04T06:00")), Some(at("05T06:00")));
        assert_eq!(nights.next_after(at("03T12:00")), Some(at("03T23:30")));
        assert_eq!(nights.next_after(at("03T23:30")), Some(at("04T22:00")));
    }

    #[test]
    fn hours_that_were_ended_early_begin_again_the_next_time() {
        let woken = choice(None, Some((NIGHTS, "04T06:00")));
        assert_eq!(woken.at(at("04T02:00")), None);
        assert_eq!(woken.next_after(at("04T02:00")), Some(at("04T22:00")));
        assert_eq!(woken.due_after(at("04T02:00")), Some(at("05T06:00")));
        assert_eq!(woken.hours_end(at("04T23:00")), Some(at("05T06:00")));
    }

    #[test]
    fn what_touches_is_one_rest() {
        // From the evening on, and then beyond the night.
        let both = choice(
            Some(("03T20:00", Some("04T12:00"))),
            Some((NIGHTS, "01T12:00")),
        );
        for time in ["03T20:00", "03T22:00", "04T05:00", "04T11:59"] {
            assert_eq!(
                both.at(at(time)),
                rest("03T20:00", Some("04T12:00")),
                "{time}"
            );
        }
        // Until the night, which goes on from there; and from within a night into another.
        for (since, until, begins, ends) in [
            ("03T20:00", "03T22:00", "03T20:00", "04T06:00"),
            ("03T23:00", "04T23:00", "03T22:00", "05T06:00"),
            ("03T23:00", "04T01:00", "03T22:00", "04T06:00"),
            ("04T06:00", "04T07:00", "03T22:00", "04T07:00"),
        ] {
            let both = choice(Some((since, Some(until))), Some((NIGHTS, "01T12:00")));
            let found = both.at(at(since));
            assert_eq!(found, rest(begins, Some(ends)), "{since} {until}");
        }
        let open = choice(Some(("03T23:00", None)), Some((NIGHTS, "01T12:00")));
        assert_eq!(open.at(at("09T12:00")), rest("03T22:00", None));
        // What was chosen anew in the midst of a rest: the part before ends where the other begins.
        let anew = choice(
            Some(("03T20:00", Some("03T23:30"))),
            Some((NIGHTS, "03T23:30")),
        );
        assert_eq!(anew.at(at("04T01:00")), rest("03T20:00", Some("04T06:00")));
    }

    /// At each minute of three weeks: a rest is the same from its first minute to its last, and its end is what is due.
    #[test]
    fn a_rest_is_the_same_at_each_minute_of_it() {
        let choice = choice(
            Some(("06T23:10", Some("08T03:00"))),
            Some((
                "1 22:00-06:00,5 12:00-12:00,6 11:00-23:10,7 23:00-01:00",
                "02T00:00",
            )),
        );
        let begin = at("01T00:00");
        let mut last: Option<Rest> = None;
        for minute in 0..21 * 24 * 60 {
            let time = begin + TimeDelta::minutes(minute);
            let now = choice.at(time);
            if let Some(rest) = now {
                assert!(rest.holds(time), "{time}");
                assert_eq!(choice.due_after(time), rest.until);
                match last {
                    Some(last) => assert_eq!(rest, last, "{time}"),
                    None => assert_eq!(rest.since, time),
                }
            } else {
                assert!(last.is_none_or(|rest| rest.until == Some(time)), "{time}");
                let next = choice.next_after(time).unwrap();
                assert!(next > time && choice.at(next).is_some(), "{time}");
            }
            last = now;
        }
    }
}
