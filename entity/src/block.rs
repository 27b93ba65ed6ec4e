//! `blocks`: one directed row for each of two users of whom one, or both, block the other.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "blocks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub other_id: Uuid,
    /// Where `user_id` blocks `other_id`: the block's id, which orders the list of `user_id`.
    pub made: Option<Uuid>,
    /// Since when `user_id` does.
    pub since: Option<DateTimeUtc>,
    /// Whether `other_id` blocks `user_id`: the other row has a `made` then.
    pub received: bool,
}

impl ActiveModelBehavior for ActiveModel {}
