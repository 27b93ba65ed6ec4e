//! The service's figures, as anybody is told them.

use std::collections::{BTreeMap, HashMap};

use async_graphql::SimpleObject;
use chrono::{DateTime, Months, NaiveDate, Utc};
use entity::{
    statistics_day,
    values::{self, HomeRegion as Region, Sex as SaidSex},
};
use sea_orm::{ActiveEnum, ConnectionTrait, DbErr, Iterable};

use super::{
    gathering::{Gathered, gathered},
    kind::{FEWEST, Kind, is_apart},
    months::{first_of, growth},
    store,
    sums::{AGES, Of, UNSAID},
};
use crate::{
    clock::day_in_japan,
    graphql::scalar::Date,
    paging::int,
    usage::node::Device,
    user::{
        facts::node::{AgeBand, Sex},
        region::HomeRegion,
    },
};

/// The months that are shown.
pub const MONTHS: usize = 36;

/// The service's figures, as they were counted last: once a day, after midnight in Japan. They are what the page
/// `/stats` shows. Everybody who has an account is counted. A figure of fewer than ten is null; groups of fewer than
/// ten are gathered (`isOthers`), with the smallest of the others where they would come to fewer than ten together; and
/// a group changes once a month at most, when ten at least have come to it or left it since it changed, so that nobody
/// can be made out by the difference of two days or months.
#[derive(Clone, Debug, SimpleObject)]
pub struct Statistics {
    /// The day at whose end it was so, in Japan.
    pub day: Date,
    /// How many users there are.
    pub users: Option<i32>,
    /// How many of them did anything on the day: an operation with their token. Null where these are fewer than ten, or
    /// all but fewer than ten.
    pub active_users: Option<i32>,
    /// How many did anything within the 30 days to its end. Null where these are fewer than ten, or all but fewer than
    /// ten.
    pub monthly_active_users: Option<i32>,
    /// How many friendships there are: each counts once.
    pub friendships: Option<i32>,
    /// How many diaries there are, for whomever they are.
    pub diaries: Option<i32>,
    /// How many reviews there are.
    pub reviews: Option<i32>,
    /// How many footprints there are.
    pub footprints: Option<i32>,
    /// Growth by month, the oldest first: up to 36 months, the last of which is that of `day`, as far as it went.
    pub months: Vec<StatisticsMonth>,
    /// The first day of the month of which the groups below are: the last that is over. They count who had joined by
    /// its end, are counted soon after it, and lag behind by less than ten each.
    pub groups_month: Date,
    /// The users by age, from the youngest; empty where there are fewer than ten.
    pub age_bands: Vec<AgeBandFigure>,
    /// The users by sex, as far as they say it in their profile, to whomever; the largest group first.
    pub sexes: Vec<SexFigure>,
    /// The users by where they are at home, as far as they say it; the largest group first.
    pub regions: Vec<RegionFigure>,
    /// The operations of the month by what they came with, of those who are signed out, too; the largest group first.
    pub devices: Vec<DeviceFigure>,
}

/// A month of the service.
#[derive(Clone, Debug, SimpleObject)]
pub struct StatisticsMonth {
    /// Its first day.
    pub month: Date,
    /// How many of the users had joined by its end. (Who joined in a month of fewer than ten counts with the next that
    /// comes to ten with them, or with the last that did.)
    pub users: i32,
    /// How many of the users joined in it: 0, or ten at least, for the same reason.
    pub joined: i32,
    /// How many did anything within the 30 days to its end; null where they were fewer than ten, or all but fewer than
    /// ten, or were not counted.
    pub monthly_active_users: Option<i32>,
    /// The operations in it by what they came with, once it is over; empty where they were not counted.
    pub access: Vec<DeviceFigure>,
}

/// The users of an age.
#[derive(Clone, Debug, SimpleObject)]
pub struct AgeBandFigure {
    /// The age, as a band; null of the others.
    pub age_band: Option<AgeBand>,
    /// Whether these are several bands together.
    pub is_others: bool,
    /// How many they are: ten at least.
    pub users: i32,
    /// Of all in this list, from 0 to 1.
    pub share: f64,
}

