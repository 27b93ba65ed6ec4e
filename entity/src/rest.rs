//! `rests`: what a user has chosen of rest. Whether they rest is worked out from it and the clock.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// Since when they rest beside the schedule, or rested last.
    pub began_at: Option<DateTimeUtc>,
    /// Until when; null where they did not say, and where they do not.
    pub ends_at: Option<DateTimeUtc>,
    /// The hours of the week, in Japan, in which they rest: `1 22:00-06:00` is from Monday evening on.
    pub weekly: String,
    /// From when on those hours count: from when they were chosen, or what was ended early would have ended.
    pub weekly_from: Option<DateTimeUtc>,
    /// Whether friends see it.
    pub is_shown: bool,
    /// When the rest ends that lasts, or comes next, and is told of as a whole; null where none will.
    pub due_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
