//! `diaries`: diary entries.

use sea_orm::entity::prelude::*;

use crate::values::Audience;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "diaries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub author_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub title: String,
    pub body: String,
    pub audience: Audience,
    /// Which group of the author's it is for, where that is the audience.
    pub group_id: Option<Uuid>,
    /// Rows of `diary_comments`.
    pub comment_count: i64,
    /// Rows of `photos` with this `diary_id`.
    pub photo_count: i64,
    pub created_at: DateTimeUtc,
    pub edited_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
