//! `friend_requests`: one row for each end of a request to become friends.

use sea_orm::entity::prelude::*;

use crate::values::RequestDirection;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "friend_requests")]
pub struct Model {
    /// Whose list the row stands in.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub other_id: Uuid,
    /// As `user_id` sees it.
    pub direction: RequestDirection,
    /// The same in both rows.
    pub id: Uuid,
    /// The order in which requests reached `user_id`; 0 on the sender's row.
    pub number: i64,
    pub message: String,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