/// The users of a sex.
#[derive(Clone, Debug, SimpleObject)]
pub struct SexFigure {
    /// The sex; null of those who do not say, and of the others.
    pub sex: Option<Sex>,
    /// Whether these are several groups together.
    pub is_others: bool,
    /// How many they are: ten at least.
    pub users: i32,
    /// Of all in this list, from 0 to 1.
    pub share: f64,
}

/// The users who are at home somewhere.
#[derive(Clone, Debug, SimpleObject)]
pub struct RegionFigure {
    /// The prefecture, or OVERSEAS; null of those who do not say, and of the others.
    pub region: Option<HomeRegion>,
    /// Whether these are several groups together.
    pub is_others: bool,
    /// How many they are: ten at least.
    pub users: i32,
    /// Of all in this list, from 0 to 1.
    pub share: f64,
}

/// The operations that came with something.
#[derive(Clone, Debug, SimpleObject)]
pub struct DeviceFigure {
    /// With what; null of the others.
    pub device: Option<Device>,
    /// Whether these are several kinds together.
    pub is_others: bool,
    /// How many they are: ten at least.
    pub operations: i32,
    /// Of all in this list, from 0 to 1.
    pub share: f64,
}

/// The figures that were counted last before the day of `now`; none before the first day is. (One to come was counted
/// by a clock that was wrong.)
///
/// # Errors
/// The database's.
pub async fn read(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
) -> Result<Option<Statistics>, DbErr> {
    let Some(day) = store::last_day(db, day_in_japan(now)).await? else {
        return Ok(None);
    };
    let shown = u32::try_from(MONTHS - 1).unwrap_or(0);
    let since = first_of(day).checked_sub_months(Months::new(shown));
    let month = Of::day(day).month;
    let rows = store::figures(db, day, month, since.unwrap_or(day)).await?;
    Ok(Some(Rows::of(rows).told(day, month)))
}

/// Figures by kind, day and part.
struct Rows(HashMap<(Kind, NaiveDate), BTreeMap<String, i64>>);

impl Rows {
    fn of(rows: Vec<statistics_day::Model>) -> Self {
        let mut all: HashMap<_, BTreeMap<_, _>> = HashMap::new();
        for row in rows {
            if let Some(kind) = Kind::of(&row.kind) {
                let parts = all.entry((kind, row.day)).or_default();
                parts.insert(row.part, row.figure);
            }
        }
        Self(all)
    }

    fn parts(&self, kind: Kind, day: NaiveDate) -> impl Iterator<Item = (&String, i64)> {
        let parts = self.0.get(&(kind, day)).into_iter().flatten();
        parts.map(|(part, figure)| (part, *figure))
    }

    fn figure(&self, kind: Kind, day: NaiveDate, part: &str) -> i64 {
        let parts = self.0.get(&(kind, day));
        parts
            .and_then(|parts| parts.get(part))
            .copied()
            .unwrap_or(0)
    }

    fn told(&self, day: NaiveDate, month: NaiveDate) -> Statistics {
        let figure = |kind| self.figure(kind, day, "");
        let one = |kind| apart(figure(kind));
        let [users, monthly] = [Kind::Users, Kind::MonthlyActive].map(figure);
        Statistics {
            day: Date(day),
            users: one(Kind::Users),
            active_users: among(&[users, monthly], figure(Kind::Active)),
            monthly_active_users: among(&[users], monthly),
            friendships: one(Kind::Friendships),
            diaries: one(Kind::Diaries),
            reviews: one(Kind::Reviews),
            footprints: one(Kind::Footprints),
            months: self.months(day, month),
            groups_month: Date(month),
            age_bands: self.age_bands(month),
            sexes: self.sexes(month),
            regions: self.regions(month),
            devices: self.devices(month),
        }
    }

