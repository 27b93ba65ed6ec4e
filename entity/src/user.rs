//! `users`: the members, and the counters that their profiles show.

use sea_orm::entity::prelude::*;

use crate::values::{HomeRegion, Role, UserKind};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Lower case, unique through `usernames`.
    pub username: String,
    pub nickname: String,
    pub kind: UserKind,
    pub role: Role,
    pub bio: String,
    /// Asked at sign-up, shown to nobody (rules.md, Users 2).
    pub birth_date: Date,
    pub home_region: Option<HomeRegion>,
    pub joined_at: DateTimeUtc,
    /// Rows of `friendships` with this `user_id`.
    pub friend_count: i64,
    /// Rows of `blocks` with this `user_id`, whoever made the block.
    pub block_count: i64,
    /// Diaries with the audience PUBLIC; the five below alike.
    pub public_diaries: i64,
    pub members_diaries: i64,
    pub friends_of_friends_diaries: i64,
    pub friends_diaries: i64,
    pub group_diaries: i64,
    pub only_me_diaries: i64,
    /// Reviews of items of the kind CD; the four below alike.
    pub cd_reviews: i64,
    pub movie_reviews: i64,
    pub video_game_reviews: i64,
    pub book_reviews: i64,
    pub song_reviews: i64,
    /// Whether searches find the user once they are of age: who does not wish it has no rows in `user_grams`.
    pub is_searchable: bool,
    /// Rows of `introductions` with this `subject_id`.
    pub introduction_count: i64,
    /// Which of their photos is the picture of their profile.
    pub photo_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What lists show of a user. (The row has four times as many columns: to write and to read them all
/// was a good part of what a list cost.)
#[derive(Clone, Debug)]
pub struct Face {
    pub id: Uuid,
    pub username: String,
    pub nickname: String,
    pub kind: UserKind,
    pub joined_at: DateTimeUtc,
    pub photo_id: Option<Uuid>,
}
