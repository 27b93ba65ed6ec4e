//! `friendships`: one directed row for each end of a friendship.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "friendships")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub friend_id: Uuid,
    /// The same in both rows; orders friends by when they became so.
    pub id: Uuid,
    pub since: DateTimeUtc,
    /// The newest diary of the friend's that the user sees, for friends or for a group; the greatest id
    /// there is, where the friend has too many friends to tell each.
    pub newest_diary_id: Option<Uuid>,
    /// Whether there are diaries of the friend's for groups that the user is in.
    pub sees_group_diaries: bool,
}

impl ActiveModelBehavior for ActiveModel {}
