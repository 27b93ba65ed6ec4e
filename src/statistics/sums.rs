//! What came together so far, while the users are counted one batch after the other.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use entity::{statistics_day, values::Sex};
use sea_orm::ActiveEnum;
use serde::{Deserialize, Serialize};

use super::{
    kind::{Kind, is_apart},
    months::first_of,
    store::Counted,
};
use crate::{
    clock::{day_in_japan, midnight_in_japan},
    user::facts::node::AgeBand,
};

/// The words of age bands.
pub const AGES: [(AgeBand, &str); 6] = [
    (AgeBand::Under20, "UNDER_20"),
    (AgeBand::Twenties, "TWENTIES"),
    (AgeBand::Thirties, "THIRTIES"),
    (AgeBand::Forties, "FORTIES"),
    (AgeBand::Fifties, "FIFTIES"),
    (AgeBand::SixtyAndOver, "SIXTY_AND_OVER"),
];
/// The word of those who did not say.
pub const UNSAID: &str = "";

/// What is counted: a day, and the month of which the groups are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Of {
    /// The day: it is over.
    pub day: NaiveDate,
    /// The first day of the last month that is over with it.
    pub month: NaiveDate,
}

impl Of {
    /// What is counted of `day`.
    pub fn day(day: NaiveDate) -> Self {
        let next = day.succ_opt().unwrap_or(day);
        let month = first_of(first_of(next).pred_opt().unwrap_or(next));
        Self { day, month }
    }

    /// Whether `user` had joined by the day's end.
    pub fn counts(self, user: &Counted) -> bool {
        day_in_japan(user.joined_at) <= self.day
    }

    /// Whether `user` had joined by the month's end.
    pub fn groups(self, user: &Counted) -> bool {
        user.joined_at < midnight_in_japan(self.after_month())
    }

    /// The first day after the month.
    pub fn after_month(self) -> NaiveDate {
        let after = self.month.checked_add_months(Months::new(1));
        after.unwrap_or(self.month)
    }
}

/// What came together so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums(BTreeMap<String, BTreeMap<String, i64>>);

impl Sums {
    /// Counts so many more.
    pub fn add(&mut self, kind: Kind, part: &str, more: i64) {
        let parts = self.0.entry(kind.word().to_owned()).or_default();
        *parts.entry(part.to_owned()).or_default() += more;
    }

    /// Counts `user`, but for what stands elsewhere than in their row.
    pub fn count(&mut self, of: Of, user: &Counted) {
        if !of.counts(user) {
            return;
        }
        self.add(Kind::Users, "", 1);
        let month = day_in_japan(user.joined_at).format("%Y-%m").to_string();
        self.add(Kind::Joined, &month, 1);
        // Of a friendship there are two.
        self.add(Kind::Friendships, "", user.friends);
        self.add(Kind::Diaries, "", user.diaries);
        self.add(Kind::Reviews, "", user.reviews);
        if !of.groups(user) {
            return;
        }
        let last = of.after_month().pred_opt().unwrap_or(of.month);
        let band = AgeBand::of(user.birth_date, last);
        let word = AGES.iter().find(|(age, _)| *age == band);
        self.add(Kind::Age, word.map_or(UNSAID, |(_, word)| word), 1);
        let region = user.home_region.map(|region| region.to_value());
        self.add(Kind::Region, region.as_deref().unwrap_or(UNSAID), 1);
        // Until it is known otherwise.
        self.add(Kind::Sex, UNSAID, 1);
    }

    /// Counts that so many of those who were counted say that they are of a `sex`.
    pub fn said(&mut self, sex: Sex, users: i64) {
        self.add(Kind::Sex, UNSAID, -users);
        self.add(Kind::Sex, &sex.to_value(), users);
    }

    /// The rows of them, where all users are counted, but for the groups.
    pub fn rows(&self, of: Of) -> Vec<statistics_day::Model> {
        let mut rows = Vec::new();
        let mut put = |kind, day, part: &str, figure| rows.push(row(kind, day, part, figure));
        let sum = |kind: Kind| {
            let parts = self.0.get(kind.word());
            parts.and_then(|parts| parts.get("")).copied().unwrap_or(0)
        };
        for kind in [
            Kind::Users,
            Kind::Active,
            Kind::MonthlyActive,
            Kind::Diaries,
            Kind::Reviews,
            Kind::Footprints,
        ] {
            put(kind, of.day, "", sum(kind));
        }
        put(Kind::Friendships, of.day, "", sum(Kind::Friendships) / 2);
        let month = first_of(of.day);
        put(Kind::ActiveOfMonth, month, "", sum(Kind::MonthlyActive));
        let parts = |kind: Kind| self.0.get(kind.word()).into_iter().flatten();
        for (part, figure) in parts(Kind::Joined) {
            put(Kind::Joined, of.day, part, *figure);
        }
        rows
    }

    /// Those of the groups, as they are told after they were told as `before`.
    pub fn groups(&self, of: Of, before: &[statistics_day::Model]) -> Vec<statistics_day::Model> {
        let mut rows = Vec::new();
        for kind in [Kind::Age, Kind::Sex, Kind::Region] {
            let mut parts = self.0.get(kind.word()).cloned().unwrap_or_default();
            let before = before.iter().filter(|row| row.kind == kind.word());
            let before: BTreeMap<_, _> = before.map(|row| (&row.part, row.figure)).collect();
            if !before.is_empty() {
                for part in before.keys() {
                    parts.entry((*part).clone()).or_default();
                }
                for (part, figure) in &mut parts {
                    let before = before.get(part).copied().unwrap_or(0);
                    *figure = told(before, *figure);
                }
            }
            let parts = parts.into_iter();
            rows.extend(parts.map(|(part, figure)| row(kind, of.month, &part, figure)));
        }
        rows
    }
}

/// What is told of a group of which `before` was told, and in which `now` so many are: the same, until ten at least
/// have come to it, or have left it. So who looks at two months does not see who it was.
pub fn told(before: i64, now: i64) -> i64 {
    match is_apart(before, now) {
        true => now,
        false => before,
    }
}

fn row(kind: Kind, day: NaiveDate, part: &str, figure: i64) -> statistics_day::Model {
    statistics_day::Model {
        kind: kind.word().to_owned(),
        day,
        part: part.to_owned(),
        figure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_groups_are_of_the_last_month_that_is_over_with_the_day() {
        let of = |day: &str| {
            let of = Of::day(day.parse().unwrap());
            (of.month.to_string(), of.after_month().to_string())
        };
        let april = ("2006-04-01".to_owned(), "2006-05-01".to_owned());
        assert_eq!(of("2006-04-30"), april);
        assert_eq!(of("2006-05-01"), april);
        assert_eq!(of("2006-05-30"), april);
        assert_eq!(of("2006-05-31").0, "2006-05-01");
        assert_eq!(of("2006-12-31").0, "2006-12-01");
        assert_eq!(of("2007-01-30").1, "2007-01-01");
    }
}