    fn months(&self, day: NaiveDate, over: NaiveDate) -> Vec<StatisticsMonth> {
        let joined = self.parts(Kind::Joined, day).filter_map(|(part, figure)| {
            let month: Option<NaiveDate> = format!("{part}-01").parse().ok();
            month.map(|month| (month, figure))
        });
        let growth = growth(&joined.collect(), first_of(day));
        let last = growth.len().saturating_sub(MONTHS);
        let shown = growth.into_iter().skip(last);
        let told = shown.map(|growth| StatisticsMonth {
            month: Date(growth.month),
            users: int(growth.users),
            joined: int(growth.joined),
            monthly_active_users: among(
                &[growth.users],
                self.figure(Kind::ActiveOfMonth, growth.month, ""),
            ),
            access: match growth.month <= over {
                true => self.devices(growth.month),
                false => Vec::new(),
            },
        });
        told.collect()
    }

    fn age_bands(&self, month: NaiveDate) -> Vec<AgeBandFigure> {
        let groups = AGES.map(|(band, word)| (Some(band), self.figure(Kind::Age, month, word)));
        let mut told = told(gathered(groups), |age_band, is_others, users, share| {
            AgeBandFigure {
                age_band,
                is_others,
                users,
                share,
            }
        });
        let place = |band: Option<AgeBand>| AGES.iter().position(|(age, _)| Some(*age) == band);
        told.sort_by_key(|figure| place(figure.age_band).unwrap_or(AGES.len()));
        told
    }

    fn sexes(&self, month: NaiveDate) -> Vec<SexFigure> {
        let said = SaidSex::iter().map(|sex| (Some(sex.into()), sex.to_value()));
        let groups = said.chain([(None, UNSAID.to_owned())]);
        let groups = groups.map(|(sex, word)| (sex, self.figure(Kind::Sex, month, &word)));
        told(gathered(groups), |sex, is_others, users, share| SexFigure {
            sex,
            is_others,
            users,
            share,
        })
    }

    fn regions(&self, month: NaiveDate) -> Vec<RegionFigure> {
        let said = Region::iter().map(|region| (Some(region.into()), region.to_value()));
        let groups = said.chain([(None, UNSAID.to_owned())]);
        let groups = groups.map(|(region, word)| (region, self.figure(Kind::Region, month, &word)));
        told(gathered(groups), |region, is_others, users, share| {
            RegionFigure {
                region,
                is_others,
                users,
                share,
            }
        })
    }

    fn devices(&self, month: NaiveDate) -> Vec<DeviceFigure> {
        let groups = values::Device::iter().map(|device| {
            let figure = self.figure(Kind::Access, month, &device.to_value());
            (Some(device.into()), figure)
        });
        told(gathered(groups), |device, is_others, operations, share| {
            DeviceFigure {
                device,
                is_others,
                operations,
                share,
            }
        })
    }
}

/// A figure that is shown apart, or none.
fn apart(figure: i64) -> Option<i32> {
    (figure >= FEWEST).then(|| int(figure))
}

/// A figure of some of each of `all`, or none: also where nearly all are in it, for the others would follow.
fn among(all: &[i64], figure: i64) -> Option<i32> {
    let is_shown = all.iter().all(|all| is_apart(*all, figure));
    apart(figure).filter(|_| is_shown)
}

/// What `say` makes of each of the groups, the others last.
fn told<T, F>(groups: Gathered<Option<T>>, say: impl Fn(Option<T>, bool, i32, f64) -> F) -> Vec<F> {
    let total = groups.total().max(1) as f64;
    let share = |figure: i64| figure as f64 / total;
    let others = groups.others;
    let shown = groups.shown.into_iter();
    let mut told: Vec<_> = shown
        .map(|(of, figure)| say(of, false, int(figure), share(figure)))
        .collect();
    if others > 0 {
        told.push(say(None, true, int(others), share(others)));
    }
    told
}
