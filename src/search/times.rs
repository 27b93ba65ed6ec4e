//! Terms that say when a text was written: for PostgreSQL, whose index gives what it finds in no order.
//!
//! A search asks for the newest spans first, and for longer ones as long as there is not enough: what is sorted is
//! then what was written in the shortest span that has a page of it, or 64 times as much, however many texts have a
//! word in all. (Each time the index goes through the fewest of those that have a word and those of the spans.)

use super::place::PLACES;

/// The first character of such a term. (It means nothing to anybody.)
const AT: char = '\u{e102}';
/// In so many milliseconds, as a power of two, texts have a term in common: four minutes, five hours, twelve days.
const SPANS: [u32; 3] = [18, 24, 30];

/// Those of a text that was written `at`, in milliseconds of the Unix epoch.
pub(super) fn times(at: i64) -> impl Iterator<Item = String> {
    SPANS.into_iter().map(move |span| term(span, at >> span))
}

fn term(span: u32, number: i64) -> String {
    format!("{AT}{span}.{number}")
}

/// A part of the time before a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    /// What is asked of a text of it beside all else, in the words of PostgreSQL's `tsquery`.
    pub(super) spans: String,
    /// The first place in it.
    pub(super) since: i64,
    /// The first after it.
    pub(super) older: i64,
}

/// What the time before `place` is divided into, the newest first: the last two spans of each length, and all the
/// rest. It begins at `now`, in milliseconds, at the latest: what was written after it, by another server's clock, is
/// there as far as the clocks are four minutes apart; a text of a time to come is found when it has come.
pub(super) fn stretches(place: i64, now: i64) -> Vec<Stretch> {
    let [shortest, ..] = SPANS;
    let until = (place / PLACES).min(now + (1 << shortest)).max(0);
    let mut older = i64::MAX;
    let mut all = Vec::with_capacity(SPANS.len() + 1);
    for span in SPANS {
        let last = until >> span;
        let since = ((last - 1) << span) * PLACES;
        let spans = format!(" & ('{}' | '{}')", term(span, last), term(span, last - 1));
        all.push(Stretch {
            spans,
            since,
            older,
        });
        older = since;
    }
    all.push(Stretch {
        spans: String::new(),
        since: i64::MIN,
        older,
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_146_452_400_000;

    /// The one of `all` in which a text that was written `at` is looked for, and that finds it.
    fn found(all: &[Stretch], at: i64) -> bool {
        let place = at * PLACES;
        let of_place = |stretch: &&Stretch| stretch.since <= place && place < stretch.older;
        let mut holds = all.iter().filter(of_place);
        let (Some(stretch), None) = (holds.next(), holds.next()) else {
            panic!("{at}");
        };
        let mut times = times(at);
        stretch.spans.is_empty() || times.any(|it| stretch.spans.contains(&format!("'{it}'")))
    }

    #[test]
    fn every_text_is_found_in_one_stretch() {
        for until in [0, 1, NOW - 1, NOW, NOW + 123_456_789, 1 << 47] {
            let all = stretches(until * PLACES, 1 << 47);
            assert!(all.is_sorted_by(|newer, older| newer.since > older.since));
            for back in (0..48).map(|power| 1 << power).chain([0, 3, 999]) {
                if until >= back {
                    assert!(found(&all, until - back), "{back} before {until}");
                }
            }
        }
    }

    #[test]
    fn a_search_begins_at_the_present() {
        let newest = stretches(i64::MAX, NOW);
        assert_eq!(newest, stretches((NOW + (1 << 18)) * PLACES, NOW));
        for at in [0, NOW - (1 << 20), NOW - 1, NOW, NOW + (1 << 18)] {
            assert!(found(&newest, at));
        }
        assert!(!found(&newest, NOW + (1 << 20)), "it has not come");
        // No cursor of ours has such a place.
        assert_eq!(stretches(i64::MIN, NOW), stretches(0, NOW));
    }
}
