//! `user_counters`: what is counted of a user for that user alone, and the numbers that order their live feeds.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_counters")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// All visits ever; also the last number that a footprint got.
    pub visit_count: i64,
    /// Rows of `footprints`.
    pub footprint_count: i64,
    /// Rows of `footprints` with a number over `seen_number`.
    pub new_footprint_count: i64,
    /// The highest footprint number that the owner has marked as seen.
    pub seen_number: i64,
    pub incoming_request_count: i64,
    pub outgoing_request_count: i64,
    /// The last number that a received friend request got.
    pub request_number: i64,
    /// The last number that a comment on one of the user's diaries got, or the removal of one took.
    pub comment_number: i64,
    /// Grows with each brand's page that the user follows, or follows no more.
    pub follow_number: i64,
    /// What stands beside the user in the friends' lists: see `friendships`.
    pub newest_diary_id: Option<Uuid>,
    /// The lowest number of `kiribans` that is still to come; 0 where there is none.
    pub next_kiriban: i64,
    /// What their photos take, in bytes: those that were removed count no more.
    pub stored_bytes: i64,
}

impl ActiveModelBehavior for ActiveModel {}
