//! How many visits somebody made within the last hour (rules.md, Footprints 8).
//!
//! They are counted by the minute. A minute counts until the hour after its end is over: so no hour,
//! wherever it begins, has more visits than the limit, and nobody waits for more than a minute too
//! long.

use std::{collections::VecDeque, iter::once};

use chrono::{DateTime, Utc};

/// For how many minutes a minute counts, after itself.
const HOUR: i64 = 60;
const SECONDS: i64 = 60;

/// The visits of the last minutes that somebody made some in.
#[derive(Clone, Debug)]
pub struct Recent {
    /// This minute, since 1970.
    now: i64,
    /// The first of those that are kept.
    first: i64,
    /// The visits in it, and in those that followed.
    counts: VecDeque<i64>,
}

impl Recent {
    /// What stands in `text`, as [`Self::text`] wrote it, at the time `now`.
    pub fn read(text: Option<&str>, now: DateTime<Utc>) -> Self {
        let mut numbers = text.unwrap_or_default().split(' ').map(str::parse);
        let first = numbers.next().and_then(Result::ok).unwrap_or_default();
        let mut counts: VecDeque<_> = numbers.map_while(Result::ok).collect();
        let now = minute(now);
        // What another server's clock had far ahead would count for ever.
        if first > now + HOUR {
            counts.clear();
        }
        let mut recent = Self { now, first, counts };
        // A minute more is kept than counts: of two visits at the same time the later may be counted
        // first, in the next minute, and the other must find what counts for it.
        while recent.first < now - HOUR - 1 && recent.counts.pop_front().is_some() {
            recent.first += 1;
        }
        recent
    }

    /// For [`Self::read`].
    pub fn text(&self) -> String {
        let numbers = once(self.first).chain(self.counts.iter().copied());
        let numbers: Vec<_> = numbers.map(|number| number.to_string()).collect();
        numbers.join(" ")
    }

    /// From when on one visit more is within `limit`; nothing where it is so already.
    pub fn free_at(&self, limit: i64) -> Option<DateTime<Utc>> {
        let minutes = (self.first..).zip(&self.counts);
        let minutes = minutes.filter(|(minute, _)| *minute >= self.now - HOUR);
        let mut count: i64 = minutes.clone().map(|(_, visits)| visits).sum();
        let mut free = None;
        for (minute, visits) in minutes {
            if count < limit {
                break;
            }
            count -= visits;
            free = Some(minute + HOUR + 1);
        }
        free.and_then(|minute| DateTime::from_timestamp(minute * SECONDS, 0))
    }

    /// Counts a visit.
    pub fn count(&mut self) {
        if self.counts.is_empty() {
            self.first = self.now;
        }
        while self.first > self.now {
            self.counts.push_front(0);
            self.first -= 1;
        }
        let place = usize::try_from(self.now - self.first).unwrap_or(0);
        if self.counts.len() <= place {
            self.counts.resize(place + 1, 0);
        }
        if let Some(visits) = self.counts.get_mut(place) {
            *visits += 1;
        }
    }
}

fn minute(time: DateTime<Utc>) -> i64 {
    time.timestamp().div_euclid(SECONDS)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at(time: &str) -> DateTime<Utc> {
        format!("2006-05-01T{time}Z").parse().unwrap()
    }

    /// Tries to visit, as the rule has it.
    fn visit(kept: &mut Option<String>, now: DateTime<Utc>, limit: i64) -> bool {
        let mut recent = Recent::read(kept.as_deref(), now);
        let is_free = recent.free_at(limit).is_none();
        if is_free {
            recent.count();
        }
        *kept = Some(recent.text());
        is_free
    }

    #[test]
    fn a_minute_counts_until_the_hour_after_it_is_over() {
        let mut kept = None;
        for time in ["03:00:59.999", "03:01:00", "03:59:00"] {
            assert!(visit(&mut kept, at(time), 3), "{time}");
        }
        for time in ["03:59:01", "04:00:59.999"] {
            assert!(!visit(&mut kept, at(time), 3), "{time}");
            let recent = Recent::read(kept.as_deref(), at(time));
            assert_eq!(recent.free_at(3), Some(at("04:01:00")));
        }
        assert!(visit(&mut kept, at("04:01:00"), 3));
        assert!(!visit(&mut kept, at("04:01:00"), 3));
        assert!(visit(&mut kept, at("04:02:00"), 3));
        // A lower limit than before: more than one minute has to be over.
        let recent = Recent::read(kept.as_deref(), at("04:02:00"));
        assert_eq!(recent.free_at(1), Some(at("05:03:00")));
        assert_eq!(recent.free_at(2), Some(at("05:02:00")));
        assert_eq!(
            Recent::read(kept.as_deref(), at("09:00:00")).free_at(1),
            None
        );
    }

    /// Of visits at any times, no hour has more than the limit, and none is refused where the hour
    /// and the minute before had fewer.
    #[test]
    fn no_hour_has_more_than_the_limit_and_nobody_waits_for_longer_than_a_minute_more() {
        const LIMIT: usize = 5;
        let (mut kept, mut made) = (None, Vec::new());
        let (mut now, mut step, mut refused) = (at("00:00:00"), 7, 0);
        for _ in 0..3_000 {
            step = (step * 48_271) % 2_147_483_647;
            now += TimeDelta::milliseconds(step % 900_000);
            let since = |minutes| {
                let begin = now - TimeDelta::minutes(minutes);
                made.iter().filter(|time| **time > begin).count()
            };
            let (hour, more) = (since(60), since(61));
            if visit(&mut kept, now, LIMIT as i64) {
                assert!(hour < LIMIT, "{hour} at {now}");
                made.push(now);
            } else {
                assert!(more >= LIMIT, "{more} at {now}");
                refused += 1;
            }
            assert!(kept.as_ref().unwrap().len() < 200);
        }
        assert!(
            refused > 100 && made.len() > 1_000,
            "{refused} {}",
            made.len()
        );
    }

    #[test]
    fn who_is_counted_later_with_an_earlier_time_finds_what_counts_then() {
        let mut kept = None;
        assert!(visit(&mut kept, at("03:00:59"), 2));
        assert!(visit(&mut kept, at("04:01:00"), 2), "an hour is over");
        assert!(!visit(&mut kept, at("04:00:59"), 2), "it is not yet");
        assert!(visit(&mut kept, at("04:00:59"), 3));
        assert!(!visit(&mut kept, at("04:01:00"), 2));
        // Earlier than all that is kept.
        let mut kept = None;
        assert!(visit(&mut kept, at("03:01:00"), 2));
        assert!(visit(&mut kept, at("03:00:58"), 2));
        assert!(!visit(&mut kept, at("04:00:59"), 2));
        assert!(visit(&mut kept, at("04:01:00"), 2));
        assert!(!visit(&mut kept, at("04:01:59"), 2));
    }

    #[test]
    fn what_cannot_be_is_not_counted_for_ever() {
        let mut recent = Recent::read(None, at("23:00:00"));
        recent.count();
        let far = recent.text();
        assert!(
            Recent::read(Some(&far), at("22:30:00"))
                .free_at(1)
                .is_some()
        );
        let mut kept = Some(far);
        assert!(
            visit(&mut kept, at("03:00:00"), 1),
            "no clock is so far ahead"
        );
        assert!(!visit(&mut kept, at("03:30:00"), 1));
        let mut kept = Some("no number".to_owned());
        assert!(visit(&mut kept, at("03:00:00"), 1));
        assert!(!visit(&mut kept, at("03:00:00"), 1));
    }
}
