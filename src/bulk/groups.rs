//! Groups of friends. Who is in one is written with the friendship: see [`super::ties`].

use entity::friend_group;
use sea_orm::DbErr;

use super::{
    Batch,
    target::{Target, insert},
};

/// What is counted of a group.
pub(super) const GROUPS: &str = "friend_groups";

/// Groups in which nobody is counted yet.
impl Batch for friend_group::Model {
    const ROWS: usize = 5000;

    async fn write(to: Target<'_>, groups: &[Self]) -> Result<(), DbErr> {
        insert(to, groups).await
    }
}
