//! `notifications`: what users are told of.

use sea_orm::entity::prelude::*;

use crate::values::NotificationKind;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notifications")]
pub struct Model {
    /// Who is told.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// The id of what it tells of: of the request, the friendship, the comment, the introduction; of a kiriban,
    /// which has none, its own.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The number of the user's inbox at this row: order and cursor in one.
    pub number: i64,
    pub kind: NotificationKind,
    pub at: DateTimeUtc,
    /// Japan's (UTC+9).
    pub day: Date,
    /// Whose doing it is; the nil id where that is nobody who is named.
    pub actor_id: Uuid,
    /// Of a comment, the user's diary that it stands under.
    pub diary_id: Option<Uuid>,
    /// Of a kiriban, its number.
    pub kiriban: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
