//! How old the demo's people are: the shares that Mixi published in 2006.

use chrono::{DateTime, Days, Duration, Months, NaiveDate, Utc};

use super::draw::{Draw, Part, quotas};
use crate::clock::day_in_japan;

/// An age band's share of the people in thousandths, its youngest and its oldest age.
const BANDS: [(usize, u32, u32); 5] = [
    (85, 15, 19),
    (620, 20, 29),
    (229, 30, 39),
    (46, 40, 49),
    (20, 50, 66),
];

/// A day of birth for each of those who joined at `joined` (oldest first), so that on the day
/// `as_of` the bands have their shares and nobody joined before `minimum_age`. Where there are
/// not enough old ones for the first to join, some join later: `joined` is put right.
pub(super) fn births(
    seed: u64,
    as_of: NaiveDate,
    minimum_age: u32,
    joined: &mut [DateTime<Utc>],
) -> Vec<NaiveDate> {
    let mut draw = Draw::new(seed, Part::Births, 0);
    let mut waiting = oldest_first(&mut draw, as_of, minimum_age, joined.len())
        .into_iter()
        .peekable();
    // Who may have joined by the time that is looked at. It only grows: whoever is taken out of
    // it, those who joined later have enough to choose from.
    let mut old_enough = Vec::new();
    let mut births = Vec::with_capacity(joined.len());
    for joined in joined {
        let day = day_in_japan(*joined);
        while let Some(born) = waiting.next_if(|born| comes_of_age(*born, minimum_age) <= day) {
            old_enough.push(born);
        }
        if old_enough.is_empty()
            && let Some(born) = waiting.next()
        {
            let day = comes_of_age(born, minimum_age);
            *joined += Duration::days((day - day_in_japan(*joined)).num_days());
            old_enough.push(born);
        }
        let index = draw.below(old_enough.len());
        if index < old_enough.len() {
            births.push(old_enough.swap_remove(index));
        }
    }
    births
}

fn oldest_first(
    draw: &mut Draw,
    as_of: NaiveDate,
    minimum_age: u32,
    count: usize,
) -> Vec<NaiveDate> {
    let shares = BANDS.map(|(share, _, _)| share);
    let mut births = Vec::with_capacity(count);
    for ((_, youngest, oldest), people) in BANDS.into_iter().zip(quotas(&shares, count)) {
        for _ in 0..people {
            let years = youngest + draw.below((oldest - youngest + 1) as usize) as u32;
            let years = years.max(minimum_age);
            // Within the year of that age, and old enough to have joined a week ago.
            let least = if years == minimum_age { 7 } else { 0 };
            let days = draw.between(least, 364) as u64;
            births.extend(
                as_of
                    .checked_sub_months(Months::new(12 * years))
                    .and_then(|day| day.checked_sub_days(Days::new(days))),
            );
        }
    }
    births.sort_unstable();
    births
}

fn comes_of_age(born: NaiveDate, minimum_age: u32) -> NaiveDate {
    born.checked_add_months(Months::new(12 * minimum_age))
        .unwrap_or(born)
}
