//! What the demo's people did by day, and with what, of which sex they say they are, and the figures of months
//! past: those of yesterday are counted, as everywhere.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use entity::{
    access_day, statistics_day, usage_day, user_fact,
    values::{
        Device::{self, FeaturePhone, Other, Pc, Smartphone},
        Sex,
    },
};
use sea_orm::ActiveEnum;

use super::{
    Community, Profile,
    draw::{Draw, Part, quotas},
    people::KNOWN,
};
use crate::{
    clock::day_in_japan,
    statistics::{kind::Kind, months::first_of},
};

/// How far the counts of everybody go back, in months.
const MONTHS: u32 = 24;
/// So many in a hundred came within the last thirty days, each on a few of them. (Mixi said that some 70% came
/// within three days; to write a row for each day of each would be most of the demo.)
const ACTIVE: usize = 70;
const DAYS: usize = 30;
const FEW: [usize; 2] = [1, 4];
/// The known ones came every day of the last two months.
const EVERY_DAY: u64 = 60;
/// What everybody asks for on a day, in the mean.
const OPERATIONS: usize = 7;
/// Of which sex people say they are: in a hundred so many; the others do not say.
const SEXES: [(Option<Sex>, usize); 4] = [
    (Some(Sex::Female), 44),
    (Some(Sex::Male), 43),
    (Some(Sex::Other), 2),
    (None, 11),
];

impl Community {
    /// What people say of themselves: their sex, or nothing.
    pub(super) fn facts(&self) -> impl Iterator<Item = user_fact::Model> + '_ {
        let mut draw = Draw::new(self.seed, Part::Usage, 0);
        self.people.iter().filter_map(move |person| {
            let sex = draw.weighted(&SEXES).flatten()?;
            Some(user_fact::Model {
                sex: Some(sex),
                ..user_fact::Model::unsaid(person.id)
            })
        })
    }

    /// What they did by day.
    pub(super) fn usage(&self) -> impl Iterator<Item = usage_day::Model> + '_ {
        let people = self.people.iter().enumerate();
        people.flat_map(move |(index, person)| {
            let mut draw = Draw::new(self.seed, Part::Usage, 1 + index);
            let device = draw.weighted(&self.devices(0)).unwrap_or(Pc);
            let joined = day_in_japan(person.joined_at);
            let mut rows = Vec::new();
            for back in days_of(&mut draw, index) {
                let day = self.last_day().checked_sub_days(Days::new(back));
                let Some(day) = day.filter(|day| *day >= joined) else {
                    continue;
                };
                let mut number = |most: usize| i64::try_from(draw.below(most + 1)).unwrap_or(0);
                rows.push(usage_day::Model {
                    user_id: person.id,
                    day,
                    device,
                    visits: number(9),
                    writings: number(2),
                    readings: 4 + number(30),
                });
            }
            rows
        })
    }

    /// What everybody did by day.
    pub(super) fn access(&self) -> Vec<access_day::Model> {
        let mut joined: Vec<_> = self
            .people
            .iter()
            .map(|it| day_in_japan(it.joined_at))
            .collect();
        joined.sort_unstable();
        let last = self.last_day();
        let first = first_of(last).checked_sub_months(Months::new(MONTHS - 1));
        let mut draw = Draw::new(self.seed, Part::Access, 0);
        let mut rows = Vec::new();
        for day in first
            .unwrap_or(last)
            .iter_days()
            .take_while(|day| *day <= last)
        {
            let people = joined.partition_point(|joined| *joined <= day);
            let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
            let all = people * (OPERATIONS + usize::from(weekend)) * draw.between(90, 110) / 100;
            let back = (last.year() - day.year()) * 12 + last.month0() as i32 - day.month0() as i32;
            let devices = self.devices(back.unsigned_abs() as usize);
            let parts = quotas(&devices.map(|(_, weight)| weight), all);
            for ((device, _), operations) in devices.into_iter().zip(parts) {
                if operations > 0 {
                    rows.push(access_day::Model {
                        day,
                        device,
                        operations: i64::try_from(operations).unwrap_or(i64::MAX),
                    });
                }
            }
        }
        rows
    }

    /// What was counted of the months before that of the last day, of `access` and of who came.
    pub(super) fn past_figures(&self, access: &[access_day::Model]) -> Vec<statistics_day::Model> {
        let this = first_of(self.last_day());
        let mut rows = Vec::new();
        let mut put = |kind: Kind, day, part: String, figure| {
            rows.push(statistics_day::Model {
                kind: kind.word().to_owned(),
                day,
                part,
                figure,
            });
        };
        let mut by_month: BTreeMap<(NaiveDate, String), i64> = BTreeMap::new();
        for row in access.iter().filter(|row| row.day < this) {
            let key = (first_of(row.day), row.device.to_value());
            *by_month.entry(key).or_default() += row.operations;
        }
        for ((month, part), operations) in by_month {
            put(Kind::Access, month, part, operations);
        }
        let mut joined: BTreeMap<NaiveDate, i64> = BTreeMap::new();
        for person in &self.people {
            let month = first_of(day_in_japan(person.joined_at));
            *joined.entry(month).or_default() += 1;
        }
        let mut draw = Draw::new(self.seed, Part::Access, 1);
        let mut users = 0;
        let first = joined.first_key_value().map_or(this, |(month, _)| *month);
        let months = (0..).map_while(|months| first.checked_add_months(Months::new(months)));
        for month in months.take_while(|month| *month < this) {
            users += joined.get(&month).copied().unwrap_or(0);
            let percent = i64::try_from(draw.between(ACTIVE - 4, ACTIVE + 4)).unwrap_or(0);
            put(
                Kind::ActiveOfMonth,
                month,
                String::new(),
                users * percent / 100,
            );
        }
        rows
    }

    /// The last day that is over.
    pub(super) fn last_day(&self) -> NaiveDate {
        let day = day_in_japan(self.now);
        day.pred_opt().unwrap_or(day)
    }

    /// With what people come, so many months before the end, in a thousand: in 2006 more and more with their phones,
    /// in 2011 with smartphones in their place.
    fn devices(&self, back: usize) -> [(Device, usize); 4] {
        let [phones, smartphones, other] = match self.profile {
            Profile::Of2006 => [340_usize.saturating_sub(back * 9).max(100), 4, 12],
            Profile::Of2011 => [
                480 + back * 4,
                270_usize.saturating_sub(back * 13).max(6),
                16,
            ],
        };
        let pc = 1000 - phones - smartphones - other;
        [
            (Pc, pc),
            (Smartphone, smartphones),
            (FeaturePhone, phones),
            (Other, other),
        ]
    }
}

/// How many days before the last one the person with this number came, each once.
fn days_of(draw: &mut Draw, index: usize) -> Vec<u64> {
    if index < KNOWN.len() {
        return (0..EVERY_DAY).collect();
    }
    if !draw.chance(ACTIVE) {
        return Vec::new();
    }
    let [least, most] = FEW;
    let mut days: Vec<_> = (0..draw.between(least, most))
        .map(|_| draw.below(DAYS) as u64)
        .collect();
    days.sort_unstable();
    days.dedup();
    days
}
