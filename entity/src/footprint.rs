//! `footprints`: one row a visitor, owner and day in Japan.

use sea_orm::entity::prelude::*;

use crate::values::VisitOrigin;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "footprints")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub visitor_id: Uuid,
    /// Japan's (UTC+9).
    pub day: Date,
    /// The owner's visit counter at this day's latest visit: order, cursor and counter in one.
    pub number: i64,
    pub visited_at: DateTimeUtc,
    pub origin: Option<VisitOrigin>,
}

impl ActiveModelBehavior for ActiveModel {}
