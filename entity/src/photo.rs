//! `photos`: pictures of profiles and in diaries, whose files lie elsewhere.

use sea_orm::entity::prelude::*;

use crate::values::{PhotoFormat, PhotoState};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "photos")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub state: PhotoState,
    /// The diary that it stands in, where it does.
    pub diary_id: Option<Uuid>,
    /// Its place among the diary's, from 0 on.
    pub place: i64,
    pub format: PhotoFormat,
    /// Of the largest of its files.
    pub width: i64,
    pub height: i64,
    /// Of all its files together: what it takes of its owner's space.
    pub bytes: i64,
    pub created_at: DateTimeUtc,
    /// When somebody looks after it: nobody does of one that is in use.
    pub due_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
