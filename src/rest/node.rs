//! Resting in the API: what one has chosen, and what came meanwhile.

use async_graphql::{Enum, InputObject, SimpleObject};
use chrono::{DateTime, Utc};
use entity::{rest, rest_digest};

use super::{
    choice::Choice,
    hours::{self, Hours},
};
use crate::graphql::scalar;

/// How you rest, against being tired of it all (*mixi tsukare*). While you rest, your visits leave no footprints,
/// nothing is shown to you as new, subscriptions are silent, and nothing of it is lost: lists have it, and when the
/// rest is over it is told of as a whole (`RestDigest`).
#[derive(Clone, Debug, SimpleObject)]
pub struct Rest {
    /// Whether you rest now.
    pub is_resting: bool,
    /// Since when; null when you do not rest.
    pub since: Option<scalar::DateTime>,
    /// When this rest ends by itself; null when you do not rest, and when you rest until you say so.
    pub until: Option<scalar::DateTime>,
    /// When the next rest of your schedule begins; null without a schedule, and when you rest until you say so. (While you
    /// rest, that is the one after.)
    pub next_at: Option<scalar::DateTime>,
    /// Whether your friends see that you rest: `User.isResting`.
    pub is_shown_to_friends: bool,
    /// The hours of each week in which you rest.
    pub hours: Vec<RestHours>,
}

impl Rest {
    /// That of who has chosen `row`, if anything, as of `now`.
    pub fn of(row: Option<&rest::Model>, now: DateTime<Utc>) -> Self {
        let choice = row.map(Choice::from).unwrap_or_default();
        let rest = choice.at(now);
        let next = match rest {
            None => choice.next_after(now),
            Some(rest) => rest.until.and_then(|until| choice.next_after(until)),
        };
        Self {
            is_resting: rest.is_some(),
            since: rest.map(|rest| rest.since.into()),
            until: rest.and_then(|rest| rest.until).map(Into::into),
            next_at: next.map(Into::into),
            is_shown_to_friends: row.is_some_and(|row| row.is_shown),
            hours: row
                .map(|row| hours::read(&row.weekly))
                .unwrap_or_default()
                .into_iter()
                .map(Into::into)
                .collect(),
        }
    }
}

/// Some hours of each week, in Japan (UTC+9).
#[derive(Clone, Debug, SimpleObject)]
pub struct RestHours {
    /// The day on which they begin.
    pub weekday: Weekday,
    /// When they begin, as `HH:MM`.
    pub from: String,
    /// When they end, as `HH:MM`: on the day after, where this is not after `from`.
    pub to: String,
}

impl From<Hours> for RestHours {
    fn from(hours: Hours) -> Self {
        Self {
            weekday: hours.weekday().into(),
            from: hours.from.to_string(),
            to: hours.to.to_string(),
        }
    }
}

/// Some hours of each week, in Japan (UTC+9).
#[derive(Clone, Debug, InputObject)]
pub struct RestHoursInput {
    /// The day on which they begin.
    pub weekday: Weekday,
    /// When they begin, as `HH:MM`, from 00:00 to 23:59.
    pub from: String,
    /// When they end, as `HH:MM`: on the day after, where this is not after `from`. So 22:00 to 06:00 is a night, and
    /// 00:00 to 00:00 a whole day.
    pub to: String,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "chrono::Weekday")]
pub enum Weekday {
    /// Monday.
    #[graphql(name = "MONDAY")]
    Mon,
    /// Tuesday.
    #[graphql(name = "TUESDAY")]
    Tue,
    /// Wednesday.
    #[graphql(name = "WEDNESDAY")]
    Wed,
    /// Thursday.
    #[graphql(name = "THURSDAY")]
    Thu,
    /// Friday.
    #[graphql(name = "FRIDAY")]
    Fri,
    /// Saturday.
    #[graphql(name = "SATURDAY")]
    Sat,
    /// Sunday.
    #[graphql(name = "SUNDAY")]
    Sun,
}

/// What came while you rested, as a whole. What is gone since then is counted no more, and what users did who are
/// hidden from you neither. It is kept as long as the notification of it.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct RestDigest {
    /// When the rest began.
    pub since: scalar::DateTime,
    /// When it was over.
    pub until: scalar::DateTime,
    /// What was read, for the edges.
    #[graphql(skip)]
    pub row: rest_digest::Model,
}

impl From<rest_digest::Model> for RestDigest {
    fn from(row: rest_digest::Model) -> Self {
        Self {
            since: row.began_at.into(),
            until: row.ended_at.into(),
            row,
        }
    }
}
