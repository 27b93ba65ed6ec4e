//! Notifications, and the inboxes that count them.

use entity::{inbox, notification};
use sea_orm::DbErr;

use super::{
    Batch,
    target::{Target, insert},
};

/// Notifications of users who have none yet, with the numbers that their inboxes say.
impl Batch for notification::Model {
    const ROWS: usize = 10_000;

    async fn write(to: Target<'_>, notifications: &[Self]) -> Result<(), DbErr> {
        insert(to, notifications).await
    }
}

/// The inboxes of such users.
impl Batch for inbox::Model {
    const ROWS: usize = 10_000;

    async fn write(to: Target<'_>, inboxes: &[Self]) -> Result<(), DbErr> {
        insert(to, inboxes).await
    }
}
