//! `rest_digests`: rests that are over in which something came. Of each of the user's sequences the first and
//! the last number that came; 0 where nothing did.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rest_digests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// Also the id of the notification of it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub began_at: DateTimeUtc,
    pub ended_at: DateTimeUtc,
    /// Whether a notification tells of it: not so where the user does not want that.
    pub is_told: bool,
    pub first_footprint: i64,
    pub last_footprint: i64,
    pub first_request: i64,
    pub last_request: i64,
    pub first_comment: i64,
    pub last_comment: i64,
    pub first_notification: i64,
    pub last_notification: i64,
    /// Of the posts of brands' pages that the user follows: these bear numbers of one sequence for everybody.
    pub first_post: i64,
    pub last_post: i64,
}

impl ActiveModelBehavior for ActiveModel {}
