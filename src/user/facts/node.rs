//! What a user says about themselves, in the API.

use async_graphql::{Enum, SimpleObject};
use chrono::{Datelike, NaiveDate};
use entity::{user, user_fact, values};

use crate::{
    diary::node::Audience,
    user::region::HomeRegion,
    visibility::{Relation, may_see},
};

/// What a user says about themselves: each is null where they said nothing, or not to you.
#[derive(Clone, Debug, SimpleObject)]
pub struct ProfileFacts {
    /// The real name. Nothing asks for it; ONLY_ME unless the user says otherwise.
    pub real_name: Option<String>,
    /// The day of birth without its year; ONLY_ME unless the user says otherwise.
    pub birthday: Option<MonthDay>,
    /// The year of birth; ONLY_ME unless the user says otherwise.
    pub birth_year: Option<i32>,
    /// The sex; FRIENDS unless the user says otherwise.
    pub sex: Option<Sex>,
    /// The prefecture that the user is at home in, or OVERSEAS; ONLY_ME unless the user says otherwise.
    pub home_region: Option<HomeRegion>,
    /// The hometown, up to 50 characters; FRIENDS unless the user says otherwise.
    pub hometown: Option<String>,
    /// The occupation, up to 50 characters; FRIENDS unless the user says otherwise.
    pub occupation: Option<String>,
}

impl ProfileFacts {
    /// What somebody in `relation` to `user` sees of what the user `said`.
    pub fn seen(user: &user::Model, said: &user_fact::Model, relation: Relation) -> Self {
        let is_for = |audience| may_see(audience, relation, false);
        let birth = user.birth_date;
        Self {
            real_name: said
                .real_name
                .clone()
                .filter(|_| is_for(said.real_name_for)),
            birthday: is_for(said.birthday_for).then(|| MonthDay::of(birth)),
            birth_year: is_for(said.birth_year_for).then(|| birth.year()),
            sex: said.sex.filter(|_| is_for(said.sex_for)).map(Into::into),
            home_region: user
                .home_region
                .filter(|_| is_for(said.home_region_for))
                .map(Into::into),
            hometown: said.hometown.clone().filter(|_| is_for(said.hometown_for)),
            occupation: said
                .occupation
                .clone()
                .filter(|_| is_for(said.occupation_for)),
        }
    }
}

/// A day of every year.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct MonthDay {
    /// The month: 1-12.
    pub month: i32,
    /// The day of the month: 1-31.
    pub day: i32,
}

impl MonthDay {
    fn of(date: NaiveDate) -> Self {
        let number = |number: u32| i32::try_from(number).unwrap_or_default();
        Self {
            month: number(date.month()),
            day: number(date.day()),
        }
    }
}

/// A user's sex, as they say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "values::Sex")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Neither of the two, or not to be said.
    Other,
}

/// An age in bands, the only form in which anybody is told one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AgeBand {
    /// Younger than 20.
    Under20,
    /// 20-29.
    Twenties,
    /// 30-39.
    Thirties,
    /// 40-49.
    Forties,
    /// 50-59.
    Fifties,
    /// 60 or older.
    SixtyAndOver,
}

impl AgeBand {
    /// The band of who was born on `birth`, on the day `today`.
    pub fn of(birth: NaiveDate, today: NaiveDate) -> Self {
        match today.years_since(birth).unwrap_or(0) {
            0..20 => Self::Under20,
            20..30 => Self::Twenties,
            30..40 => Self::Thirties,
            40..50 => Self::Forties,
            50..60 => Self::Fifties,
            _ => Self::SixtyAndOver,
        }
    }
}

/// To whom you say what about yourself.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct FactAudiences {
    /// Who sees `ProfileFacts.realName`.
    pub real_name: Audience,
    /// Who sees `ProfileFacts.birthday`.
    pub birthday: Audience,
    /// Who sees `ProfileFacts.birthYear`.
    pub birth_year: Audience,
    /// Who sees `ProfileFacts.sex`.
    pub sex: Audience,
    /// Who sees `ProfileFacts.homeRegion`.
    pub home_region: Audience,
    /// Who sees `ProfileFacts.hometown`.
    pub hometown: Audience,
    /// Who sees `ProfileFacts.occupation`.
    pub occupation: Audience,
}

impl From<&user_fact::Model> for FactAudiences {
    fn from(said: &user_fact::Model) -> Self {
        Self {
            real_name: said.real_name_for.into(),
            birthday: said.birthday_for.into(),
            birth_year: said.birth_year_for.into(),
            sex: said.sex_for.into(),
            home_region: said.home_region_for.into(),
            hometown: said.hometown_for.into(),
            occupation: said.occupation_for.into(),
        }
    }
}
