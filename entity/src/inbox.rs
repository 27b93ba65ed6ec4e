//! `inboxes`: what is counted of a user's notifications, and which the user wants.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "inboxes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// The last number that a notification got, or that the removal of some took.
    pub number: i64,
    /// The highest number that the user has read.
    pub read_number: i64,
    /// Rows of `notifications` with a number over `read_number`.
    pub unread_count: i64,
    /// The kinds that the user does not want, a bit each.
    pub unwanted: i64,
}

impl ActiveModelBehavior for ActiveModel {}
