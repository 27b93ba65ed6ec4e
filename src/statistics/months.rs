//! Growth by month, told so that no month tells of fewer than ten.

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate};

use super::kind::FEWEST;

/// The first day of the month in which `day` lies.
pub fn first_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// A month, as far as it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Growth {
    /// Its first day.
    pub month: NaiveDate,
    /// How many had joined by its end.
    pub users: i64,
    /// How many joined in it: nobody, or ten at least.
    pub joined: i64,
}

/// What is told of those who `joined` by month, from the first month to the `last`. Who joined in a month of fewer
/// than ten counts with the next that comes to ten with them, and at the end with the last that did: so all of
/// them are counted, and nothing follows from the differences. Where all are fewer, nothing is told.
pub fn growth(joined: &BTreeMap<NaiveDate, i64>, last: NaiveDate) -> Vec<Growth> {
    let Some((first, _)) = joined.first_key_value() else {
        return Vec::new();
    };
    let months = (0..)
        .map(|months| first.checked_add_months(Months::new(months)))
        .map_while(|month| month.filter(|month| *month <= last));
    let (mut told, mut rest) = (Vec::new(), 0);
    for month in months {
        rest += joined.get(&month).copied().unwrap_or(0);
        let joined = if rest >= FEWEST {
            std::mem::take(&mut rest)
        } else {
            0
        };
        told.push(Growth {
            month,
            users: 0,
            joined,
        });
    }
    let Some(tenth) = told.iter_mut().rfind(|growth| growth.joined > 0) else {
        return Vec::new();
    };
    tenth.joined += rest;
    let mut users = 0;
    for growth in &mut told {
        users += growth.joined;
        growth.users = users;
    }
    told
}
