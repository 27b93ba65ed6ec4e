//! What people do by day, in the API.

use async_graphql::{Enum, SimpleObject};
use entity::values;

use crate::graphql::scalar::Date;

/// What somebody comes with, by what their client calls itself (`User-Agent`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "values::Device")]
pub enum Device {
    /// A computer with a browser.
    Pc,
    /// A smartphone, or a tablet.
    Smartphone,
    /// A Japanese mobile phone from before smartphones.
    FeaturePhone,
    /// A program, a console, a television, or what does not say.
    Other,
}

/// What you did on a day, in Japan. It is written once a minute, so the last minute may be missing.
#[derive(Clone, Debug, SimpleObject)]
pub struct UsageDay {
    /// The day.
    pub day: Date,
    /// How many visits of yours were counted with others: `visitProfile` and `visitDiary`.
    pub visits: i32,
    /// How many diaries, comments, reviews, introductions and posts on brands' pages you wrote or changed.
    pub writings: i32,
    /// How many queries you had answered: a page of an application takes some.
    pub readings: i32,
    /// With what you came; nothing on a day on which you did not.
    pub devices: Vec<Device>,
}
